import { useSearch } from "@tanstack/react-router";
import { ask, person } from "../api/client";
import { Activity } from "../api/operations.gen";
import { type At, pageOf } from "../search";
import { t } from "../texts/texts";
import { Back } from "../ui/back";
import { Pager } from "../ui/pager";
import { Screen, useLoaded } from "../ui/screen";
import { Events } from "./events";

export async function loader({ deps }: { deps: At }) {
  return person((await ask(Activity, pageOf(deps))).viewer).securityEvents;
}

/** All that has happened to the account and matters to its safety. */
export default function ActivityScreen() {
  const { nodes, pageInfo } = useLoaded(loader);
  const search = useSearch({ from: "/frame/security/activity" });
  return (
    <Screen
      title={t("activity-title")}
      lead={t("activity-lead")}
      above={<Back to="/security">{t("security-title")}</Back>}
    >
      <div className="panel">
        <Events events={nodes} />
      </div>
      <Pager info={pageInfo} at={search} to="/security/activity" />
    </Screen>
  );
}
