// Looks at every screen of the account app before made-up accounts (src/mock/scenes.ts): `npm run gallery -- FOLDER [SCENE]`.
// Photographs each on a phone and a desktop, light and dark, into FOLDER, with a README.md that shows them all, and fails on
// what axe, the Content-Security-Policy or 320 px object to. LANGUAGE=ar shows another language, from right to left where it
// is; SCREENS=phone does less.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { develop, index } from "./darkroom.mjs";
import { judge } from "./judge.mjs";

const [folder, only = ""] = process.argv.slice(2);
if (!folder) throw new Error("name the folder for the pictures");
const language = process.env.LANGUAGE ?? "en";
const direction = /^(ar|fa|he)/.test(language) ? "rtl" : "ltr";
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/** @type {Record<string, string>} */
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
// No pictures are kept of the narrowest one.
const allScreens = [
  { name: "phone", width: 390, height: 844, kept: true },
  { name: "narrow", width: 320, height: 640 },
  { name: "desktop", width: 1280, height: 800, kept: true },
];
const screens = allScreens.filter(
  ({ name }) => !process.env.SCREENS || process.env.SCREENS.split(",").includes(name),
);
/** @type {("light" | "dark")[]} */
const schemes = ["light", "dark"];

const site = mkdtempSync(join(tmpdir(), "latchkey-gallery-"));
await build({
  root: new URL("../", import.meta.url).pathname,
  base: "/",
  logLevel: "error",
  build: { outDir: site, emptyOutDir: true, minify: false, rolldownOptions: { input: "index.html" } },
});
const shell = readFileSync(join(site, "index.html"), "utf8").replace(
  'lang="en" dir="ltr"',
  `lang="${language}" dir="${direction}"`,
);
const server = createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const type = types[extname(path)];
  response.setHeader("Content-Security-Policy", policy);
  response.setHeader("Content-Type", path.startsWith("/assets/") && type ? type : "text/html");
  if (!path.startsWith("/assets/")) return response.end(shell);
  try {
    response.end(readFileSync(join(site, path)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
const address = server.address();
const base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

/** @type {import("../src/mock/scenes").Scene[]} */
const scenes = await readScenes();
const wanted = scenes.filter(({ name }) => name.includes(only));
mkdirSync(folder, { recursive: true });
/** @type {Set<string>} */
const complaints = new Set();
let told = 0;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
});
const darkroom = await browser.newPage();
for (const { name: screen, width, height, kept } of screens) {
  for (const colorScheme of schemes) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      timezoneId: "UTC",
      locale: language,
      reducedMotion: "reduce",
    });
    for (const scene of wanted) {
      const page = await context.newPage();
      const name = `${scene.name} ${screen} ${colorScheme}`;
      page.on(
        "console",
        (line) => line.type() === "error" && !scene.fails && complaints.add(`${name}: ${line.text()}`),
      );
      page.on("pageerror", (error) => complaints.add(`${name}: ${error.message}`));
      await page.goto(`${base}/account/?scene=${scene.name}`);
      try {
        await page.locator("h1, .skeleton").first().waitFor({ timeout: 10_000 });
        // In another language the names of buttons are others.
        if (language === "en") for (const step of scene.steps ?? []) await take(page, step);
        if (!scene.waits) await page.locator(".skeleton").waitFor({ state: "detached", timeout: 10_000 });
        // Until nothing moves any more.
        await page.waitForTimeout(250);
      } catch (error) {
        complaints.add(`${name}: ${error}`);
      }
      // A picture as high as the screen is long, with the bar at its foot.
      const long = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width, height: Math.max(height, long) });
      const file = join(folder, `${name.replaceAll(" ", "-")}.webp`);
      if (kept) writeFileSync(file, await develop(darkroom, await page.screenshot()));
      for (const complaint of await judge(page)) complaints.add(`${name}: ${complaint}`);
      for (const complaint of [...complaints].slice(told)) console.log(complaint);
      told = complaints.size;
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
server.close();
rmSync(site, { recursive: true });
if (!only) writeFileSync(join(folder, "README.md"), contents());

console.log(`${wanted.length} screens, ${complaints.size} complaints`);
process.exitCode = complaints.size > 0 ? 1 : 0;

/**
 * "Field=text" types, anything else presses; in a dialog if there is one.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} step
 */
async function take(page, step) {
  // A dialog may be on its way.
  await page.waitForTimeout(400);
  const dialog = page.getByRole("alertdialog");
  const within = (await dialog.count()) > 0 ? dialog : page.getByRole("main");
  const [name = "", text] = step.split("=");
  if (text !== undefined) return within.getByLabel(name, { exact: true }).fill(text);
  const pressed = within
    .getByRole("button", { name, exact: true })
    .or(within.getByRole("checkbox", { name }));
  await pressed.first().click();
}

/** A page with all pictures, those of other times included. */
function contents() {
  const text = [
    "# The account app in pictures",
    "",
    `Made by \`npm run gallery -- ../docs/gallery\` in \`frontend/\`${language === "en" ? "" : ` with \`LANGUAGE=${language}\``}, with made-up accounts; do not edit.`,
  ];
  const names = wanted.map(({ name }) => name);
  const seen = allScreens.filter(({ name }) =>
    existsSync(join(folder ?? "", `${names[0]}-${name}-light.webp`)),
  );
  return index(text, names, { screens: seen, schemes });
}

/** The list is TypeScript: Vite reads it. */
async function readScenes() {
  const { runnerImport } = await import("vite");
  const { module } = await runnerImport(new URL("../src/mock/scenes.ts", import.meta.url).pathname);
  return module.scenes;
}
