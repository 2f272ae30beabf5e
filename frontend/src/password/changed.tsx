import { Link } from "@tanstack/react-router";
import { ask, person } from "../api/client";
import { TokensInUse } from "../api/operations.gen";
import { t } from "../texts/texts";
import { Done } from "../ui/done";
import { Notice } from "../ui/notice";
import { Screen, useLoaded } from "../ui/screen";

export const loader = async () => person((await ask(TokensInUse)).viewer).personalSessions.totalCount;

/** What comes next, too, for who has changed it because somebody else knew the old one: tokens outlast it. */
export default function PasswordChangedScreen() {
  const tokens = useLoaded(loader);
  return (
    <Screen title={t("changed-title")} lead={t("changed-lead")} above={<Done />}>
      {tokens > 0 && (
        <Notice tone="info">
          <p>{t("changed-tokens", { count: tokens })}</p>
          <p>
            <Link to="/tokens">{t("changed-tokens-check")}</Link>
          </p>
        </Notice>
      )}
      <div className="actions-row">
        <Link className="button button-primary" to="/security">
          {t("changed-back")}
        </Link>
        <Link className="button" to="/sessions">
          {t("changed-devices")}
        </Link>
      </div>
    </Screen>
  );
}
