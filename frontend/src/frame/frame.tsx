import { Link, Outlet, useLoaderData, useLocation } from "@tanstack/react-router";
import { CircleUserRound, CreditCard, FileLock2, MonitorSmartphone, ShieldCheck } from "lucide-react";
import { ask, person } from "../api/client";
import { Frame as FrameQuery } from "../api/operations.gen";
import { t } from "../texts/texts";
import { Flash } from "../ui/flash";
import { Masthead } from "./masthead";
import { SmallPrint } from "./small-print";

export async function loadFrame() {
  const { viewer, viewerSession, siteConfig } = await ask(FrameQuery);
  const user = person(viewer);
  return {
    user: { ...user, mxid: `@${user.username}:${siteConfig.serverName}` },
    site: siteConfig,
    /** The session of this browser. */
    sessionId: viewerSession.__typename === "BrowserSession" ? viewerSession.id : undefined,
    /** Whether some changes ask for the password once more. */
    proof: user.hasPassword && siteConfig.passwordLoginEnabled,
  };
}

type Loaded = Awaited<ReturnType<typeof loadFrame>>;

/** What stands around every screen of somebody's account. */
export function Frame() {
  const loaded: Loaded | undefined = useLoaderData({ from: "/frame" });
  // A screen failed before the frame was there: it says so by itself.
  if (!loaded) {
    return (
      <main className="alone">
        <Outlet />
      </main>
    );
  }
  const { site } = loaded;
  return (
    <div className="app">
      <a className="skip" href="#content">
        {t("skip-to-content")}
      </a>
      <Masthead name={site.serviceName} homeserver={site.serverName} />
      <Nav plan={site.planManagementIframeUri !== null} />
      <main id="content" className="content" tabIndex={-1}>
        <Outlet />
      </main>
      <Flash />
      <SmallPrint site={site} />
    </div>
  );
}

const SECTIONS = [
  { to: "/", text: "nav-account", Icon: CircleUserRound, paths: /^\/(emails\/.*)?$/ },
  { to: "/sessions", text: "nav-devices", Icon: MonitorSmartphone, paths: /^\/(sessions|devices|clients)\b/ },
  {
    to: "/security",
    text: "nav-security",
    Icon: ShieldCheck,
    paths: /^\/(security|tokens|password|reset-cross-signing)\b/,
  },
  { to: "/privacy", text: "nav-privacy", Icon: FileLock2, paths: /^\/(privacy|delete-account)\b/ },
  { to: "/plan", text: "nav-plan", Icon: CreditCard, paths: /^\/plan\b/ },
] as const;

function Nav({ plan }: { plan: boolean }) {
  const path = useLocation({ select: ({ pathname }) => pathname.replace(/\/+$/, "") || "/" });
  return (
    <nav className="nav" aria-label={t("nav")}>
      {SECTIONS.filter(({ to }) => plan || to !== "/plan").map(({ to, text, Icon, paths }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          data-here={paths.test(path)}
        >
          <Icon size={22} aria-hidden />
          {t(text)}
        </Link>
      ))}
    </nav>
  );
}
