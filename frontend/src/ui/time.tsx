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

/** An instant in words: relative under a week, the date after that; the exact time is its title. */
export function Time({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={exact(date)}>
      {inWords(date, new Date())}
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
  const days = Math.round((midnight(now) - midnight(date)) / DAY);
  if (days >= 0 && days < 7) {
    const time = new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(date);
    return t("time-day-and-hour", { day: relative.format(-days, "day"), time });
  }
  return dateOnly(date);
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
