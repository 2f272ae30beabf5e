import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { cleanup, configure, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, vi } from "vitest";
import { config } from "../config";
import { createAppRouter } from "../router";
import { loadTexts } from "../texts/texts";
import { flash } from "../ui/flash";
import { Backend } from "./backend";
import { NOW } from "./seed";

/** For tests: the app at a path below its root, before a made-up account. */
export async function open(path: string, prepare?: (backend: Backend) => void) {
  const backend = new Backend();
  prepare?.(backend);
  vi.stubGlobal("fetch", backend.fetch);
  const router = createAppRouter(createMemoryHistory({ initialEntries: [`/account/${path}`] }));
  const { container } = render(<RouterProvider router={router} />);
  await screen.findByRole("heading", { level: 1, name: (name) => name !== "Loading" });
  return {
    backend,
    router,
    container,
    user: userEvent.setup(),
    /** The path below the root, with what stands behind the `?`. */
    where: () => router.state.location.href.replace(/^\/account\/?/, "/"),
    /** What operations were asked, without those that every screen asks. */
    asked: () =>
      backend.asked.map(({ operation }) => operation).filter((name) => !/^(Frame|Profile)$/.test(name)),
    /** What an operation was last given. */
    given: (operation: string) => backend.asked.findLast((one) => one.operation === operation)?.variables,
  };
}

/** Where the page would have gone, when it leaves the app. */
export function watchLeaving() {
  return {
    assign: vi.spyOn(window.location, "assign").mockImplementation(() => {}),
    reload: vi.spyOn(window.location, "reload").mockImplementation(() => {}),
  };
}

beforeAll(async () => {
  configure({ asyncUtilTimeout: 4000 });
  await Promise.all([loadTexts("en"), import("../ui/modal")]);
});

beforeEach(() => {
  Object.assign(config, { root: "/account/", graphqlEndpoint: "/graphql", language: "en" });
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  sessionStorage.clear();
  flash("");
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
