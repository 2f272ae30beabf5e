import { useSearch } from "@tanstack/react-router";
import { ask, person } from "../api/client";
import { SignIns } from "../api/operations.gen";
import { pageOf, type SessionsSearch } from "../search";
import { t } from "../texts/texts";
import { Notice } from "../ui/notice";
import { Pager } from "../ui/pager";
import { Screen, useFrame, useLoaded } from "../ui/screen";
import { daysAgo } from "../ui/time";
import { byDevice } from "./describe";
import { DeviceCard } from "./device-card";
import { Filters } from "./filters";
import { SignOutOthers } from "./sign-out-others";

export async function loader({ deps }: { deps: SessionsSearch }) {
  const { viewer } = await ask(SignIns, {
    search: deps.q,
    kinds: deps.kind && (deps.kind === "browsers" ? ["BROWSER"] : ["APP", "LEGACY_APP"]),
    lastActive: deps.inactive && { before: daysAgo(90) },
    state: deps.ended ? "FINISHED" : "ACTIVE",
    ...pageOf(deps),
  });
  return person(viewer);
}

/** Everything that is signed in, device by device. */
export default function SessionsScreen() {
  const { signIns, everything, elsewhere } = useLoaded(loader);
  const search = useSearch({ from: "/frame/sessions" });
  const filtered = Boolean(search.q || search.kind || search.inactive || search.ended);
  return (
    <Screen title={t("sessions-title")} lead={t("sessions-lead")}>
      <LimitNotice apps={everything.appSessions} />
      <SignOutOthers everything={everything} elsewhere={elsewhere} />
      <Filters search={search} />
      <p className="count" role="status">
        {filtered
          ? t("sessions-matches", { count: signIns.totalCount })
          : t("sessions-count", { count: signIns.totalCount })}
      </p>
      {signIns.nodes.length > 0 ? (
        <ul className="devices">
          {byDevice(signIns.nodes).map((group) => (
            <DeviceCard key={group[0]?.id} signIns={group} />
          ))}
        </ul>
      ) : (
        <div className="empty">
          <p>{filtered ? t("sessions-no-match") : t("sessions-empty")}</p>
        </div>
      )}
      <Pager info={signIns.pageInfo} at={search} to="/sessions" />
    </Screen>
  );
}

function LimitNotice({ apps }: { apps: number }) {
  const limit = useFrame().site.sessionLimit;
  if (!limit || apps === 0) return null;
  if (apps >= limit.softLimit) {
    return (
      <Notice tone="danger" title={t("sessions-limit-title")}>
        <p>{t("sessions-limit-lead", { count: apps, limit: limit.hardLimit })}</p>
      </Notice>
    );
  }
  if (apps + Math.ceil(limit.softLimit * 0.2) < limit.softLimit) return null;
  return (
    <Notice tone="warning">
      <p>{t("sessions-limit-near", { count: apps, limit: limit.softLimit })}</p>
    </Notice>
  );
}
