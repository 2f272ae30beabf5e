import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { ask, person } from "../api/client";
import { PersonalSessions, type PersonalSessionsQuery, RevokePersonalSession } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { type At, pageOf } from "../search";
import { permissionNames } from "../sessions/permissions";
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
import { dateOnly, TimeToTheMinute } from "../ui/time";

type User = Extract<PersonalSessionsQuery["viewer"], { __typename: "User" }>;
type Token = User["personalSessions"]["nodes"][number];

export async function loader({ deps }: { deps: At }) {
  return person((await ask(PersonalSessions, pageOf(deps))).viewer).personalSessions;
}

/** The access tokens that one's own programs use. */
export default function TokensScreen() {
  const { nodes, pageInfo } = useLoaded(loader);
  const search = useSearch({ from: "/frame/tokens" });
  const mayMake = useFrame().site.personalTokens !== null;
  return (
    <Screen
      title={t("tokens-title")}
      lead={t("tokens-lead")}
      above={<Back to="/security">{t("security-title")}</Back>}
    >
      {mayMake && (
        <Link className="button button-primary start" to="/tokens/new">
          <Plus size={20} aria-hidden />
          {t("tokens-new")}
        </Link>
      )}
      {nodes.length > 0 ? (
        <ul className="panel rows">
          {nodes.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </ul>
      ) : (
        <div className="empty">
          <p>{mayMake ? t("tokens-empty") : t("tokens-off")}</p>
        </div>
      )}
      <Pager info={pageInfo} at={search} to="/tokens" />
    </Screen>
  );
}

function TokenRow({ token }: { token: Token }) {
  const [asking, setAsking] = useState(false);
  const isExpired = token.state === "FINISHED";
  return (
    <li className="row way">
      <KeyRound size={20} aria-hidden />
      <span className="row-text">
        <bdi className="row-title">{nameOf(token)}</bdi>
        <Parts>{permissionNames(token.scope)}</Parts>
        <Parts>
          {isExpired && <strong className="expired">{t("tokens-expired")}</strong>}
          {token.lastActiveAt ? (
            <span>
              {t("sessions-last-used")} <TimeToTheMinute at={token.lastActiveAt} />
            </span>
          ) : (
            t("tokens-never-used")
          )}
          {token.madeByAdministrator && <strong>{t("activity-by-administrator")}</strong>}
          {token.lastActiveIp && <bdi className="tabular">{token.lastActiveIp}</bdi>}
          {!isExpired && lifeOf(token)}
        </Parts>
      </span>
      <Button
        look="danger-link"
        onPointerEnter={preloadDialog}
        onFocus={preloadDialog}
        onClick={() => setAsking(true)}
      >
        {isExpired ? t("remove") : t("tokens-revoke")}
        <span className="visually-hidden"> {nameOf(token)}</span>
      </Button>
      {asking && <RevokeDialog token={token} onClose={() => setAsking(false)} />}
    </li>
  );
}

/** What it is called; administrators need not call theirs anything. */
function nameOf({ humanName, createdAt }: Token): string {
  return humanName || dateOnly(new Date(createdAt));
}

/** Until when it is good. */
function lifeOf({ expiresAt }: Token): string {
  return expiresAt ? t("tokens-until", { date: dateOnly(new Date(expiresAt)) }) : t("tokens-without-end");
}

function RevokeDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const router = useRouter();
  const { send, busy, failure } = useSend(RevokePersonalSession);
  const name = nameOf(token);
  const isExpired = token.state === "FINISHED";
  const revoke = async () => {
    if (!(await send({ id: token.id }))) return;
    onClose();
    flash(isExpired ? t("tokens-removed", { name }) : t("tokens-revoked", { name }));
    await router.invalidate();
    focusTitle();
  };
  return (
    <Dialog
      title={isExpired ? t("tokens-remove-title", { name }) : t("tokens-revoke-title", { name })}
      open
      busy={busy}
      onClose={onClose}
    >
      <p>{isExpired ? t("tokens-remove-lead") : t("tokens-revoke-lead")}</p>
      <FailureNotice failure={failure} />
      <div className="actions">
        <Button look="danger" busy={busy} onClick={revoke}>
          {isExpired ? t("remove") : t("tokens-revoke")}
        </Button>
        <Button onClick={onClose}>{t("cancel")}</Button>
      </div>
    </Dialog>
  );
}
