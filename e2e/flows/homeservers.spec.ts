// A Synapse that still has `experimental_features.msc3861`, configured as the guides of its time say.

import { createClient } from "matrix-js-sdk";
import * as oauth from "oauth4webapi";
import { asClient, signIn, signInByOperator } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test.use({ legacy: true });

const insecure = { [oauth.allowInsecureRequests]: true };

// That Synapse tells of the service under unstable names only, which current libraries for Matrix have forgotten.
test("a client of its time signs in, stays signed in, and signs out on an older Synapse", async ({
  page,
  homeserver,
  landing,
  alice,
}) => {
  const unstable = `${homeserver.url}_matrix/client/unstable/org.matrix.msc2965/auth_metadata`;
  const as = (await (await fetch(unstable)).json()) as oauth.AuthorizationServer;
  const metadata = {
    client_name: "Pigeon",
    client_uri: landing.url,
    redirect_uris: [landing.url],
    grant_types: ["authorization_code", "refresh_token"],
    token_endpoint_auth_method: "none",
  };
  const registration = await oauth.dynamicClientRegistrationRequest(as, metadata, insecure);
  const client = (await oauth.processDynamicClientRegistrationResponse(registration)) as oauth.Client;

  const [state, verifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()];
  const authorize = new URL(as.authorization_endpoint ?? "");
  authorize.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: landing.url,
    response_type: "code",
    scope:
      "urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:P1GE0N0001",
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  }).toString();
  await page.goto(authorize.href);
  await signIn(page, alice);
  await page.getByRole("button", { name: "Allow Pigeon" }).click();
  await expect(page).toHaveTitle("Back at the app");
  const answer = new URL(`${landing.url}?${await page.locator("output").textContent()}`);
  const parameters = oauth.validateAuthResponse(as, client, answer, state);
  const exchanged = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    oauth.None(),
    parameters,
    landing.url,
    verifier,
    insecure,
  );
  const first = await oauth.processAuthorizationCodeResponse(as, client, exchanged);

  // The homeserver introspects with its client's credentials, and finds the person by the subject it was told.
  const whoami = async (token: string) => asClient(homeserver, token)("account/whoami");
  const me = { user_id: `@${alice.name}:localhost`, device_id: "P1GE0N0001", is_guest: false };
  expect(await whoami(first.access_token)).toEqual({ status: 200, body: me });
  const { body: device } = await asClient(homeserver, first.access_token)("devices/P1GE0N0001");
  expect(device).toMatchObject({ display_name: expect.stringContaining("Pigeon") });
  const made = await asClient(homeserver, first.access_token)("createRoom", { name: "Loft" }, "POST");
  expect(made.status).toBe(200);

  const renewed = await oauth.refreshTokenGrantRequest(
    as,
    client,
    oauth.None(),
    first.refresh_token ?? "",
    insecure,
  );
  const second = await oauth.processRefreshTokenResponse(as, client, renewed);
  expect(await whoami(second.access_token)).toEqual({ status: 200, body: me });

  // That integration remembers a token for a while although its device is gone, so the device itself is looked for.
  const bridge = asClient(homeserver, homeserver.bridgeToken);
  const devices = async () =>
    (await bridge(`devices?user_id=${encodeURIComponent(me.user_id)}`)).body.devices;
  expect(await devices()).toMatchObject([{ device_id: "P1GE0N0001" }]);
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(as, client, oauth.None(), second.access_token, insecure),
  );
  await expect.poll(devices).toEqual([]);
});

test("an older client logs in by password and through the browser, and logs out, on an older Synapse", async ({
  page,
  gateway,
  homeserver,
  landing,
  alice,
}) => {
  const stranger = createClient({ baseUrl: gateway.url });
  const user_id = `@${alice.name}:localhost`;
  const bridge = asClient(homeserver, homeserver.bridgeToken);
  const devices = async () => {
    const { body } = await bridge(`devices?user_id=${encodeURIComponent(user_id)}`);
    return (body.devices as { device_id: string }[]).map(({ device_id }) => device_id).sort();
  };
  const byPassword = await stranger.loginRequest({
    type: "m.login.password",
    identifier: { type: "m.id.user", user: alice.name },
    password: alice.password,
    initial_device_display_name: "An older app",
  });

  await page.goto(stranger.getSsoLoginUrl(landing.url, "sso"));
  await signIn(page, alice);
  await page.getByRole("button", { name: "Continue to the app" }).click();
  await expect(page).toHaveTitle("Back at the app");
  const answer = new URLSearchParams((await page.locator("output").textContent()) ?? "");
  const token = answer.get("loginToken") ?? "";
  const throughBrowser = await stranger.loginRequest({ type: "m.login.token", token });

  const logins = [byPassword, throughBrowser];
  expect(await devices()).toEqual(logins.map(({ device_id }) => device_id).sort());
  for (const { access_token: accessToken, device_id } of logins) {
    const client = createClient({ baseUrl: gateway.url, accessToken, userId: user_id });
    expect(await client.whoami()).toEqual({ user_id, device_id, is_guest: false });
    await client.createRoom({ name: "Attic" });
    await client.logout(true);
  }
  await expect.poll(devices).toEqual([]);
});

test("who is locked or deactivated is kept out of an older Synapse", async ({
  request,
  plan,
  service,
  homeserver,
  alice,
}) => {
  // That Synapse keeps for two minutes what it has learnt of a token, so each of these is used once.
  const tokens = [1, 2, 3, 4].map(() => signInByOperator(service, alice));
  const whoami = (token = "") => asClient(homeserver, token)("account/whoami");
  expect(await whoami(tokens[0])).toMatchObject({ status: 200 });
  service.manage("lock-user", alice.name);
  expect(await whoami(tokens[1])).toMatchObject({ status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } });
  service.manage("unlock-user", alice.name);
  expect(await whoami(tokens[2])).toMatchObject({ status: 200 });

  const there = async () => {
    const answer = await request.get(`${homeserver.url}_synapse/admin/v2/users/@${alice.name}:localhost`, {
      headers: { authorization: `Bearer ${plan.secret}` },
    });
    const { deactivated, erased } = await answer.json();
    return { deactivated, erased };
  };
  expect(await there()).toEqual({ deactivated: false, erased: false });
  service.manage("lock-user", alice.name, "--deactivate", "--erase");
  expect(await whoami(tokens[3])).toMatchObject({ status: 401 });
  await expect.poll(there).toEqual({ deactivated: true, erased: true });
});
