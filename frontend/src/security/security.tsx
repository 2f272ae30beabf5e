import { Link } from "@tanstack/react-router";
import { Fingerprint, KeyRound, LockKeyhole } from "lucide-react";
import type { ReactNode } from "react";
import { ask, person } from "../api/client";
import { Security } from "../api/operations.gen";
import { t } from "../texts/texts";
import { Panel } from "../ui/panel";
import { Screen, useFrame, useLoaded } from "../ui/screen";
import { Events } from "./events";

export const loader = async () => person((await ask(Security)).viewer);

/** What keeps the account safe, and what has happened to it lately. */
export default function SecurityScreen() {
  const { personalSessions, securityEvents } = useLoaded(loader);
  const { user, site } = useFrame();
  return (
    <Screen title={t("security-title")} lead={t("security-lead")}>
      <section className="panel" aria-label={t("security-ways")}>
        <ul className="rows">
          {site.passwordLoginEnabled && user.hasPassword && (
            <Way icon={<LockKeyhole size={20} aria-hidden />} title={t("password-title")}>
              {site.passwordChangeAllowed ? (
                <Link className="button" to="/password/change">
                  {t("password-change")}
                </Link>
              ) : (
                <p className="row-meta">{t("password-fixed")}</p>
              )}
            </Way>
          )}
          {(site.personalTokens || personalSessions.totalCount > 0) && (
            <Way
              icon={<KeyRound size={20} aria-hidden />}
              title={t("tokens-title")}
              detail={t("tokens-count", { count: personalSessions.totalCount })}
            >
              <Link className="button" to="/tokens">
                {t("tokens-manage")}
              </Link>
            </Way>
          )}
          <Way
            icon={<Fingerprint size={20} aria-hidden />}
            title={t("identity-title")}
            detail={t("identity-detail")}
          >
            <Link className="button" to="/reset-cross-signing">
              {t("identity-reset")}
            </Link>
          </Way>
        </ul>
      </section>
      <Panel title={t("activity-lately")} action={<Link to="/security/activity">{t("activity-all")}</Link>}>
        <Events events={securityEvents.nodes} />
      </Panel>
    </Screen>
  );
}

type WayProps = { icon: ReactNode; title: string; detail?: string; children: ReactNode };

function Way({ icon, title, detail, children }: WayProps) {
  return (
    <li className="row way">
      {icon}
      <span className="row-text">
        <span className="row-title">{title}</span>
        {detail && <span className="row-meta">{detail}</span>}
      </span>
      {children}
    </li>
  );
}
