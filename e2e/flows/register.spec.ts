import type { Page } from "@playwright/test";
import { look } from "../fixtures/look.ts";
import { asClient, kept } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test.use({
  settings: {
    account: { password_registration_enabled: true, password_registration_token_required: true },
    branding: { tos_uri: "https://example.org/terms" },
  },
});

const password = "seven tepid walruses orbit";

async function fillIn(page: Page, name: string) {
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("E-mail address").fill(`${name}@example.org`);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Password once more").fill(password);
  await page.getByRole("checkbox", { name: "I have read the terms" }).check();
  await page.getByRole("button", { name: "Continue" }).click();
}

function invitation(manage: (...args: string[]) => string) {
  const token = /Created user registration token: (\S+)/.exec(manage("issue-user-registration-token"))?.[1];
  if (!token) throw new Error("no token was issued");
  return token;
}

/** The code in the newest mail to an address. */
const typed = (subject: string) => subject.replace(/\D/g, "");

test("somebody without an account opens a Matrix client, registers, and is in", async ({
  page,
  service,
  homeserver,
  mailbox,
  clientApp,
}) => {
  const name = `dora-${Date.now()}`;
  const address = `${name}@example.org`;

  await page.goto(clientApp.url);
  await page.getByRole("textbox", { name: "Homeserver" }).fill(homeserver.url);
  await page.getByRole("button", { name: "Create account" }).click();

  await expect(page.getByRole("heading", { name: "Create an account" })).toBeVisible();
  await expect(page.getByText("To continue to Postcard")).toBeVisible();
  await look(page, "register");
  await page.getByLabel("Username").fill("Alice");
  await expect(page.getByLabel("Username"), "capitals are not for Matrix").toHaveValue("alice");
  await page.getByLabel("Username").fill("12345");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("Username")).toHaveAccessibleDescription(/A username cannot be digits alone/);
  await expect(page.getByLabel("Username")).toBeFocused();
  await look(page, "register-problems");
  await fillIn(page, name);

  await expect(page.getByRole("heading", { name: "Enter your invitation code" })).toBeVisible();
  await look(page, "register-token");
  await page.getByLabel("Invitation code").fill("a guess");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("This code is not valid");
  await page.getByLabel("Invitation code").fill(invitation(service.manage));
  await page.getByRole("button", { name: "Continue" }).click();

  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  await look(page, "register-email");
  const first = await mailbox.next(address);
  await page.getByRole("button", { name: "Send another code" }).click();
  await expect(page.getByRole("status")).toContainText("Another code is on its way");
  await look(page, "register-email-resent");
  const second = await mailbox.next(address);
  await page.getByLabel("Code from the mail").fill(typed(first.subject));
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("older codes do not work");
  await page.getByLabel("Code from the mail").fill(typed(second.subject));
  await page.getByRole("button", { name: "Continue" }).click();

  await expect(page.getByRole("heading", { name: "What should people call you?" })).toBeVisible();
  await look(page, "register-name");
  await page.getByLabel("Name").fill("Dora the Explorer");
  await page.getByRole("button", { name: "Create account" }).click();

  await expect(page.getByText(`@${name}:localhost`).first()).toBeVisible();
  await page.getByRole("button", { name: "Allow Postcard" }).click();
  await expect(page.getByRole("status")).toHaveText(`Signed in as @${name}:localhost`);
  const { accessToken } = await kept(page);
  const profile = () => asClient(homeserver, accessToken)(`profile/@${name}:localhost/displayname`);
  await expect.poll(async () => (await profile()).body).toEqual({ displayname: "Dora the Explorer" });

  // The browser is signed in, too.
  await page.goto(service.url);
  await expect(page.getByRole("heading", { name: "You are signed in" })).toBeVisible();
});

test("registering works without scripts", async ({ anotherBrowser, service, homeserver: _, mailbox }) => {
  const context = await anotherBrowser({ javaScriptEnabled: false });
  const page = await context.newPage();
  const name = `ella-${Date.now()}`;
  await page.goto(service.url);
  await page.getByRole("link", { name: "Create an account" }).click();
  await fillIn(page, name);
  await page.getByLabel("Invitation code").fill(invitation(service.manage));
  await page.getByRole("button", { name: "Continue" }).click();
  const { subject } = await mailbox.next(`${name}@example.org`);
  await page.getByLabel("Code from the mail").fill(typed(subject));
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: `Just call me ${name}` }).click();
  await expect(page.getByRole("heading", { name: "You are signed in" })).toBeVisible();
});
