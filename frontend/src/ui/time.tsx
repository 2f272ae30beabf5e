import { language, t } from "../texts/texts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The person's own way to write dates, as far as it fits the language that is spoken here: en-GB, but no French dates in it. */
function locale(): string {
  const digits = (tag: string) => new Intl.NumberFormat(tag).resolvedOptions().numberingSystem;
  const spoken = language();
  const own = navigator.languages.find((tag) => tag.split("-")[0] === spoken.split("-")[0]);
  return own && digits(own) === digits(spoken) ? own : spoken;
}

/**
 * An instant in words: relative under a week, the date after that; the exact time is its title, which a link that it stands in
 * shows when it has the focus. For lists whose rows lead to more.
 */
export function Time({ at }: { at: string }) {
  return <Instant date={new Date(at)} words={inWords} />;
}

/** An instant to the minute, in words and at a glance: for lists whose rows lead nowhere, so that nothing can have the focus. */
export function TimeToTheMinute({ at }: { at: string }) {
  return <Instant date={new Date(at)} words={inWordsToTheMinute} />;
}

function Instant({ date, words }: { date: Date; words: (date: Date, now: Date) => string }) {
  return (
    <time dateTime={date.toISOString()} title={exact(date)}>
      {words(date, new Date())}
    </time>
  );
}

/** An instant to the minute, with its date. */
export function exact(date: Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "short" }).format(date);
}

export function inWords(date: Date, now: Date): string {
  const ago = now.getTime() - date.getTime();
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  if (Math.abs(ago) < MINUTE) return t("time-now");
  if (ago > 0 && ago < HOUR) return relative.format(-Math.floor(ago / MINUTE), "minute");
  return thisWeek(date, now) ?? dateOnly(date);
}

export function inWordsToTheMinute(date: Date, now: Date): string {
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "short" });
  return thisWeek(date, now) ?? format.format(date);
}

/** "yesterday, 14:05", if it is no longer ago than that is clear. */
function thisWeek(date: Date, now: Date): string | undefined {
  const days = Math.round((midnight(now) - midnight(date)) / DAY);
  if (days < 0 || days >= 7) return undefined;
  const day = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-days, "day");
  const time = new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(date);
  // No line ends between "1:35" and "PM".
  return t("time-day-and-hour", { day, time: time.replaceAll(" ", "\u00a0") });
}

export function dateOnly(date: Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(date);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** `days` before now, at local midnight, as the API takes it. */
export function daysAgo(days: number, now = new Date()): string {
  return new Date(midnight(now) - days * DAY).toISOString();
}

/** Whether it happened so lately that it may be going on. */
export function isRecent(at: string, now = new Date()): boolean {
  return now.getTime() - new Date(at).getTime() < 3 * MINUTE;
}
