import type { Page } from "@playwright/test";
import { look } from "../fixtures/look.ts";
import type { Service } from "../fixtures/service.ts";
import { signIn } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

/** An app that comes back to the start page, where its answer can be read in the address. */
async function app(service: Service) {
  const answer = await fetch(`${service.url}oauth2/registration`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "Paint",
      client_uri: service.url,
      redirect_uris: [service.url],
      post_logout_redirect_uris: [service.url],
      token_endpoint_auth_method: "none",
    }),
  });
  const { client_id } = (await answer.json()) as { client_id: string };
  const asks = (more: Record<string, string>) => {
    const parameters = {
      client_id,
      response_type: "code",
      redirect_uri: service.url,
      scope: "openid",
      state: "a-state",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
      ...more,
    };
    return `${service.url}authorize?${new URLSearchParams(parameters)}`;
  };
  return { id: client_id, asks };
}

const answered = (page: Page) => expect(page).toHaveURL(/[?&]code=/);

test("an app that wants to be sure has the password asked once more", async ({ page, service, alice }) => {
  const { asks } = await app(service);
  await page.goto(`${service.url}login`);
  await signIn(page, alice);
  await expect(page.getByRole("heading", { name: "You are signed in" })).toBeVisible();

  await page.goto(asks({ prompt: "login" }));
  await expect(page.getByRole("heading", { name: "Confirm that it is you" })).toBeVisible();
  await look(page, "reauthenticate");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("not that one");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("This is not the password");
  await look(page, "reauthenticate-wrong");

  await password.fill(alice.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Allow Paint" }).click();
  await answered(page);
});

test("an app that did not open is opened from where one was", async ({ page, service, alice }) => {
  const { asks } = await app(service);
  await page.goto(asks({}));
  await signIn(page, alice);
  await expect(page.getByRole("heading", { name: "Allow Paint to use your account?" })).toBeVisible();
  const question = page.url();
  await page.getByRole("button", { name: "Allow Paint" }).click();
  await answered(page);
  const first = page.url();

  await page.goto(question);
  await expect(page.getByRole("heading", { name: "You are all set" })).toBeVisible();
  await look(page, "all-set");
  await page.getByRole("button", { name: "Continue to Paint" }).click();
  await expect(page).toHaveURL(first);
});

test("an app that expects somebody else is told apart", async ({ page, service, alice }) => {
  const { asks } = await app(service);
  await page.goto(`${service.url}login`);
  await signIn(page, alice);
  await page.goto(asks({ login_hint: "mxid:@bob:localhost" }));
  await expect(page.getByText("Paint expects bob")).toBeVisible();
  await look(page, "choose-account");
  await page.getByRole("button", { name: "Use another account" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByLabel("Username")).toHaveValue("bob");
  await signIn(page, alice);
  await page.getByRole("button", { name: "Allow Paint" }).click();
  await answered(page);
});

test("an app sends somebody to sign out", async ({ page, service, alice }) => {
  const { id } = await app(service);
  await page.goto(`${service.url}login`);
  await signIn(page, alice);
  const back = new URLSearchParams({ client_id: id, post_logout_redirect_uri: service.url, state: "bye" });
  await page.goto(`${service.url}oauth2/end_session?${back}`);
  await expect(page.getByText("Paint has sent you here to sign out.")).toBeVisible();
  await look(page, "end-session");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/[?&]state=bye/);
  await expect(page.getByRole("heading", { name: "Your account starts here" })).toBeVisible();
});
