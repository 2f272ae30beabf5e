import { notFound } from "@tanstack/react-router";
import { Failure } from "./failure";

/** An address with an id that is none leads nowhere: for `catch` in loaders. */
export function idIsNone(error: unknown): never {
  if (error instanceof Failure && error.code === "INVALID_ID") throw notFound();
  throw error;
}
