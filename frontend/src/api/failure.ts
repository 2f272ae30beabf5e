import type { ErrorCode } from "./operations.gen";

/** Why there was no answer: what the service says, or that it could not be reached. */
export type Code = ErrorCode | "OFFLINE";

export class Failure extends Error {
  constructor(
    readonly code: Code,
    message: string,
    /** Seconds to wait, with RATE_LIMITED. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** Nobody is signed in any more. */
export class SessionLost extends Error {
  constructor() {
    super("nobody is signed in");
  }
}
