// Where the addresses lead that apps send people to (Matrix 1.18, account management; MSC4191), and those of the app itself.

import { inspect } from "../fixtures/look.ts";
import { openAccount, signIn, signInByOperator } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

const device = "LINKED0001";
const home = ["Your account", "account/"] as const;
const list = ["Your devices", "account/sessions"] as const;
const gone = ["This device is not signed in", "account/devices/N0SUCH"] as const;
const reset = ["Reset your encryption identity?", "account/reset-cross-signing?deepLink=true"] as const;

const links: [query: string, heading: string | RegExp, path: string | RegExp][] = [
  ["", ...home],
  ["?action=org.matrix.profile", ...home],
  ["?action=profile", ...home],
  ["?action=org.matrix.devices_list", ...list],
  ["?action=org.matrix.sessions_list", ...list],
  ["?action=sessions_list", ...list],
  ...["org.matrix.device_view", "org.matrix.device_delete"].flatMap((action): (typeof links)[number][] => [
    [`?action=${action}`, ...list],
    [`?action=${action}&device_id=N0SUCH`, ...gone],
    [`?action=${action}&device_id=${device}`, /./, /account\/sessions\/compat_session(:|%3A)\w{26}$/],
  ]),
  ...["org.matrix.session_view", "session_view", "org.matrix.session_end", "session_end"].map(
    (action): (typeof links)[number] => [`?action=${action}&device_id=N0SUCH`, ...gone],
  ),
  ["?action=org.matrix.cross_signing_reset", ...reset],
  ["?action=org.matrix.account_deactivate", "Delete your account", "account/delete-account"],
  ["?action=org.matrix.plan_management", "There is no page here", "account/plan"],
  ["?action=org.matrix.of_tomorrow", ...home],
];

test("each deep link leads to its screen", async ({ page, service, alice }) => {
  signInByOperator(service, alice, device);
  await openAccount(page, service, alice);
  for (const [query, heading, path] of links) {
    await test.step(query, async () => {
      await page.goto(`${service.url}account/${query}`);
      await expect(page).toHaveURL(typeof path === "string" ? service.url + path : path);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    });
  }
  await page.goto(`${service.url}account?action=org.matrix.devices_list`);
  await expect(page, "without the slash, too").toHaveURL(`${service.url}account/sessions`);
});

test("each deep link leads to its screen through a sign-in", async ({ page, service, alice }) => {
  const people = [alice, service.register("alice")];
  for (const person of people) signInByOperator(service, person, device);
  for (const [at, [query, heading, path]] of links.entries()) {
    await test.step(query, async () => {
      await page.context().clearCookies();
      await page.goto(`${service.url}account/${query}`);
      await signIn(page, people[at % 2] ?? alice);
      await expect(page).toHaveURL(typeof path === "string" ? service.url + path : path);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    });
  }
});

test("every address of the app is kept through a sign-in", async ({ page, service, alice }) => {
  const screens: [path: string, heading: string][] = [
    ["sessions?q=a+word&kind=apps", "Your devices"],
    ["security/activity", "Security activity"],
    ["password/change", "Change your password"],
    ["delete-account", "Delete your account"],
    ["devices/a%2Fb%20%C3%BC", "This device is not signed in"],
    ["sessions/oauth2_session:01K2C31V80V37E3S3E28JT97KB", "There is no page here"],
    ["sessions/nonsense", "There is no page here"],
    ["emails/nonsense/verify", "There is no page here"],
    ["no/such/screen", "There is no page here"],
  ];
  for (const [path, heading] of screens) {
    await test.step(path, async () => {
      await page.context().clearCookies();
      await openAccount(page, service, alice, path);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    });
  }
});

test("an app can say whom it expects", async ({ page, service, alice }) => {
  const hint = encodeURIComponent(`mxid:@${alice.name}:localhost`);
  await page.goto(
    `${service.url}account/?action=org.matrix.devices_list&org.matrix.msc4198.login_hint=${hint}`,
  );
  await expect(page.getByLabel("Username")).toHaveValue(alice.name);
});

test("who is signed out meanwhile signs in and is back where they wanted to go", async ({
  page,
  service,
  complaints,
  alice,
}) => {
  complaints.expect(/nobody is signed in/);
  await openAccount(page, service, alice);
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Devices" }).click();
  await signIn(page, alice);
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  await expect(page).toHaveURL(`${service.url}account/sessions`);

  // The other way round: what is sent too late is not done, and not lost from sight.
  await page.context().clearCookies();
  await page
    .getByRole("main")
    .getByRole("button", { name: /^Sign out Chrome/ })
    .last()
    .click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).click();
  await signIn(page, alice);
  await expect(page).toHaveURL(`${service.url}account/sessions`);
});

test("where a sign-in does not hold, the app says so and leaves it to the person", async ({
  page,
  service,
  complaints,
  alice,
}) => {
  complaints.expect(/nobody is signed in/);
  await openAccount(page, service, alice);
  await page.context().clearCookies();
  // As right after a sign-in.
  await page.evaluate(() => sessionStorage.setItem("left-to-sign-in", String(Date.now())));
  await page.getByRole("link", { name: "Security" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "You are signed out" })).toBeVisible();
  await expect(page).toHaveTitle(/^You are signed out/);
  await inspect(page, "signed out");
  await page.getByRole("button", { name: "Sign in" }).click();
  await signIn(page, alice);
  await expect(page).toHaveURL(`${service.url}account/security`);
});
