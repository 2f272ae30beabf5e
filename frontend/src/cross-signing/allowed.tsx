import { t } from "../texts/texts";
import { Done } from "../ui/done";
import { Screen } from "../ui/screen";

export default function ResetAllowedScreen() {
  return <Screen title={t("reset-allowed-title")} lead={t("reset-allowed-lead")} above={<Done />} />;
}
