import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { ask, person } from "../api/client";
import { PersonalSessions, type PersonalSessionsQuery, RevokePersonalSession } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { NotFound } from "../frame/not-found";
import { type At, pageOf } from "../search";
import { permissionName } from "../sessions/permissions";
import { t } from "../texts/texts";
import { Back } from "../ui/back";
import { Button } from "../ui/button";
import { Dialog, preloadDialog } from "../ui/dialog";
import { FailureNotice } from "../ui/failure";
import { flash } from "../ui/flash";
import { focusTitle } from "../ui/focus";
import { Pager } from "../ui/pager";
import { Parts } from "../ui/parts";
import { Screen, useFrame, useLoaded } from "../ui/screen";
import { dateOnly, Time } from "../ui/time";

type User = Extract<PersonalSessionsQuery["viewer"], { __typename: "User" }>;
type Token = User["personalSessions"]["nodes"][number];

export async function loader({ deps }: { deps: At }) {
  return person((await ask(PersonalSessions, pageOf(deps))).viewer).personalSessions;
}

/** The access tokens that one's own programs use. */
export default function TokensScreen() {
  const { nodes, pageInfo } = useLoaded(loader);
  const search = useSearch({ from: "/frame/tokens" });
  if (!useFrame().site.personalTokens) return <NotFound />;
  return (
    <Screen
      title={t("tokens-title")}
      lead={t("tokens-lead")}
      above={<Back to="/security">{t("security-title")}</Back>}
    >
      <Link className="button button-primary start" to="/tokens/new">
        <Plus size={20} aria-hidden />
        {t("tokens-new")}
      </Link>
      {nodes.length > 0 ? (
        <ul className="panel rows">
          {nodes.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </ul>
      ) : (
        <div className="empty">
          <p>{t("tokens-empty")}</p>
        </div>
      )}
      <Pager info={pageInfo} at={search} to="/tokens" />
    </Screen>
  );
}

function TokenRow({ token }: { token: Token }) {
  const [asking, setAsking] = useState(false);
  const scopes = token.scope.split(" ").map(permissionName);
  return (
    <li className="row">
      <KeyRound size={20} aria-hidden />
      <span className="row-text">
        <bdi className="row-title">{token.humanName}</bdi>
        <Parts>{scopes}</Parts>
        <Parts>
          {token.lastActiveAt ? (
            <span>
              {t("sessions-last-used")} <Time at={token.lastActiveAt} />
            </span>
          ) : (
            t("tokens-never-used")
          )}
          {token.expiresAt
            ? t("tokens-until", { date: dateOnly(new Date(token.expiresAt)) })
            : t("tokens-without-end")}
        </Parts>
      </span>
      <Button
        look="danger-link"
        onPointerEnter={preloadDialog}
        onFocus={preloadDialog}
        onClick={() => setAsking(true)}
      >
        {t("tokens-revoke")}
        <span className="visually-hidden"> {token.humanName}</span>
      </Button>
      {asking && <RevokeDialog token={token} onClose={() => setAsking(false)} />}
    </li>
  );
}

function RevokeDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const router = useRouter();
  const { send, busy, failure } = useSend(RevokePersonalSession);
  const revoke = async () => {
    if (!(await send({ id: token.id }))) return;
    onClose();
    flash(t("tokens-revoked", { name: token.humanName }));
    await router.invalidate();
    focusTitle();
  };
  return (
    <Dialog title={t("tokens-revoke-title", { name: token.humanName })} open busy={busy} onClose={onClose}>
      <p>{t("tokens-revoke-lead")}</p>
      <FailureNotice failure={failure} />
      <div className="actions">
        <Button look="danger" busy={busy} onClick={revoke}>
          {t("tokens-revoke")}
        </Button>
        <Button onClick={onClose}>{t("cancel")}</Button>
      </div>
    </Dialog>
  );
}
