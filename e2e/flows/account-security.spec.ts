// What protects an account, and what has happened to it.

import { look } from "../fixtures/look.ts";
import { giveHistory } from "../fixtures/sign-ins.ts";
import { asClient, openAccount, signIn, signInByOperator, signInToApp } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

const strong = "tepid-Walrus/89 orbit";

test("somebody changes the password, and hears while typing how good it is", async ({
  page,
  service,
  alice,
}) => {
  await openAccount(page, service, alice, "security");
  await page.getByRole("link", { name: "Change password" }).click();
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const [current, chosen, again] = [
    field("Current password"),
    field("New password"),
    field("New password, again"),
  ];
  const change = page.getByRole("button", { name: "Change password" });
  await page.waitForLoadState("networkidle");
  const sent: string[] = [];
  page.on("request", (request) => sent.push(new URL(request.url()).pathname));

  await chosen.fill("dragon");
  await expect(page.getByText(/Very weak.*list of leaked passwords/)).toBeVisible();
  await chosen.fill("quite so");
  await expect(page.getByText(/Make it longer/)).toBeVisible();
  await chosen.fill(strong);
  await expect(page.getByText(/Very strong/)).toBeVisible();
  await again.fill("something else");
  await expect(page.getByText("They differ so far.")).toBeVisible();
  expect(
    sent.filter((path) => !path.startsWith("/assets/")),
    "nothing leaves the page",
  ).toEqual([]);

  await current.fill(alice.password);
  await change.click();
  await expect(again).toHaveAccessibleDescription(/differs from the one above/);
  await again.fill(strong);
  await current.fill("not that one");
  await change.click();
  await expect(current).toHaveAccessibleDescription(/not your password/);
  await expect(chosen).toHaveValue(strong);
  await current.fill(alice.password);
  await chosen.fill("dragon");
  await again.fill("dragon");
  await change.click();
  await expect(chosen).toHaveAccessibleDescription(/too easy to guess/);
  await chosen.fill(strong);
  await again.fill(strong);
  await change.click();
  await expect(page.getByRole("heading", { name: "Your password was changed" })).toBeVisible();

  await page.goBack();
  await page.getByRole("link", { name: "All activity" }).click();
  const events = page.getByRole("main").getByRole("listitem");
  await expect(events.first()).toContainText("Password changed");
  await expect(events.first()).toContainText("This browser");
  await expect(events.filter({ hasText: "Wrong password for a change" })).toHaveCount(1);

  await page.context().clearCookies();
  await page.goto(`${service.url}account/security`);
  await signIn(page, alice);
  await expect(page.getByRole("alert")).toBeVisible();
  await signIn(page, { ...alice, password: strong });
  await expect(page.getByRole("heading", { name: "Security" })).toBeVisible();
});

test("changing the password can sign out everything else", async ({
  page,
  service,
  homeserver,
  anotherBrowser,
  alice,
}) => {
  const token = signInByOperator(service, alice);
  const elsewhere = await (await anotherBrowser()).newPage();
  await openAccount(elsewhere, service, alice);
  await openAccount(page, service, alice, "password/change");
  await page.getByLabel("Current password").fill(alice.password);
  await page.getByLabel("New password", { exact: true }).fill(strong);
  await page.getByLabel("New password, again").fill(strong);
  await page.getByRole("checkbox", { name: "Also sign out everywhere else" }).check();
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("2 were signed out.")).toBeVisible();
  await page.getByRole("link", { name: "Check your devices" }).click();
  await expect(page.getByText("One sign-in", { exact: true })).toBeVisible();
  await elsewhere.reload();
  await expect(elsewhere.getByRole("heading", { name: "You were signed out" })).toBeVisible();
  const whoami = async () => (await asClient(homeserver, token)("account/whoami")).status;
  await expect.poll(whoami).toBe(401);
});

test("what happened to an account is told, page by page", async ({ page, service, alice }) => {
  giveHistory(service, alice, 45);
  await page.goto(`${service.url}account/security`);
  await signIn(page, { ...alice, password: "not that one" });
  await signIn(page, alice);
  const main = page.getByRole("main");
  const lately = main.getByRole("region", { name: "Lately" }).getByRole("listitem");
  await expect(lately.nth(0)).toContainText("Signed in");
  await expect(lately.nth(1)).toContainText("Someone failed to sign in");
  await expect(lately.nth(1)).toContainText("127.0.0.1");

  await main.getByRole("link", { name: "All activity" }).click();
  const events = main.getByRole("listitem");
  await expect(events).toHaveCount(20);
  await main.getByRole("link", { name: "Older" }).click();
  // The address changes before the list does.
  await expect(events.first()).toContainText("203.0.113.");
  await expect(page).toHaveURL(/after=/);
  await main.getByRole("link", { name: "Older" }).click();
  await expect(main.getByRole("link", { name: "Older" })).toHaveCount(0);
  await expect(events.last()).toContainText("Firefox on Windows · 203.0.113.44");
  await expect(events.last().getByRole("time")).toHaveAttribute("title", /\d{4}/);
  await page.goBack();
  await page.goBack();
  await expect(events.nth(1)).toContainText("Someone failed to sign in");
});

/** The cookie of somebody's browser, and nothing else that is theirs. */
test("who has stolen a cookie cannot guess the password with it", async ({
  page,
  service,
  anotherBrowser,
  complaints,
  alice,
}) => {
  await openAccount(page, service, alice);
  const stolen = (await page.context().cookies()).filter(({ httpOnly }) => httpOnly);
  const thief = await anotherBrowser();
  await thief.addCookies(stolen);

  const guess = (query: string, input: Record<string, unknown>) =>
    thief.request
      .post(`${service.url}graphql`, { data: { query, variables: { input } } })
      .then(async (sent) => {
        const answer = await sent.json();
        return answer.errors?.[0].extensions ?? Object.values<{ status: string }>(answer.data)[0]?.status;
      });
  const answers: unknown[] = [];
  const ways = [
    () =>
      guess(
        "mutation($input: StartEmailAuthenticationInput!) { startEmailAuthentication(input: $input) { status } }",
        {
          email: `thief-${answers.length}@example.org`,
          password: "a guess",
        },
      ),
    () =>
      guess("mutation($input: DeactivateUserInput!) { deactivateUser(input: $input) { status } }", {
        hsErase: true,
        password: "a guess",
      }),
  ];
  while (answers.at(-1) === "INCORRECT_PASSWORD" || answers.length === 0) {
    answers.push(await ways[answers.length % ways.length]?.());
    expect(answers.length, "nobody holds the thief up").toBeLessThan(30);
  }
  expect(answers.at(-1)).toMatchObject({ code: "RATE_LIMITED", retryAfter: expect.any(Number) });
  expect(answers.length, "the sign-in counts with the guesses").toBeLessThanOrEqual(12);

  // On the pages it looks like this, and the right password would not help, either.
  const stage = await thief.newPage();
  await stage.goto(`${service.url}account/delete-account`);
  await stage.getByLabel("Your password", { exact: true }).fill(alice.password);
  await stage.getByRole("button", { name: "Delete my account" }).click();
  await expect(stage.getByText("That was too often.")).toBeVisible();
  await stage.goto(`${service.url}account/security/activity`);
  await expect(stage.getByText("Wrong password for a change").first()).toBeVisible();

  // Whoever signs out all others is rid of the thief.
  await page.goto(`${service.url}account/sessions`);
  await page
    .getByRole("main")
    .getByRole("button", { name: /^Sign out/ })
    .first()
    .click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByLabel("Username")).toBeVisible();
  await stage.goto(`${service.url}account/`);
  await expect(stage.getByRole("heading", { name: "You were signed out" })).toBeVisible();
  await stage.context().clearCookies();
  await stage.goto(`${service.url}login`);
  await signIn(stage, { ...alice, password: "a guess" });
  await expect(stage.getByText(/There were too many tries/)).toBeVisible();
  await look(stage, "sign-in-throttled");
  complaints.expect(/status of 429/);
});

test("an app sends somebody to reset their identity, and is told when it may go on", async ({
  page,
  service,
  clientApp,
  homeserver,
  alice,
}) => {
  const { accessToken } = await signInToApp(page, clientApp, homeserver, alice);
  const upload = async (key: string) => {
    const master_key = {
      user_id: `@${alice.name}:localhost`,
      usage: ["master"],
      keys: { [`ed25519:${key}`]: key },
    };
    const path = "keys/device_signing/upload";
    return (await asClient(homeserver, accessToken)(path, { master_key }, "POST")).status;
  };
  const key = (letter: string) => letter.repeat(43);
  expect(await upload(key("A")), "the first one is free").toBe(200);
  expect(await upload(key("B")), "another one is not").toBe(401);

  const opened = page.waitForEvent("popup");
  await page.evaluate((address) => {
    addEventListener("message", ({ data, origin }) => {
      document.querySelector("h1")?.replaceChildren(`${data} from ${origin}`);
    });
    open(address);
  }, `${service.url}account/?action=org.matrix.cross_signing_reset`);
  const helper = await opened;
  await expect(helper.getByRole("heading", { name: "Reset your encryption identity?" })).toBeVisible();
  await helper.getByRole("button", { name: "Allow the reset" }).click();
  await expect(helper.getByRole("heading", { name: "The reset is allowed" })).toBeVisible();
  await expect(page.getByText(`authDone from ${new URL(service.url).origin}`)).toBeVisible();
  expect(await upload(key("B"))).toBe(200);
});

test("who was sent to reset their identity can say no", async ({ page, service, alice }) => {
  await page.goto(`${service.url}account/?action=org.matrix.cross_signing_reset`);
  await signIn(page, alice);
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: "Nothing was reset" })).toBeVisible();
  await page.getByRole("link", { name: "Security" }).click();
  await page.getByRole("link", { name: "Reset" }).click();
  await page.getByRole("link", { name: "Keep my identity" }).click();
  await expect(page.getByRole("heading", { name: "Security", exact: true })).toBeVisible();
});
