import { look } from "../fixtures/look.ts";
import { signIn } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test("somebody mistypes, signs in, and signs out", async ({ page, service, alice }) => {
  await page.goto(service.url);
  await expect(page.getByRole("heading", { name: "Your account starts here" })).toBeVisible();
  await look(page, "start");
  await page.getByRole("link", { name: "Sign in" }).click();
  await look(page, "sign-in");

  await signIn(page, { ...alice, password: "not that one" });
  await expect(page.getByRole("alert")).toContainText("There is no account with this name and password");
  await expect(page.getByLabel("Username")).toHaveValue(alice.name);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await look(page, "sign-in-refused");

  await signIn(page, alice);
  await expect(page.getByRole("heading", { name: "You are signed in" })).toBeVisible();
  await expect(page.getByText(`@${alice.name}:localhost`)).toBeVisible();
  await look(page, "start-signed-in");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(service.url);
  await expect(page.getByRole("heading", { name: "Your account starts here" })).toBeVisible();
});

test("a form with nothing in it says what is missing, at the fields", async ({ page, service }) => {
  await page.goto(`${service.url}login`);
  await signIn(page, { name: "", password: "" });
  await expect(page.getByLabel("Username")).toHaveAccessibleDescription("Enter your username.");
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(
    "Enter your password.",
  );
  await look(page, "sign-in-empty");
});

test("signing in works without scripts", async ({ anotherBrowser, service, alice }) => {
  const context = await anotherBrowser({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${service.url}login`);
  await signIn(page, alice);
  await expect(page.getByRole("heading", { name: "You are signed in" })).toBeVisible();
});

test("a page that is not there says so", async ({ page, service }) => {
  const answer = await page.goto(`${service.url}nowhere/at-all`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is no page here" })).toBeVisible();
  await look(page, "not-found");
  await page.getByRole("link", { name: "Go to the start page" }).click();
  await expect(page).toHaveURL(service.url);
});
