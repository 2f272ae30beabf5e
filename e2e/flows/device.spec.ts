import { look } from "../fixtures/look.ts";
import { signIn } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

const grantType = "urn:ietf:params:oauth:grant-type:device_code";
const scope = "openid urn:matrix:client:api:* urn:matrix:client:device:TELEV1S10N";

interface Codes {
  device_code: string;
  user_code: string;
  verification_uri: string;
}

/** A device without a keyboard, which can only show a code. */
async function startDevice(url: string) {
  const post = async (path: string, fields: Record<string, string>) =>
    fetch(`${url}${path}`, { method: "POST", body: new URLSearchParams(fields) });
  const registered = await fetch(`${url}oauth2/registration`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      client_name: "Television",
      client_uri: "https://tv.example.org/",
      grant_types: [grantType, "refresh_token"],
      response_types: [],
      token_endpoint_auth_method: "none",
    }),
  });
  const { client_id } = (await registered.json()) as { client_id: string };
  const codes = (await (await post("oauth2/device", { client_id, scope })).json()) as Codes;
  const poll = async () => {
    const fields = { grant_type: grantType, client_id, device_code: codes.device_code };
    return (await (await post("oauth2/token", fields)).json()) as Record<string, string>;
  };
  return { codes, poll };
}

test("somebody signs in a device by the code that it shows", async ({ page, service, alice }) => {
  const device = await startDevice(service.url);
  expect(await device.poll()).toMatchObject({ error: "authorization_pending" });

  await page.goto(device.codes.verification_uri);
  await look(page, "device-link");
  await page.getByLabel("Code on the device").fill("BCD");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("Code on the device")).toHaveAccessibleDescription(/six letters and digits/);
  await look(page, "device-link-wrong");

  const { user_code } = device.codes;
  await page
    .getByLabel("Code on the device")
    .fill(`${user_code.slice(0, 3)}-${user_code.slice(3)}`.toLowerCase());
  await page.getByRole("button", { name: "Continue" }).click();
  await signIn(page, alice);

  await expect(page.getByRole("heading", { name: "Is this your device?" })).toBeVisible();
  await expect(page.getByText(user_code, { exact: true }).first()).toBeVisible();
  await look(page, "device-asked");
  await page.getByRole("button", { name: "Allow Television" }).click();
  await expect(page.getByRole("checkbox")).toHaveAccessibleDescription(/Tick the box/);
  await page.getByRole("checkbox", { name: /This device is mine/ }).check();
  await page.getByRole("button", { name: "Allow Television" }).click();

  await expect(page.getByRole("heading", { name: "Your device is signed in" })).toBeVisible();
  await look(page, "device-granted");
  expect(await device.poll()).toMatchObject({ token_type: "Bearer", scope });
});

test("somebody refuses a device that is not theirs, without scripts", async ({
  anotherBrowser,
  service,
  alice,
}) => {
  const device = await startDevice(service.url);
  const context = await anotherBrowser({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(device.codes.verification_uri);
  await page.getByLabel("Code on the device").fill(device.codes.user_code);
  await page.getByRole("button", { name: "Continue" }).click();
  await signIn(page, alice);
  await page.getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByRole("heading", { name: "You refused" })).toBeVisible();
  expect(await device.poll()).toMatchObject({ error: "access_denied" });
});

test("the QR code leads to the same page on a phone", async ({ page, service }) => {
  await page.goto(`${service.url}link`);
  await page.getByText("Use your phone instead").click();
  await expect(page.getByRole("img", { name: /QR code of the address/ })).toBeVisible();
  await look(page, "device-link-qr");
});
