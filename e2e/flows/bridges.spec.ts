// Devices that an application service makes for people (MSC4190) are none of the service's business.

import { readFileSync } from "node:fs";
import { asClient, signInByOperator, signInToApp } from "../fixtures/steps.ts";
import { expect, test } from "../fixtures/test.ts";

/** All that has ended is a hundred days old, and everything that is done again and again is due now. */
const aHundredDaysLater = `
  UPDATE sessions SET finished_at = finished_at - 8640000000000 WHERE finished_at IS NOT NULL;
  UPDATE browser_sessions SET finished_at = finished_at - 8640000000000 WHERE finished_at IS NOT NULL;
  UPDATE schedules SET next_run_at = 0;`;

test("a bridge's device survives sign-ins, sign-outs, operators and clean-up", async ({
  page,
  clientApp,
  service,
  homeserver,
  complaints,
  alice,
}) => {
  // The client whose session is killed under it tries to refresh.
  complaints.expect(/oauth2\/token: .* status of 400/);
  const { deviceId } = await signInToApp(page, clientApp, homeserver, alice);
  const bridge = asClient(homeserver, homeserver.bridgeToken);
  const user = encodeURIComponent(`@${alice.name}:localhost`);
  const made = await bridge(`devices/BR1DGE?user_id=${user}`, { display_name: "Bridge" });
  expect(made.status).toBe(201);
  const devices = async () => {
    const { body } = await bridge(`devices?user_id=${user}`);
    return (body.devices as { device_id: string }[]).map(({ device_id }) => device_id).sort();
  };
  expect(await devices()).toEqual(["BR1DGE", deviceId].sort());

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("status")).toHaveText("Signed out");
  await expect.poll(devices).toEqual(["BR1DGE"]);
  await signInToApp(page, clientApp, homeserver, alice);
  expect(await devices()).toHaveLength(2);

  signInByOperator(service, alice, "SCRIPT");
  service.manage("lock-user", alice.name);
  service.manage("unlock-user", alice.name);
  service.manage("provision-all-users");
  expect(await devices()).toHaveLength(3);
  service.manage("kill-sessions", alice.name);
  await expect.poll(devices).toEqual(["BR1DGE"]);

  service.database.run(aHundredDaysLater);
  const jobs = ["cleanup-finished-sessions", "cleanup-finished-user-sessions"];
  for (const job of jobs) {
    const done = () => readFileSync(service.log, "utf8").match(new RegExp(`Job completed.*${job}`)) !== null;
    await expect.poll(done, { message: job, timeout: 30_000 }).toBe(true);
  }
  expect(await devices()).toEqual(["BR1DGE"]);
  const { body } = await bridge(`devices/BR1DGE?user_id=${user}`);
  expect(body.display_name).toBe("Bridge");
});
