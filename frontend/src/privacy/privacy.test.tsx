// @vitest-environment happy-dom
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { open } from "../mock/open";

test("the data are a plain download", async () => {
  await open("privacy");
  const link = screen.getByRole("link", { name: "Download your data" });
  expect([link.getAttribute("href"), link.hasAttribute("download")]).toEqual(["/account/export.json", true]);
});

test("how long things are kept is what the operator has set", async () => {
  await open("privacy", (backend) => {
    backend.site.retention = {
      inactiveAddresses: 1,
      endedSessions: 14,
      eventAddresses: 30,
      failedSignIns: null,
    };
  });
  expect(screen.getByText(/apps are forgotten a day after they were last used/)).toBeTruthy();
  expect(screen.getByText("What was signed out is forgotten after 14 days.")).toBeTruthy();
  expect(screen.queryByText(/failed are forgotten/)).toBeNull();
});

test("an account is deleted after password and pause", async () => {
  const { user, given, backend } = await open("delete-account");
  const button = screen.getByRole("button", { name: "Delete my account" });
  await user.type(screen.getByLabelText("Your password"), backend.password);
  expect(screen.getByText("Your account is deleted with the next step")).toBeTruthy();
  expect(button).toHaveProperty("disabled", true);
  await waitFor(() => expect(button).toHaveProperty("disabled", false));
  await user.click(screen.getByRole("checkbox", { name: /hide my messages/ }));
  await user.click(button);
  const title = await screen.findByRole("heading", { name: "This account was closed" });
  await waitFor(() => expect(document.activeElement).toBe(title));
  expect(given("DeactivateUser")).toEqual({ hsErase: true, password: backend.password });
});

test("what a password manager fills in and sends at once deletes nothing", async () => {
  const { user, asked } = await open("delete-account");
  await user.type(screen.getByLabelText("Your password"), "x{Enter}");
  expect(asked()).toEqual([]);
});

test("a wrong password is told at the field", async () => {
  const { user } = await open("delete-account");
  await user.type(screen.getByLabelText("Your password"), "wrong");
  const button = screen.getByRole("button", { name: "Delete my account" });
  await waitFor(() => expect(button).toHaveProperty("disabled", false));
  await user.click(button);
  expect(await screen.findByText("This is not your password. Check it and try again.")).toBeTruthy();
});

test("without a password the Matrix ID is typed", async () => {
  const { user } = await open("delete-account", (backend) => {
    backend.user.hasPassword = false;
  });
  const button = screen.getByRole("button", { name: "Delete my account" });
  await user.type(screen.getByLabelText("Type your Matrix ID to confirm"), "@alice:example.or");
  expect(screen.queryByText("Your account is deleted with the next step")).toBeNull();
  await user.type(screen.getByLabelText("Type your Matrix ID to confirm"), "g");
  await waitFor(() => expect(button).toHaveProperty("disabled", false));
});

test("where it is not allowed there is no such screen", async () => {
  await open("delete-account", (backend) => {
    backend.site.accountDeactivationAllowed = false;
  });
  expect(screen.getByRole("heading", { name: "There is no page here" })).toBeTruthy();
});
