import type { Locator, Page, Request } from "@playwright/test";
import { documentation, type Person, type Service } from "../fixtures/service.ts";
import { signIn } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

interface Client {
  client_id: string;
  client_secret?: string;
}

const apply = { name: "Apply given OAuth2 credentials" };
const remove = { name: "Remove authorization" };

/** Opens the part of the page that is about one way to get a token. */
async function authorization(page: Page, flow: string): Promise<Locator> {
  await page.getByRole("button", { name: "Authorize" }).first().click();
  return page.locator(".modal-ux .auth-container", { hasText: flow });
}

async function fillIn(form: Locator, { client_id, client_secret }: Client) {
  await form.getByLabel("client_id:").fill(client_id);
  if (client_secret) await form.getByLabel("client_secret:").fill(client_secret);
}

async function close(page: Page) {
  await page.locator(".modal-ux").getByRole("button", { name: "Close" }).first().click();
}

/** Signs in by authorization code, and tells what was asked for on the way. */
async function authorize(page: Page, client: Client, person: Person): Promise<Request[]> {
  const requests: Request[] = [];
  page.context().on("request", (request) => requests.push(request));
  const form = await authorization(page, "authorizationCode");
  await fillIn(form, client);
  const opened = page.waitForEvent("popup");
  await form.getByRole("button", apply).click();
  const popup = await opened;
  await signIn(popup, person);
  await popup.getByRole("button", { name: /manage this server/ }).click();
  await expect(form.getByRole("button", remove)).toBeVisible();
  await close(page);
  return requests;
}

/** What the operation answers about whoever has that in their name. */
async function listed(page: Page, search: string) {
  const operation = page.locator("#operations-user-listUsers");
  await expect(operation).toBeVisible();
  // The address of the page keeps what was open.
  const isOpen = (await operation.getAttribute("class"))?.includes("is-open");
  if (!isOpen) await operation.getByRole("button", { name: "GET", exact: false }).first().click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  await operation.locator('tr[data-param-name="filter[search]"] input').fill(search);
  const answered = page.waitForResponse((response) => response.url().includes("/api/admin/v1/users?"));
  await operation.getByRole("button", { name: "Execute" }).click();
  return { response: await answered, table: operation.locator(".live-responses-table") };
}

function violations(page: Page): string[] {
  const found: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) found.push(message.text());
  });
  return found;
}

const settings: { title: string; client: Client; at: (service: Service) => string }[] = [
  {
    title: "with the secret of a client, as with MAS",
    client: documentation.withSecret,
    at: ({ url }) => url,
  },
  { title: "by a client that has no secret", client: documentation.withoutSecret, at: ({ url }) => url },
  {
    title: "on a listener where nothing else is",
    client: documentation.withoutSecret,
    at: ({ privateUrl }) => privateUrl,
  },
];

for (const { title, client, at } of settings) {
  test(`an administrator signs in to the documentation and lists people, ${title}`, async ({
    page,
    service,
    homeserver,
    complaints,
  }) => {
    expect(homeserver.url).toBeTruthy();
    // Of the last request, which has no token any more.
    complaints.expect(/admin\/v1\/users\?.* status of 400/);
    const admin = service.register("admin", "--admin");
    const refused = violations(page);
    await page.goto(`${at(service)}api/doc/`);
    const requests = await authorize(page, client, admin);

    const asked = requests
      .map((request) => new URL(request.url()))
      .find((url) => /authorize$/.test(url.pathname));
    expect(asked?.searchParams.get("code_challenge")).toMatch(/^[\w-]{43}$/);
    expect(asked?.searchParams.get("code_challenge_method")).toBe("S256");
    const exchange = requests.find(
      (request) => request.method() === "POST" && request.url() === `${service.url}oauth2/token`,
    );
    expect(new URLSearchParams(exchange?.postData() ?? "").get("code_verifier")).toMatch(/^[\w~.-]{43,128}$/);

    const { response, table } = await listed(page, admin.name);
    expect(response.status()).toBe(200);
    expect(response.url().startsWith(`${at(service)}api/admin/v1/users?`)).toBe(true);
    await expect(table).toContainText("200");
    await expect(table).toContainText(`"username": "${admin.name}"`);
    expect(refused).toEqual([]);

    await page.reload();
    const form = await authorization(page, "authorizationCode");
    await expect(form.getByRole("button", apply)).toBeVisible();
    await expect(form.getByRole("button", remove)).toBeHidden();
    await close(page);
    const again = await listed(page, admin.name);
    expect(again.response.status(), "no token is kept").toBe(400);
  });
}

test("a script's client gets a token in the documentation for itself", async ({
  page,
  service,
  homeserver,
}) => {
  expect(homeserver.url).toBeTruthy();
  const person = service.register("somebody");
  const refused = violations(page);
  await page.goto(`${service.url}api/doc/`);
  const form = await authorization(page, "clientCredentials");
  await fillIn(form, documentation.script);
  await form.getByRole("button", apply).click();
  await expect(form.getByRole("button", remove)).toBeVisible();
  await close(page);
  const { response, table } = await listed(page, person.name);
  expect(response.status()).toBe(200);
  await expect(table).toContainText(`"username": "${person.name}"`);
  expect(refused).toEqual([]);
});
