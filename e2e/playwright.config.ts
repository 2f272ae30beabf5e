import { defineConfig } from "@playwright/test";
import { engine } from "./fixtures/database.ts";

// Debian's Chromium, kept from calling home: a closed network answers none of that, slowly.
const quiet = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

export default defineConfig({
  testDir: "flows",
  outputDir: `results/${engine}`,
  timeout: 90_000, // on two busy cores; pages with many pictures take longest
  forbidOnly: !!process.env.CI,
  workers: 3, // on two cores: tests also wait for a homeserver
  reporter: "list",
  expect: { timeout: 15_000 },
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
      args: quiet,
    },
    locale: "en-GB",
    contextOptions: { reducedMotion: "reduce" }, // pictures and contrasts of a page at rest
    // What was done and asked for. Pictures of each step cost a sixth of all the time: ask for them by `--trace on`.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    screenshot: "only-on-failure",
  },
});
