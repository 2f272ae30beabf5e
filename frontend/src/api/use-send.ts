import { useCallback, useRef, useState } from "react";
import { ask } from "./client";
import { Failure, SessionLost } from "./failure";
import type { Operation } from "./operation";

export type Sending<Data, Variables> = {
  /** Resolves to `undefined` when it failed; `failure` then says why. Does nothing while it is busy. */
  send: (variables: Variables) => Promise<Data | undefined>;
  busy: boolean;
  failure: Failure | undefined;
};

/** A mutation and how it goes. A lost session goes to the error boundary, as on every screen. */
export function useSend<Data, Variables>(operation: Operation<Data, Variables>): Sending<Data, Variables> {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [lost, setLost] = useState<SessionLost>();
  const running = useRef(false);
  if (lost) throw lost;

  const send = useCallback(
    async (variables: Variables) => {
      if (running.current) return undefined;
      running.current = true;
      setBusy(true);
      setFailure(undefined);
      try {
        return await ask(operation as Operation<Data, { [name: string]: unknown }>, variables as never);
      } catch (error) {
        if (error instanceof SessionLost) setLost(error);
        else setFailure(error instanceof Failure ? error : new Failure("INTERNAL", String(error)));
        return undefined;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    [operation],
  );
  return { send, busy, failure };
}
