/** Somebody's account, with a bit of everything. All instants count back from `NOW`. */

export const NOW = new Date("2026-05-20T14:05:00Z");

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const ago = (days: number, minutes = 0): string =>
  new Date(NOW.getTime() - days * DAY - minutes * MINUTE).toISOString();

const agent = (fields: object) => ({
  __typename: "UserAgent",
  raw: "Mozilla/5.0 (X11; Linux x86_64; rv:138.0) Gecko/20100101 Firefox/138.0",
  name: null,
  version: null,
  os: null,
  osVersion: null,
  model: null,
  deviceType: "UNKNOWN",
  ...fields,
});

export const agents = {
  firefox: agent({ name: "Firefox", os: "Linux", deviceType: "PC" }),
  safari: agent({ name: "Safari", os: "iOS", model: "iPhone", deviceType: "MOBILE" }),
  chrome: agent({ name: "Chrome", os: "Android", deviceType: "MOBILE" }),
  edge: agent({ name: "Edge", os: "Windows", deviceType: "PC" }),
  elementX: agent({
    raw: "Element X/25.06.1 (Google Pixel 8; Android 15; AP3A; Sdk 25.06)",
    name: "Element X",
    os: "Android",
    model: "Google Pixel 8",
    deviceType: "MOBILE",
  }),
  desktop: agent({ name: "Element", os: "Windows", deviceType: "PC" }),
};

const client = (id: string, fields: object) => ({
  __typename: "Oauth2Client",
  id: `oauth2_client:${id}`,
  clientId: `01JABCDEFGHJKMNPQRSTVWX${id}`,
  clientName: null,
  clientUri: null,
  logoUri: null,
  logo: null,
  tosUri: null,
  policyUri: null,
  redirectUris: [],
  applicationType: null,
  ...fields,
});

export const clients = {
  web: client("WEB", {
    clientName: "Element Web",
    clientUri: "https://app.element.example/",
    policyUri: "https://element.example/privacy",
    tosUri: "https://element.example/terms-of-service",
    redirectUris: ["https://app.element.example/?no_universal_links=true"],
    applicationType: "WEB",
  }),
  android: client("AND", {
    clientName: "Element X",
    clientUri: "https://element.example/",
    redirectUris: ["io.element.android:/callback"],
    applicationType: "NATIVE",
  }),
  desktop: client("DSK", {
    clientName: "Element Desktop",
    clientUri: "https://element.example/",
    applicationType: "NATIVE",
  }),
};

const session = (fields: object) => ({
  createdAt: ago(40),
  finishedAt: null,
  state: "ACTIVE",
  userAgent: null,
  lastActiveIp: null,
  lastActiveAt: null,
  ...fields,
});

const browser = (id: string, fields: object) =>
  session({
    __typename: "BrowserSession",
    id: `browser_session:${id}`,
    deviceKey: id,
    isCurrent: false,
    lastAuthentication: null,
    appSessions: { totalCount: 1 },
    ...fields,
  });

const app = (id: string, fields: object) =>
  session({
    __typename: "Oauth2Session",
    id: `oauth2_session:${id}`,
    deviceKey: id,
    deviceId: `DEV${id}`,
    humanName: null,
    browserSession: null,
    scope: `openid urn:matrix:client:api:* urn:matrix:client:device:DEV${id}`,
    ...fields,
  });

const legacy = (id: string, fields: object) =>
  session({
    __typename: "CompatSession",
    id: `compat_session:${id}`,
    deviceKey: id,
    deviceId: `LEG${id}`,
    humanName: null,
    ssoLogin: null,
    browserSession: null,
    ...fields,
  });

export function signIns() {
  const here = browser("01B1", {
    userAgent: agents.firefox,
    isCurrent: true,
    lastActiveAt: ago(0),
    lastActiveIp: "203.0.113.7",
    createdAt: ago(3),
  });
  const phone = browser("01B2", {
    userAgent: agents.chrome,
    lastActiveAt: ago(1, 30),
    lastActiveIp: "198.51.100.23",
    createdAt: ago(31),
  });
  return [
    here,
    app("01A1", {
      client: clients.web,
      userAgent: agents.firefox,
      deviceKey: "01B1",
      browserSession: here,
      lastActiveAt: ago(0, 1),
      lastActiveIp: "203.0.113.7",
      createdAt: ago(3),
    }),
    phone,
    app("01A2", {
      client: clients.android,
      userAgent: agents.elementX,
      deviceKey: "01B2",
      browserSession: phone,
      humanName: "Work phone",
      lastActiveAt: ago(0, 25),
      lastActiveIp: "2001:db8:85a3::8a2e:370:7334",
      createdAt: ago(31),
    }),
    app("01A3", {
      client: clients.desktop,
      userAgent: agents.desktop,
      lastActiveAt: ago(4, 200),
      lastActiveIp: "192.0.2.44",
      createdAt: ago(120),
    }),
    legacy("01C1", {
      userAgent: null,
      ssoLogin: { redirectUri: "https://chat.example.org/#/login" },
      lastActiveAt: ago(140),
      createdAt: ago(400),
    }),
  ];
}

/** So many that they fill pages. */
export function manySignIns(count: number) {
  return Array.from({ length: count }, (_, at) =>
    app(`M${String(count - at).padStart(4, "0")}`, {
      client: at % 3 ? clients.android : clients.web,
      userAgent: at % 3 ? agents.elementX : agents.edge,
      lastActiveAt: ago(at),
    }),
  );
}

/** What was signed in, and is no more. */
export function endedSignIns() {
  const ended = { state: "FINISHED", lastActiveAt: ago(3), lastActiveIp: "198.51.100.23" };
  return [
    app("X2", { ...ended, client: clients.android, userAgent: agents.elementX, finishedAt: ago(2, 40) }),
    browser("X1", { ...ended, userAgent: agents.safari, finishedAt: ago(16) }),
  ];
}

const event = (at: number, kind: string, fields: object = {}) => ({
  __typename: "SecurityEvent",
  id: `security_event:${at}`,
  createdAt: ago(at * 1.7, 12),
  kind,
  ip: "203.0.113.7",
  userAgent: agents.firefox,
  clientName: null,
  detail: null,
  byAdministrator: false,
  fromThisBrowser: false,
  ...fields,
});

export const events = [
  event(0, "SESSION_STARTED", { clientName: "Element Web", fromThisBrowser: true }),
  event(1, "SIGNED_IN", { fromThisBrowser: true }),
  event(2, "SIGN_IN_FAILED", { ip: "198.51.100.99", userAgent: agents.edge }),
  event(5, "EMAIL_ADDED", { detail: "alice@example.org" }),
  event(9, "PERSONAL_TOKEN_CREATED", { detail: "Backup script" }),
  event(12, "SESSION_STARTED", { clientName: "Element X", userAgent: agents.chrome, ip: "198.51.100.23" }),
  event(20, "REPLAY_DETECTED", { clientName: "Old app", ip: "192.0.2.200", userAgent: null }),
  event(31, "PASSWORD_CHANGED", {}),
  event(44, "ACCOUNT_UNLOCKED", { byAdministrator: true, ip: null, userAgent: null }),
  event(60, "ACCOUNT_CREATED", {}),
];

export const tokens = [
  {
    id: "personal_session:01P1",
    createdAt: ago(20),
    humanName: "Backup script",
    scope: "urn:matrix:client:api:*",
    state: "ACTIVE",
    expiresAt: ago(-70),
    revokedAt: null,
    lastActiveAt: ago(1, 60),
    lastActiveIp: "203.0.113.7",
    madeByAdministrator: false,
  },
  {
    id: "personal_session:01P2",
    createdAt: ago(2),
    humanName: "Dashboard on the kitchen wall",
    scope: "urn:matrix:client:api:* urn:matrix:client:device:f1zYqAbS9d",
    state: "ACTIVE",
    expiresAt: null,
    revokedAt: null,
    lastActiveAt: null,
    lastActiveIp: null,
    madeByAdministrator: false,
  },
  {
    id: "personal_session:01P3",
    createdAt: ago(120),
    humanName: "Weekly statistics",
    scope: "urn:matrix:client:api:*",
    state: "FINISHED",
    expiresAt: ago(30),
    revokedAt: null,
    lastActiveAt: ago(33, 10),
    lastActiveIp: "2001:db8:85a3::8a2e:370:7334",
    madeByAdministrator: false,
  },
  {
    id: "personal_session:01P4",
    createdAt: ago(7),
    humanName: "",
    scope: "urn:matrix:client:api:*",
    state: "ACTIVE",
    expiresAt: null,
    revokedAt: null,
    lastActiveAt: ago(6, 30),
    lastActiveIp: null,
    madeByAdministrator: true,
  },
];

export const siteConfig = {
  serverName: "example.org",
  serviceName: "Example Chat",
  policyUri: "https://example.org/privacy",
  tosUri: "https://example.org/terms",
  imprint: "Example Society, 1 Example Street",
  passwordLoginEnabled: true,
  passwordChangeAllowed: true,
  minimumPasswordComplexity: 3,
  emailChangeAllowed: true,
  displayNameChangeAllowed: true,
  accountDeactivationAllowed: true,
  planManagementIframeUri: null as string | null,
  retention: {
    inactiveAddresses: 30,
    endedSessions: 30,
    eventAddresses: 30,
    failedSignIns: 90 as number | null,
  },
  languages: ["ar", "de", "en", "es", "fr"],
  sessionLimit: null as { softLimit: number; hardLimit: number; dangerousHardLimitEviction: boolean } | null,
  personalTokens: {
    scopes: ["urn:matrix:client:api:*"],
    maxTtl: (365 * 24 * 60 * 60) as number | null,
  } as { scopes: string[]; maxTtl: number | null } | null,
};
