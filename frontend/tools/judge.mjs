// What is wrong with a page: what axe finds, what is wider than the screen, what is too small to press.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>}
 */
export async function judge(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag2aaa", "best-practice"];
    // By night, what can be different then.
    const colours = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"];
    const runOnly = matchMedia("(prefers-color-scheme: dark)").matches
      ? { type: "rule", values: colours }
      : { type: "tag", values: tags };
    // @ts-expect-error: axe puts itself there
    const { violations } = await window.axe.run(document, { runOnly });
    const found = violations.map((/** @type {any} */ { id, help, nodes }) => {
      return `${id}: ${help}: ${nodes.map((/** @type {any} */ node) => node.html.slice(0, 120)).join(" | ")}`;
    });
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`${root.scrollWidth} px wide, more than the screen`);
    /** @type {NodeListOf<HTMLElement>} */
    const targets = document.querySelectorAll("a, button:not(.copy), select, input:not([type=hidden])");
    for (const target of targets) {
      // The words beside a box are as good to press as the box.
      const pressed = target.matches("[type=checkbox]") ? (target.closest("label") ?? target) : target;
      const { width, height } = pressed.getBoundingClientRect();
      const inSentence = target.matches("p a, p button, .skip");
      const unseen = target.tabIndex < 0;
      if (height > 0 && !unseen && !inSentence && (height < 44 || width < 44)) {
        found.push(
          `${Math.round(width)} × ${Math.round(height)} px is small for ${target.outerHTML.slice(0, 80)}`,
        );
      }
    }
    return found;
  });
}
