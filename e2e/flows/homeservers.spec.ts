// A Synapse that still has `experimental_features.msc3861`, configured as the guides of its time say.

import * as oauth from "oauth4webapi";
import { asClient, signIn } from "../fixtures/steps.ts";
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
