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

describe.each(languages())("%s", (language) => {
  const [, appInEnglish] = files("en");
  const app = files(language).at(-1);
  const english = appInEnglish ? messages(appInEnglish) : [];
  const translated = app ? messages(app) : [];

  test("has every text of the app, and no other", () => {
    expect(translated.map(({ id }) => id).sort()).toEqual(english.map(({ id }) => id).sort());
  });

  test("uses the variables that there are", () => {
    for (const { id, variables } of files(language).flatMap((file) => messages(file))) {
      for (const name of variables) expect(variablesOf.get(id), `${id} uses $${name}`).toContain(name);
    }
  });

  test("has the plurals that its grammar wants", () => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const { id, text } of translated) {
      for (const category of text.matchAll(/\[(zero|one|two|few|many|other)\]/g)) {
        expect(wanted, `${id}: ${language} has no "${category[1]}"`).toContain(category[1]);
      }
    }
  });

  test("is compiled for the app", () => {
    expect(compiled(language).length).toBeGreaterThan(200);
  });
});
