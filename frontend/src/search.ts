/** What stands behind the `?` of an address, read as far as it makes sense and left out otherwise. */

export const KINDS = ["browsers", "apps"] as const;
export type Kind = (typeof KINDS)[number];

export function textOf(value: unknown): string | undefined {
  // The router reads `?q=123` as a number.
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function kindOf(value: unknown): Kind | undefined {
  return KINDS.find((kind) => kind === value);
}

export function flagOf(value: unknown): true | undefined {
  return value === true || value === "true" ? true : undefined;
}

/** Where in a list one is: after this cursor, or before that one. */
export type At = { after?: string; before?: string };
export type SessionsSearch = At & { q?: string; kind?: Kind; inactive?: true; ended?: true };

const PAGE = 20;

/** How a page of a list is asked for. */
export function pageOf({ after, before }: At): At & { first?: number; last?: number } {
  return before === undefined ? { first: PAGE, after } : { last: PAGE, before };
}
