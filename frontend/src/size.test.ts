import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { languages } from "../tools/texts.mjs";

type Entry = { file: string; css?: string[]; imports?: string[]; dynamicImports?: string[] };

const dist = new URL("../dist/", import.meta.url);
const manifest: Record<string, Entry> = existsSync(new URL("manifest.json", dist))
  ? JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"))
  : {};

/** The files that a browser needs before the entry runs. */
function needs(name: string, seen = new Set<string>()): Set<string> {
  const entry = manifest[name];
  if (!entry) throw new Error(`dist/manifest.json has no ${name}: npm run build`);
  seen.add(entry.file);
  for (const style of entry.css ?? []) seen.add(style);
  for (const imported of entry.imports ?? []) {
    if (!seen.has(manifest[imported]?.file ?? "")) needs(imported, seen);
  }
  return seen;
}

/** Kilobytes (1000 bytes) as they go over the wire, compressed with brotli. */
function weight(files: Iterable<string>, ending: string): number {
  return [...files]
    .filter((file) => file.endsWith(ending))
    .reduce((sum, file) => sum + statSync(new URL(`${file}.br`, dist)).size / 1000, 0);
}

test.each(languages())(
  "the account home loads at most 110 kB of scripts and 20 kB of styles, in %s",
  (language) => {
    const files = new Set([...needs("src/main.tsx"), ...needs(`virtual:texts/${language}`)]);
    expect(weight(files, ".js")).toBeLessThan(110);
    expect(weight(files, ".css")).toBeLessThan(20);
  },
);

test.each(languages())("what other screens say in %s waits until it is needed", (language) => {
  const { file = "" } = manifest[`virtual:texts/${language}/rest`] ?? {};
  expect(file).not.toBe("");
  expect(needs("src/main.tsx")).not.toContain(file);
  expect(needs(`virtual:texts/${language}`)).not.toContain(file);
});

test("word lists and dialogs wait until they are needed", () => {
  const files = needs("src/main.tsx");
  for (const later of ["node_modules/zxcvbn/lib/main.js", "src/ui/modal.tsx", "src/sessions/sessions.tsx"]) {
    const { file = "" } = manifest[later] ?? {};
    expect(file, later).not.toBe("");
    expect(files, later).not.toContain(file);
  }
});

test("nothing of the made-up account is in what is served", () => {
  expect(Object.keys(manifest).filter((name) => name.includes("mock"))).toEqual([]);
});

test("what is served compressed is what was built", () => {
  const files = readdirSync(new URL("assets/", dist)).map((name) => new URL(`assets/${name}`, dist));
  const compressed = files.filter(({ pathname }) => /\.(br|gz)$/.test(pathname));
  expect(compressed.length).toBeGreaterThan(0);
  for (const file of compressed) {
    const unpack = file.pathname.endsWith(".br") ? brotliDecompressSync : gunzipSync;
    const plain = readFileSync(new URL(file.pathname.replace(/\.(br|gz)$/, ""), dist));
    expect(unpack(readFileSync(file)).equals(plain), file.pathname).toBe(true);
  }
});
