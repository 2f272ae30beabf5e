import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { config } from "./config";
import { ErrorScreen } from "./frame/error-screen";
import { NotFound } from "./frame/not-found";
import { routeTree } from "./routes";
import { focusTitle } from "./ui/focus";
import { SkeletonScreen } from "./ui/skeleton";

export function createAppRouter(history?: RouterHistory) {
  const router = createRouter({
    routeTree,
    history,
    basepath: config.root,
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultPendingMs: 200,
    defaultPendingMinMs: 300,
    defaultPendingComponent: SkeletonScreen,
    defaultErrorComponent: ErrorScreen,
    defaultNotFoundComponent: NotFound,
  });
  let shown: string | undefined;
  router.subscribe("onRendered", ({ toLocation }) => {
    // The browser looks after the first screen; afterwards people who do not see it must hear where they are.
    if (shown !== undefined && shown !== toLocation.pathname) focusTitle();
    shown = toLocation.pathname;
  });
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
