import { Link } from "@tanstack/react-router";
import { t } from "../texts/texts";
import { Done } from "../ui/done";
import { Screen } from "../ui/screen";

/**
 * What a device that somebody has lost can still do does not end with a reset. All others are signed out from the list, and
 * not by one press here: the app that waits for the reset is one of them.
 */
export default function ResetAllowedScreen() {
  return (
    <Screen title={t("reset-allowed-title")} lead={t("reset-allowed-lead")} above={<Done />}>
      <div className="panel">
        <p>{t("reset-allowed-devices")}</p>
        <Link className="button start" to="/sessions">
          {t("changed-devices")}
        </Link>
      </div>
    </Screen>
  );
}
