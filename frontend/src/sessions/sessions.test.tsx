// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { open, watchLeaving } from "../mock/open";
import { manySignIns } from "../mock/seed";

test("sign-ins stand under their device, and this browser says so", async () => {
  await open("sessions");
  expect(screen.getAllByRole("heading", { level: 2 }).map((heading) => heading.textContent)).toEqual([
    "Linux computer",
    "Google Pixel 8",
    "Windows computer",
    "Unknown device",
  ]);
  const phone = within(screen.getByRole("list", { name: "Google Pixel 8" }));
  expect(phone.getAllByRole("listitem")).toHaveLength(2);
  expect(phone.getByText("Work phone")).toBeTruthy();
  expect(screen.getByText("This device")).toBeTruthy();
  expect(screen.getByText("This browser")).toBeTruthy();
});

test("an app is signed out after a question, and the list is told anew", async () => {
  const { user, given } = await open("sessions");
  await user.click(screen.getByRole("button", { name: "Sign out Element X, Google Pixel 8" }));
  const dialog = within(await screen.findByRole("alertdialog", { name: "Sign out Element X?" }));
  expect(dialog.getByText(/recovery key/)).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Sign out" }));
  expect(await screen.findByText("Element X on Google Pixel 8 was signed out.")).toBeTruthy();
  expect(given("EndOauth2Session")).toEqual({ id: "oauth2_session:01A2" });
  await waitFor(() => expect(screen.queryByText("Element X")).toBeNull());
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Your devices"));
});

test("what has been signed out can be looked at, and not be signed out again", async () => {
  const { user, where, given } = await open("sessions?kind=apps");
  await user.click(screen.getByRole("button", { name: "Sign out Element X, Google Pixel 8" }));
  await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Sign out" }));
  await waitFor(() => expect(screen.queryByText("Element X")).toBeNull());
  await user.click(screen.getByRole("button", { name: "Signed out" }));
  await waitFor(() => expect(where()).toBe("/sessions?kind=apps&ended=true"));
  expect(given("SignIns")).toMatchObject({ state: "FINISHED" });
  const row = within((await screen.findByText("Element X")).closest("li") ?? document.body);
  expect(row.getByText(/^Signed out/).textContent).toBe("Signed out just now");
  expect(row.queryByRole("button")).toBeNull();
  await user.click(screen.getByRole("link", { name: /Element X/ }));
  await screen.findByRole("heading", { name: "Element X on Google Pixel 8" });
  expect(screen.queryByRole("button", { name: /Sign out|Rename/ })).toBeNull();
});

test("each kind of sign-in is ended by its own mutation", async () => {
  const { user, asked } = await open("sessions");
  for (const name of ["Sign out chat.example.org, Unknown device", "Sign out Chrome, Android phone"]) {
    await user.click(screen.getByRole("button", { name }));
    await user.click(
      within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Sign out" }),
    );
    await waitFor(() => expect(screen.queryByRole("button", { name })).toBeNull());
  }
  expect(asked().filter((name) => name.startsWith("End"))).toEqual(["EndCompatSession", "EndBrowserSession"]);
});

test("signing out this very browser leaves the app", async () => {
  const { assign } = watchLeaving();
  const { user } = await open("sessions");
  await user.click(screen.getByRole("button", { name: "Sign out Firefox, Linux computer" }));
  await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Sign out" }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/account/"));
});

test("a sign-out that fails says why and can be repeated", async () => {
  const { user, backend } = await open("sessions");
  backend.fail("endOauth2Session", "RATE_LIMITED", 110);
  await user.click(screen.getByRole("button", { name: "Sign out Element X, Google Pixel 8" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  await user.click(dialog.getByRole("button", { name: "Sign out" }));
  expect(await dialog.findByText("That was too often. Wait 2 minutes, then try again.")).toBeTruthy();
  delete backend.overrides.endOauth2Session;
  await user.click(dialog.getByRole("button", { name: "Sign out" }));
  expect(await screen.findByText("Element X on Google Pixel 8 was signed out.")).toBeTruthy();
});

test("all others are signed out at once, and how many is said before", async () => {
  const { user, given, backend } = await open("sessions");
  await user.click(screen.getByRole("button", { name: "Sign out all others" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(dialog.getByText(/One browser and 3 apps lose access/)).toBeTruthy();
  await user.click(dialog.getByRole("checkbox", { name: "Keep the app on this device signed in" }));
  expect(dialog.getByText(/One browser and 4 apps lose access/)).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Sign out 5" }));
  expect(await screen.findByText("5 were signed out.")).toBeTruthy();
  expect(given("EndOtherSessions")).toEqual({ keepAppsOfThisBrowser: false });
  expect(backend.signIns.filter(({ state }) => state === "ACTIVE")).toHaveLength(1);
  await waitFor(() => expect(screen.queryByRole("button", { name: "Sign out all others" })).toBeNull());
});

test("what is looked for stands in the address and is asked of the server", async () => {
  const { user, where, given } = await open("sessions");
  await user.type(screen.getByRole("searchbox"), "pixel");
  await waitFor(() => expect(where()).toBe("/sessions?q=pixel"));
  expect(given("SignIns")).toMatchObject({ search: "pixel", first: 20 });
  expect(await screen.findByText("One sign-in found")).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Browsers" }));
  await waitFor(() => expect(where()).toBe("/sessions?q=pixel&kind=browsers"));
  expect(await screen.findByText(/Nothing here matches/)).toBeTruthy();
});

test("unused means: not since the midnight 90 days ago", async () => {
  const { given } = await open("sessions?inactive=true");
  const { lastActive } = given("SignIns") as { lastActive: { before: string } };
  const midnight = new Date(lastActive.before);
  expect([midnight.getHours(), midnight.getMinutes(), midnight.getSeconds()]).toEqual([0, 0, 0]);
  expect(Math.round((Date.now() - midnight.getTime()) / 86_400_000)).toBe(91);
  expect(screen.getByText("chat.example.org")).toBeTruthy();
  expect(screen.queryByText("Element X")).toBeNull();
});

test("a thousand sign-ins come in pages, there and back, and the filter stays", async () => {
  const { user, where, given } = await open("sessions?kind=apps", (backend) => {
    backend.signIns = manySignIns(1000);
  });
  expect(screen.getByText("1,000 sign-ins found")).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Newer" })).toBeNull();
  await user.click(screen.getByRole("link", { name: "Older" }));
  await waitFor(() => expect(given("SignIns")).toMatchObject({ first: 20, after: "oauth2_session:M0981" }));
  await user.click(await screen.findByRole("link", { name: "Newer" }));
  await waitFor(() => expect(given("SignIns")).toMatchObject({ last: 20, before: "oauth2_session:M0980" }));
  expect(where()).toContain("kind=apps");
  await waitFor(() => expect(screen.queryByRole("link", { name: "Newer" })).toBeNull());
});

test("too many devices are told of, and so is when it is nearly so", async () => {
  const limit = (softLimit: number) => ({ softLimit, hardLimit: 9, dangerousHardLimitEviction: false });
  const { backend, router } = await open("sessions", (backend) => {
    backend.site.sessionLimit = limit(4);
  });
  expect(screen.getByText("You have too many devices")).toBeTruthy();
  backend.site.sessionLimit = limit(5);
  await router.invalidate();
  expect(await screen.findByText(/From 5 on you cannot add more/)).toBeTruthy();
  backend.site.sessionLimit = limit(50);
  await router.invalidate();
  await waitFor(() => expect(screen.queryByText(/you cannot add more/)).toBeNull());
});

test("details of an app: what it is, what it may do, where it was allowed", async () => {
  const { user } = await open("sessions/oauth2_session:01A2");
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Element X on Google Pixel 8");
  expect(screen.getByText("DEV01A2")).toBeTruthy();
  expect(screen.getByText("Read and send messages as you")).toBeTruthy();
  await user.click(screen.getByRole("link", { name: "Chrome on Android" }));
  await screen.findByRole("heading", { name: "Chrome on Android phone" });
});

test("a device is renamed", async () => {
  const { user, given } = await open("sessions/oauth2_session:01A2");
  await user.click(screen.getByRole("button", { name: "Rename" }));
  const name = await screen.findByLabelText("Name");
  await user.clear(name);
  await user.type(name, " Phone ");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("The device has a new name.")).toBeTruthy();
  expect(given("SetOauth2SessionName")).toEqual({ id: "oauth2_session:01A2", humanName: "Phone" });
  expect(await screen.findByText("Phone")).toBeTruthy();
});

test("a Matrix device leads to its session", async () => {
  const { where } = await open("devices/LEG01C1");
  expect(where()).toBe("/sessions/compat_session%3A01C1");
});

test("an unknown Matrix device is named", async () => {
  await open("devices/A/B?C");
  expect(screen.getByRole("heading", { name: "This device is not signed in" })).toBeTruthy();
});

test.each(["oauth2_session:NOPE", "nonsense"])("nothing is shown for the session %s", async (id) => {
  await open(`sessions/${id}`, (backend) => {
    if (id === "nonsense") backend.fail("node", "INVALID_ID");
  });
  expect(screen.getByRole("heading", { name: "There is no page here" })).toBeTruthy();
});
