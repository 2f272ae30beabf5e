import { look } from "../fixtures/look.ts";
import { signIn } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test("a Matrix client signs in, talks, stays signed in, and signs out", async ({
  page,
  request,
  clientApp,
  homeserver,
  alice,
}) => {
  const whoami = (accessToken: string) =>
    request.get(`${homeserver.url}_matrix/client/v3/account/whoami`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
  const kept = async () => JSON.parse(await page.evaluate(() => localStorage.getItem("session") ?? "{}"));
  const status = page.getByRole("status");

  // The client finds the service through the homeserver, registers, and sends the browser there.
  await page.goto(clientApp.url);
  await page.getByRole("textbox", { name: "Homeserver" }).fill(homeserver.url);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();

  await expect(page.getByText("To continue to Postcard")).toBeVisible();
  await signIn(page, alice);
  await expect(page.getByRole("heading", { name: "Allow Postcard to use your account?" })).toBeVisible();
  await expect(page.getByText(`@${alice.name}:localhost`).first()).toBeVisible();
  await look(page, "consent");
  await page.getByRole("button", { name: "Allow Postcard" }).click();

  // Back with tokens that the homeserver takes, for the device that was asked for.
  await expect(status).toHaveText(`Signed in as @${alice.name}:localhost`);
  const first = await kept();
  expect(await (await whoami(first.accessToken)).json()).toEqual({
    user_id: `@${alice.name}:localhost`,
    device_id: first.deviceId,
    is_guest: false,
  });

  await page.getByRole("textbox", { name: "Room name" }).fill("Kitchen");
  await page.getByRole("button", { name: "Create room" }).click();
  await expect(status).toHaveText("Created Kitchen");
  await page.getByRole("textbox", { name: "Message" }).fill("The kettle is on");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("list", { name: "Timeline" })).toContainText("The kettle is on");

  await page.getByRole("button", { name: "Wake after a long sleep" }).click();
  await expect(status).toHaveText("Awake again");
  const second = await kept();
  expect(second.accessToken).not.toBe(first.accessToken);
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect((await whoami(second.accessToken)).status()).toBe(200);

  // The device goes away with the session, by a job: the homeserver refuses its token as soon as that ran.
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(status).toHaveText("Signed out");
  await expect(async () => {
    const refused = await whoami(second.accessToken);
    expect(refused.status()).toBe(401);
    expect(await refused.json()).toMatchObject({ errcode: "M_UNKNOWN_TOKEN" });
  }).toPass({ timeout: 15_000 });
});

test("somebody who thinks better of it goes back to the client without signing in", async ({
  page,
  clientApp,
  homeserver,
  alice,
}) => {
  await page.goto(clientApp.url);
  await page.getByRole("textbox", { name: "Homeserver" }).fill(homeserver.url);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await signIn(page, alice);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("status")).toHaveText("Failed: access_denied");
});
