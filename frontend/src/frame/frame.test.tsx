// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { open, watchLeaving } from "../mock/open";

// Matrix 1.18, account management; MSC4191 and older.
test.each([
  ["org.matrix.profile", "/"],
  ["profile", "/"],
  ["org.matrix.devices_list", "/sessions"],
  ["org.matrix.sessions_list", "/sessions"],
  ["sessions_list", "/sessions"],
  ["org.matrix.device_view&device_id=DEV01A2", "/sessions/oauth2_session%3A01A2"],
  ["org.matrix.session_view&device_id=DEV01A2", "/sessions/oauth2_session%3A01A2"],
  ["session_view&device_id=DEV01A2", "/sessions/oauth2_session%3A01A2"],
  ["org.matrix.device_delete&device_id=DEV01A2", "/sessions/oauth2_session%3A01A2"],
  ["session_end&device_id=GONE", "/devices/GONE"],
  ["org.matrix.device_view", "/sessions"],
  ["org.matrix.cross_signing_reset", "/reset-cross-signing?deepLink=true"],
  ["org.matrix.account_deactivate", "/delete-account"],
  ["org.matrix.plan_management", "/plan"],
  ["org.matrix.something_new", "/"],
])("the link ?action=%s lands on %s, and signs nothing out", async (action, path) => {
  const { where, asked } = await open(`?action=${action}`, (backend) => {
    backend.site.planManagementIframeUri = "https://plan.example.org/";
  });
  await waitFor(() => expect(where()).toBe(path));
  expect(asked().filter((name) => name.startsWith("End"))).toEqual([]);
});

test("when nobody is signed in any more, the page is loaded anew: the server asks for that", async () => {
  const { reload } = watchLeaving();
  const { backend, user } = await open("");
  backend.anonymous = true;
  await user.click(screen.getByRole("link", { name: "Devices" }));
  await screen.findByRole("heading", { name: "You are signed out" });
  await waitFor(() => expect(document.title).toBe("You are signed out"));
  expect(reload).toHaveBeenCalledOnce();
});

test("where a sign-in does not hold, it is not gone to and fro for ever", async () => {
  const { reload } = watchLeaving();
  sessionStorage.setItem("left-to-sign-in", String(Date.now() - 3000));
  const { user } = await open("", (backend) => {
    backend.anonymous = true;
  });
  expect(reload).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(reload).toHaveBeenCalledOnce();
});

test("a session that ends in the middle of a change is noticed as well", async () => {
  const { reload } = watchLeaving();
  const { backend, user } = await open("reset-cross-signing");
  backend.fail("allowUserCrossSigningReset", "UNAUTHENTICATED");
  await user.click(screen.getByRole("button", { name: "Allow the reset" }));
  await screen.findByRole("heading", { name: "You are signed out" });
  expect(reload).toHaveBeenCalledOnce();
});

test("navigating brings the focus to the title, and marks where one is", async () => {
  const { user } = await open("");
  await user.click(screen.getByRole("link", { name: "Security" }));
  await screen.findByRole("heading", { level: 1, name: "Security" });
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Security"));
  await waitFor(() => expect(document.title).toBe("Security · Example Chat"));
  const nav = within(screen.getByRole("navigation", { name: "Account" }));
  expect(nav.getByRole("link", { current: "page" }).textContent).toBe("Security");
});

test("a screen that fails can be tried again, within the frame", async () => {
  const { backend, user } = await open("");
  backend.fail("viewer", "INTERNAL");
  await user.click(screen.getByRole("link", { name: "Devices" }));
  await screen.findByRole("heading", { name: "This cannot be shown right now" });
  expect(screen.getByRole("navigation", { name: "Account" })).toBeTruthy();
  delete backend.overrides.viewer;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "Your devices" });
});

test("an address that leads nowhere says so", async () => {
  await open("no/such/page");
  expect(screen.getByRole("heading", { name: "There is no page here" })).toBeTruthy();
});

test("the appearance is chosen and remembered", async () => {
  const { user } = await open("");
  await user.selectOptions(screen.getByLabelText("Appearance"), "Dark");
  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(document.cookie).toContain("theme=dark");
  await user.selectOptions(screen.getByLabelText("Appearance"), "Like the device");
  expect(document.documentElement.dataset.theme).toBeUndefined();
  expect(document.cookie).not.toContain("theme=dark");
});

test("the language is told to the server, and the page starts anew in it", async () => {
  const { reload } = watchLeaving();
  const { user, given } = await open("");
  await user.selectOptions(screen.getByLabelText("Language"), "Deutsch");
  await waitFor(() => expect(reload).toHaveBeenCalledOnce());
  expect(given("SetLanguage")).toEqual({ language: "de" });
});

test("the operator's plan page is shown in a frame that may do little", async () => {
  await open("plan", (backend) => {
    backend.site.planManagementIframeUri = "https://plan.example.org/";
  });
  const frame = screen.getByTitle("Your plan");
  expect(frame.getAttribute("src")).toBe("https://plan.example.org/");
  expect(frame.getAttribute("sandbox")).not.toContain("top-navigation");
});

test("an app tells of itself, and only web addresses become links", async () => {
  await open("clients/oauth2_client:WEB", (backend) =>
    backend.answer("oauth2Client", {
      id: "oauth2_client:WEB",
      clientId: "01J",
      clientName: "Sly app",
      clientUri: "javascript:alert(1)",
      policyUri: "https://sly.example/privacy",
      redirectUris: ["https://sly.example/back"],
    }),
  );
  expect(screen.getByRole("heading", { name: "Sly app" })).toBeTruthy();
  const links = within(screen.getByRole("main")).getAllByRole("link");
  expect(links.map((link) => link.getAttribute("href"))).toEqual([
    "/account/sessions",
    "https://sly.example/privacy",
  ]);
});
