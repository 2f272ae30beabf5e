// Everything that is signed in, seen and ended from the account app: by somebody who has a thousand of it, too.

import { inspect } from "../fixtures/look.ts";
import { crowd, giveCrowd } from "../fixtures/sign-ins.ts";
import { asClient, openAccount, signInByOperator, signInToApp } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

const all = crowd.browsers + crowd.apps + 1;
const words = (count: number) => count.toLocaleString("en-GB");

test("a thousand sign-ins are paged, searched and narrowed, and the address tells where one is", async ({
  page,
  service,
  alice,
}) => {
  await giveCrowd(service, alice);
  await openAccount(page, service, alice, "sessions");
  const main = page.getByRole("main");
  const count = main.getByText(/sign-ins?( found)?$/);
  const rows = main.getByRole("link").filter({ hasText: /Last used|This browser/ });
  await expect(count).toHaveText(`${words(all)} sign-ins`);
  await expect(rows).toHaveCount(20);
  await expect(main.getByText("This device")).toHaveCount(1);
  await expect(rows.first()).toContainText("This browser");

  // A browser stands with the apps that came through it.
  const device = main.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 2 }) });
  await expect(device.nth(1).getByRole("listitem")).toHaveCount(3);

  const hrefs = () => rows.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  const first = await hrefs();
  await main.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/\?after=/);
  await expect(main.getByText("This device")).toHaveCount(0);
  const second = await hrefs();
  expect(second.filter((href) => first.includes(href))).toEqual([]);
  await page.reload();
  await expect(rows).toHaveCount(20);
  expect(await hrefs()).toEqual(second);
  await page.goBack();
  await expect(main.getByText("This device")).toHaveCount(1);
  expect(await hrefs()).toEqual(first);
  await page.goForward();
  await expect(main.getByText("This device")).toHaveCount(0);
  await main.getByRole("link", { name: "Older" }).click();
  await expect.poll(hrefs).not.toEqual(second);
  await main.getByRole("link", { name: "Newer" }).click();
  await expect.poll(hrefs).toEqual(second);

  const search = main.getByRole("searchbox");
  await search.fill(crowd.named);
  await expect(count).toHaveText("One sign-in found");
  await expect(rows).toContainText([crowd.named]);
  await expect(page).toHaveURL(/\?q=Kitchen/);
  await page.reload();
  await expect(search).toHaveValue(crowd.named);
  await search.fill("a word that is nowhere");
  await expect(main.getByText("Nothing here matches.")).toBeVisible();
  await search.fill("");
  await expect(count).toHaveText(`${words(all)} sign-ins`);

  const narrow = main.getByRole("group", { name: "Show only" });
  await narrow.getByRole("button", { name: "Apps" }).click();
  await expect(count).toHaveText(`${words(crowd.apps)} sign-ins found`);
  await narrow.getByRole("button", { name: "Browsers" }).click();
  await expect(count).toHaveText(`${words(crowd.browsers + 1)} sign-ins found`);
  await narrow.getByRole("button", { name: "All" }).click();
  await narrow.getByRole("button", { name: "Unused for 90 days" }).click();
  await expect(count).toHaveText(`${words(crowd.unused)} sign-ins found`);
  await expect(narrow.getByRole("button", { name: "Unused for 90 days" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await main.getByRole("link", { name: "Older" }).click();
  await expect(page, "a filter stays when one goes on").toHaveURL(/inactive=true/);
  await expect(count).toHaveText(`${words(crowd.unused)} sign-ins found`);
  await page.goto(`${service.url}account/sessions/browsers`);
  await expect(count).toHaveText(`${words(crowd.browsers + 1)} sign-ins found`);
});

test("an app is looked at, given a name, and signed out, at the homeserver as well", async ({
  page,
  service,
  homeserver,
  alice,
}) => {
  const [mine, other] = ["KITCHEN001", "OTHERDEV01"].map((id) => signInByOperator(service, alice, id));
  const me = asClient(homeserver, mine ?? "");
  const whoami = async () => (await asClient(homeserver, other ?? "")("account/whoami")).status;
  expect(await whoami()).toBe(200);
  await openAccount(page, service, alice);
  await page.goto(`${service.url}account/devices/OTHERDEV01`);
  await expect(page, "a device's address leads to its session").toHaveURL(/sessions\/compat_session/);
  const main = page.getByRole("main");
  await expect(main.getByRole("definition").filter({ hasText: "OTHERDEV01" })).toBeVisible();
  await expect(main.getByText("Read and send messages as you")).toBeVisible();

  await main.getByRole("button", { name: "Rename" }).click();
  const naming = page.getByRole("dialog", { name: "Name this device" });
  await expect(naming).toBeVisible();
  await inspect(page, "naming a device");
  await naming.getByLabel("Name", { exact: true }).fill("Tablet on the fridge");
  await naming.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The device has a new name.")).toBeVisible();
  await expect(main.getByRole("definition").filter({ hasText: "Tablet on the fridge" })).toBeVisible();
  const named = async () => (await me("devices/OTHERDEV01")).body.display_name;
  await expect.poll(named).toBe("Tablet on the fridge");

  await main.getByRole("link", { name: "Your devices" }).click();
  await expect(main.getByText("3 sign-ins")).toBeVisible();
  await main.getByRole("link", { name: /Tablet on the fridge/ }).click();
  await main.getByRole("button", { name: /^Sign out/ }).click();
  const asked = page.getByRole("alertdialog");
  await expect(asked).toContainText("Encrypted messages");
  await inspect(page, "signing out one device");
  await asked.getByRole("button", { name: "Leave it signed in" }).click();
  await main.getByRole("button", { name: /^Sign out/ }).click();
  await asked.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "was signed out." })).toBeVisible();
  await expect(main.getByText("2 sign-ins")).toBeVisible();
  await expect.poll(whoami).toBe(401);
  expect((await me("account/whoami")).status, "the other one stays").toBe(200);
  await page.goto(`${service.url}account/?action=org.matrix.device_view&device_id=OTHERDEV01`);
  await expect(page.getByRole("heading", { name: "This device is not signed in" })).toBeVisible();
});

test("an app that came through a sign-in page is given a name, and signed out", async ({
  page,
  service,
  homeserver,
  clientApp,
  anotherBrowser,
  complaints,
  alice,
}) => {
  complaints.expect(/oauth2\/token: .* status of 400/); // by which the app learns that it was signed out
  const elsewhere = await (await anotherBrowser()).newPage();
  const { accessToken, deviceId } = await signInToApp(elsewhere, clientApp, homeserver, alice);
  const app = asClient(homeserver, accessToken);
  await openAccount(page, service, alice);
  await page.goto(`${service.url}account/devices/${encodeURIComponent(deviceId)}`);
  await expect(page).toHaveURL(/sessions\/oauth2_session/);
  const main = page.getByRole("main");
  await expect(main.getByRole("definition").filter({ hasText: deviceId })).toBeVisible();
  await inspect(page, "an app");
  await main.getByRole("button", { name: "Rename" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Stamps and letters");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The device has a new name.")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect
    .poll(async () => (await app(`devices/${deviceId}`)).body.display_name)
    .toBe("Stamps and letters");
  // From it to the browser in which it was allowed, and back.
  await main
    .getByRole("definition")
    .getByRole("link", { name: /^Chrome/ })
    .click();
  await expect(page).toHaveURL(/sessions\/browser_session/);
  await page.goBack();
  await main.getByRole("button", { name: /^Sign out Postcard/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText(/^Postcard on .* was signed out\.$/)).toBeVisible();
  await expect.poll(async () => (await app("account/whoami")).status).toBe(401);
  await expect(main.getByText("2 sign-ins")).toBeVisible();

  // It can still be looked at.
  await main.getByRole("button", { name: "Signed out", exact: true }).click();
  await expect(main.getByText("One sign-in found")).toBeVisible();
  await inspect(page, "what has been signed out");
  await main.getByRole("link", { name: /Stamps and letters/ }).click();
  await expect(main.getByRole("term").filter({ hasText: "Signed out" })).toBeVisible();
  await expect(main.getByRole("button", { name: /Sign out|Rename/ })).toHaveCount(0);
});

test("one other browser is signed out, and nothing else", async ({
  page,
  service,
  anotherBrowser,
  complaints,
  alice,
}) => {
  complaints.expect(/nobody is signed in/);
  const [doomed, spared] = [
    await (await anotherBrowser()).newPage(),
    await (await anotherBrowser()).newPage(),
  ];
  await openAccount(spared, service, alice, "security");
  await openAccount(doomed, service, alice, "security");
  await openAccount(page, service, alice, "sessions");
  const main = page.getByRole("main");
  await expect(main.getByText("3 sign-ins")).toBeVisible();
  // This one is first, the others follow, the last to sign in before the one before.
  await main
    .getByRole("button", { name: /^Sign out Chrome/ })
    .nth(1)
    .click();
  const asked = page.getByRole("alertdialog");
  await expect(asked).toContainText("can then no longer change your account");
  await inspect(page, "signing out one browser");
  await asked.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText(/^Chrome on .* was signed out\.$/)).toBeVisible();
  await expect(main.getByText("2 sign-ins")).toBeVisible();
  await doomed.getByRole("link", { name: "Devices" }).click();
  await expect(doomed.getByRole("heading", { name: "You were signed out" })).toBeVisible();
  await spared.getByRole("link", { name: "Devices" }).click();
  await expect(spared.getByRole("heading", { name: "Your devices" })).toBeVisible();
});

for (const kept of [true, false]) {
  test(`signing out all others ${kept ? "can spare" : "takes"} the apps of this device`, async ({
    page,
    service,
    homeserver,
    clientApp,
    alice,
  }) => {
    const status = async (token: string) => (await asClient(homeserver, token)("account/whoami")).status;
    const { accessToken } = await signInToApp(page, clientApp, homeserver, alice);
    const elsewhere = signInByOperator(service, alice, "ELSEWHERE1");
    await page.goto(`${service.url}account/sessions`);
    await page.getByRole("button", { name: "Sign out all others" }).click();
    const dialog = page.getByRole("alertdialog");
    const keep = dialog.getByRole("checkbox", { name: "Keep the app on this device signed in" });
    await expect(keep, "unless told otherwise").toBeChecked();
    await expect(dialog).toContainText("One app loses access");
    if (!kept) {
      await keep.uncheck();
      await expect(dialog).toContainText("2 apps lose access");
    }
    await dialog.getByRole("button", { name: kept ? "Sign out one" : "Sign out 2" }).click();
    await expect(page.getByText(kept ? "One was signed out." : "2 were signed out.")).toBeVisible();
    await expect.poll(() => status(elsewhere)).toBe(401);
    if (kept) expect(await status(accessToken)).toBe(200);
    else await expect.poll(() => status(accessToken)).toBe(401);
    await expect(page.getByText(kept ? "2 sign-ins" : "One sign-in", { exact: true })).toBeVisible();
  });
}

test("somebody signs out everything else at once", async ({
  page,
  service,
  homeserver,
  anotherBrowser,
  complaints,
  alice,
}) => {
  complaints.expect(/nobody is signed in/);
  await giveCrowd(service, alice);
  const token = signInByOperator(service, alice, "DOOMED");
  const elsewhere = await (await anotherBrowser()).newPage();
  await openAccount(elsewhere, service, alice, "security");
  await openAccount(page, service, alice, "sessions");

  await page.getByRole("button", { name: "Sign out all others" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText(`${crowd.browsers + 1} browsers and ${crowd.apps + 1} apps lose access`);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Sign out all others" }).click();
  await dialog.getByRole("button", { name: `Sign out ${words(all + 1)}` }).click();
  await expect(page.getByText(`${words(all + 1)} were signed out.`)).toBeVisible();
  await expect(page.getByText("One sign-in", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign out all others" })).toHaveCount(0);

  await elsewhere.getByRole("link", { name: "Devices" }).click();
  await expect(elsewhere.getByRole("heading", { name: "You were signed out" })).toBeVisible();
  await expect
    .poll(async () => (await asClient(homeserver, token)("account/whoami")).status, { timeout: 30_000 })
    .toBe(401);
});

test("ending this browser's own session leads to the sign-in page", async ({ page, service, alice }) => {
  await openAccount(page, service, alice, "sessions");
  await page
    .getByRole("main")
    .getByRole("link", { name: /This browser/ })
    .click();
  await expect(page.getByText("Apps signed in with it")).toBeVisible();
  await inspect(page, "a browser");
  await page
    .getByRole("main")
    .getByRole("button", { name: /^Sign out/ })
    .click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByLabel("Username")).toBeVisible();
});

test("what an app says of itself is shown", async ({ page, service, alice }) => {
  await giveCrowd(service, alice);
  await openAccount(page, service, alice, "sessions?kind=apps&q=CROWD00001");
  await page.getByRole("main").getByRole("link", { name: /Paint/ }).click();
  await page.getByRole("main").getByRole("link", { name: "Paint", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Paint" })).toBeVisible();
  await expect(page.getByText("https://paint.example/callback")).toBeVisible();
  await inspect(page, "an app of somebody");
  await page.goto(`${service.url}account/clients/oauth2_client:01K2C31V80V37E3S3E28JT97KB`);
  await expect(page.getByRole("heading", { name: "There is no page here" })).toBeVisible();
});
