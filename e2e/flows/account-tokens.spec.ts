// Tokens that people make for programs of their own, used at a real homeserver.

import { inspect } from "../fixtures/look.ts";
import { asClient, openAccount } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test("somebody makes a token for a script, which acts as them until it is revoked", async ({
  page,
  context,
  service,
  homeserver,
  alice,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openAccount(page, service, alice, "security");
  await page.getByRole("main").getByRole("link", { name: "Manage" }).click();
  await expect(page.getByText("You have none.")).toBeVisible();
  await inspect(page, "no tokens");
  await page.getByRole("link", { name: "New access token" }).click();
  await inspect(page, "a new token");

  await page.getByLabel("Name", { exact: true }).fill("Backup script");
  await page.getByLabel("Valid for").selectOption("7 days");
  const password = page.getByLabel("Your password", { exact: true });
  await password.fill("not that one");
  await page.getByRole("button", { name: "Create the token" }).click();
  await expect(password).toHaveAccessibleDescription(/not your password/);
  await expect(password).toBeFocused();
  await password.fill(alice.password);
  await page.getByRole("button", { name: "Create the token" }).click();
  await expect(page.getByRole("heading", { name: "Your new access token" })).toBeFocused();
  await inspect(page, "a token, this once");
  await page.getByRole("button", { name: "Copy access token" }).click();
  await expect(page.getByRole("button", { name: "Copied access token" })).toBeVisible();
  const token = await page.evaluate(() => navigator.clipboard.readText());
  expect(token).toMatch(/^mpt_/);

  const script = asClient(homeserver, token);
  const who = await script("account/whoami");
  expect(who).toMatchObject({ status: 200, body: { user_id: `@${alice.name}:localhost` } });
  const device = String(who.body.device_id);
  const known = await script(`devices/${device}`);
  expect(known.body).toMatchObject({ display_name: "Backup script" });
  const room = (await script("createRoom", {}, "POST")).body.room_id;
  const said = await script(`rooms/${room}/send/m.room.message/1`, { msgtype: "m.text", body: "backed up" });
  expect(said.status, JSON.stringify(said.body)).toBe(200);

  await page.getByRole("link", { name: "I have stored it" }).click();
  const row = page.getByRole("main").getByRole("listitem");
  await expect(row).toContainText("Backup script");
  await expect(row).toContainText("Read and send messages as you");
  await expect(page.getByText(token)).toHaveCount(0);
  await inspect(page, "a list of tokens");
  // Where an app sends people who look at that device.
  await page.goto(`${service.url}account/?action=org.matrix.device_view&device_id=${device}`);
  await expect(page.getByRole("heading", { name: "Access tokens" })).toBeVisible();

  await page.getByRole("button", { name: "Revoke Backup script" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await inspect(page, "revoking a token");
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("Backup script was revoked.")).toBeVisible();
  await expect(page.getByText("You have none.")).toBeVisible();
  await expect.poll(async () => (await script("account/whoami")).status).toBe(401);

  await page.goto(`${service.url}account/security/activity`);
  const events = page.getByRole("main").getByRole("listitem");
  await expect(events.nth(0)).toContainText("Access token revoked Backup script");
  await expect(events.filter({ hasText: "Access token created Backup script" })).toHaveCount(1);
  await expect(events.filter({ hasText: "Wrong password for a change" })).toHaveCount(1);
});

test("a token that has expired is told of, and removed", async ({ page, service, alice }) => {
  await openAccount(page, service, alice, "tokens/new");
  await page.getByLabel("Name", { exact: true }).fill("Old script");
  await page.getByLabel("Your password", { exact: true }).fill(alice.password);
  await page.getByRole("button", { name: "Create the token" }).click();
  await expect(page.getByRole("heading", { name: "Your new access token" })).toBeFocused();
  // Its time passes.
  service.database.run(
    `UPDATE token_pairs SET access_expires_at = created_at WHERE session_id IN (SELECT id FROM sessions
      WHERE kind = 'personal' AND user_id = (SELECT id FROM users WHERE username = '${alice.name}'));`,
  );
  await page.getByRole("link", { name: "I have stored it" }).click();
  const row = page.getByRole("main").getByRole("listitem");
  await expect(row).toContainText("Expired");
  await inspect(page, "an expired token");
  await row.getByRole("button", { name: "Remove Old script" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Remove Old script?" });
  await expect(dialog).toContainText("nothing can use it any more");
  await inspect(page, "removing an expired token");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("Old script was removed.")).toBeVisible();
  await expect(page.getByText("You have none.")).toBeVisible();
});

test("administrators may make one that administers, and are told what that means", async ({
  page,
  service,
}) => {
  const ada = service.register("ada", "--admin");
  await openAccount(page, service, ada, "tokens/new");
  await page.getByLabel("Name", { exact: true }).fill("Nightly report");
  await page.getByRole("checkbox", { name: "Manage every account on this server" }).check();
  await expect(page.getByText("It has power over the whole server")).toBeVisible();
  await inspect(page, "a powerful token");
  await page.getByLabel("Your password", { exact: true }).fill(ada.password);
  await page.getByRole("button", { name: "Create the token" }).click();
  const token = await page.getByText(/^mpt_/).innerText();
  const answer = await fetch(`${service.url}api/admin/v1/users?page[first]=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
});
