import { Link } from "@tanstack/react-router";
import { t } from "../texts/texts";
import { Done } from "../ui/done";
import { Screen } from "../ui/screen";

export default function PasswordChangedScreen() {
  return (
    <Screen title={t("changed-title")} lead={t("changed-lead")} above={<Done />}>
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
