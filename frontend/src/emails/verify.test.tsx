// @vitest-environment happy-dom
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { open } from "../mock/open";

const PATH = "emails/user_email_authentication:01V1/verify";

test.each([
  ["INVALID_CODE", "This is not the code. Take the one from the newest mail."],
  ["CODE_EXPIRED", "This code has expired. Have a new one sent."],
  ["RATE_LIMITED", "There were too many tries. Wait a few minutes, then try again."],
])("a code that is refused (%s) is told of, and the field is ready for another", async (status, text) => {
  const { user, backend } = await open(PATH);
  backend.answer("completeEmailAuthentication", { status });
  const field = screen.getByLabelText("Code from the mail");
  await user.type(field, "654321");
  await user.click(screen.getByRole("button", { name: "Add the address" }));
  expect(await screen.findByText(text)).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(field));
  expect(field).toHaveProperty("value", "");
});

test("half a code is not sent", async () => {
  const { user, asked } = await open(PATH);
  await user.type(screen.getByLabelText("Code from the mail"), "12 34");
  await user.click(screen.getByRole("button", { name: "Add the address" }));
  expect(await screen.findByText("A code has six digits. Check the mail.")).toBeTruthy();
  expect(asked()).toEqual(["EmailAuthentication"]);
});

test.each([
  ["RESENT", "A new code is on its way. Older codes no longer work."],
  ["RATE_LIMITED", "Too many were sent lately. Wait a few minutes, then try again."],
])("asking for a new code is answered in words (%s)", async (status, text) => {
  const { user, backend, given } = await open(PATH);
  backend.answer("resendEmailAuthenticationCode", { status });
  await user.click(screen.getByRole("button", { name: "have a new code sent" }));
  expect(await screen.findByText(text)).toBeTruthy();
  expect(given("ResendEmailAuthenticationCode")).toEqual({
    id: "user_email_authentication:01V1",
    language: "en",
  });
});

test("an address of another account is told of on a screen of its own", async () => {
  const { user, backend, where } = await open(PATH);
  backend.answer("completeEmailAuthentication", { status: "IN_USE" });
  await user.type(screen.getByLabelText("Code from the mail"), "123456");
  await user.click(screen.getByRole("button", { name: "Add the address" }));
  await screen.findByRole("heading", { name: "This address is taken" });
  expect(where()).toMatch(/\/in-use$/);
});

test("what is added already leads home", async () => {
  const { where } = await open(PATH, (backend) => {
    backend.authentication.completedAt = backend.authentication.createdAt;
  });
  await screen.findByRole("heading", { name: "Your account" });
  expect(where()).toBe("/");
});

test("what another browser has started is not there", async () => {
  await open("emails/user_email_authentication:01OTHER/verify");
  expect(screen.getByRole("heading", { name: "There is no page here" })).toBeTruthy();
});

test.each(["verify", "in-use"])(
  "an address with nonsense for an id leads nowhere (%s)",
  async (screenName) => {
    await open(`emails/nonsense/${screenName}`, (backend) =>
      backend.fail("userEmailAuthentication", "INVALID_ID"),
    );
    expect(screen.getByRole("heading", { name: "There is no page here" })).toBeTruthy();
  },
);
