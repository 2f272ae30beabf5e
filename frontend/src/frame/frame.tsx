import { Link, Outlet, useLoaderData } from "@tanstack/react-router";
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

function Nav({ plan }: { plan: boolean }) {
  return (
    <nav className="nav" aria-label={t("nav")}>
      <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
        <CircleUserRound size={22} aria-hidden />
        {t("nav-account")}
      </Link>
      <Link to="/sessions" activeOptions={{ includeSearch: false }}>
        <MonitorSmartphone size={22} aria-hidden />
        {t("nav-devices")}
      </Link>
      <Link to="/security">
        <ShieldCheck size={22} aria-hidden />
        {t("nav-security")}
      </Link>
      <Link to="/privacy">
        <FileLock2 size={22} aria-hidden />
        {t("nav-privacy")}
      </Link>
      {plan && (
        <Link to="/plan">
          <CreditCard size={22} aria-hidden />
          {t("nav-plan")}
        </Link>
      )}
    </nav>
  );
}
