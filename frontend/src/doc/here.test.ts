import { expect, test, vi } from "vitest";
import { here } from "./here";

function server(page: string) {
  const take = vi.fn();
  const { updateJsonSpec } = here(page)().statePlugins.spec.wrapActions;
  updateJsonSpec(take)({ servers: [{ url: "https://auth.example.com/" }] });
  return take.mock.calls[0]?.[0].servers;
}

test("requests go to where the page is, and not to the public base", () => {
  expect(server("http://127.0.0.1:8081/api/doc/#/user/listUsers")).toEqual([
    { url: "http://127.0.0.1:8081" },
  ]);
  expect(server("https://example.com/auth/api/doc/")).toEqual([{ url: "https://example.com/auth" }]);
});
