import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Client, Library, RelyingParty } from "./relying-party.ts";

/** <https://authlib.org>: a Python process does the work, asked and answered by a line of JSON each. */
export const authlib: Library = {
  name: "Authlib",
  algorithm: "PS256",
  // Not ES256K, for which it looks for an at_hash by "SHA-256K".
  verifies: ["PS384", "ES256"],
  connect,
};

const script = fileURLToPath(new URL("../../scripts/authlib", import.meta.url));
const program = fileURLToPath(new URL("relying_party.py", import.meta.url));

async function connect(client: Client): Promise<RelyingParty> {
  execFileSync(script, ["install"]);
  const python = spawn(script, ["run", program], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();

  // biome-ignore lint/suspicious/noExplicitAny: what comes back is described by the interface, and checked by the test
  async function ask(call: string, ...parameters: unknown[]): Promise<any> {
    python.stdin.write(`${JSON.stringify([call, ...parameters])}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error("the Python process has ended");
    const { result, message, error } = JSON.parse(value);
    if (message) throw Object.assign(new Error(message), { error });
    return result;
  }

  await ask("connect", client);
  return {
    start: (parameters) => ask("start", parameters),
    finish: (callback) => ask("finish", callback),
    refresh: (tokens) => ask("refresh", tokens),
    clientCredentials: (scope) => ask("client_credentials", scope),
    startDevice: (scope) => ask("start_device", scope),
    pollDevice: (device) => ask("poll_device", device),
    userinfo: (tokens) => ask("userinfo", tokens),
    introspect: (token) => ask("introspect", token),
    revoke: (token) => ask("revoke", token),
    logout: (tokens, uri, state) => ask("logout", tokens, uri, state),
    async stop() {
      const gone = new Promise((resolve) => python.once("exit", resolve));
      python.stdin.end();
      await gone;
    },
  };
}
