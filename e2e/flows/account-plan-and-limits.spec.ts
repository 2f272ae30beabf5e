// What of the account app is there only if the operator has set it: the page about a plan, and a limit of apps.

import { inspect } from "../fixtures/look.ts";
import { openAccount, signInByOperator } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

/** It tells who asks for it, and would take over the window if it could. */
const page = `<!doctype html><html lang="en"><title>Plans</title><main><h1>Choose a plan</h1>
  <p>You have the small one.</p><output></output></main><script>
  document.querySelector("output").textContent = "Referrer: " + (document.referrer || "none");
  try { top.location.href = "/gone"; } catch { document.querySelector("p").append(" It may not leave."); }
  </script></html>`;

test.use({
  settings: [
    async ({ landing }, use) =>
      use({
        experimental: {
          plan_management_iframe_uri: landing.publishPage(page),
          session_limit: { soft_limit: 5, hard_limit: 8 },
        },
      }),
    { scope: "worker" },
  ],
});

test("the operator's page about plans is shown, and can do no more than that", async ({
  page,
  service,
  complaints,
  alice,
}) => {
  complaints.expect(/Unsafe attempt to initiate navigation/);
  await openAccount(page, service, alice);
  await page.getByRole("link", { name: "Look at your plan" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your plan" })).toBeFocused();
  const plan = page.frameLocator("iframe[title='Your plan']");
  await expect(plan.getByText("You have the small one. It may not leave.")).toBeVisible();
  await expect(plan.getByText("Referrer: none")).toBeVisible();
  await expect(page).toHaveURL(`${service.url}account/plan`);
  await inspect(page, "the plan");
  await page.goto(`${service.url}account/?action=org.matrix.plan_management`);
  await expect(plan.getByText("You have the small one.")).toBeVisible();
  await expect(page.getByRole("navigation").getByRole("link", { name: "Plan" })).toHaveAttribute(
    "aria-current",
    "page",
  );
});

test("who comes near to the limit of apps is told, and again at the limit", async ({
  page,
  service,
  alice,
}) => {
  const devices = ["LIMIT00001", "LIMIT00002", "LIMIT00003", "LIMIT00004", "LIMIT00005"];
  const add = (ids: string[]) => ids.forEach((id) => void signInByOperator(service, alice, id));
  const near = page.getByText("4 apps are signed in. From 5 on you cannot add more.");
  const reached = page.getByText("You have too many devices");
  add(devices.slice(0, 3));
  await openAccount(page, service, alice, "sessions");
  await expect(page.getByText("4 sign-ins")).toBeVisible();
  await expect(near.or(reached)).toHaveCount(0);
  add(devices.slice(3, 4));
  await page.reload();
  await expect(near).toBeVisible();
  await inspect(page, "near the limit");
  add(devices.slice(4));
  await page.reload();
  await expect(reached).toBeVisible();
  await expect(page.getByText("5 apps are signed in; 8 are possible.")).toBeVisible();
  await inspect(page, "at the limit");
  await page
    .getByRole("button", { name: /^Sign out (?!all)/ })
    .last()
    .click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await expect(reached).toBeHidden();
  await expect(near).toBeVisible();
});
