/**
 * Takes what the pop-up brings back from the sign-in. The pop-up has no `window.opener`: the pages of the sign-in sever it. So
 * it speaks through a channel that only this origin hears, and the state tells whether it is ours.
 */
interface Redirect {
  state: string;
  auth: { code?: string };
  redirectUrl: string;
  callback(answer: { auth: unknown; token?: unknown; isValid?: boolean; redirectUrl: string }): void;
  errCb(error: { authId?: string; source: string; level: string; message: string }): void;
}

/** What Swagger UI leaves for the page of the callback. */
export interface Waiting {
  swaggerUIRedirectOauth2?: Redirect;
}

declare global {
  interface Window extends Waiting {}
}

export function receive(window: Waiting, channel: Pick<BroadcastChannel, "addEventListener">): void {
  channel.addEventListener("message", (event) => {
    const waiting = window.swaggerUIRedirectOauth2;
    const answer = new URLSearchParams(String((event as MessageEvent<unknown>).data));
    if (!waiting || answer.get("state") !== waiting.state) return;
    const code = answer.get("code");
    if (code) {
      waiting.auth.code = code;
      waiting.callback({ auth: waiting.auth, redirectUrl: waiting.redirectUrl });
    } else {
      const message = answer.get("error_description") ?? answer.get("error") ?? "no code came back";
      waiting.errCb({ source: "auth", level: "error", message });
    }
  });
}
