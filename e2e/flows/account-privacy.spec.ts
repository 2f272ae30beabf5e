// Taking one's data along, and leaving.

import { readFile } from "node:fs/promises";
import type { Homeserver } from "../fixtures/homeserver.ts";
import { inspect, look } from "../fixtures/look.ts";
import type { Person } from "../fixtures/service.ts";
import { openAccount, signIn, signInByOperator } from "../fixtures/steps.ts";
import { expect, type Plan, test } from "../fixtures/test.ts";

test("somebody downloads what is kept about them", async ({ page, service, alice }) => {
  signInByOperator(service, alice, "KEPT000001");
  service.manage("add-email", alice.name, `${alice.name}@example.org`);
  await openAccount(page, service, alice, "privacy");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download your data" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("account.json");
  const data = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(data).toMatchObject({
    account: { username: alice.name, has_password: true },
    email_addresses: [{ email: `${alice.name}@example.org` }],
    browsers: [{ ended_at: null }],
    apps: [{ device_id: "KEPT000001" }],
  });
  await page.goto(`${service.url}account/security/activity`);
  await expect(page.getByText("Data downloaded")).toBeVisible();
});

test("somebody deletes their account, for which a mere password manager is not enough", async ({
  page,
  plan,
  service,
  homeserver,
  anotherBrowser,
  alice,
}) => {
  signInByOperator(service, alice);
  const elsewhere = await (await anotherBrowser()).newPage();
  await openAccount(elsewhere, service, alice);
  await openAccount(page, service, alice, "privacy");
  await page.getByRole("link", { name: "Delete your account" }).click();
  const [password, confirm] = [
    page.getByLabel("Your password", { exact: true }),
    page.getByRole("button", { name: "Delete my account" }),
  ];
  await expect(confirm).toBeDisabled();
  await password.fill("not that one");
  await password.press("Enter");
  await expect(page.getByText("Your account is deleted with the next step")).toBeVisible();
  await confirm.click();
  await expect(password).toHaveAccessibleDescription(/not your password/);
  await password.fill(alice.password);
  await confirm.click();
  await expect(page.getByRole("heading", { name: "This account was closed" })).toBeVisible();
  await inspect(page, "deleted");
  await elsewhere.reload();
  await expect(elsewhere.getByRole("heading", { name: "This account was closed" })).toBeVisible();
  await look(elsewhere, "stopped-deactivated");

  await expect.poll(() => asHomeserverKnows(homeserver, plan, alice)).toMatchObject({ is_deactivated: true });
  await page.context().clearCookies();
  await page.goto(`${service.url}login`);
  await signIn(page, alice);
  await expect(page.getByRole("heading", { name: "This account was closed" })).toBeVisible();
});

test("who also wants to be forgotten is", async ({ page, plan, service, homeserver, alice }) => {
  await openAccount(page, service, alice, "delete-account");
  await page.getByRole("checkbox", { name: /hide my messages/ }).check();
  await page.getByLabel("Your password", { exact: true }).fill(alice.password);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByRole("heading", { name: "This account was closed" })).toBeVisible();
  // When the job has run there is no password and no session left that could be told from a stranger's. Not asked sooner: the
  // pages count who tries to sign in.
  await expect.poll(() => asHomeserverKnows(homeserver, plan, alice)).toMatchObject({ is_deactivated: true });
  await expect(async () => {
    await page.goto(`${service.url}account/`);
    await signIn(page, alice);
    await expect(page.getByText("There is no account with this name and password")).toBeVisible({
      timeout: 2000,
    });
  }).toPass();
});

async function asHomeserverKnows(homeserver: Homeserver, plan: Plan, { name }: Person) {
  const answer = await fetch(`${homeserver.url}_synapse/mas/query_user?localpart=${name}`, {
    headers: { authorization: `Bearer ${plan.secret}` },
  });
  return answer.json();
}
