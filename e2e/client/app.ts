// Postcard: the smallest Matrix client that is one. Its page shows what the homeserver confirmed, and nothing sooner.

import { EventType, type MatrixClient, RoomEvent } from "matrix-js-sdk";
import { letIn, signInByCode } from "./qr.ts";
import { forget, leaveToSignIn, load, open, returnFromSignIn, type Session } from "./session.ts";

const one = <T extends Element>(selector: string) => document.querySelector<T>(selector) as T;
const status = one<HTMLElement>("[role=status]");
const timeline = one<HTMLElement>("ul");

let client: MatrixClient | undefined;
let roomId = "";

function use(session: Session) {
  client?.stopClient();
  client = open(session);
  client.on(RoomEvent.Timeline, show);
  client.on(RoomEvent.LocalEchoUpdated, show);
  return client.startClient();
}

/** Messages that came back by sync; an event still on its way has a status. */
function show() {
  const events = client?.getRoom(roomId)?.getLiveTimeline().getEvents() ?? [];
  const texts = events
    .filter((event) => event.getType() === EventType.RoomMessage && event.status === null)
    .map((event) => Object.assign(document.createElement("li"), { textContent: event.getContent().body }));
  timeline.replaceChildren(...texts);
}

function greet(session: Session | undefined, words: string) {
  status.textContent = words;
  one<HTMLElement>("#sign-in").hidden = !!session;
  one<HTMLElement>("#signed-in").hidden = !session;
}

/** Does it, and says in the status when it went wrong. */
function attempt(work: () => Promise<unknown>) {
  work().catch((error) => {
    status.textContent = `Failed: ${error.message}`;
  });
}

function on(selector: string, event: "click" | "submit", work: (form: FormData) => Promise<unknown>) {
  const element = one<HTMLElement>(selector);
  element.addEventListener(event, (fired) => {
    fired.preventDefault();
    attempt(() => work(new FormData(element instanceof HTMLFormElement ? element : undefined)));
  });
}

on("#sign-in", "submit", (form) => leaveToSignIn(String(form.get("homeserver"))));

const tell = (label: string, words: string) => {
  one<HTMLElement>("dl").hidden = false;
  one<HTMLOutputElement>(`output[aria-label="${label}"]`).value = words;
};

const homeserver = () => one<HTMLInputElement>("input[name=homeserver]").value;

on("#create", "click", () => leaveToSignIn(homeserver(), "create"));

on("#show-code", "click", async () => {
  const session = await signInByCode(homeserver(), {
    code: (text) => tell("Code to scan", text),
    check(code, userCode) {
      tell("Check code", code);
      tell("Code at the service", userCode);
    },
  });
  greet(session, `Signed in as ${session.userId}`);
});

on("#let-in", "submit", async (form) => {
  if (!client) return;
  const { address, checkCode, done } = await letIn(client, String(form.get("code")));
  tell("Check code", checkCode);
  Object.assign(one<HTMLAnchorElement>("#let-in a"), { href: address, target: "_blank", hidden: false });
  await done;
  status.textContent = "Let in";
});

on("#room", "submit", async (form) => {
  const room = await client?.createRoom({ name: String(form.get("name")) });
  roomId = room?.room_id ?? "";
  status.textContent = `Created ${form.get("name")}`;
});

on("#message", "submit", async (form) => client?.sendTextMessage(roomId, String(form.get("text"))));

// The token kept here has run out meanwhile; the library learns it from the homeserver and refreshes by itself.
on("#wake", "click", async () => {
  const session = load();
  if (!session) return;
  await use({ ...session, accessToken: "mat_run_out" });
  await client?.whoami();
  status.textContent = "Awake again";
});

on("#sign-out", "click", async () => {
  await client?.logout(true);
  client = undefined;
  forget();
  greet(undefined, "Signed out");
});

attempt(async () => {
  const session = (await returnFromSignIn()) ?? load();
  if (!session) return;
  await use(session);
  greet(session, `Signed in as ${session.userId}`);
});
