// Applications on other people's libraries, which check what they are given: what these accept, others will.

import type { Page } from "@playwright/test";
import type { Person } from "../fixtures/service.ts";
import { signIn } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";
import { authlib } from "../interop/authlib.ts";
import { grants, register } from "../interop/clients.ts";
import { oauth4webapi } from "../interop/oauth4webapi.ts";
import { openidClient } from "../interop/openid-client.ts";
import { type Client, type Library, methods, type RelyingParty } from "../interop/relying-party.ts";

/** Runs `steps` with an application, and puts it away afterwards. */
async function using(library: Library, client: Client, steps: (app: RelyingParty) => Promise<void>) {
  const app = await library.connect(client);
  await steps(app).finally(app.stop);
}

/** What a library may not show: the userinfo as it came. */
async function userinfoAsSent(issuer: string, access: string): Promise<string> {
  const answer = await fetch(`${issuer}oauth2/userinfo`, { headers: { authorization: `Bearer ${access}` } });
  return answer.text();
}

/** Signs in, if that is asked for, agrees, and returns what the browser brought back to the application, as an address. */
async function agree(page: Page, url: string, person: Person, { client_name }: Client["metadata"]) {
  await page.goto(url);
  const allow = page.getByRole("button", { name: `Allow ${client_name}` });
  await expect(allow.or(page.getByLabel("Username"))).toBeVisible();
  if (!(await allow.isVisible())) await signIn(page, person);
  await allow.click();
  await expect(page).toHaveTitle("Back at the app");
  const parameters = await page.locator("output").textContent();
  return `${new URL("callback", page.url())}?${parameters}`;
}

for (const library of [openidClient, oauth4webapi, authlib]) {
  test.describe(library.name, () => {
    for (const method of methods) {
      test(`signs people in, as a client with ${method}`, async ({ page, service, landing, alice }) => {
        const goodbye = `${landing.url}goodbye`;
        const client = await register(service.url, landing.url, library, method, {
          ...grants.code,
          post_logout_redirect_uris: [goodbye],
        });
        await using(library, client, async (app) => {
          const callback = await agree(page, await app.start({ scope: "openid" }), alice, client.metadata);
          expect(new URL(callback).searchParams.get("iss"), "RFC 9207").toBe(service.url);
          const first = await app.finish(callback);
          expect(first.claims?.aud).toBe(client.client_id);
          expect(await app.userinfo(first)).toMatchObject({ sub: first.claims?.sub, username: alice.name });

          const second = await app.refresh(first);
          expect(second.access).not.toBe(first.access);
          expect(await app.userinfo(second)).toMatchObject({ sub: first.claims?.sub });
          if (method !== "none") {
            const { active, client_id } = await app.introspect(second.access);
            expect({ active, client_id }).toEqual({ active: true, client_id: client.client_id });
          }

          await app.revoke(second.refresh ?? "");
          await expect(app.userinfo(second)).rejects.toThrow();
          await expect(app.refresh(second)).rejects.toMatchObject({ error: "invalid_grant" });

          // Its ID token is still a proof, so nobody is asked.
          await page.goto(await app.logout(first, goodbye, "see you"));
          await expect(page).toHaveURL(`${goodbye}?state=see+you`);
        });
      });
    }

    for (const method of methods.filter((method) => method !== "none")) {
      test(`acts for itself, as a client with ${method}`, async ({ service, landing }) => {
        // Where it has a key, the service finds it at an address of the application.
        const publish = landing.publish;
        const client = await register(
          service.url,
          landing.url,
          library,
          method,
          grants.clientCredentials,
          publish,
        );
        expect("jwks_uri" in client.metadata).toBe(method === "private_key_jwt");
        await using(library, client, async (app) => {
          const tokens = await app.clientCredentials("urn:mas:graphql:*");
          expect(tokens.refresh ?? null, "RFC 6749 §4.4.3").toBeNull();
          const { active, scope, sub } = await app.introspect(tokens.access);
          expect({ active, scope, sub }).toEqual({
            active: true,
            scope: "urn:mas:graphql:*",
            sub: undefined,
          });
        });
      });
    }

    test("is answered by a form, if it likes", async ({ page, service, landing, alice }) => {
      const client = await register(service.url, landing.url, library, "none");
      await using(library, client, async (app) => {
        const start = await app.start({ scope: "openid", response_mode: "form_post" });
        const callback = await agree(page, start, alice, client.metadata);
        expect(new URL(page.url()).search, "nothing is in the address").toBe("");
        expect((await app.finish(callback)).claims).toBeTruthy();
      });
    });

    test("learns that somebody refused", async ({ page, service, landing, alice }) => {
      const client = await register(service.url, landing.url, library, "none");
      await using(library, client, async (app) => {
        await page.goto(await app.start({ scope: "openid" }));
        await signIn(page, alice);
        await page.getByRole("button", { name: "Cancel" }).click();
        await expect(page).toHaveTitle("Back at the app");
        await expect(app.finish(page.url())).rejects.toMatchObject({ error: "access_denied" });
      });
    });

    test("checks what is signed in other ways", async ({ page, service, landing, alice }) => {
      for (const algorithm of library.verifies) {
        const client = await register(service.url, landing.url, library, "client_secret_basic", {
          ...grants.code,
          client_name: `${library.name} ${algorithm}`,
          id_token_signed_response_alg: algorithm,
          userinfo_signed_response_alg: algorithm,
        });
        await using(library, client, async (app) => {
          const callback = await agree(page, await app.start({ scope: "openid" }), alice, client.metadata);
          const tokens = await app.finish(callback);
          for (const jws of [tokens.idToken ?? "", await userinfoAsSent(service.url, tokens.access)]) {
            expect(JSON.parse(Buffer.from(jws.split(".")[0] ?? "", "base64url").toString()).alg).toBe(
              algorithm,
            );
          }
          expect(await app.userinfo(tokens)).toMatchObject({ sub: tokens.claims?.sub, username: alice.name });
        });
      }
    });

    for (const method of methods) {
      test(`signs somebody in on a device without a keyboard, as a client with ${method}`, async ({
        page,
        service,
        landing,
        alice,
      }) => {
        const client = await register(service.url, landing.url, library, method, grants.device);
        await using(library, client, async (app) => {
          const device = await app.startDevice("openid");
          const isPatient = method === "none";
          if (isPatient)
            await expect(app.pollDevice(device)).rejects.toMatchObject({ error: "authorization_pending" });

          await page.goto(device.verificationUri);
          await page.getByRole("textbox", { name: /code/i }).fill(device.userCode);
          await page.getByRole("button", { name: "Continue" }).click();
          await signIn(page, alice);
          await page.getByRole("checkbox").check();
          await page.getByRole("button", { name: `Allow ${client.metadata.client_name}` }).click();
          await expect(page.getByRole("heading", { name: "Your device is signed in" })).toBeVisible();

          // The service minds when it is asked more often than it said.
          const intervals = isPatient ? [device.interval * 1000] : [];
          await expect(async () => {
            const tokens = await app.pollDevice(device);
            const userinfo = await app.userinfo(tokens);
            expect(userinfo).toMatchObject({ sub: tokens.claims?.sub, username: alice.name });
          }).toPass({ intervals, timeout: 40_000 });
        });
      });
    }

    test("signs somebody out", async ({ page, service, landing, alice }) => {
      const goodbye = `${landing.url}goodbye`;
      const client = await register(service.url, landing.url, library, "none", {
        ...grants.code,
        post_logout_redirect_uris: [goodbye],
      });
      await using(library, client, async (app) => {
        const callback = await agree(page, await app.start({ scope: "openid" }), alice, client.metadata);
        const tokens = await app.finish(callback);
        await page.goto(await app.logout(tokens, goodbye, "see you"));
        const confirm = page.getByRole("button", { name: "Sign out" });
        await expect(confirm.or(page.getByText("state=see"))).toBeVisible();
        if (await confirm.isVisible()) await confirm.click();
        await expect(page).toHaveURL(`${goodbye}?state=see+you`);

        await page.goto(await app.start({ scope: "openid" }));
        await expect(page.getByLabel("Username")).toBeVisible();
      });
    });
  });
}
