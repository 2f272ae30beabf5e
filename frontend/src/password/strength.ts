/**
 * How hard a password is to guess. All of it happens here: nothing is sent anywhere, not even a part of a hash. The
 * word lists, of passwords from breaches among others, are those that the server judges by; they weigh several hundred
 * kilobytes and are fetched when somebody begins to choose a password.
 */
export type Strength = {
  /** 0 to 4. */
  score: Score;
  /** Whether it is, but for small changes, on the list of common passwords. */
  common: boolean;
};
export type Score = 0 | 1 | 2 | 3 | 4;

/** The server scores no more than that: the time grows with the square of the length. */
const SCORED_CHARACTERS = 100;

export async function strengthOf(password: string): Promise<Strength> {
  const { default: zxcvbn } = await import("zxcvbn");
  const { score, sequence } = zxcvbn([...password].slice(0, SCORED_CHARACTERS).join(""));
  const [match] = sequence as { pattern: string; dictionary_name?: string }[];
  return { score, common: sequence.length === 1 && match?.dictionary_name === "passwords" };
}

export const preloadStrength = () => void import("zxcvbn");
