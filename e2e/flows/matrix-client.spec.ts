import { expect, test } from "../fixtures/test.ts";

test("a Matrix client signs in, talks, stays signed in, and signs out", async ({
  page,
  request,
  clientApp,
  homeserver,
  alice,
}) => {
  const whoami = (token: string) =>
    request.get(`${homeserver.url}_matrix/client/v3/account/whoami`, {
      headers: { authorization: `Bearer ${token}` },
    });
  const tokens = async () =>
    JSON.parse(await page.evaluate(() => localStorage.getItem("session") ?? "{}")) as {
      accessToken: string;
      refreshToken: string;
      deviceId: string;
    };

  await page.goto(clientApp.url);
  await page.getByRole("textbox", { name: "Homeserver" }).fill(homeserver.url);
  await page.getByRole("button", { name: "Sign in" }).click();

  await page.getByLabel("Username").fill(alice.name);
  await page.getByLabel("Password").fill(alice.password);
  await page.getByRole("button", { name: "Sign in" }).click();

  await page.getByRole("button", { name: "Allow Postcard" }).click();
  await expect(page.getByRole("status")).toHaveText(`Signed in as @${alice.name}:localhost`);

  const first = await tokens();
  const me = await (await whoami(first.accessToken)).json();
  expect(me).toEqual({ user_id: `@${alice.name}:localhost`, device_id: first.deviceId, is_guest: false });

  await page.getByRole("textbox", { name: "Room name" }).fill("Kitchen");
  await page.getByRole("button", { name: "Create room" }).click();
  await expect(page.getByRole("status")).toHaveText("Created Kitchen");
  await page.getByRole("textbox", { name: "Message" }).fill("The kettle is on");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("list", { name: "Timeline" })).toContainText("The kettle is on");

  await page.getByRole("button", { name: "Wake after a long sleep" }).click();
  await expect(page.getByRole("status")).toHaveText("Awake again");
  const second = await tokens();
  expect(second.accessToken).not.toBe(first.accessToken);
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect((await whoami(second.accessToken)).status()).toBe(200);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("status")).toHaveText("Signed out");
  await expect(async () => {
    const refused = await whoami(second.accessToken);
    expect(refused.status()).toBe(401);
    expect(await refused.json()).toMatchObject({ errcode: "M_UNKNOWN_TOKEN" });
  }).toPass();
});
