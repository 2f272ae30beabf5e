// Pages that people see when something is over, refused, or not as it should be; the others are looked at on their journeys.

import type { Page } from "@playwright/test";
import { look } from "../fixtures/look.ts";
import type { Service } from "../fixtures/service.ts";
import { openAccount, signIn } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

async function register(service: Service, redirectUri: string): Promise<string> {
  const answer = await fetch(`${service.url}oauth2/registration`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "Paint",
      client_uri: redirectUri,
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: "none",
    }),
  });
  return ((await answer.json()) as { client_id: string }).client_id;
}

function asks(service: Service, client_id: string, redirect_uri: string, more: Record<string, string> = {}) {
  const parameters = {
    client_id,
    redirect_uri,
    response_type: "code",
    scope: "openid",
    state: "a-state",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    ...more,
  };
  return `${service.url}authorize?${new URLSearchParams(parameters)}`;
}

test("signing out is asked for and confirmed", async ({ page, service, alice }) => {
  await openAccount(page, service, alice);
  await page.goto(`${service.url}logout`);
  await expect(heading(page, "Sign out in this browser?")).toBeVisible();
  await look(page, "logout");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${service.url}logout`);
  await expect(heading(page, "You are signed out")).toBeVisible();
  await look(page, "logout-done");
});

test("an account that is locked, and a session that is ended", async ({ page, service, alice }) => {
  await openAccount(page, service, alice);
  service.manage("lock-user", alice.name);
  await page.reload();
  await expect(heading(page, "This account is locked")).toBeVisible();
  await look(page, "stopped-locked");
  service.manage("unlock-user", alice.name);
  service.manage("kill-sessions", alice.name);
  await page.reload();
  await expect(heading(page, "You were signed out")).toBeVisible();
  await look(page, "stopped-session-ended");
  await page
    .getByRole("link", { name: "Sign in again" })
    .or(page.getByRole("button", { name: "Sign in again" }))
    .click();
  await signIn(page, alice);
  await expect(heading(page, "Your account")).toBeVisible();
});

test("a form of yesterday", async ({ page, service, alice }) => {
  await page.goto(`${service.url}login`);
  await page.context().clearCookies();
  await signIn(page, alice);
  await expect(page.getByText("This page had been open for too long")).toBeVisible();
  await look(page, "sign-in-expired");
});

test("an app that nobody knows", async ({ page, service, landing }) => {
  await page.goto(asks(service, "01K2C31V80V37E3S3E28JT97KB", landing.url));
  await expect(heading(page, "This cannot be answered")).toBeVisible();
  await look(page, "app-problem");
});

test("an app that asks for more than its person may give", async ({ page, service, landing, alice }) => {
  const client = await register(service, landing.url);
  await page.goto(asks(service, client, landing.url, { scope: "openid urn:mas:admin" }));
  await signIn(page, alice);
  await expect(heading(page, "Paint is not allowed here")).toBeVisible();
  await look(page, "refusal");
});

test("an app that was refused, looked at again", async ({ page, service, landing, alice }) => {
  const client = await register(service, landing.url);
  await page.goto(asks(service, client, landing.url));
  await signIn(page, alice);
  await expect(heading(page, "Allow Paint to use your account?")).toBeVisible();
  const question = page.url();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveTitle("Back at the app");
  await page.goto(question);
  await expect(heading(page, "You said no to this")).toBeVisible();
  await look(page, "spent-cancelled");
});

test("an app that is answered by a form, without scripts", async ({
  anotherBrowser,
  service,
  landing,
  alice,
}) => {
  const page = await (await anotherBrowser({ javaScriptEnabled: false })).newPage();
  const client = await register(service, landing.url);
  await page.goto(asks(service, client, landing.url, { response_mode: "form_post" }));
  await signIn(page, alice);
  await page.getByRole("button", { name: "Allow Paint" }).click();
  await expect(page.getByRole("button", { name: "Continue" })).toBeVisible();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveTitle("Back at the app");

  await page.goto(`${service.url}account/`);
  await expect(heading(page, "These pages need JavaScript")).toBeVisible();
});

test("a device that nobody waits for", async ({ page, service, alice }) => {
  await openAccount(page, service, alice);
  await page.goto(`${service.url}device/01K2C31V80V37E3S3E28JT97KB`);
  await expect(heading(page, "No device is waiting here")).toBeVisible();
  await look(page, "device-unknown");
  await page.getByRole("link", { name: "Type a code" }).click();
  await expect(heading(page, "Sign in a device")).toBeVisible();
});
