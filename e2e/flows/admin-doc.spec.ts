import { documentation } from "../fixtures/service.ts";
import { signIn } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

test("an administrator signs in to the documentation and lists people", async ({
  page,
  service,
  homeserver,
}) => {
  expect(homeserver.url).toBeTruthy();
  const admin = service.register("admin", "--admin");
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) complaints.push(message.text());
  });
  await page.goto(`${service.url}api/doc/`);
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".modal-ux");
  const form = dialog.locator(".auth-container", { hasText: "authorizationCode" });
  await form.getByLabel("client_id:").fill(documentation.client_id);
  await form.getByLabel("client_secret:").fill(documentation.client_secret);

  const opened = page.waitForEvent("popup");
  await form.getByRole("button", { name: "Apply given OAuth2 credentials" }).click();
  const popup = await opened;
  await signIn(popup, admin);
  await popup.getByRole("button", { name: /manage this server/ }).click();
  await expect(form.getByRole("button", { name: "Remove authorization" })).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).first().click();

  const operation = page.locator("#operations-user-listUsers");
  await operation.getByRole("button", { name: "GET", exact: false }).first().click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  await operation.getByRole("button", { name: "Execute" }).click();
  // A page of them: others may stand before the administrator.
  await expect(operation.locator(".live-responses-table")).toContainText('"username": ');
  expect(complaints).toEqual([]);
});
