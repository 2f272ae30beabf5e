import { execFile, execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Person } from "../fixtures/service.ts";

const script = fileURLToPath(new URL("../../scripts/nio", import.meta.url));
const program = fileURLToPath(new URL("legacy_client.py", import.meta.url));

/** What a client on matrix-nio saw from its login to its logout. */
export interface Seen {
  login: [user: string, device: string];
  whoami: [user: string, device: string];
  rooms: boolean;
  devices: string[];
}

/** Has a client on <https://github.com/matrix-nio/matrix-nio> log in, talk and log out. */
export async function goThroughNio(homeserver: string, person: Person, deviceName: string): Promise<Seen> {
  execFileSync(script, ["install"]);
  const user = `@${person.name}:localhost`;
  const run = ["run", program, homeserver, user, person.password, deviceName];
  const { stdout } = await promisify(execFile)(script, run, { timeout: 60_000 });
  return JSON.parse(stdout);
}
