// @vitest-environment happy-dom
import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { open } from "../mock/open";

afterEach(() => {
  delete window.onAuthDone;
  Object.defineProperty(window, "opener", { value: null, configurable: true, writable: true });
});

test("the app that opened the page hears of it, and only a web app that is signed in", async () => {
  const postMessage = vi.fn();
  Object.defineProperty(window, "opener", { value: { postMessage }, configurable: true, writable: true });
  const { user, given, where, backend } = await open("reset-cross-signing?deepLink=true");
  await user.click(screen.getByRole("button", { name: "Allow the reset" }));
  await screen.findByRole("heading", { name: "The reset is allowed" });
  expect(where()).toBe("/reset-cross-signing/success");
  expect(given("AllowUserCrossSigningReset")).toEqual({ userId: backend.user.id });
  await waitFor(() => expect(postMessage.mock.calls).toEqual([["authDone", "https://app.element.example"]]));
  // What was lost is still signed in: that is the next thing to see to.
  expect(screen.getByRole("link", { name: "Check your devices" }).getAttribute("href")).toBe(
    "/account/sessions",
  );
});

test("an app that shows the page in a view of its own is called", async () => {
  window.onAuthDone = vi.fn();
  const { user } = await open("reset-cross-signing?deepLink=true");
  await user.click(screen.getByRole("button", { name: "Allow the reset" }));
  await waitFor(() => expect(window.onAuthDone).toHaveBeenCalledOnce());
});

test("a homeserver that does not answer is told of, and nobody is told that it is done", async () => {
  window.onAuthDone = vi.fn();
  const { user } = await open("reset-cross-signing", (backend) =>
    backend.fail("allowUserCrossSigningReset", "HOMESERVER_UNAVAILABLE"),
  );
  await user.click(screen.getByRole("button", { name: "Allow the reset" }));
  expect(await screen.findByText(/The chat server does not answer/)).toBeTruthy();
  expect(window.onAuthDone).not.toHaveBeenCalled();
});

test("who was sent here can say no and is told what to do next; who came by themselves goes back", async () => {
  const { user } = await open("reset-cross-signing?deepLink=true");
  await user.click(screen.getByRole("link", { name: "Cancel" }));
  await screen.findByRole("heading", { name: "Nothing was reset" });
});

test("who came by themselves goes back", async () => {
  await open("reset-cross-signing");
  expect(screen.getByRole("link", { name: "Keep my identity" }).getAttribute("href")).toBe(
    "/account/security",
  );
});
