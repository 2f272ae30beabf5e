import type { SignInRowFragment } from "../api/operations.gen";
import { t } from "../texts/texts";

/** What can be said about a sign-in from what it says of itself. */

export type SignIn = SignInRowFragment;
export type Agent = SignIn["userAgent"];
export type DeviceKind = "computer" | "phone" | "tablet" | "unknown";

export function deviceKind(signIn: SignIn): DeviceKind {
  const kinds = { PC: "computer", MOBILE: "phone", TABLET: "tablet", UNKNOWN: "unknown" } as const;
  const kind = kinds[signIn.userAgent?.deviceType ?? "UNKNOWN"];
  if (kind !== "unknown" || signIn.__typename !== "Oauth2Session") return kind;
  const guess = { WEB: "computer", NATIVE: "phone" } as const;
  return signIn.client.applicationType ? guess[signIn.client.applicationType] : "unknown";
}

/** The thing in one's hand, or that nothing is known of it. */
export function deviceName(signIn: SignIn): string {
  return knownDevice(signIn) ?? t("device-unknown-kind");
}

/** "Pixel 8", "Windows computer". */
export function knownDevice(signIn: SignIn): string | undefined {
  const { model, os } = signIn.userAgent ?? {};
  if (model) return model;
  if (!os) return undefined;
  switch (deviceKind(signIn)) {
    case "computer":
      return t("device-computer-of", { os });
    case "phone":
      return t("device-phone-of", { os });
    case "tablet":
      return t("device-tablet-of", { os });
    default:
      return os;
  }
}

/** The program on it: "Firefox", "Element X". */
export function programName(signIn: SignIn): string {
  switch (signIn.__typename) {
    case "BrowserSession":
      return signIn.userAgent?.name ?? t("browser-unknown");
    case "Oauth2Session":
      return signIn.client.clientName ?? signIn.client.clientId;
    case "CompatSession":
      return signIn.ssoLogin
        ? plainUrl(signIn.ssoLogin.redirectUri)
        : (signIn.userAgent?.name ?? t("app-unknown"));
  }
}

/** What the device is called in chats, if somebody has named it. */
export function givenName(signIn: SignIn): string | undefined {
  return (signIn.__typename !== "BrowserSession" && signIn.humanName) || undefined;
}

export function isCurrent(signIn: SignIn): boolean {
  return signIn.__typename === "BrowserSession" && signIn.isCurrent;
}

/** "Firefox on Windows", "Firefox", "Windows", or that it is unknown. */
export function browserOn(agent: Agent): string {
  const [name, os] = [agent?.name, agent?.model ?? agent?.os];
  if (name && os) return t("program-on", { program: name, device: os });
  return name ?? os ?? t("browser-unknown");
}

/** Where a web address or an app's scheme leads, without what only machines read. */
export function plainUrl(address: string): string {
  try {
    const url = new URL(address);
    if (url.protocol === "https:") return url.host;
    return address.replace(/[?#].*$/, "");
  } catch {
    return address;
  }
}

/** Neighbours of one device, in the order of the list. */
export function byDevice(signIns: SignIn[]): SignIn[][] {
  const groups: SignIn[][] = [];
  for (const signIn of signIns) {
    const last = groups.at(-1);
    if (last?.[0]?.deviceKey === signIn.deviceKey) last.push(signIn);
    else groups.push([signIn]);
  }
  return groups;
}
