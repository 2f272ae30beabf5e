import { readFileSync } from "node:fs";
import { displayable, parse, wcagContrast } from "culori";
import { describe, expect, test } from "vitest";

type Tokens = Record<string, string>;

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8").replaceAll(
  /\/\*[\s\S]*?\*\//g,
  "",
);

const [, declarations = ""] = /^:root \{([\s\S]*?)^\}/m.exec(css) ?? [];
const roles = [...declarations.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = "", value = ""]) => [
  name,
  value,
]);

/** The roles as one theme has them: of `light-dark(a, b)` the first or the second. */
function theme(side: 1 | 2): Tokens {
  const both = /^light-dark\((oklch\(.*?\)), (oklch\(.*\))\)$/;
  return Object.fromEntries(roles.map(([name, value = ""]) => [name, both.exec(value)?.[side] ?? value]));
}

const light = theme(1);
const dark = theme(2);

/** Every hue that an operator may choose, and ours. */
const hues = [195, ...Array.from({ length: 72 }, (_, i) => i * 5)];

/** The role's colour with the accent turned to `hue`. */
function colour(tokens: Tokens, role: string, hue: number): string {
  return (tokens[role] ?? `no role --${role}`).replace("var(--accent-hue)", String(hue));
}

/** Text that is read (7:1), text on buttons and headings (4.5:1), bounds of what can be used (3:1). */
const pairs: [minimum: number, front: string[], back: string[]][] = [
  [7, ["ink", "ink-soft"], ["surface", "surface-raised", "surface-sunken"]],
  [7, ["accent", "accent-strong"], ["surface", "surface-raised"]],
  [7, ["ink"], ["accent-soft", "danger-soft", "warning-soft", "success-soft"]],
  [7, ["danger"], ["surface", "surface-raised"]],
  [7, ["warning"], ["warning-soft"]],
  [4.5, ["danger"], ["danger-soft"]],
  [4.5, ["success"], ["success-soft"]],
  [4.5, ["accent-strong"], ["accent-soft"]],
  [4.5, ["ink-soft"], ["accent-soft", "warning-soft"]],
  [4.5, ["on-accent"], ["accent", "accent-strong"]],
  [4.5, ["on-danger"], ["danger", "danger-strong"]],
  [3, ["line-strong"], ["surface", "surface-raised", "surface-sunken"]],
  [3, ["accent"], ["surface-sunken", "accent-soft", "warning-soft", "danger-soft"]],
];

describe.each([
  ["light", light],
  ["dark", dark],
])("%s, whatever the accent's hue", (_, tokens) => {
  test.each(pairs)("contrast of at least %d:1: %j on %j", (minimum, fronts, backs) => {
    const unreadable = hues.flatMap((hue) =>
      fronts.flatMap((front) =>
        backs
          .map((back) => ({ hue, front, back, contrast: contrast(tokens, front, back, hue) }))
          .filter((pair) => !(pair.contrast >= minimum)),
      ),
    );
    expect(unreadable).toEqual([]);
  });

  test("all colours lie inside sRGB, so that every screen shows the same", () => {
    const roles = Object.keys(tokens).filter((role) => tokens[role]?.startsWith("oklch("));
    expect(roles.length).toBeGreaterThanOrEqual(20);
    const outside = hues.flatMap((hue) => roles.filter((role) => !inside(colour(tokens, role, hue))));
    expect([...new Set(outside)]).toEqual([]);
  });
});

function contrast(tokens: Tokens, front: string, back: string, hue: number): number {
  return wcagContrast(colour(tokens, front, hue), colour(tokens, back, hue));
}

function inside(text: string): boolean {
  const parsed = parse(text);
  return parsed !== undefined && displayable(parsed);
}
