// Devices that an application service makes for people (MSC4190) are none of the service's business.

import { asClient, signInToApp } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test("a bridge's device survives that its person signs in and out", async ({
  page,
  clientApp,
  homeserver,
  alice,
}) => {
  const { deviceId } = await signInToApp(page, clientApp, homeserver, alice);
  const bridge = asClient(homeserver, homeserver.bridgeToken);
  const user = encodeURIComponent(`@${alice.name}:localhost`);
  const made = await bridge(`devices/BR1DGE?user_id=${user}`, { display_name: "Bridge" });
  expect(made.status).toBe(201);
  const devices = async () => {
    const { body } = await bridge(`devices?user_id=${user}`);
    return (body.devices as { device_id: string }[]).map(({ device_id }) => device_id).sort();
  };
  expect(await devices()).toEqual(["BR1DGE", deviceId].sort());

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("status")).toHaveText("Signed out");
  await expect.poll(devices).toEqual(["BR1DGE"]);
  await signInToApp(page, clientApp, homeserver, alice);
  expect(await devices()).toHaveLength(2);
});
