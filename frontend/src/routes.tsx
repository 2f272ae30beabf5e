/** The whole map. A screen brings its own `loader`; all but the first are fetched when they are needed. */
import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import type { ComponentType } from "react";
import * as home from "./account/home";
import { Failure } from "./api/failure";
import { destination } from "./deep-links";
import { ErrorScreen } from "./frame/error-screen";
import { Frame, loadFrame } from "./frame/frame";
import { NotFound } from "./frame/not-found";
import { type At, flagOf, kindOf, type SessionsSearch, textOf } from "./search";
import { loadAllTexts } from "./texts/texts";
import { SkeletonScreen } from "./ui/skeleton";

type Module = { default: ComponentType; loader?: (context: never) => Promise<unknown> };

function screen(load: () => Promise<Module>) {
  return {
    component: lazyRouteComponent(load),
    loader: async (context: object) => (await fetched(load)).loader?.(context as never),
  };
}

/** A screen with its words. What of the app itself cannot be fetched is as good as an API that cannot be reached. */
async function fetched(load: () => Promise<Module>): Promise<Module> {
  try {
    const [module] = await Promise.all([load(), loadAllTexts()]);
    return module;
  } catch (error) {
    throw new Failure("OFFLINE", String(error));
  }
}

/** `after` and `before` of a page of a list. */
const page = (search: Record<string, unknown>): At => ({
  after: textOf(search.after),
  before: textOf(search.before),
});

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => (
    <main className="alone">
      <NotFound />
    </main>
  ),
});

const recovery = createRoute({
  getParentRoute: () => root,
  path: "password/recovery",
  validateSearch: (search): { ticket?: string } => ({ ticket: textOf(search.ticket) }),
  loaderDeps: ({ search }) => search,
  ...screen(() => import("./password/recovery")),
});

export const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: Frame,
  errorComponent: (props) => (
    <main className="alone">
      <ErrorScreen {...props} />
    </main>
  ),
  pendingComponent: () => (
    <main className="alone">
      <SkeletonScreen />
    </main>
  ),
  loader: loadFrame,
  staleTime: Number.POSITIVE_INFINITY,
});

const index = createRoute({
  getParentRoute: () => frame,
  path: "/",
  validateSearch: (search): { action?: string; device_id?: string } => ({
    action: textOf(search.action),
    device_id: textOf(search.device_id),
  }),
  beforeLoad: ({ search }) => {
    if (search.action !== undefined)
      throw redirect({ ...destination(search.action, search.device_id), replace: true });
  },
  component: home.default,
  loader: home.loader,
});

const sessions = createRoute({
  getParentRoute: () => frame,
  path: "sessions",
  validateSearch: (search): SessionsSearch => ({
    ...page(search),
    q: textOf(search.q),
    kind: kindOf(search.kind),
    inactive: flagOf(search.inactive),
    ended: flagOf(search.ended),
  }),
  loaderDeps: ({ search }) => search,
  ...screen(() => import("./sessions/sessions")),
});

const browsers = createRoute({
  getParentRoute: () => frame,
  path: "sessions/browsers",
  beforeLoad: () => {
    throw redirect({ to: "/sessions", search: { kind: "browsers" }, replace: true });
  },
});

const session = createRoute({
  getParentRoute: () => frame,
  path: "sessions/$id",
  ...screen(() => import("./sessions/session")),
});

const device = createRoute({
  getParentRoute: () => frame,
  path: "devices/$",
  ...screen(() => import("./sessions/device")),
});

const security = createRoute({
  getParentRoute: () => frame,
  path: "security",
  ...screen(() => import("./security/security")),
});

const activity = createRoute({
  getParentRoute: () => frame,
  path: "security/activity",
  validateSearch: page,
  loaderDeps: ({ search }) => search,
  ...screen(() => import("./security/activity")),
});

const tokens = createRoute({
  getParentRoute: () => frame,
  path: "tokens",
  validateSearch: page,
  loaderDeps: ({ search }) => search,
  ...screen(() => import("./tokens/tokens")),
});

const newToken = createRoute({
  getParentRoute: () => frame,
  path: "tokens/new",
  ...screen(() => import("./tokens/new-token")),
});

const changePassword = createRoute({
  getParentRoute: () => frame,
  path: "password/change",
  ...screen(() => import("./password/change")),
});

const passwordChanged = createRoute({
  getParentRoute: () => frame,
  path: "password/change/success",
  ...screen(() => import("./password/changed")),
});

const verifyEmail = createRoute({
  getParentRoute: () => frame,
  path: "emails/$id/verify",
  ...screen(() => import("./emails/verify")),
});

const emailInUse = createRoute({
  getParentRoute: () => frame,
  path: "emails/$id/in-use",
  ...screen(() => import("./emails/in-use")),
});

const reset = createRoute({
  getParentRoute: () => frame,
  path: "reset-cross-signing",
  validateSearch: (search): { deepLink?: true } =>
    search.deepLink === true || search.deepLink === "true" ? { deepLink: true } : {},
  ...screen(() => import("./cross-signing/reset")),
});

const resetDone = createRoute({
  getParentRoute: () => frame,
  path: "reset-cross-signing/success",
  ...screen(() => import("./cross-signing/allowed")),
});

const resetCancelled = createRoute({
  getParentRoute: () => frame,
  path: "reset-cross-signing/cancelled",
  ...screen(() => import("./cross-signing/cancelled")),
});

const privacy = createRoute({
  getParentRoute: () => frame,
  path: "privacy",
  ...screen(() => import("./privacy/privacy")),
});

const deleteAccount = createRoute({
  getParentRoute: () => frame,
  path: "delete-account",
  ...screen(() => import("./privacy/delete-account")),
});

const client = createRoute({
  getParentRoute: () => frame,
  path: "clients/$id",
  ...screen(() => import("./clients/client")),
});

const plan = createRoute({
  getParentRoute: () => frame,
  path: "plan",
  ...screen(() => import("./plan/plan")),
});

const nowhere = createRoute({ getParentRoute: () => frame, path: "$", component: NotFound });

export const routeTree = root.addChildren([
  recovery,
  frame.addChildren([
    index,
    sessions,
    browsers,
    session,
    device,
    security,
    activity,
    tokens,
    newToken,
    changePassword,
    passwordChanged,
    verifyEmail,
    emailInUse,
    reset,
    resetDone,
    resetCancelled,
    privacy,
    deleteAccount,
    client,
    plan,
    nowhere,
  ]),
]);
