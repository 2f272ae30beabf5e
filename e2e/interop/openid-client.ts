import * as oidc from "openid-client";
import { importKey } from "./clients.ts";
import type { Client, Library, RelyingParty, Tokens } from "./relying-party.ts";

/** <https://github.com/panva/openid-client>, certified for the Basic, Config and other profiles of relying parties. */
export const openidClient: Library = {
  name: "openid-client",
  algorithm: "ES256",
  verifies: ["RS384", "PS512", "ES384"],
  connect,
};

async function connect(client: Client): Promise<RelyingParty> {
  const { token_endpoint_auth_method: _, jwks: __, ...metadata } = client.metadata;
  const config = await oidc.discovery(
    new URL(client.issuer),
    client.client_id,
    { ...metadata, client_secret: client.client_secret },
    await authentication(client),
    // Signatures of ID tokens are optional to check where TLS vouches for them; here they are what is tested.
    { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
  );
  let pending: { pkceCodeVerifier: string; expectedState: string; expectedNonce: string } | undefined;
  return {
    async start(parameters) {
      pending = {
        pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
        expectedState: oidc.randomState(),
        expectedNonce: oidc.randomNonce(),
      };
      return oidc.buildAuthorizationUrl(config, {
        redirect_uri: client.metadata.redirect_uris?.[0] ?? "",
        state: pending.expectedState,
        nonce: pending.expectedNonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(pending.pkceCodeVerifier),
        code_challenge_method: "S256",
        ...parameters,
      }).href;
    },
    finish: async (callback) => tokens(await oidc.authorizationCodeGrant(config, new URL(callback), pending)),
    refresh: async ({ refresh, claims }) => ({
      ...tokens(await oidc.refreshTokenGrant(config, refresh ?? "")),
      claims,
    }),
    clientCredentials: async (scope) => tokens(await oidc.clientCredentialsGrant(config, { scope })),
    async startDevice(scope) {
      const answer = await oidc.initiateDeviceAuthorization(config, { scope });
      return {
        userCode: answer.user_code,
        verificationUri: answer.verification_uri,
        verificationUriComplete: answer.verification_uri_complete,
        deviceCode: answer.device_code,
        interval: answer.interval ?? 5,
      };
    },
    pollDevice: async ({ deviceCode }) =>
      tokens(
        await oidc.genericGrantRequest(config, "urn:ietf:params:oauth:grant-type:device_code", {
          device_code: deviceCode,
        }),
      ),
    userinfo: ({ access, claims }) => oidc.fetchUserInfo(config, access, String(claims?.sub)),
    introspect: (token) => oidc.tokenIntrospection(config, token),
    revoke: (token) => oidc.tokenRevocation(config, token),
    logout: async ({ idToken }, post_logout_redirect_uri, state) =>
      oidc.buildEndSessionUrl(config, { id_token_hint: idToken ?? "", post_logout_redirect_uri, state }).href,
    stop: async () => {},
  };
}

async function authentication(client: Client): Promise<oidc.ClientAuth> {
  switch (client.metadata.token_endpoint_auth_method) {
    case "none":
      return oidc.None();
    case "client_secret_basic":
      return oidc.ClientSecretBasic(client.client_secret);
    case "client_secret_post":
      return oidc.ClientSecretPost(client.client_secret);
    case "client_secret_jwt":
      return oidc.ClientSecretJwt(client.client_secret);
    case "private_key_jwt":
      return oidc.PrivateKeyJwt({ key: await importKey(client), kid: "interop" });
  }
}

function tokens(answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers): Tokens {
  const { access_token: access, refresh_token: refresh, id_token: idToken } = answer;
  return { access, refresh, idToken, claims: answer.claims() };
}
