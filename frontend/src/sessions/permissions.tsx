import {
  type Globe,
  IdCard,
  KeyRound,
  Mail,
  MessageCircle,
  Server,
  UserRound,
  UserRoundCog,
  UsersRound,
} from "lucide-react";
import { type PlainTextId, t } from "../texts/texts";

/** What a scope allows, in the words of the consent page; stable names of the Matrix specification and older ones alike. */
const MEANINGS: [scope: RegExp, text: PlainTextId, icon: typeof Globe][] = [
  [/^openid$/, "consent-identity", IdCard],
  [/^profile$/, "consent-profile", UserRound],
  [/^email$/, "consent-email", Mail],
  [/^urn:matrix:(client|org\.matrix\.msc2967\.client):api:/, "consent-messages", MessageCircle],
  [/^urn:mas:graphql:/, "consent-account", UserRoundCog],
  [/^urn:synapse:admin:/, "permission-server", Server],
  [/^urn:mas:admin$/, "permission-accounts", UsersRound],
];

/** Scopes that say nothing to people: the device is told elsewhere, and staying signed in is what all of these do. */
const SILENT = /^(urn:matrix:(client|org\.matrix\.msc2967\.client):device:.*|offline_access)$/;

/** What an app or a token may do, one line each. */
export function Permissions({ scope }: { scope: string }) {
  const scopes = spoken(scope);
  if (scopes.length === 0) return <p>{t("consent-nothing")}</p>;
  return (
    <ul className="permissions">
      {scopes.map((one) => (
        <Permission key={one} scope={one} />
      ))}
    </ul>
  );
}

/** Those that say something. */
function spoken(scope: string): string[] {
  return scope.split(" ").filter((one) => one !== "" && !SILENT.test(one));
}

/** Whether it gives power over more than one's own account. */
export function isPower(scope: string): boolean {
  return /^urn:(synapse|mas):admin\b/.test(scope);
}

/** What a scope allows, in a few words each. */
export function permissionNames(scope: string): string[] {
  return spoken(scope).map(permissionName);
}

function Permission({ scope }: { scope: string }) {
  const [, text, Icon = KeyRound] = MEANINGS.find(([pattern]) => pattern.test(scope)) ?? [];
  return (
    <li>
      <Icon size={20} aria-hidden />
      {text ? <p>{t(text)}</p> : <code dir="ltr">{scope}</code>}
    </li>
  );
}

/** A scope in words; as it is if there are none. */
export function permissionName(scope: string): string {
  const found = MEANINGS.find(([pattern]) => pattern.test(scope));
  return found ? t(found[1]) : scope;
}
