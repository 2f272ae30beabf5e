// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { open } from "../mock/open";

test("a token is created and shown once", async () => {
  const { user, given, backend } = await open("tokens/new");
  await user.type(screen.getByLabelText("Name"), " Backup ");
  await user.click(screen.getByRole("checkbox", { name: "Read and send messages as you" }));
  await user.selectOptions(screen.getByLabelText("Valid for"), "90 days");
  await user.type(screen.getByLabelText("Your password"), backend.password);
  await user.click(screen.getByRole("button", { name: "Create the token" }));
  await screen.findByRole("heading", { name: "Your new access token" });
  expect(screen.getByText(/^mpt_/)).toBeTruthy();
  expect(given("CreatePersonalSession")).toEqual({
    humanName: "Backup",
    scope: "urn:matrix:client:api:*",
    expiresIn: 90 * 86_400,
    password: backend.password,
  });
  await user.click(screen.getByRole("link", { name: "I have stored it" }));
  await screen.findByRole("heading", { name: "Access tokens" });
  expect(await screen.findByText("Backup", { selector: "bdi" })).toBeTruthy();
  expect(screen.queryByText(/^mpt_/)).toBeNull();
});

test("a token must be for something", async () => {
  const { user, asked } = await open("tokens/new");
  await user.type(screen.getByLabelText("Name"), "Backup");
  await user.type(screen.getByLabelText("Your password"), "x");
  await user.click(screen.getByRole("button", { name: "Create the token" }));
  expect(await screen.findByText("Choose at least one.")).toBeTruthy();
  expect(asked()).toEqual([]);
});

test("no life longer than the operator allows is offered", async () => {
  await open("tokens/new", (backend) => {
    backend.site.personalTokens = { scopes: ["openid"], maxTtl: 60 * 86_400 };
  });
  const lives = within(screen.getByLabelText("Valid for")).getAllByRole("option");
  expect(lives.map((option) => option.textContent)).toEqual(["7 days", "30 days", "60 days"]);
});

test("a token is revoked after a question", async () => {
  const { user, given } = await open("tokens");
  await user.click(screen.getByRole("button", { name: "Revoke Backup script" }));
  const dialog = within(await screen.findByRole("alertdialog", { name: "Revoke Backup script?" }));
  await user.click(dialog.getByRole("button", { name: "Revoke" }));
  expect(await screen.findByText("Backup script was revoked.")).toBeTruthy();
  expect(given("RevokePersonalSession")).toEqual({ id: "personal_session:01P1" });
  await waitFor(() => expect(screen.queryByRole("button", { name: "Revoke Backup script" })).toBeNull());
});

test("where people may not have tokens there is no such screen", async () => {
  await open("tokens", (backend) => {
    backend.site.personalTokens = null;
  });
  expect(screen.getByRole("heading", { name: "There is no page here" })).toBeTruthy();
});
