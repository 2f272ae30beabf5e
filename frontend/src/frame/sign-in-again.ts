const MARK = "left-to-sign-in";

/**
 * Whether to go to the sign-in page without being asked to. Not twice within seconds: where the sign-in does not hold
 * (a browser without cookies), going to and fro would never end.
 */
export function mayLeaveToSignIn(now = Date.now()): boolean {
  const left = Number(sessionStorage.getItem(MARK) ?? 0);
  return now - left > 15_000;
}

/** Loads this address again: the server sees that nobody is signed in and asks for that first. */
export function signInAgain(): void {
  sessionStorage.setItem(MARK, String(Date.now()));
  location.reload();
}
