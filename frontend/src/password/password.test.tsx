// @vitest-environment happy-dom
import { screen, waitFor } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { open, watchLeaving } from "../mock/open";
import { strengthOf } from "./strength";

const STRONG = "tepid-Walrus/89 orbit";

async function fill(user: UserEvent, password: string, again = password): Promise<void> {
  await user.type(screen.getByLabelText("New password"), password);
  await user.type(screen.getByLabelText("New password, again"), again);
}

// The server has the same cases in backend/domain/src/passwords/complexity.rs.
test.each([
  ["", 0],
  ["password", 0],
  ["tepid-Walrus/89 orbit", 4],
  [`${"a".repeat(100)}tepid-Walrus/89 orbit`, 1],
])("%j is scored as the server scores it", async (password, score) => {
  expect((await strengthOf(password)).score).toBe(score);
});

test("passwords from breaches are known, and so are those with a capital or an @ in them", async () => {
  for (const password of ["dragon", "Password1", "p@ssword"]) {
    expect(await strengthOf(password), password).toMatchObject({ common: true });
  }
  expect(await strengthOf(STRONG)).toEqual({ score: 4, common: false });
});

test("nothing of a password is sent before the form is", async () => {
  const { user, asked } = await open("password/change");
  await fill(user, "dragon");
  expect(await screen.findByText(/list of leaked passwords/)).toBeTruthy();
  expect(asked()).toEqual([]);
});

test("the password is changed", async () => {
  const { user, given, backend, where } = await open("password/change");
  await user.type(screen.getByLabelText("Current password"), backend.password);
  await fill(user, STRONG);
  expect(await screen.findByText("Very strong.")).toBeTruthy();
  expect(screen.getByText("Both are the same.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Change password" }));
  await screen.findByRole("heading", { name: "Your password was changed" });
  expect(where()).toBe("/password/change/success");
  expect(given("SetPassword")).toMatchObject({ newPassword: STRONG, endOtherSessions: false });
});

test("who changed it is told of tokens that outlast it, if there are any", async () => {
  const { router, backend } = await open("password/change/success");
  expect(screen.getByText("Your 3 access tokens go on working.")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Check your access tokens" }).getAttribute("href")).toBe(
    "/account/tokens",
  );
  backend.tokens = [];
  await router.invalidate();
  await waitFor(() => expect(screen.queryByText(/go on working/)).toBeNull());
});

test("all others can be signed out along with it", async () => {
  const { user, backend } = await open("password/change");
  await user.type(screen.getByLabelText("Current password"), backend.password);
  await fill(user, STRONG);
  await user.click(screen.getByRole("checkbox", { name: "Also sign out everywhere else" }));
  await user.click(screen.getByRole("button", { name: "Change password" }));
  expect(await screen.findByText("5 were signed out.")).toBeTruthy();
  expect(backend.signIns.filter(({ state }) => state === "ACTIVE")).toHaveLength(1);
});

test("two different new passwords are not sent", async () => {
  const { user, asked } = await open("password/change");
  await user.type(screen.getByLabelText("Current password"), "x");
  await fill(user, STRONG, `${STRONG}!`);
  await user.click(screen.getByRole("button", { name: "Change password" }));
  expect(await screen.findByText("This differs from the one above. Type the same twice.")).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("New password, again")));
  expect(asked()).toEqual([]);
});

test.each([
  ["WRONG_PASSWORD", "This is not your password. Check it and try again."],
  ["INVALID_NEW_PASSWORD", "This password is too easy to guess. Make it longer, or add unrelated words."],
  ["PASSWORD_CHANGES_DISABLED", "The people who run this service manage passwords elsewhere."],
  ["NO_CURRENT_PASSWORD", "Your account has no password to change."],
])("a refusal (%s) is told in words, and what was typed stays", async (status, text) => {
  const { user, backend } = await open("password/change");
  backend.answer("setPassword", { status });
  await user.type(screen.getByLabelText("Current password"), "x");
  await fill(user, STRONG);
  await user.click(screen.getByRole("button", { name: "Change password" }));
  expect(await screen.findByText(text)).toBeTruthy();
  expect(screen.getByLabelText("New password")).toHaveProperty("value", STRONG);
});

test("a link from the mail lets one choose a password without being signed in", async () => {
  const { assign } = watchLeaving();
  const { user, given } = await open("password/recovery?ticket=secret", (backend) => {
    backend.anonymous = true;
  });
  await fill(user, STRONG);
  await user.click(screen.getByRole("button", { name: "Save the password" }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/account/"));
  expect(given("SetPasswordByRecovery")).toEqual({ ticket: "secret", newPassword: STRONG });
});

test("an expired link can be replaced by a new one", async () => {
  const { assign } = watchLeaving();
  const { user } = await open("password/recovery?ticket=secret", (backend) => {
    backend.ticket = { status: "EXPIRED", username: "", email: "a…@example.org" };
  });
  await user.click(screen.getByRole("button", { name: "Send a new link to a…@example.org" }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("https://auth.example.org/recover/progress/1"));
});

test.each([
  ["CONSUMED", "This link was already used"],
  [undefined, "There is no page here"],
])("a link that is %s says so", async (status, title) => {
  await open("password/recovery?ticket=secret", (backend) => {
    backend.ticket = status ? { status, username: "", email: "" } : null;
  });
  expect(screen.getByRole("heading", { name: title })).toBeTruthy();
});
