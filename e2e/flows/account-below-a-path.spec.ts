// The service below a path of a host that it shares with others: https://example.com/auth/.

import { inspect } from "../fixtures/look.ts";
import { asClient, openAccount, signInToApp } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test.use({ prefix: "auth/" });

test("below a path, everything stays below it", async ({ page, service, alice }) => {
  expect(new URL(service.url).pathname).toBe("/auth/");
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (url.startsWith("http") && !url.startsWith(service.url)) elsewhere.push(url);
  });
  await openAccount(page, service, alice, "sessions?kind=browsers");
  await inspect(page, "devices below a path");
  await page.getByRole("link", { name: "Security", exact: true }).click();
  await expect(page).toHaveURL(`${service.url}account/security`);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Security" })).toBeVisible();

  await page.goto(`${service.url}account?action=org.matrix.cross_signing_reset`);
  await expect(page).toHaveURL(/\/auth\/account\/reset-cross-signing/);
  await expect(page.getByRole("heading", { name: "Reset your encryption identity?" })).toBeVisible();
  await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "Deutsch" });
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.getByRole("combobox", { name: "Darstellung" }).selectOption("dark");
  await page.goto(`${service.url}logout`);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Abmelden" }).click();
  await expect(page).toHaveURL(new RegExp(`^${service.url}`));

  for (const { path } of await page.context().cookies()) expect(path).toBe("/auth/");
  expect(elsewhere).toEqual([]);
});

test("apps find the service below its path", async ({ page, clientApp, homeserver, alice }) => {
  const { accessToken } = await signInToApp(page, clientApp, homeserver, alice);
  expect((await asClient(homeserver, accessToken)("account/whoami")).status).toBe(200);
});
