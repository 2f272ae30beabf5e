import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { config } from "../config";
import { loadAllTexts, loadTexts } from "../texts/texts";
import { inWords, inWordsToTheMinute } from "./time";

const now = new Date("2026-05-20T14:05:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const day = 24 * 60;

beforeAll(() => loadTexts("en").then(loadAllTexts));
beforeEach(() => {
  config.language = "en";
  vi.stubGlobal("navigator", { languages: ["en-GB"] });
});

test.each([
  [0, "just now"],
  [7, "7 minutes ago"],
  [90, "today, 12:35"],
  [day, "yesterday, 14:05"],
  [6 * day, "6 days ago, 14:05"],
  [7 * day, "13 May 2026"],
])("%i minutes ago is, in a list that leads to more, %s", (minutes, words) => {
  expect(inWords(ago(minutes), now)).toBe(words);
});

test.each([
  [0, "today, 14:05"],
  [7, "today, 13:58"],
  [day, "yesterday, 14:05"],
  [7 * day, "13 May 2026 at 14:05"],
])("%i minutes ago is, to the minute, %s", (minutes, words) => {
  expect(inWordsToTheMinute(ago(minutes), now)).toBe(words);
});
