import { Link } from "@tanstack/react-router";
import { CreditCard, LogOut } from "lucide-react";
import { useState } from "react";
import { ask, person } from "../api/client";
import { EndBrowserSession, Home } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { config } from "../config";
import { Emails } from "../emails/emails";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog, preloadDialog } from "../ui/dialog";
import { FailureNotice } from "../ui/failure";
import { Panel } from "../ui/panel";
import { Screen, useFrame, useLoaded } from "../ui/screen";
import { ProfileCard } from "./profile";

export const loader = async () => person((await ask(Home)).viewer);

/** The first screen: who one is, and how one can be reached. */
export default function HomeScreen() {
  const { emails } = useLoaded(loader);
  const { site } = useFrame();
  return (
    <Screen title={t("home-title")} lead={rich("home-lead", { homeserver: <bdi>{site.serverName}</bdi> })}>
      <ProfileCard />
      {(site.emailChangeAllowed || emails.nodes.length > 0) && <Emails emails={emails.nodes} />}
      {site.planManagementIframeUri && (
        <Panel title={t("plan-title")}>
          <p className="aside">{t("plan-lead")}</p>
          <Link className="button" to="/plan">
            <CreditCard size={20} aria-hidden />
            {t("plan-open")}
          </Link>
        </Panel>
      )}
      <SignOut />
    </Screen>
  );
}

function SignOut() {
  const { sessionId } = useFrame();
  const [asking, setAsking] = useState(false);
  const { send, busy, failure } = useSend(EndBrowserSession);
  if (sessionId === undefined) return null;
  const signOut = async () => {
    // The server leads whoever is not signed in to the sign-in page.
    if (await send({ id: sessionId })) location.assign(config.root);
  };
  return (
    <Panel title={t("sign-out-title")}>
      <p className="aside">{t("sign-out-lead")}</p>
      <Button
        className="start"
        onPointerEnter={preloadDialog}
        onFocus={preloadDialog}
        onClick={() => setAsking(true)}
      >
        <LogOut className="flip" size={20} aria-hidden />
        {t("sign-out")}
      </Button>
      <Dialog title={t("logout-heading")} open={asking} busy={busy} onClose={() => setAsking(false)}>
        <p>{t("logout-lead")}</p>
        <FailureNotice failure={failure} />
        <div className="actions">
          <Button look="primary" busy={busy} onClick={signOut}>
            {t("sign-out")}
          </Button>
          <Button onClick={() => setAsking(false)}>{t("logout-stay")}</Button>
        </div>
      </Dialog>
    </Panel>
  );
}
