import type { Backend } from "./backend";
import { endedSignIns, manySignIns } from "./seed";

/** A screen as the gallery shows it: where, what the account is like, and what somebody does there. */
export type Scene = {
  name: string;
  /** Below the root. */
  path: string;
  prepare?: (backend: Backend) => void;
  /** Names of buttons that are pressed one after the other, in English; `field=text` types. */
  steps?: string[];
  /** What is asked for never comes. */
  waits?: true;
  /** Something fails here, and the browser's console may say so. */
  fails?: true;
};

const PLAN = "data:text/html;charset=utf-8,<p>The operator’s page</p>";

export const scenes: Scene[] = [
  { name: "home", path: "" },
  {
    name: "home-bare",
    path: "",
    prepare: (backend) => {
      backend.emails = [];
      backend.user.displayName = null;
    },
  },
  {
    name: "home-homeserver-gone",
    path: "",
    prepare: (backend) => backend.fail("profile", "HOMESERVER_UNAVAILABLE"),
  },
  { name: "home-name", path: "", steps: ["Change your name"] },
  {
    name: "home-add-email",
    path: "",
    steps: ["Add an address", "New address=alice@example.org", "Your password=x", "Send the code"],
  },
  { name: "home-remove-email", path: "", steps: ["Remove alice@example.org"] },
  {
    name: "home-remove-last-email",
    path: "",
    prepare: (backend) => {
      backend.emails.pop();
    },
    steps: ["Remove alice@example.org"],
  },
  { name: "home-sign-out", path: "", steps: ["Sign out"] },
  {
    name: "home-loading",
    waits: true,
    path: "",
    prepare: (backend) => {
      backend.before = () => new Promise(() => {});
    },
  },
  { name: "home-error", fails: true, path: "", prepare: (backend) => backend.fail("siteConfig", "INTERNAL") },
  { name: "devices", path: "sessions" },
  {
    name: "devices-many",
    path: "sessions",
    prepare: (backend) => {
      backend.signIns.push(...manySignIns(1000));
      backend.site.sessionLimit = { softLimit: 50, hardLimit: 60, dangerousHardLimitEviction: false };
    },
  },
  {
    name: "devices-near-limit",
    path: "sessions",
    prepare: (backend) => {
      backend.site.sessionLimit = { softLimit: 5, hardLimit: 9, dangerousHardLimitEviction: false };
    },
  },
  {
    name: "devices-signed-out-ones",
    path: "sessions?ended=true",
    prepare: (backend) => {
      backend.signIns.push(...endedSignIns());
    },
  },
  { name: "devices-nothing-found", path: "sessions?q=nothing" },
  { name: "devices-sign-out", path: "sessions", steps: ["Sign out Element X, Google Pixel 8"] },
  { name: "devices-signed-out", path: "sessions", steps: ["Sign out Element X, Google Pixel 8", "Sign out"] },
  { name: "devices-sign-out-others", path: "sessions", steps: ["Sign out all others"] },
  {
    name: "devices-loading",
    waits: true,
    path: "sessions",
    prepare: (backend) => {
      backend.before = (operation) => (operation === "Frame" ? Promise.resolve() : new Promise(() => {}));
    },
  },
  {
    name: "devices-error",
    fails: true,
    path: "sessions",
    prepare: (backend) => backend.fail("viewer", "INTERNAL"),
  },
  { name: "session-app", path: "sessions/oauth2_session:01A2" },
  { name: "session-legacy", path: "sessions/compat_session:01C1" },
  { name: "session-browser", path: "sessions/browser_session:01B1" },
  { name: "session-rename", path: "sessions/oauth2_session:01A2", steps: ["Rename"] },
  { name: "device-gone", path: "devices/OLDDEVICE" },
  { name: "client", path: "clients/oauth2_client:WEB" },
  { name: "security", path: "security" },
  { name: "activity", path: "security/activity" },
  {
    name: "activity-empty",
    path: "security/activity",
    prepare: (backend) => {
      backend.events = [];
    },
  },
  { name: "tokens", path: "tokens" },
  {
    name: "tokens-empty",
    path: "tokens",
    prepare: (backend) => {
      backend.tokens = [];
    },
  },
  { name: "token-new", path: "tokens/new" },
  {
    name: "token-created",
    path: "tokens/new",
    steps: ["Name=Backup script", "Your password=tepid-walrus-89", "Create the token"],
  },
  {
    name: "token-new-powerful",
    path: "tokens/new",
    prepare: (backend) => {
      backend.site.personalTokens = {
        scopes: ["urn:matrix:client:api:*", "urn:synapse:admin:*", "urn:mas:admin"],
        maxTtl: null,
      };
    },
    steps: ["Name=Backup script", "Manage the whole chat server", "Your password=x", "Create the token"],
  },
  { name: "token-remove", path: "tokens", steps: ["Remove Weekly statistics"] },
  { name: "token-revoke", path: "tokens", steps: ["Revoke Backup script"] },
  { name: "password", path: "password/change" },
  {
    name: "password-common",
    path: "password/change",
    steps: ["Current password=x", "New password=password1"],
  },
  {
    name: "password-strong",
    path: "password/change",
    steps: ["New password=tepid-Walrus/89 orbit", "New password, again=tepid-Walrus/89 orbit"],
  },
  {
    name: "password-wrong",
    path: "password/change",
    steps: [
      "Current password=x",
      "New password=tepid-Walrus/89 orbit",
      "New password, again=tepid-Walrus/89 orbit",
      "Change password",
    ],
  },
  { name: "password-changed", path: "password/change/success" },
  { name: "recovery", path: "password/recovery?ticket=t" },
  {
    name: "recovery-expired",
    path: "password/recovery?ticket=t",
    prepare: (backend) => {
      backend.ticket = { status: "EXPIRED", username: "", email: "a…@example.org" };
    },
  },
  { name: "email-code", path: "emails/user_email_authentication:01V1/verify" },
  {
    name: "email-code-wrong",
    path: "emails/user_email_authentication:01V1/verify",
    steps: ["have a new code sent", "Code from the mail=999999", "Add the address"],
  },
  { name: "email-in-use", path: "emails/user_email_authentication:01V1/in-use" },
  { name: "reset", path: "reset-cross-signing?deepLink=true" },
  { name: "reset-allowed", path: "reset-cross-signing/success" },
  { name: "reset-cancelled", path: "reset-cross-signing/cancelled" },
  { name: "privacy", path: "privacy" },
  { name: "delete-account", path: "delete-account", steps: ["Your password=tepid-walrus-89"] },
  {
    name: "plan",
    path: "plan",
    prepare: (backend) => {
      backend.site.planManagementIframeUri = PLAN;
    },
  },
  { name: "not-found", path: "nowhere" },
  {
    name: "session-lost",
    fails: true,
    path: "sessions",
    prepare: (backend) => {
      backend.anonymous = true;
      sessionStorage.setItem("left-to-sign-in", String(Date.now()));
    },
  },
];
