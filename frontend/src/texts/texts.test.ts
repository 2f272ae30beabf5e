import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compiled, files, languages, mentioned, messages } from "../../tools/texts.mjs";

const variablesOf = new Map(
  files("en").flatMap((file) => messages(file).map(({ id, variables }) => [id, variables] as const)),
);

test("what is generated has been generated (npm run generate)", () => {
  execFileSync(process.execPath, [
    fileURLToPath(new URL("../../tools/generate.mjs", import.meta.url)),
    "--check",
  ]);
});

test("every text of the app is used", () => {
  const used = mentioned();
  const [, app] = files("en");
  const unused = app && messages(app).filter(({ id }) => !used.has(id));
  expect(unused?.map(({ id }) => id)).toEqual([]);
});

/** A language's texts, of the pages and of the app. */
const sources = languages().flatMap((language) =>
  files(language).map((file, at) => ({
    language,
    of: ["the pages", "the app"][at],
    at,
    texts: messages(file),
  })),
);

const textsInEnglish = files("en").map((file) => messages(file));

describe.each(sources)("$language, for $of", ({ language, at, texts }) => {
  const english = textsInEnglish[at] ?? [];

  test("has every text, and no other", () => {
    expect(texts.map(({ id }) => id).sort()).toEqual(english.map(({ id }) => id).sort());
  });

  test("uses the variables that there are", () => {
    for (const { id, variables } of texts) {
      for (const name of variables) expect(variablesOf.get(id), `${id} uses $${name}`).toContain(name);
    }
  });

  test("has the plurals that its grammar wants, and no others", () => {
    const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const { id, text } of texts) {
      const counted = english.find((one) => one.id === id)?.text.includes("[one]");
      const used = new Set([...text.matchAll(/\[(zero|one|two|few|many|other)\]/g)].map(([, name]) => name));
      for (const name of used) expect(known, `${id}: ${language} has no "${name}"`).toContain(name);
      // Those of small numbers; "many" is of millions in some languages and like "other" in others.
      const wanted = known.filter((name) => ["one", "two", "few"].includes(name));
      if (counted) expect([...used], id).toEqual(expect.arrayContaining(wanted));
    }
  });
});

test.each(languages())("%s is compiled for the app", (language) => {
  const [first, rest] = [compiled(language, "first"), compiled(language, "rest")];
  const names = (part: typeof first) => part.map(({ id }) => id);
  expect(names(first)).toEqual(
    expect.arrayContaining(["home-title", "nav-devices", "failure-offline", "sign-in"]),
  );
  expect(names(rest)).toEqual(expect.arrayContaining(["sessions-title", "strength-0", "token-create"]));
  expect(names(first).filter((id) => names(rest).includes(id))).toEqual([]);
  expect(first.length + rest.length).toBeGreaterThan(200);
});
