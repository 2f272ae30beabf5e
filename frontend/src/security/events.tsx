import {
  CircleAlert,
  KeyRound,
  LogIn,
  LogOut,
  type LucideIcon,
  Mail,
  ShieldAlert,
  UserRound,
} from "lucide-react";
import { Fragment } from "react";
import type { EventRowFragment, SecurityEventKind } from "../api/operations.gen";
import { browserOn } from "../sessions/describe";
import { type PlainTextId, t } from "../texts/texts";
import { Parts } from "../ui/parts";
import { TimeToTheMinute } from "../ui/time";

type Shown = [text: PlainTextId, icon: LucideIcon, alarming?: true];

const KINDS: Record<SecurityEventKind, Shown> = {
  ACCOUNT_CREATED: ["event-account-created", UserRound],
  SIGNED_IN: ["event-signed-in", LogIn],
  SIGN_IN_FAILED: ["event-sign-in-failed", CircleAlert, true],
  REAUTHENTICATED: ["event-reauthenticated", LogIn],
  SIGNED_OUT: ["event-signed-out", LogOut],
  CONSENT_GIVEN: ["event-consent-given", LogIn],
  CONSENT_REFUSED: ["event-consent-refused", LogOut],
  SESSION_STARTED: ["event-session-started", LogIn],
  SESSION_ENDED: ["event-session-ended", LogOut],
  REPLAY_DETECTED: ["event-replay-detected", ShieldAlert, true],
  OTHER_SESSIONS_ENDED: ["event-other-sessions-ended", LogOut],
  PASSWORD_CHANGED: ["event-password-changed", KeyRound],
  PASSWORD_PROOF_FAILED: ["event-password-proof-failed", CircleAlert, true],
  RECOVERY_STARTED: ["event-recovery-started", Mail],
  PASSWORD_RECOVERED: ["event-password-recovered", KeyRound],
  EMAIL_ADDED: ["event-email-added", Mail],
  EMAIL_REMOVED: ["event-email-removed", Mail],
  PERSONAL_TOKEN_CREATED: ["event-token-created", KeyRound],
  PERSONAL_TOKEN_REVOKED: ["event-token-revoked", KeyRound],
  // Whoever replaced it has a new one.
  PERSONAL_TOKEN_REGENERATED: ["event-token-created", KeyRound],
  CROSS_SIGNING_RESET_ALLOWED: ["event-reset-allowed", ShieldAlert],
  DISPLAY_NAME_CHANGED: ["event-display-name-changed", UserRound],
  SESSION_RENAMED: ["event-session-renamed", UserRound],
  DATA_EXPORTED: ["event-data-exported", UserRound],
  ACCOUNT_LOCKED: ["event-account-locked", ShieldAlert, true],
  ACCOUNT_UNLOCKED: ["event-account-unlocked", UserRound],
  ACCOUNT_DEACTIVATED: ["event-account-deactivated", ShieldAlert, true],
  ACCOUNT_REACTIVATED: ["event-account-reactivated", UserRound],
  OTHER: ["event-other", UserRound],
};

/** What happened, when, where and from what. */
export function Events({ events }: { events: EventRowFragment[] }) {
  if (events.length === 0) return <p className="empty">{t("activity-empty")}</p>;
  return (
    <ol className="rows">
      {events.map((event) => (
        <Event key={event.id} event={event} />
      ))}
    </ol>
  );
}

function Event({ event }: { event: EventRowFragment }) {
  // A newer server may know more kinds.
  const [text, Icon, alarming] = KINDS[event.kind] ?? KINDS.OTHER;
  const about = [event.clientName, event.detail].filter((one) => one !== null);
  return (
    <li className={alarming ? "row event event-alarming" : "row event"}>
      <Icon size={20} aria-hidden />
      <span className="row-text">
        <span className="row-title">
          {t(text)}
          {about.map((one) => (
            <Fragment key={one}>
              {" "}
              <bdi className="row-aside">{one}</bdi>
            </Fragment>
          ))}
        </span>
        <Parts>
          <TimeToTheMinute at={event.createdAt} />
          {event.byAdministrator ? t("activity-by-administrator") : program(event)}
          {!event.byAdministrator && event.ip && <bdi className="tabular">{event.ip}</bdi>}
        </Parts>
      </span>
    </li>
  );
}

/** The browser or app that it happened in. */
function program({ fromThisBrowser, userAgent }: EventRowFragment) {
  if (fromThisBrowser) return t("sessions-this-browser");
  return userAgent && <bdi>{browserOn(userAgent)}</bdi>;
}
