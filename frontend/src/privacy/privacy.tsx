import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { config } from "../config";
import { t } from "../texts/texts";
import { Panel } from "../ui/panel";
import { Screen, useFrame } from "../ui/screen";

/** What is kept about the account, to take along or to end. */
export default function PrivacyScreen() {
  const { site } = useFrame();
  const { inactiveAddresses, endedSessions, eventAddresses, failedSignIns } = site.retention;
  return (
    <Screen title={t("privacy-title")} lead={t("privacy-lead")}>
      <Panel title={t("export-title")}>
        <p>{t("export-lead")}</p>
        <p className="aside">{t("export-not")}</p>
        <a className="button start" href={`${config.root}export.json`} download>
          <Download size={20} aria-hidden />
          {t("export-download")}
        </a>
      </Panel>
      <Panel title={t("retention-title")}>
        <ul className="plain">
          <li>{t("retention-addresses", { days: inactiveAddresses })}</li>
          <li>{t("retention-sessions", { days: endedSessions })}</li>
          <li>{t("retention-events", { days: eventAddresses })}</li>
          {failedSignIns !== null && <li>{t("retention-failures", { days: failedSignIns })}</li>}
        </ul>
      </Panel>
      {site.accountDeactivationAllowed && (
        <Panel title={t("delete-title")}>
          <p>{t("delete-panel-lead")}</p>
          <Link className="button button-danger-plain start" to="/delete-account">
            {t("delete-go")}
          </Link>
        </Panel>
      )}
    </Screen>
  );
}
