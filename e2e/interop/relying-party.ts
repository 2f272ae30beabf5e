// What an application needs of a provider, in words that every library can be put behind. The adapters beside this
// file say it with one library each; they check nothing themselves, because the checks are what the library is for.

/** Of the token endpoint (OpenID Connect Core §9). */
export const methods = [
  "none",
  "client_secret_basic",
  "client_secret_post",
  "client_secret_jwt",
  "private_key_jwt",
] as const;
export type Method = (typeof methods)[number];

/** What an application says about itself (RFC 7591 §2). */
export interface Metadata {
  client_name: string;
  client_uri: string;
  redirect_uris?: string[];
  post_logout_redirect_uris?: string[];
  grant_types: string[];
  response_types: string[];
  token_endpoint_auth_method: Method;
  token_endpoint_auth_signing_alg?: string;
  id_token_signed_response_alg?: string;
  userinfo_signed_response_alg?: string;
  jwks?: { keys: JsonWebKey[] };
  jwks_uri?: string;
}

/** A client that the service knows. */
export interface Client {
  issuer: string;
  metadata: Metadata;
  client_id: string;
  client_secret?: string;
  /** With `private_key_jwt`. */
  privateKey?: JsonWebKey;
}

export interface Tokens {
  access: string;
  refresh?: string;
  /** The ID token as it came, and the claims that the library has vouched for. */
  idToken?: string;
  claims?: Record<string, unknown>;
}

export interface Device {
  userCode: string;
  verificationUri: string;
  verificationUriComplete?: string;
  deviceCode: string;
  interval: number;
}

/** An application, as far as its library goes. Whatever the library objects to is a rejected promise; when it was the
 * service that refused, `error` of the reason is the code. */
export interface RelyingParty {
  /** Where the browser goes, with PKCE, `state` and `nonce`. */
  start(parameters: Record<string, string>): Promise<string>;
  /** Takes what the browser came back with. */
  finish(callback: string): Promise<Tokens>;
  refresh(tokens: Tokens): Promise<Tokens>;
  clientCredentials(scope: string): Promise<Tokens>;
  startDevice(scope: string): Promise<Device>;
  /** Asks once. */
  pollDevice(device: Device): Promise<Tokens>;
  userinfo(tokens: Tokens): Promise<Record<string, unknown>>;
  introspect(token: string): Promise<Record<string, unknown>>;
  revoke(token: string): Promise<void>;
  /** Where the browser goes to sign out. */
  logout(tokens: Tokens, postLogoutRedirectUri: string, state: string): Promise<string>;
  stop(): Promise<void>;
}

export interface Library {
  name: string;
  /** How its applications sign their assertions. */
  algorithm: "ES256" | "PS256" | "EdDSA";
  /** Signatures that are checked with it, of ID tokens and of userinfo. All libraries together know all algorithms of the service. */
  verifies: readonly string[];
  connect(client: Client): Promise<RelyingParty>;
}
