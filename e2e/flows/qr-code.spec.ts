// Signing in a second device by a code that it shows and the first one scans (MSC4108).

import { asClient, kept, signInToApp } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test("a device lets another one in by scanning its code", async ({
  anotherBrowser,
  page,
  clientApp,
  homeserver,
  complaints,
  alice,
}) => {
  // The other device asks again until the person has agreed.
  complaints.expect(/oauth2\/token: .* status of 403/);
  const phone = await signInToApp(page, clientApp, homeserver, alice);
  const onPhone = asClient(homeserver, phone.accessToken);
  const devices = async () => {
    const { body } = await onPhone("devices");
    return (body.devices as { device_id: string }[]).map(({ device_id }) => device_id).sort();
  };

  // The new device has a browser of its own, and shows how to reach it through the homeserver.
  const context = await anotherBrowser();
  const wall = await context.newPage();
  await wall.goto(clientApp.url);
  await wall.getByRole("textbox", { name: "Homeserver" }).fill(homeserver.url);
  await wall.getByRole("button", { name: "Sign in by a code" }).click();
  const shown = wall.getByRole("status", { name: "Code to scan" });
  await expect(shown).not.toBeEmpty();

  // The first one scans it, both agree on a secret, and the person is sent to the service.
  await page.getByRole("textbox", { name: "Scanned code" }).fill(await shown.innerText());
  await page.getByRole("button", { name: "Let a device in" }).click();
  const link = page.getByRole("link", { name: "Continue at the service" });
  await expect(link).toBeVisible();
  const check = await page.getByRole("status", { name: "Check code" }).innerText();
  expect(check).toMatch(/^\d{2}$/);
  await expect(wall.getByRole("status", { name: "Check code" })).toHaveText(check);
  expect(await devices(), "no device before somebody has agreed").toEqual([phone.deviceId]);

  const [consent] = await Promise.all([page.waitForEvent("popup"), link.click()]);
  const userCode = await wall.getByRole("status", { name: "Code at the service" }).innerText();
  const field = consent.getByLabel("Code on the device");
  if (await field.isVisible()) {
    await field.fill(userCode);
    await consent.getByRole("button", { name: "Continue" }).click();
  }
  await expect(consent.getByText(userCode, { exact: true }).first()).toBeVisible();
  expect(await devices(), "nor while they are asked").toEqual([phone.deviceId]);
  await consent.getByRole("checkbox", { name: /This device is mine/ }).check();
  await consent.getByRole("button", { name: "Allow Postcard on the wall" }).click();
  await expect(consent.getByRole("heading", { name: "Your device is signed in" })).toBeVisible();

  // The new one has its tokens, and the account's secrets from the first one.
  await expect(wall.getByText(`Signed in as @${alice.name}:localhost`)).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText("Let in", { exact: true })).toBeVisible();
  const session = await kept(wall);
  expect(session.deviceId).toHaveLength(43);
  expect(await devices()).toEqual([phone.deviceId, session.deviceId].sort());
  expect(await asClient(homeserver, session.accessToken)("account/whoami")).toMatchObject({
    status: 200,
    body: { user_id: `@${alice.name}:localhost`, device_id: session.deviceId },
  });
});
