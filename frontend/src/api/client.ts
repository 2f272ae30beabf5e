import { config } from "../config";
import { type Code, Failure, SessionLost } from "./failure";
import type { Operation } from "./operation";

type Answer<Data> = {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string; retryAfter?: number } }[];
};

/**
 * Asks the account API. Throws `SessionLost` when nobody is signed in any more, and `Failure` for everything else that
 * is no complete answer.
 */
export async function ask<Data, Variables>(
  operation: Operation<Data, Variables>,
  ...[variables, signal]: Variables extends Record<string, never>
    ? [variables?: undefined, signal?: AbortSignal]
    : [variables: Variables, signal?: AbortSignal]
): Promise<Data> {
  const response = await send(JSON.stringify({ query: operation, variables }), signal);
  const answer: Answer<Data> = await response.json().catch(() => ({}));
  const error = answer.errors?.[0];
  if (error?.extensions?.code === "UNAUTHENTICATED") throw new SessionLost();
  if (error) {
    throw new Failure(
      (error.extensions?.code as Code) ?? "INTERNAL",
      error.message,
      error.extensions?.retryAfter,
    );
  }
  if (!response.ok || !answer.data) throw new Failure("INTERNAL", `HTTP ${response.status}`);
  return answer.data;
}

async function send(body: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(config.graphqlEndpoint, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      credentials: "same-origin",
      body,
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Failure("OFFLINE", String(error));
  }
}

/** The viewer if it is somebody; every screen of an account begins with this. */
export function person<V extends { __typename: string }>(viewer: V): Extract<V, { __typename: "User" }> {
  if (viewer.__typename !== "User") throw new SessionLost();
  return viewer as Extract<V, { __typename: "User" }>;
}
