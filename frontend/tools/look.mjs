// Looks at the sample pages as people would: `npm run look -- FOLDER`, where FOLDER was written by
// `cargo run -p web --example pages -- FOLDER`. Photographs each page on a phone and a desktop, light and dark,
// into FOLDER/shots, and fails on what axe, the Content-Security-Policy or a phone's width object to. GALLERY=../docs/gallery/pages
// also keeps the pictures there, small, with a README.md that shows them all.
import { createReadStream, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";
import { develop, index } from "./darkroom.mjs";
import { judge } from "./judge.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("name the folder that the example `pages` wrote");
const only = process.argv[3];
const policy =
  "default-src 'none'; script-src 'nonce-c2FtcGxl'; style-src 'self' 'nonce-c2FtcGxl'; img-src 'self'";
/** @type {Record<string, string>} */
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const screens = [
  { name: "phone", width: 390, height: 844 },
  { name: "desktop", width: 1280, height: 800 },
];
/** @type {("light" | "dark")[]} */
const schemes = ["light", "dark"];

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
  response.setHeader("Content-Type", types[extname(path)] ?? "text/plain");
  response.setHeader("Content-Security-Policy", policy);
  createReadStream(join(folder, path))
    .on("error", () => response.writeHead(404).end())
    .pipe(response);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
const address = server.address();
const base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

// The document of the account app is empty until that has asked the API; the browser tests look at what it then shows.
const pages = readdirSync(folder)
  .filter((file) => file.endsWith(".html") && file !== "account-app.html")
  .filter((file) => !only || file.includes(only));
const shots = join(folder, "shots");
mkdirSync(shots, { recursive: true });
const gallery = process.env.GALLERY;
if (gallery) mkdirSync(gallery, { recursive: true });
/** @type {string[]} */
const complaints = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
});
const darkroom = await browser.newPage();
// One after the other in each scheme, so that two cores are busy; each in the same tab, since another one is another process.
await Promise.all(
  schemes.map(async (colorScheme) => {
    const context = await browser.newContext({ colorScheme, bypassCSP: false });
    const page = await context.newPage();
    let name = "";
    page.on("console", (line) => line.type() === "error" && complaints.push(`${name}: ${line.text()}`));
    page.on("pageerror", (error) => complaints.push(`${name}: ${error.message}`));
    // The form that sends itself would leave the page before it is looked at.
    await page.addInitScript("HTMLFormElement.prototype.requestSubmit = () => {}");
    for (const { name: screen, ...size } of screens) {
      await page.setViewportSize(size);
      for (const file of pages) {
        name = `${file.replace(".html", "")} ${screen} ${colorScheme}`;
        await page.goto(`${base}/${file}`);
        await look(page, name, screen);
      }
    }
    await context.close();
  }),
);
await browser.close();
server.close();

if (gallery && !only) {
  const text = [
    "# The service's pages in pictures",
    "",
    "Made by `GALLERY=../docs/gallery/pages npm run look -- FOLDER` in `frontend/`, of the samples that `cargo run --example pages -- FOLDER` writes; do not edit.",
  ];
  const names = pages.map((file) => file.replace(".html", ""));
  writeFileSync(join(gallery, "README.md"), index(text, names, { screens: screens.slice(0, 1), schemes }));
}

console.log(`${pages.length} pages, ${complaints.length} complaints`);
for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;

/**
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {string} screen
 */
async function look(page, name, screen) {
  const picture = name.replaceAll(" ", "-");
  const png = await page.screenshot({
    path: join(shots, `${picture}.png`),
    fullPage: true,
    animations: "disabled",
  });
  // On a desktop there is the same column, and more around it.
  if (gallery && screen === "phone")
    writeFileSync(join(gallery, `${picture}.webp`), await develop(darkroom, png));
  complaints.push(...(await judge(page)).map((complaint) => `${name}: ${complaint}`));
}
