// What the account app says when the service is gone, slow, or cannot reach the homeserver.

import { inspect } from "../fixtures/look.ts";
import { openAccount } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test("without the service every screen says so, and goes on when it is back", async ({
  page,
  service,
  complaints,
  alice,
}) => {
  complaints.expect(/ERR_CONNECTION_REFUSED|Failed to fetch/);
  await openAccount(page, service, alice);
  await page.getByRole("link", { name: "Devices" }).click();
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  const broken = page.getByRole("heading", { name: "This cannot be shown right now" });

  await service.whileGone(async () => {
    // One whose script is here already, and one that must be fetched.
    for (const screen of ["Devices", "Security"]) {
      await page.getByRole("link", { name: screen }).click();
      await expect(broken).toBeVisible();
      await expect(page.getByText("The service cannot be reached.")).toBeVisible();
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(broken).toBeVisible();
    }
    await inspect(page, "nothing can be shown");
    await page.getByRole("link", { name: "Account", exact: true }).click();
    await expect(broken).toBeVisible();
    await page.goBack();
    await expect(broken).toBeVisible();
  });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Security", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
});

test("a form that cannot be sent keeps what was typed", async ({ page, service, complaints, alice }) => {
  complaints.expect(/ERR_CONNECTION_REFUSED/);
  await openAccount(page, service, alice);
  await page.getByRole("button", { name: "Add an address" }).click();
  await page.getByLabel("New address").fill("alice@example.org");
  await page.getByLabel("Your password", { exact: true }).fill(alice.password);
  await service.whileGone(async () => {
    await page.getByRole("button", { name: "Send the code" }).click();
    await expect(page.getByRole("alert")).toContainText("The service cannot be reached.");
    await expect(page.getByLabel("New address")).toHaveValue("alice@example.org");
  });
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page.getByRole("heading", { name: "Enter the code" })).toBeVisible();
});

test("while the service thinks, there is the shape of what comes, and nothing is sent twice", async ({
  page,
  service,
  alice,
}) => {
  await openAccount(page, service, alice, "security");
  const waiting = page.getByRole("status").filter({ hasText: "Loading" });
  await expect(page.getByRole("link", { name: "Account", exact: true })).toBeVisible();
  await service.whileStuck(async () => {
    await page.getByRole("link", { name: "Account", exact: true }).click();
    await expect(waiting).toBeVisible();
    await inspect(page, "the shape of what comes");
  });
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();

  const asked: string[] = [];
  page.on("request", (request) => void (request.method() === "POST" && asked.push(request.postData() ?? "")));
  await page.getByRole("button", { name: "Change your name" }).click();
  await page.getByLabel("Display name").fill("Alice");
  await service.whileStuck(async () => {
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByLabel("Display name").press("Enter");
    await page.getByLabel("Display name").press("Enter");
  });
  await expect(page.getByText("Your name was changed.")).toBeVisible();
  expect(asked.filter((body) => body.includes("setDisplayName"))).toHaveLength(1);
});
