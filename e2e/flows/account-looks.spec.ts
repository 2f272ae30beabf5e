// What people see of the account app, whatever they read, see and use: every screen is looked at by axe.

import type { Locator, Page } from "@playwright/test";
import { inspect } from "../fixtures/look.ts";
import { giveCrowd, giveHistory } from "../fixtures/sign-ins.ts";
import { openAccount, signIn, signInByOperator } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

type Screen = [name: string, path: string, heading: string | RegExp];

const screens: Record<string, Screen[]> = {
  "what is signed in": [
    ["home", "", "Your account"],
    ["devices", "sessions", "Your devices"],
    ["nothing found", "sessions?q=nothing%20like%20this", "Your devices"],
    ["a legacy app", "devices/L00KEDAT01", / on |app/],
    ["an app", "devices/CROWD00001", /^Paint on/],
    ["no such device", "devices/N0SUCH", "This device is not signed in"],
  ],
  "security and privacy": [
    ["security", "security", "Security"],
    ["activity", "security/activity", "Security activity"],
    ["changing the password", "password/change", "Change your password"],
    ["the password is changed", "password/change/success", "Your password was changed"],
    ["tokens", "tokens", "Access tokens"],
    ["a new token", "tokens/new", "New access token"],
    ["privacy", "privacy", "Privacy"],
    ["deleting the account", "delete-account", "Delete your account"],
  ],
  "what apps send people to": [
    ["resetting the identity", "reset-cross-signing?deepLink=true", "Reset your encryption identity?"],
    ["the reset is allowed", "reset-cross-signing/success", "The reset is allowed"],
    ["nothing is reset", "reset-cross-signing/cancelled", "Nothing was reset"],
    ["nowhere", "nowhere", "There is no page here"],
  ],
};

for (const [area, all] of Object.entries(screens)) {
  test(`${area}, of an account with a thousand sign-ins`, async ({ page, service, alice }) => {
    await giveCrowd(service, alice);
    giveHistory(service, alice, 30);
    signInByOperator(service, alice, "L00KEDAT01");
    service.manage("add-email", alice.name, `${alice.name}@example.org`);
    service.manage("add-email", alice.name, `${alice.name}@example.com`);
    await openAccount(page, service, alice);
    for (const [name, path, heading] of all) {
      await test.step(name, async () => {
        await page.goto(`${service.url}account/${path}`);
        const title = page.getByRole("heading", { level: 1, name: heading });
        await expect(title).toBeVisible();
        await expect(page).toHaveTitle(`${await title.innerText()} · localhost`);
        await inspect(page, name);
      });
    }
  });
}

test("the screens on the way to something", async ({ page, service, mailbox, alice }) => {
  const address = `${alice.name}@example.org`;
  signInByOperator(service, alice, "L00KEDAT02");
  await openAccount(page, service, alice);
  const press = (name: string | RegExp) => page.getByRole("button", { name }).first().click();

  await press("Change your name");
  await expect(page.getByRole("dialog")).toBeVisible();
  await inspect(page, "a dialog with a form");
  await page.keyboard.press("Escape");
  await press("Sign out");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await inspect(page, "a dialog with a question");
  await page.keyboard.press("Escape");

  await press("Add an address");
  await page.getByLabel("New address").fill(address);
  await page.getByLabel("Your password", { exact: true }).fill("not that one");
  await press("Send the code");
  await expect(page.getByRole("alert")).toBeVisible();
  await inspect(page, "a form with an error");
  await page.getByLabel("Your password", { exact: true }).fill(alice.password);
  await press("Send the code");
  await mailbox.next(address);
  await page.getByLabel("Code from the mail").fill("000 000");
  await press("Add the address");
  await expect(page.getByRole("alert")).toBeVisible();
  await press("have a new code sent");
  await expect(page.getByText("A new code is on its way.")).toBeVisible();
  await inspect(page, "a code");

  await page.goto(`${service.url}account/sessions`);
  await press("Sign out all others");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await inspect(page, "signing out all others");
  await page.keyboard.press("Escape");

  await page.goto(`${service.url}account/password/change`);
  await page.getByLabel("New password", { exact: true }).fill("dragon");
  await expect(page.getByText(/Very weak/)).toBeVisible();
  await inspect(page, "a weak password");
});

test("the whole app can be used by keyboard", async ({ page, service, homeserver, alice }) => {
  expect(homeserver.url).toBeTruthy(); // the name and the device are there
  signInByOperator(service, alice, "KEYBOARD01");
  await page.goto(`${service.url}account/`);
  await expect(page.getByLabel("Username")).toBeFocused();
  await page.keyboard.type(alice.name);
  await tabTo(page, page.getByLabel("Password", { exact: true }));
  await page.keyboard.type(alice.password);
  await page.keyboard.press("Enter");
  const heading = (name: string) => page.getByRole("heading", { level: 1, name });
  await expect(heading("Your account")).toBeVisible();

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  const change = page.getByRole("button", { name: "Change your name" });
  await tabTo(page, change);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Display name")).toBeFocused();
  for (let pressed = 0; pressed < 8; pressed++) await page.keyboard.press("Tab");
  await expect(page.getByRole("dialog").locator(":focus"), "the dialog keeps the focus").toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(change).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("Alice by keys");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your name was changed.")).toBeVisible();
  await expect(change).toBeFocused();

  await follow(page, "Devices");
  await expect(heading("Your devices")).toBeFocused();
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type("KEYBOARD01");
  await expect(page.getByText("One sign-in found")).toBeVisible();
  await tabTo(page, page.getByRole("main").getByRole("link", { name: /Last used|Signed in/ }));
  const hint = () =>
    page.evaluate(() => {
      const time = document.activeElement?.querySelector("time");
      return time && [getComputedStyle(time, "::after").content, JSON.stringify(time.title)];
    });
  const [shown, exact] = (await hint()) ?? [];
  expect(exact, "what is focused tells the exact time").toContain(`${new Date().getFullYear()}`);
  expect(shown).toBe(exact);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await tabTo(page, page.getByRole("button", { name: "Rename" }));
  await page.keyboard.press("Space");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("By keys");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The device has a new name.")).toBeVisible();
  await tabTo(page, page.getByRole("main").getByRole("button", { name: /^Sign out/ }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }));
  await page.keyboard.press("Enter");
  await expect(heading("Your devices")).toBeFocused();
  await tabTo(page, page.getByRole("button", { name: "Browsers" }));
  await page.keyboard.press("Space");
  await expect(page.getByText("One sign-in found")).toBeVisible();

  await follow(page, "Security");
  await expect(heading("Security")).toBeFocused();
  await follow(page, "Change password");
  await expect(heading("Change your password")).toBeFocused();
  await tabTo(page, page.getByLabel("Current password"));
  await page.keyboard.type(alice.password);
  await tabTo(page, page.getByLabel("New password", { exact: true }));
  await page.keyboard.type("tepid-Walrus/89 orbit");
  await tabTo(page, page.getByLabel("New password, again"));
  await page.keyboard.type("tepid-Walrus/89 orbit");
  await page.keyboard.press("Enter");
  await expect(heading("Your password was changed")).toBeFocused();

  await follow(page, "Privacy");
  await follow(page, "Delete your account");
  await follow(page, "Keep my account");
  await expect(heading("Privacy")).toBeFocused();
  await tabTo(page, page.getByRole("combobox", { name: "Appearance" }));
  await page.keyboard.press("ArrowDown");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.goBack();
  await expect(heading("Delete your account")).toBeFocused();
  await follow(page, "Account");
  await tabTo(page, page.getByRole("main").getByRole("button", { name: "Sign out" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }));
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Username")).toBeFocused();
});

/** Presses Tab until it is there; where the focus is must be seen all the way. */
async function tabTo(page: Page, target: Locator) {
  await expect(target).toBeVisible();
  const focused = () => target.evaluate((element) => element === document.activeElement);
  for (let pressed = 0; pressed < 60 && !(await focused()); pressed++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return true;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    });
    expect(seen, "the focus is seen").toBe(true);
  }
  await expect(target).toBeFocused();
}

async function follow(page: Page, name: string) {
  await tabTo(page, page.getByRole("link", { name, exact: true }));
  await page.keyboard.press("Enter");
}

test("language and appearance are chosen once, for app and pages", async ({ page, service, alice }) => {
  await openAccount(page, service, alice, "security");
  const html = page.locator("html");
  await page.getByRole("combobox", { name: "Appearance" }).selectOption("dark");
  await expect(html).toHaveAttribute("data-theme", "dark");
  await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "Deutsch" });
  await expect(html).toHaveAttribute("lang", "de");
  await expect(page.getByRole("heading", { level: 1, name: "Sicherheit" })).toBeVisible();
  await expect(html).toHaveAttribute("data-theme", "dark");

  await page.goto(`${service.url}logout`);
  await expect(html).toHaveAttribute("lang", "de");
  await expect(html).toHaveAttribute("data-theme", "dark");
  // Another browser of the same account speaks the language, too.
  await page.context().clearCookies();
  await page.goto(`${service.url}account/security`);
  await expect(html).toHaveAttribute("lang", "en");
  await signIn(page, alice);
  await expect(page.getByRole("heading", { level: 1, name: "Sicherheit" })).toBeVisible();
  await expect(html).not.toHaveAttribute("data-theme");
});

test.describe("in Arabic", () => {
  test.use({ locale: "ar-EG" });

  test("app and pages go from right to left", async ({ page, service, alice }) => {
    await page.goto(`${service.url}account/sessions`);
    const html = page.locator("html");
    await expect(html).toHaveAttribute("dir", "rtl");
    await inspect(page, "the sign-in page in Arabic");
    await page.getByRole("textbox").first().fill(alice.name);
    await page.locator("input[type=password]").fill(alice.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${service.url}account/sessions`);
    const title = page.getByRole("heading", { level: 1 });
    await expect(title).toHaveText(/\p{Script=Arabic}/u);
    await expect(html).toHaveAttribute("dir", "rtl");

    await page.setViewportSize({ width: 1280, height: 800 });
    const middle = (box: { x: number; width: number } | null) => (box ? box.x + box.width / 2 : 0);
    const [nav, main] = [page.getByRole("navigation").first(), page.getByRole("main")];
    expect(middle(await nav.boundingBox()), "the navigation is at the right").toBeGreaterThan(
      middle(await main.boundingBox()),
    );
    for (const path of ["", "sessions", "security/activity", "password/change", "delete-account"]) {
      await page.goto(`${service.url}account/${path}`);
      await expect(title).toHaveText(/\p{Script=Arabic}/u);
      await inspect(page, `${path} in Arabic`);
    }
  });
});

test.describe("who wants it still", () => {
  const moving = (page: Page) =>
    page.evaluate(() => {
      const durations = [...document.querySelectorAll("*")].flatMap((element) => {
        const { transitionDuration, animationName, animationDuration } = getComputedStyle(element);
        return [...transitionDuration.split(", "), animationName === "none" ? "0s" : animationDuration];
      });
      return durations.filter((duration) => Number.parseFloat(duration) > 0).length;
    });

  for (const wish of ["no-preference", "reduce"] as const) {
    test(`is given that (${wish})`, async ({ anotherBrowser, service, alice }) => {
      const page = await (await anotherBrowser({ reducedMotion: wish })).newPage();
      await openAccount(page, service, alice, "security");
      const link = page.getByRole("link", { name: "Account", exact: true });
      await expect(link).toBeVisible();
      let waiting = 0;
      await service.whileStuck(async () => {
        await link.click();
        await expect(page.getByRole("status").filter({ hasText: "Loading" })).toBeVisible();
        waiting = await moving(page);
      });
      await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
      const atRest = await moving(page);
      await page.getByRole("button", { name: "Change your name" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      const inDialog = await moving(page);
      if (wish === "reduce") expect([waiting, atRest, inDialog]).toEqual([0, 0, 0]);
      else expect([waiting, atRest, inDialog].every((count) => count > 0)).toBe(true);
    });
  }
});
