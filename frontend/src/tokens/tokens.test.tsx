// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Backend } from "../mock/backend";
import { open } from "../mock/open";

test("a token is created and shown once", async () => {
  const { user, given, backend } = await open("tokens/new");
  await user.type(screen.getByLabelText("Name"), " Backup ");
  expect(screen.getByText("Read and send messages as you")).toBeTruthy();
  expect(screen.queryByRole("checkbox"), "there is nothing to choose").toBeNull();
  await user.selectOptions(screen.getByLabelText("Valid for"), "30 days");
  expect(screen.getByText("It stops working on June 19, 2026.")).toBeTruthy();
  await user.type(screen.getByLabelText("Your password"), backend.password);
  await user.click(screen.getByRole("button", { name: "Create the token" }));
  await screen.findByRole("heading", { name: "Your new access token" });
  expect(screen.getByText(/^mpt_/)).toBeTruthy();
  expect(given("CreatePersonalSession")).toEqual({
    humanName: "Backup",
    scope: "urn:matrix:client:api:*",
    expiresIn: 30 * 86_400,
    password: backend.password,
  });
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Your new access token"));
  await user.click(screen.getByRole("button", { name: "Copy access token" }));
  expect(await navigator.clipboard.readText()).toMatch(/^mpt_/);
  expect(await screen.findByRole("button", { name: "Copied access token" })).toBeTruthy();
  await user.click(screen.getByRole("link", { name: "I have stored it" }));
  await screen.findByRole("heading", { name: "Access tokens" });
  expect(await screen.findByText("Backup", { selector: "bdi" })).toBeTruthy();
  expect(screen.queryByText(/^mpt_/)).toBeNull();
});

const forAdministrators = (backend: Backend) => {
  backend.site.personalTokens = {
    scopes: ["urn:matrix:client:api:*", "urn:synapse:admin:*", "urn:mas:admin"],
    maxTtl: null,
  };
};

async function fillIn(user: UserEvent, password = "tepid-walrus-89") {
  await user.type(screen.getByLabelText("Name"), "Backup");
  await user.type(screen.getByLabelText("Your password"), password);
}

const create = () => screen.getByRole("button", { name: "Create the token" });

test("a token must be for something", async () => {
  const { user, asked } = await open("tokens/new", forAdministrators);
  await fillIn(user);
  await user.click(create());
  expect(await screen.findByText("Choose at least one.")).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getAllByRole("checkbox")[0]));
  expect(asked()).toEqual([]);
});

test("power over the whole server is not given without a word", async () => {
  const { user, given } = await open("tokens/new", forAdministrators);
  const power = screen.getByRole("checkbox", { name: "Manage the whole chat server" });
  await user.click(screen.getByRole("checkbox", { name: "Read and send messages as you" }));
  expect(screen.queryByText("It has power over the whole server")).toBeNull();
  await user.click(power);
  expect(screen.getByText("It has power over the whole server")).toBeTruthy();
  await user.selectOptions(screen.getByLabelText("Valid for"), "No end");
  expect(screen.getByText("It works until you revoke it.")).toBeTruthy();
  await fillIn(user);
  await user.click(create());
  await screen.findByText(/^mpt_/);
  const { scope, ...rest } = given("CreatePersonalSession") ?? {};
  expect(scope).toBe("urn:matrix:client:api:* urn:synapse:admin:*");
  expect(rest).not.toHaveProperty("expiresIn");
});

test("what stands against a token is told where it can be mended, and nothing typed is lost", async () => {
  const { user, backend } = await open("tokens/new");
  await fillIn(user, "not that one");
  await user.click(create());
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Your password")));
  expect(screen.getByLabelText("Your password").getAttribute("aria-describedby")).toMatch(/error/);
  for (const [status, text] of [
    ["INVALID_NAME", "Choose a name of at most 100 letters."],
    ["INVALID_SCOPE", "One of these is not allowed for you. Choose others."],
    ["INVALID_EXPIRY", "Choose another time."],
    ["TOO_MANY", /^You have too many/],
    ["DENIED", /^This is not allowed from here/],
  ] as const) {
    backend.answer("createPersonalSession", { status });
    await user.click(create());
    expect(await screen.findByText(text), status).toBeTruthy();
  }
  backend.fail("createPersonalSession", "HOMESERVER_UNAVAILABLE");
  await user.click(create());
  expect(await screen.findByText(/The chat server does not answer/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Backup");
});

test("no life longer than the operator allows is offered", async () => {
  await open("tokens/new", (backend) => {
    backend.site.personalTokens = { scopes: ["urn:matrix:client:api:*"], maxTtl: 60 * 86_400 };
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

test("an expired token is told from the others, and can be removed", async () => {
  const { user, given } = await open("tokens");
  const row = screen.getByText("Weekly statistics", { selector: "bdi" }).closest("li");
  expect(row?.textContent).toMatch(/Expired · Last used/);
  await user.click(screen.getByRole("button", { name: "Remove Weekly statistics" }));
  const dialog = within(await screen.findByRole("alertdialog", { name: "Remove Weekly statistics?" }));
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  expect(await screen.findByText("Weekly statistics was removed.")).toBeTruthy();
  expect(given("RevokePersonalSession")).toEqual({ id: "personal_session:01P3" });
});

test("one that an administrator made is told from one's own, and can be revoked", async () => {
  const { user, given } = await open("tokens");
  const told = screen.getByText("by an administrator");
  const row = told.closest("li");
  expect(row?.querySelector("bdi")?.textContent, "without a name, the day").toBe("May 13, 2026");
  await user.click(screen.getByRole("button", { name: "Revoke May 13, 2026" }));
  const dialog = within(await screen.findByRole("alertdialog", { name: "Revoke May 13, 2026?" }));
  await user.click(dialog.getByRole("button", { name: "Revoke" }));
  await waitFor(() => expect(screen.queryByText("by an administrator")).toBeNull());
  expect(given("RevokePersonalSession")).toEqual({ id: "personal_session:01P4" });
});

test("the device of a token leads to the tokens", async () => {
  const { where } = await open("devices/f1zYqAbS9d");
  expect(screen.getByRole("heading", { name: "Access tokens" })).toBeTruthy();
  expect(where()).toBe("/tokens");
});

test("who has none is told what they are for", async () => {
  await open("tokens", (backend) => {
    backend.tokens = [];
  });
  expect(screen.getByText(/You have none. Create one when/)).toBeTruthy();
});

const switchedOff = (backend: Backend) => {
  backend.site.personalTokens = null;
};

test("where people may not make tokens, those that there are can still be revoked", async () => {
  const { router } = await open("tokens", switchedOff);
  expect(screen.queryByRole("link", { name: "New access token" })).toBeNull();
  expect(screen.getByRole("button", { name: "Revoke Backup script" })).toBeTruthy();
  await router.navigate({ to: "/tokens/new" });
  expect(await screen.findByRole("heading", { name: "There is no page here" })).toBeTruthy();
});

test("where people may not make tokens and have none, they are told so", async () => {
  await open("tokens", (backend) => {
    switchedOff(backend);
    backend.tokens = [];
  });
  expect(screen.getByText(/have switched them off/)).toBeTruthy();
});
