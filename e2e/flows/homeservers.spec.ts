// A Synapse that still has `experimental_features.msc3861`, configured as the guides of its time say.

import { asClient, kept, signInToApp } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test.use({ legacy: true });

test("a Matrix client signs in, stays signed in, and signs out on an older Synapse", async ({
  page,
  clientApp,
  homeserver,
  alice,
}) => {
  const first = await signInToApp(page, clientApp, homeserver, alice);
  const whoami = await asClient(homeserver, first.accessToken)("account/whoami");
  expect(whoami).toEqual({
    status: 200,
    body: { user_id: `@${alice.name}:localhost`, device_id: first.deviceId, is_guest: false },
  });
  const { body: device } = await asClient(homeserver, first.accessToken)(`devices/${first.deviceId}`);
  expect(device).toMatchObject({
    device_id: first.deviceId,
    display_name: expect.stringContaining("Postcard"),
  });

  await page.getByRole("textbox", { name: "Room name" }).fill("Kitchen");
  await page.getByRole("button", { name: "Create room" }).click();
  await expect(page.getByRole("status")).toHaveText("Created Kitchen");
  await page.getByRole("button", { name: "Wake after a long sleep" }).click();
  await expect(page.getByRole("status")).toHaveText("Awake again");
  const second = await kept(page);
  expect((await asClient(homeserver, second.accessToken)("account/whoami")).status).toBe(200);

  // That integration does not forget a token when its device goes, so the device itself is looked for.
  const bridge = asClient(homeserver, homeserver.bridgeToken);
  const user = encodeURIComponent(`@${alice.name}:localhost`);
  const devices = async () => (await bridge(`devices?user_id=${user}`)).body.devices;
  expect(await devices()).toMatchObject([{ device_id: first.deviceId }]);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("status")).toHaveText("Signed out");
  await expect.poll(devices).toEqual([]);
});
