// Signing in, staying signed in and signing out, by nothing but what matrix-js-sdk offers for it.

import { type AccessTokens, createClient, type MatrixClient, OAuth2 } from "matrix-js-sdk";

/** What outlives a reload. */
export interface Session {
  homeserver: string;
  clientId: string;
  deviceId: string;
  userId: string;
  accessToken: string;
  refreshToken: string;
}

/** What outlives the way through the service's pages, under the request's `state`. */
interface Pending {
  homeserver: string;
  clientId: string;
  deviceId: string;
  codeVerifier: string;
}

const redirectUri = `${location.origin}/`;

/** Finds the service through the homeserver, registers with it, and sends the browser there; `prompt` is what for. */
export async function leaveToSignIn(homeserver: string, prompt?: "create") {
  const metadata = await createClient({ baseUrl: homeserver }).getAuthMetadata();
  const clientId = await OAuth2.registerClient(metadata, {
    application_type: "web",
    client_name: "Postcard",
    client_uri: location.origin,
    redirect_uris: [redirectUri],
  });
  const oauth = new OAuth2(metadata, { clientId });
  const state = crypto.randomUUID();
  sessionStorage.setItem(state, JSON.stringify({ homeserver, ...oauth.context } satisfies Pending));
  location.assign(await oauth.generateAuthorizationCodeGrantUrl(state, redirectUri, undefined, prompt));
}

/** Takes the answer that the browser brought back in the address, if it brought one. */
export async function returnFromSignIn(): Promise<Session | undefined> {
  const answer = new URLSearchParams(location.hash.slice(1));
  const state = answer.get("state");
  if (!state) return undefined;
  history.replaceState(null, "", "/");
  const kept = sessionStorage.getItem(state);
  sessionStorage.removeItem(state);
  const code = answer.get("code");
  if (!kept || !code) throw new Error(answer.get("error") ?? "this answer belongs to nothing that was asked");

  const { homeserver, ...context } = JSON.parse(kept) as Pending;
  const metadata = await createClient({ baseUrl: homeserver }).getAuthMetadata();
  const tokens = await new OAuth2(metadata, context).completeAuthorizationCodeGrant(code, redirectUri);
  const session = {
    homeserver,
    clientId: context.clientId,
    deviceId: context.deviceId,
    userId: "",
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? "",
  };
  const me = await open(session).whoami();
  if (me.device_id !== session.deviceId) throw new Error(`the homeserver made device ${me.device_id}`);
  return save({ ...session, userId: me.user_id });
}

/** A client for the session, which keeps the new tokens whenever the library refreshes them. */
export function open(session: Session): MatrixClient {
  return createClient({
    baseUrl: session.homeserver,
    oauthClientId: session.clientId,
    userId: session.userId || undefined,
    deviceId: session.deviceId,
    accessToken: session.accessToken,
    refreshToken: session.refreshToken,
    onTokenRefresh: ({ accessToken, refreshToken }: AccessTokens) => {
      save({ ...session, accessToken, refreshToken: refreshToken ?? session.refreshToken });
    },
  });
}

export function load(): Session | undefined {
  const kept = localStorage.getItem("session");
  return kept ? JSON.parse(kept) : undefined;
}

export function save(session: Session): Session {
  localStorage.setItem("session", JSON.stringify(session));
  return session;
}

export function forget() {
  localStorage.removeItem("session");
}
