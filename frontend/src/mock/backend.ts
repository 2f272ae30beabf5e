import { buildSchema, GraphQLError, graphql } from "graphql";
import { agents, ago, clients, events, signIns, siteConfig, tokens } from "./seed";

/**
 * The account API of one account, in memory, for development, tests and pictures. Answers go through the real schema, so
 * that a question that the server would refuse is refused here as well. Change the fields to change the account.
 */
export class Backend {
  password = "tepid-walrus-89";
  /** Nobody is signed in any more. */
  anonymous = false;
  user = {
    id: "user:01U1",
    username: "alice",
    hasPassword: true,
    displayName: "Alice Liddell" as string | null,
  };
  site = { ...siteConfig };
  emails = [
    { id: "user_email:01E1", email: "alice@example.org" },
    { id: "user_email:01E2", email: "alice.liddell@wonderland.example" },
  ];
  signIns: Record<string, unknown>[] = signIns();
  tokens: Record<string, unknown>[] = [...tokens];
  events: Record<string, unknown>[] = [...events];
  ticket: { status: string; username: string; email: string } | null = {
    status: "VALID",
    username: "alice",
    email: "alice@example.org",
  };
  authentication = {
    id: "user_email_authentication:01V1",
    createdAt: ago(0),
    email: "new@example.org",
    completedAt: null as string | null,
  };
  code = "123456";
  /** What fields answer with instead, by their name: an error by its code, or anything else as it is. */
  overrides: Record<string, unknown> = {};
  /** The names of the operations that were asked, with what they were given. */
  asked: { operation: string; variables: Record<string, unknown> }[] = [];
  /** Awaited before each answer. */
  before: (operation: string) => Promise<void> = async () => {};

  fetch = async (_url: unknown, request?: RequestInit): Promise<Response> => {
    const { query, variables = {} } = JSON.parse(String(request?.body));
    const operation = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "";
    this.asked.push({ operation, variables });
    await this.before(operation);
    const answer = await graphql({
      schema: await schema(),
      source: query,
      variableValues: variables,
      rootValue: this.root(),
      typeResolver: (value: { __typename?: string }) => value.__typename,
    });
    return new Response(JSON.stringify(answer), { headers: { "Content-Type": "application/json" } });
  };

  /** Makes a mutation or query fail with an error code, or answer something of its own. */
  answer(field: string, value: unknown): void {
    this.overrides[field] = value;
  }

  fail(field: string, code: string, retryAfter?: number): void {
    this.overrides[field] = new GraphQLError("no", { extensions: { code, retryAfter } });
  }

  private root() {
    const plain: Record<string, (args: never) => unknown> = { ...this.queries(), ...this.mutations() };
    for (const [field, value] of Object.entries(this.overrides)) {
      plain[field] = () => {
        if (value instanceof Error) throw value;
        return value;
      };
    }
    return plain;
  }

  private queries() {
    return {
      viewer: () => (this.anonymous ? { __typename: "Anonymous", id: "anonymous" } : this.viewer()),
      viewerSession: () =>
        this.signIns.find((one) => one.isCurrent) ?? { __typename: "Anonymous", id: "anonymous" },
      siteConfig: () => this.site,
      node: ({ id }: { id: string }) => this.signIns.find((one) => one.id === id) ?? null,
      oauth2Client: ({ id }: { id: string }) => Object.values(clients).find((one) => one.id === id) ?? null,
      session: ({ deviceId }: { deviceId: string }) =>
        this.signIns.find((one) => one.deviceId === deviceId) ?? null,
      userEmailAuthentication: ({ id }: { id: string }) =>
        id === this.authentication.id ? this.authentication : null,
      userRecoveryTicket: () =>
        this.ticket && { id: "user_recovery_ticket:1", createdAt: ago(0), ...this.ticket },
    };
  }

  private viewer() {
    return {
      __typename: "User",
      ...this.user,
      matrix: () => {
        const { profile } = this.overrides;
        if (profile instanceof Error) throw profile;
        const mxid = `@${this.user.username}:${this.site.serverName}`;
        return { mxid, displayName: this.user.displayName, avatarUrl: null, deactivated: false };
      },
      emails: () => ({ nodes: this.emails, totalCount: this.emails.length }),
      signIns: (args: Paging & Filters) => paged(this.signIns.filter(filter(args)), args),
      otherSignIns: ({ keepAppsOfThisBrowser }: { keepAppsOfThisBrowser: boolean }) =>
        count(this.others(keepAppsOfThisBrowser)),
      personalSessions: ({ state, device, ...args }: Paging & { state?: string; device?: string }) =>
        paged(
          this.tokens.filter(
            (one) =>
              (!state || one.state === state) && (!device || String(one.scope).endsWith(`device:${device}`)),
          ),
          args,
        ),
      securityEvents: (args: Paging) => paged(this.events, args),
      webAppOrigins: ["https://app.element.example"],
    };
  }

  private others(keepAppsOfThisBrowser: boolean) {
    const here = this.signIns.find((one) => one.isCurrent);
    return this.signIns.filter(
      (one) =>
        one.state === "ACTIVE" &&
        one !== here &&
        !(keepAppsOfThisBrowser && one.deviceKey === here?.deviceKey),
    );
  }

  private mutations() {
    return {
      setLanguage: () => ({ status: "SET" }),
      setDisplayName: ({ input }: Input<{ displayName: string | null }>) => {
        if ((input.displayName ?? "").length > 200) return { status: "INVALID" };
        this.user.displayName = input.displayName;
        return { status: "SET" };
      },
      startEmailAuthentication: ({ input }: Input<{ email: string; password?: string }>) => {
        if (!input.email.includes("@")) return { status: "INVALID_EMAIL_ADDRESS" };
        if (this.emails.some(({ email }) => email === input.email)) return { status: "IN_USE" };
        if (!this.proven(input.password)) return { status: "INCORRECT_PASSWORD" };
        this.authentication.email = input.email;
        return { status: "STARTED", authentication: this.authentication };
      },
      resendEmailAuthenticationCode: () => ({ status: "RESENT" }),
      completeEmailAuthentication: ({ input }: Input<{ code: string }>) => {
        if (input.code !== this.code) return { status: "INVALID_CODE" };
        this.emails.push({ id: "user_email:01E9", email: this.authentication.email });
        return { status: "COMPLETED" };
      },
      removeEmail: ({ input }: Input<{ userEmailId: string; password?: string }>) => {
        if (!this.proven(input.password)) return { status: "INCORRECT_PASSWORD" };
        this.emails = this.emails.filter(({ id }) => id !== input.userEmailId);
        return { status: "REMOVED" };
      },
      setPassword: ({ input }: Input<SetPasswordInput>) => {
        if (input.newPassword.length < 8) return { status: "INVALID_NEW_PASSWORD" };
        if (!this.proven(input.currentPassword)) return { status: "WRONG_PASSWORD" };
        this.password = input.newPassword;
        return { status: "ALLOWED", ended: input.endOtherSessions ? this.endOthers(false) : null };
      },
      setPasswordByRecovery: () => ({ status: "ALLOWED" }),
      resendRecoveryEmail: () => ({
        status: "SENT",
        progressUrl: "https://auth.example.org/recover/progress/1",
      }),
      deactivateUser: ({ input }: Input<{ password?: string }>) => ({
        status: this.proven(input.password) ? "DEACTIVATED" : "INCORRECT_PASSWORD",
      }),
      allowUserCrossSigningReset: () => ({ user: this.viewer() }),
      endBrowserSession: ({ input }: Input<{ browserSessionId: string }>) => this.end(input.browserSessionId),
      endOauth2Session: ({ input }: Input<{ oauth2SessionId: string }>) => this.end(input.oauth2SessionId),
      endCompatSession: ({ input }: Input<{ compatSessionId: string }>) => this.end(input.compatSessionId),
      endOtherSessions: ({ input }: Input<{ keepAppsOfThisBrowser: boolean }>) => ({
        ended: this.endOthers(input.keepAppsOfThisBrowser),
        user: this.viewer(),
      }),
      setOauth2SessionName: ({ input }: Input<{ oauth2SessionId: string; humanName: string }>) =>
        this.name(input.oauth2SessionId, input.humanName),
      setCompatSessionName: ({ input }: Input<{ compatSessionId: string; humanName: string }>) =>
        this.name(input.compatSessionId, input.humanName),
      createPersonalSession: ({ input }: Input<{ humanName: string; scope: string; password?: string }>) => {
        if (!this.proven(input.password)) return { status: "INCORRECT_PASSWORD" };
        this.tokens.unshift({
          ...tokens[0],
          lastActiveAt: null,
          lastActiveIp: null,
          id: "personal_session:01P9",
          humanName: input.humanName,
          scope: input.scope,
        });
        return { status: "CREATED", accessToken: "mpt_a7Kq2mZbT4nVx9Lw3RcYh8Gd5JfPs6_1k0Ux" };
      },
      revokePersonalSession: ({ input }: Input<{ personalSessionId: string }>) => {
        this.tokens = this.tokens.filter(({ id }) => id !== input.personalSessionId);
        return { status: "REVOKED" };
      },
    };
  }

  private proven(password: string | undefined): boolean {
    return !this.user.hasPassword || password === this.password;
  }

  private end(id: string) {
    this.finish((one) => one.id === id);
    return { status: "ENDED" };
  }

  private endOthers(keepAppsOfThisBrowser: boolean) {
    const others = this.others(keepAppsOfThisBrowser);
    this.finish((one) => others.includes(one));
    return count(others);
  }

  private finish(isMeant: (signIn: Record<string, unknown>) => boolean) {
    const ended = { state: "FINISHED", finishedAt: ago(0) };
    this.signIns = this.signIns.map((one) => (isMeant(one) ? { ...one, ...ended } : one));
  }

  private name(id: string, humanName: string) {
    this.signIns = this.signIns.map((one) => (one.id === id ? { ...one, humanName } : one));
    return { status: "UPDATED" };
  }
}

type Input<Fields> = { input: Fields };
type SetPasswordInput = { currentPassword?: string; newPassword: string; endOtherSessions: boolean };
type Paging = { first?: number; last?: number; after?: string; before?: string };
type Filters = { state?: string; search?: string; kinds?: string[]; lastActive?: { before?: string } };

let built: Promise<ReturnType<typeof buildSchema>> | undefined;

function schema() {
  built ??= import("../../../schema.graphql?raw").then(({ default: source }) => buildSchema(source));
  return built;
}

function paged(all: Record<string, unknown>[], { first, last, after, before }: Paging) {
  const found = (id: string) => all.findIndex((one) => one.id === id);
  const from = after ? found(after) + 1 : before && last ? Math.max(0, found(before) - last) : 0;
  const nodes = all.slice(from, before ? found(before) : from + (first ?? all.length));
  return {
    nodes,
    totalCount: all.length,
    pageInfo: {
      hasNextPage: first !== undefined && from + nodes.length < all.length,
      hasPreviousPage: last !== undefined && from > 0,
      startCursor: nodes[0]?.id ?? null,
      endCursor: nodes.at(-1)?.id ?? null,
    },
  };
}

function filter({ state, search, kinds, lastActive }: Filters) {
  const kindOf: Record<string, string> = {
    BrowserSession: "BROWSER",
    Oauth2Session: "APP",
    CompatSession: "LEGACY_APP",
  };
  return (one: Record<string, unknown>) =>
    (!state || one.state === state) &&
    (!search || JSON.stringify(one).toLowerCase().includes(search.toLowerCase())) &&
    (!kinds || kinds.includes(kindOf[String(one.__typename)] ?? "")) &&
    (!lastActive?.before || (one.lastActiveAt !== null && String(one.lastActiveAt) < lastActive.before));
}

function count(signIns: Record<string, unknown>[]) {
  const browserSessions = signIns.filter((one) => one.__typename === "BrowserSession").length;
  return { browserSessions, appSessions: signIns.length - browserSessions };
}

export { agents };
