// Reads the texts, `backend/web/locales/`: `<language>.ftl` is the server's pages', `app/<language>.ftl` the app's. The app
// may use both, and carries only what it uses.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FluentResource } from "@fluent/bundle";
import { parse, Transformer } from "@fluent/syntax";

const folder = new URL("../../backend/web/locales/", import.meta.url);
const sources = new URL("../src/", import.meta.url);

/** The tags of the languages that the app speaks. */
export function languages() {
  return readdirSync(new URL("app/", folder))
    .filter((file) => file.endsWith(".ftl"))
    .map((file) => file.slice(0, -".ftl".length))
    .sort();
}

/**
 * The files that hold a language's texts.
 *
 * @param {string} language
 */
export function files(language) {
  return [`${language}.ftl`, `app/${language}.ftl`]
    .map((name) => new URL(name, folder))
    .filter((file) => existsSync(file));
}

/**
 * Every message in a file: its name, the variables that it uses, and its source.
 *
 * @param {URL} file
 */
export function messages(file) {
  const source = readFileSync(file, "utf8");
  return parse(source, {}).body.flatMap((entry) => {
    if (entry.type === "Junk") throw new Error(`${file.pathname}: not Fluent: ${entry.content}`);
    if (entry.type !== "Message") return [];
    const variables = new Variables();
    variables.visit(entry);
    const text = source.slice(entry.span?.start, entry.span?.end);
    return [{ id: entry.id.name, variables: [...variables.names].sort(), text }];
  });
}

class Variables extends Transformer {
  /** @type {Set<string>} */
  names = new Set();

  /** @param {import("@fluent/syntax").VariableReference} node */
  visitVariableReference(node) {
    this.names.add(node.id.name);
    return node;
  }
}

/** The app's own sources, without tests and generated ones. */
function all() {
  return readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !/\.(gen|test)\./.test(file))
    .map((file) => new URL(file, sources));
}

/** Those that the first screen takes: the entry and whatever is imported from there, but not what is fetched later. */
function early() {
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {URL} file */
  const follow = (file) => {
    const found = [file.href, `${file.href}.tsx`, `${file.href}.ts`].find((href) =>
      existsSync(new URL(href)),
    );
    if (!found || !/\.tsx?$/.test(found) || seen.has(found)) return;
    seen.add(found);
    const text = readFileSync(new URL(found), "utf8");
    for (const [, path = ""] of text.matchAll(
      /^(?:import|export|\}) (?!type )(?:[^;"]*\bfrom )?"(\.[^"]+)";$/gm,
    )) {
      follow(new URL(path, found));
    }
  };
  follow(new URL("main.tsx", sources));
  return [...seen].map((href) => new URL(href));
}

/**
 * The names of the texts that sources mention: each stands there in full, between quotes.
 *
 * @param {URL[]} files
 */
export function mentioned(files = all()) {
  const names = new Set();
  for (const file of files) {
    for (const [, name] of readFileSync(file, "utf8").matchAll(/"([a-z][a-z0-9-]*)"/g)) names.add(name);
  }
  return names;
}

/**
 * What `@fluent/bundle` makes of the texts that the app uses, so that browsers need not parse them: those of the first
 * screen, or all the others. English stands in for what a language lacks.
 *
 * @param {string} language
 * @param {"first" | "rest"} part
 */
export function compiled(language, part) {
  const [used, atOnce] = [mentioned(), mentioned(early())];
  const texts = new Map(
    [...files("en"), ...files(language)]
      .flatMap((file) => messages(file))
      .filter(({ id }) => (part === "first" ? atOnce.has(id) : used.has(id) && !atOnce.has(id)))
      .map(({ id, text }) => [id, text]),
  );
  return new FluentResource([...texts.values()].join("\n\n")).body;
}

/**
 * The names of the texts, of pages and app, that English has and a language lacks.
 *
 * @param {string} language
 */
export function missing(language) {
  const there = new Set(files(language).flatMap((file) => messages(file).map(({ id }) => id)));
  return files("en")
    .flatMap((file) => messages(file).map(({ id }) => id))
    .filter((id) => !there.has(id));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const language of languages()) {
    for (const id of missing(language)) {
      console.log(`${language} lacks ${id}`);
      process.exitCode = 1;
    }
  }
}
