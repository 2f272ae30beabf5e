// The first screen of the account app: who somebody is, and how they can be reached.

import type { Page } from "@playwright/test";
import { inspect } from "../fixtures/look.ts";
import { openAccount, signInByOperator } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

const code = /\b(\d{3}) ?(\d{3})\b/;
const codeIn = (text: string) => code.exec(text)?.slice(1).join("") ?? "";

async function startAdding(page: Page, address: string, password: string) {
  await page.getByRole("button", { name: "Add an address" }).click();
  await page.getByLabel("New address").fill(address);
  await page.getByLabel("Your password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Send the code" }).click();
}

async function enterCode(page: Page, text: string) {
  await page.getByLabel("Code from the mail").fill(text);
  await page.getByRole("button", { name: "Add the address" }).click();
}

for (const locale of ["en-GB", "de-DE", "fr-FR", "es-ES", "ar-EG"]) {
  test(`the first screen loads little (${locale})`, async ({ anotherBrowser, service, alice }) => {
    const page = await (await anotherBrowser({ locale })).newPage();
    await page.goto(`${service.url}account/`);
    await expect(page.locator("html")).toHaveAttribute("lang", locale.slice(0, 2));
    const asked: { path: string; type: string; bytes: Promise<number> }[] = [];
    page.on("requestfinished", (request) => {
      const { pathname } = new URL(request.url());
      const bytes = request.sizes().then(({ responseBodySize }) => responseBodySize);
      asked.push({ path: pathname, type: request.resourceType(), bytes });
    });
    // In every language: the fields are called by other names.
    await page.getByRole("textbox").first().fill(alice.name);
    await page.locator("input[type=password]").fill(alice.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${service.url}account/`);
    await expect(page.getByText(`@${alice.name}:localhost`)).toBeVisible();
    await page.waitForLoadState("networkidle");

    const weight = async (type: string) => {
      const files = asked.filter((file) => file.type === type && file.path.startsWith("/assets/"));
      expect(files, type).not.toEqual([]);
      return (await Promise.all(files.map(({ bytes }) => bytes))).reduce((sum, bytes) => sum + bytes, 0);
    };
    const [scripts, styles] = [await weight("script"), await weight("stylesheet")];
    test.info().annotations.push({ type: "first load", description: `${scripts} and ${styles} bytes` });
    expect(scripts).toBeLessThan(110_000);
    expect(styles).toBeLessThan(20_000);
    // Who is here, what the screen shows, and the name from the homeserver apart from that.
    expect(asked.filter(({ path }) => path === "/graphql")).toHaveLength(3);
  });
}

test("somebody changes the name that others see, and removes it", async ({
  page,
  service,
  homeserver,
  alice,
}) => {
  const token = signInByOperator(service, alice);
  const seen = async () => {
    const path = `_matrix/client/v3/profile/${encodeURIComponent(`@${alice.name}:localhost`)}`;
    const answer = await fetch(`${homeserver.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()).displayname;
  };
  await openAccount(page, service, alice);
  const profile = page.getByRole("region", { name: "Your profile" });
  const change = profile.getByRole("button", { name: "Change your name" });
  await change.click();
  const dialog = page.getByRole("dialog", { name: "Change your name" });
  await dialog.getByLabel("Display name").fill("n".repeat(300));
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("Display name")).toHaveAccessibleDescription(/too long/);

  await dialog.getByLabel("Display name").fill("Alice im Wunderland 🐇");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your name was changed.")).toBeVisible();
  await expect(profile.getByText("Alice im Wunderland 🐇")).toBeVisible();
  expect(await seen()).toBe("Alice im Wunderland 🐇");

  await page.reload();
  await expect(profile.getByText("Alice im Wunderland 🐇")).toBeVisible();
  await change.click();
  await dialog.getByLabel("Display name").fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(profile.getByText("Alice im Wunderland 🐇")).toBeHidden();
  expect(await seen()).not.toBe("Alice im Wunderland 🐇");
});

test("somebody adds addresses by the codes that arrive there, and removes one", async ({
  page,
  service,
  mailbox,
  alice,
}) => {
  const [first, second] = [`${alice.name}@example.org`, `${alice.name}@example.com`];
  await openAccount(page, service, alice);
  const emails = page.getByRole("region", { name: "E-mail addresses" });
  await expect(emails.getByText("None yet.")).toBeVisible();

  await startAdding(page, first, "not that one");
  await expect(page.getByLabel("Your password", { exact: true })).toHaveAccessibleDescription(
    /not your password/,
  );
  await expect(page.getByLabel("New address")).toHaveValue(first);
  await page.getByLabel("Your password", { exact: true }).fill(alice.password);
  await page.getByRole("button", { name: "Send the code" }).click();

  await expect(page.getByRole("heading", { name: "Enter the code" })).toBeVisible();
  await expect(page).toHaveTitle(/^Enter the code · /);
  const lost = await mailbox.next(first);
  await page.getByRole("button", { name: "have a new code sent" }).click();
  await expect(page.getByText("A new code is on its way.")).toBeVisible();
  const mail = await mailbox.next(first);
  expect(mail.subject).toMatch(code);
  expect(codeIn(mail.text), "the text says the same").toBe(codeIn(mail.subject));

  await enterCode(page, codeIn(lost.subject));
  await expect(page.getByLabel("Code from the mail")).toHaveAccessibleDescription(/This is not the code/);
  await page.reload();
  await enterCode(page, `${codeIn(mail.subject).slice(0, 3)} ${codeIn(mail.subject).slice(3)}`);
  await expect(page.getByText(`${first} was added.`)).toBeVisible();
  await expect(emails.getByRole("listitem").filter({ hasText: first })).toBeVisible();
  await expect(emails.getByRole("listitem")).toHaveCount(1);

  await page.goBack();
  await expect(page.getByRole("heading", { name: "Your account" }), "it is done").toBeVisible();

  await startAdding(page, first, alice.password);
  await expect(page.getByLabel("New address")).toHaveAccessibleDescription(/has this address already/);
  await page.getByLabel("New address").fill(second);
  await page.getByRole("button", { name: "Send the code" }).click();
  await enterCode(page, codeIn((await mailbox.next(second)).subject));
  await expect(emails.getByRole("listitem")).toHaveCount(2);

  await page.getByRole("button", { name: `Remove ${first}` }).click();
  const dialog = page.getByRole("alertdialog", { name: "Remove this address?" });
  await dialog.getByLabel("Your password", { exact: true }).fill("not that one");
  await dialog.getByRole("button", { name: "Remove the address" }).click();
  await expect(dialog.getByLabel("Your password", { exact: true })).toHaveAccessibleDescription(
    /not your password/,
  );
  await inspect(page, "removing an address");
  await dialog.getByLabel("Your password", { exact: true }).fill(alice.password);
  await dialog.getByRole("button", { name: "Remove the address" }).click();
  await expect(page.getByText(`${first} was removed.`)).toBeVisible();
  await expect(emails.getByRole("listitem").filter({ hasText: second })).toBeVisible();
  await expect(emails.getByRole("listitem")).toHaveCount(1);

  await page.getByRole("button", { name: `Remove ${second}` }).click();
  await expect(dialog.getByText("It is the last one")).toBeVisible();
  await dialog.getByLabel("Your password", { exact: true }).fill(alice.password);
  await dialog.getByRole("button", { name: "Remove the address" }).click();
  await expect(emails.getByText("None yet.")).toBeVisible();
});

test("an address of somebody else is told of only to who can read its mail", async ({
  page,
  service,
  mailbox,
  alice,
}) => {
  const bob = service.register("bob");
  const address = `${bob.name}@example.org`;
  service.manage("add-email", bob.name, address);
  await openAccount(page, service, alice);
  await startAdding(page, address, alice.password);
  await expect(page.getByRole("heading", { name: "Enter the code" })).toBeVisible();
  await enterCode(page, codeIn((await mailbox.next(address)).subject));
  await expect(page.getByRole("heading", { name: "This address is taken" })).toBeVisible();
  await inspect(page, "an address that is taken");
  await page.getByRole("link", { name: "Go to your account" }).click();
  await expect(page.getByText("None yet.")).toBeVisible();
});

test("what a code is asked for is nobody else's", async ({ page, service, anotherBrowser, alice }) => {
  await openAccount(page, service, alice);
  await startAdding(page, `${alice.name}@example.net`, alice.password);
  await expect(page.getByRole("heading", { name: "Enter the code" })).toBeVisible();
  const elsewhere = await (await anotherBrowser()).newPage();
  await openAccount(elsewhere, service, alice, page.url().split("/account/")[1]);
  await expect(elsewhere.getByRole("heading", { name: "There is no page here" })).toBeVisible();
});

test("somebody signs out here", async ({ page, service, alice }) => {
  await openAccount(page, service, alice);
  await page.getByRole("button", { name: "Sign out" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Stay signed in" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Sign out" }).click();
  await dialog.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goBack();
  await expect(page.getByText(alice.name), "nothing of the account is shown any more").toHaveCount(0);
});
