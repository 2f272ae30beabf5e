// Older clients, which know nothing of OAuth: the login API of the client-server specification, with a real homeserver.

import { createClient, type ICreateClientOpts, type MatrixClient } from "matrix-js-sdk";
import { look } from "../fixtures/look.ts";
import type { Person } from "../fixtures/service.ts";
import { signIn } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";
import { goThroughNio } from "../interop/nio.ts";

function byPassword({ name, password }: Person) {
  const identifier = { type: "m.id.user", user: name } as const;
  return {
    type: "m.login.password",
    identifier,
    password,
    initial_device_display_name: "An older app",
  } as const;
}

const nothing = () => {};
/** The library tells of every request. */
const silence: NonNullable<ICreateClientOpts["logger"]> = {
  getChild: () => silence,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};

function open(baseUrl: string, session: Partial<ICreateClientOpts> = {}): MatrixClient {
  return createClient({ baseUrl, logger: silence, ...session });
}

/** The homeserver's word on whose token it is. */
function whoami(baseUrl: string, accessToken: string) {
  return open(baseUrl, { accessToken }).whoami();
}

/** The homeserver forgets a token when its device is gone, which a job sees to. */
async function expectRefused(baseUrl: string, accessToken: string) {
  await expect(async () => {
    await expect(whoami(baseUrl, accessToken)).rejects.toMatchObject({ errcode: "M_UNKNOWN_TOKEN" });
  }).toPass({ timeout: 15_000 });
}

test("matrix-js-sdk logs in by password, talks, refreshes, and logs out", async ({ gateway, alice }) => {
  const stranger = open(gateway.url);
  const { flows } = await stranger.loginFlows();
  expect(flows.map(({ type }) => type)).toEqual(["m.login.password", "m.login.sso", "m.login.token"]);

  const wrong = stranger.loginRequest({ ...byPassword(alice), password: "not that one" });
  await expect(wrong).rejects.toMatchObject({ errcode: "M_FORBIDDEN", httpStatus: 403 });

  const login = await stranger.loginRequest({ ...byPassword(alice), refresh_token: true });
  expect(login.user_id).toBe(`@${alice.name}:localhost`);
  const client = open(gateway.url, { accessToken: login.access_token, userId: login.user_id });
  expect(await client.whoami()).toEqual({
    user_id: login.user_id,
    device_id: login.device_id,
    is_guest: false,
  });
  const { room_id } = await client.createRoom({ name: "Cellar" });
  await client.setRoomTopic(room_id, "Mind the step");
  const { devices } = await client.getDevices();
  expect(devices.map(({ device_id, display_name }) => [device_id, display_name])).toEqual([
    [login.device_id, "An older app"],
  ]);

  const first = login.refresh_token ?? "";
  const second = await client.refreshToken(first);
  // The answer was lost on its way: whoever asks again gets the same.
  expect(await client.refreshToken(first)).toEqual(second);
  expect((await whoami(gateway.url, second.access_token)).device_id).toBe(login.device_id);

  const last = createClient({
    baseUrl: gateway.url,
    accessToken: second.access_token,
    userId: login.user_id,
  });
  await last.logout(true);
  await expectRefused(gateway.url, second.access_token);
  await expect(stranger.refreshToken(second.refresh_token)).rejects.toMatchObject({ httpStatus: 401 });
});

test("matrix-nio logs in by password, talks, and logs out", async ({ gateway, alice }) => {
  const seen = await goThroughNio(gateway.url, alice, "An app in Python");
  expect(seen.login[0]).toBe(`@${alice.name}:localhost`);
  expect(seen.whoami).toEqual(seen.login);
  expect(seen).toMatchObject({ rooms: true, devices: ["An app in Python"] });
});

test("an older client logs in through the browser", async ({ page, gateway, landing, alice }) => {
  const stranger = open(gateway.url);
  await page.goto(stranger.getSsoLoginUrl(`${landing.url}?from=app`, "sso"));
  await expect(page.getByText(`To continue to ${new URL(landing.url).host}`)).toBeVisible();
  await signIn(page, alice);

  await expect(page.getByRole("heading", { name: "Sign in to an app on this device?" })).toBeVisible();
  await expect(page.getByText(`@${alice.name}:localhost`).first()).toBeVisible();
  await look(page, "legacy-sign-in");
  await page.getByRole("button", { name: "Continue to the app" }).click();

  await expect(page).toHaveTitle("Back at the app");
  const answer = new URLSearchParams((await page.locator("output").textContent()) ?? "");
  expect(answer.get("from"), "what was in the address is kept").toBe("app");
  const token = answer.get("loginToken") ?? "";
  const login = await stranger.loginRequest({ type: "m.login.token", token });
  expect((await whoami(gateway.url, login.access_token)).user_id).toBe(`@${alice.name}:localhost`);

  const again = stranger.loginRequest({ type: "m.login.token", token });
  await expect(again).rejects.toMatchObject({ errcode: "M_FORBIDDEN", httpStatus: 403 });

  // Back in the browser's history, there is a way on.
  await page.goBack();
  await page.reload();
  await expect(page.getByRole("heading", { name: "This link was already used" })).toBeVisible();
  await look(page, "legacy-sign-in-used");
});

test("logging out everywhere ends all sessions of older clients", async ({ request, gateway, alice }) => {
  const stranger = open(gateway.url);
  const logins = [
    await stranger.loginRequest(byPassword(alice)),
    await stranger.loginRequest(byPassword(alice)),
  ];
  const tokens = logins.map((login) => login.access_token);
  const headers = { authorization: `Bearer ${tokens[0]}` };
  const everywhere = (data: object) =>
    request.post(`${gateway.url}/_matrix/client/v3/logout/all`, { headers, data });
  expect((await everywhere({})).status(), "the client has to know that it is only those").toBe(404);
  for (const token of tokens) await whoami(gateway.url, token);
  expect((await everywhere({ "io.element.only_compat_is_fine": true })).status()).toBe(200);
  for (const token of tokens) await expectRefused(gateway.url, token);
});
