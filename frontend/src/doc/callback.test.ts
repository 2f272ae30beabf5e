import { expect, test, vi } from "vitest";
import { receive, type Waiting } from "./callback";

function waiting() {
  const auth: { code?: string } = {};
  const redirect = {
    state: "ours",
    auth,
    redirectUrl: "https://auth.example.com/api/doc/oauth2-callback",
    callback: vi.fn(),
    errCb: vi.fn(),
  };
  const channel = new EventTarget();
  const window: Waiting = { swaggerUIRedirectOauth2: redirect };
  receive(window, channel as unknown as BroadcastChannel);
  const say = (data: string) => channel.dispatchEvent(new MessageEvent("message", { data }));
  return { redirect, say };
}

test("the code goes to Swagger UI", () => {
  const { redirect, say } = waiting();
  say("code=abc&state=ours");
  expect(redirect.auth.code).toBe("abc");
  expect(redirect.callback).toHaveBeenCalledOnce();
});

test("what was not asked for is not taken", () => {
  const { redirect, say } = waiting();
  for (const answer of ["code=abc&state=theirs", "code=abc", "", "error=access_denied"]) say(answer);
  expect(redirect.callback).not.toHaveBeenCalled();
  expect(redirect.errCb).not.toHaveBeenCalled();
});

test("a refusal is shown", () => {
  const { redirect, say } = waiting();
  say("error=access_denied&error_description=Not+today&state=ours");
  expect(redirect.errCb).toHaveBeenCalledWith(expect.objectContaining({ message: "Not today" }));
});
