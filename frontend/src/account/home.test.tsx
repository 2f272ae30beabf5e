// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { open, watchLeaving } from "../mock/open";

test("the title of the screen is the title of the window", async () => {
  await open("");
  await waitFor(() => expect(document.title).toBe("Your account · Example Chat"));
});

test("a display name is changed, and an empty one removed", async () => {
  const { user, given, backend } = await open("");
  await user.click(await screen.findByRole("button", { name: "Change your name" }));
  const name = await screen.findByLabelText("Display name");
  expect(name).toHaveProperty("value", "Alice Liddell");
  await user.clear(name);
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Your name was changed.")).toBeTruthy();
  expect(given("SetDisplayName")).toEqual({ userId: backend.user.id, displayName: null });
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a name that is refused stays in the field, with the reason", async () => {
  const { user, backend } = await open("");
  backend.answer("setDisplayName", { status: "INVALID" });
  await user.click(await screen.findByRole("button", { name: "Change your name" }));
  await user.type(await screen.findByLabelText("Display name"), "!");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const field = await screen.findByLabelText("Display name");
  await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
  expect(field).toHaveProperty("value", "Alice Liddell!");
});

test("Escape leaves the dialog and changes nothing", async () => {
  const { user, asked } = await open("");
  const button = await screen.findByRole("button", { name: "Change your name" });
  await user.click(button);
  await screen.findByLabelText("Display name");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked()).toEqual(["Home"]);
});

test("without the homeserver everything but the name is there", async () => {
  await open("", (backend) => backend.fail("profile", "HOMESERVER_UNAVAILABLE"));
  expect(await screen.findByText(/your display name is missing here/)).toBeTruthy();
  expect(screen.getByText("@alice:example.org")).toBeTruthy();
  expect(screen.getByText("alice@example.org", { selector: "bdi" })).toBeTruthy();
});

test("an address is added: password, code, done", async () => {
  const { user, where, backend } = await open("");
  await user.click(screen.getByRole("button", { name: "Add an address" }));
  await user.type(screen.getByLabelText("New address"), " new@example.org ");
  await user.type(screen.getByLabelText("Your password"), backend.password);
  await user.click(screen.getByRole("button", { name: "Send the code" }));
  await screen.findByRole("heading", { name: "Enter the code" });
  expect(where()).toBe("/emails/user_email_authentication%3A01V1/verify");

  await user.type(screen.getByLabelText("Code from the mail"), "123 456");
  await user.click(screen.getByRole("button", { name: "Add the address" }));
  await screen.findByRole("heading", { name: "Your account" });
  expect(screen.getByText("new@example.org", { selector: "bdi" })).toBeTruthy();
  expect(screen.getByText("new@example.org was added.")).toBeTruthy();
});

test.each([
  ["IN_USE", "New address", "Your account has this address already."],
  ["INVALID_EMAIL_ADDRESS", "New address", "This is not an e-mail address. Check it for typing errors."],
  ["RATE_LIMITED", "New address", "Too many codes were sent lately. Wait a few minutes, then try again."],
  ["INCORRECT_PASSWORD", "Your password", "This is not your password. Check it and try again."],
])(
  "an address that cannot be added (%s) is told at the field, which keeps what was typed",
  async (status, label, text) => {
    const { user, backend } = await open("");
    backend.answer("startEmailAuthentication", { status });
    await user.click(screen.getByRole("button", { name: "Add an address" }));
    await user.type(screen.getByLabelText("New address"), "new@example.org");
    await user.type(screen.getByLabelText("Your password"), "x");
    await user.click(screen.getByRole("button", { name: "Send the code" }));
    const field = screen.getByLabelText(label);
    await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
    expect(document.getElementById(`${field.id}-error`)?.textContent).toBe(text);
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(screen.getByLabelText("New address")).toHaveProperty("value", "new@example.org");
  },
);

test("what the policy says about an address is passed on", async () => {
  const { user, backend } = await open("", (backend) => {
    backend.user.hasPassword = false;
  });
  backend.answer("startEmailAuthentication", {
    status: "DENIED",
    violations: ["Only addresses of the company."],
  });
  await user.click(screen.getByRole("button", { name: "Add an address" }));
  expect(screen.queryByLabelText("Your password")).toBeNull();
  await user.type(screen.getByLabelText("New address"), "new@example.net");
  await user.click(screen.getByRole("button", { name: "Send the code" }));
  expect(await screen.findByText(/Only addresses of the company/)).toBeTruthy();
});

test("an address is removed after the right password", async () => {
  const { user, backend } = await open("");
  await user.click(screen.getByRole("button", { name: "Remove alice@example.org" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  await user.type(dialog.getByLabelText("Your password"), "wrong");
  await user.click(dialog.getByRole("button", { name: "Remove the address" }));
  expect(await dialog.findByText("This is not your password. Check it and try again.")).toBeTruthy();

  await user.clear(dialog.getByLabelText("Your password"));
  await user.type(dialog.getByLabelText("Your password"), backend.password);
  await user.click(dialog.getByRole("button", { name: "Remove the address" }));
  expect(await screen.findByText("alice@example.org was removed.")).toBeTruthy();
  await waitFor(() => expect(screen.queryByText("alice@example.org")).toBeNull());
});

test("who removes the last address is told what that means; where the operator forbids it, none is removed", async () => {
  const { user, router, backend } = await open("", (backend) => {
    backend.emails.pop();
  });
  await user.click(screen.getByRole("button", { name: "Remove alice@example.org" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(dialog.getByText(/It is the last one/)).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Cancel" }));

  backend.emails.push({ id: "user_email:01E3", email: "b@example.org" });
  backend.site.emailChangeAllowed = false;
  await router.invalidate();
  await screen.findByText("b@example.org", { selector: "bdi" });
  expect(screen.queryByRole("button", { name: /^Remove/ })).toBeNull();
  expect(screen.queryByRole("button", { name: "Add an address" })).toBeNull();
});

test("signing out ends this browser's session and leaves the app", async () => {
  const { assign } = watchLeaving();
  const { user, given } = await open("");
  await user.click(screen.getByRole("button", { name: "Sign out" }));
  await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Sign out" }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/account/"));
  expect(given("EndBrowserSession")).toEqual({ id: "browser_session:01B1" });
});
