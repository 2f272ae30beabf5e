import { t } from "../texts/texts";
import { Screen } from "../ui/screen";

export default function ResetCancelledScreen() {
  return <Screen title={t("reset-cancelled-title")} lead={t("reset-cancelled-lead")} />;
}
