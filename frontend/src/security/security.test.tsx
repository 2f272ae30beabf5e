// @vitest-environment happy-dom
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { open } from "../mock/open";

test("what has happened is told in words, with where and from what", async () => {
  await open("security/activity");
  const items = screen.getAllByRole("listitem").map((item) => item.textContent);
  expect(items[0]).toBe("App signed in Element Webtoday, 1:53\u00a0PM · This browser · 203.0.113.7");
  expect(items[2]).toBe(
    "Someone failed to sign in3 days ago, 4:17\u00a0AM · Edge on Windows · 198.51.100.99",
  );
  expect(items[8]).toBe("Account unlockedMarch 6, 2026 at 6:41 PM · by an administrator");
});

test("the newest events stand on the security screen", async () => {
  const { given } = await open("security");
  expect(screen.getAllByText(/signed in/i).length).toBeGreaterThan(0);
  expect(given("Security")).toEqual({});
  expect(screen.getByText("3 in use")).toBeTruthy();
});

test("what the operator has switched off is not offered", async () => {
  await open("security", (backend) => {
    backend.site.passwordChangeAllowed = false;
    backend.site.personalTokens = null;
    backend.tokens = [];
  });
  expect(screen.getByText("The people who run this service manage passwords elsewhere.")).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Change password" })).toBeNull();
  expect(screen.queryByText("Access tokens")).toBeNull();
});

test("an account without a password is not told to change it", async () => {
  await open("security", (backend) => {
    backend.user.hasPassword = false;
  });
  expect(screen.queryByText("Password", { exact: true })).toBeNull();
});

test("an empty history says what would be here", async () => {
  await open("security/activity", (backend) => {
    backend.events = [];
  });
  expect(screen.getByText(/Nothing has happened yet/)).toBeTruthy();
});
