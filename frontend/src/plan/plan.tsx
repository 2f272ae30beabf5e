import { NotFound } from "../frame/not-found";
import { t } from "../texts/texts";
import { Screen, useFrame } from "../ui/screen";

/** The operator's own page about what the account has been booked for. */
export default function PlanScreen() {
  const uri = useFrame().site.planManagementIframeUri;
  if (!uri) return <NotFound />;
  return (
    <Screen title={t("plan-title")}>
      <iframe
        className="plan"
        src={uri}
        title={t("plan-title")}
        sandbox="allow-forms allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts"
        referrerPolicy="no-referrer"
      />
    </Screen>
  );
}
