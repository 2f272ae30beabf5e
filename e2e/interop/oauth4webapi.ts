import * as oauth from "oauth4webapi";
import { importKey } from "./clients.ts";
import type { Client, Library, RelyingParty, Tokens } from "./relying-party.ts";

/** <https://github.com/panva/oauth4webapi>, certified for the same profiles, with every step in sight. */
export const oauth4webapi: Library = {
  name: "oauth4webapi",
  algorithm: "EdDSA",
  verifies: ["RS512", "PS256", "ES512", "EdDSA"],
  connect,
};

const insecure = { [oauth.allowInsecureRequests]: true };

async function connect(client: Client): Promise<RelyingParty> {
  const issuer = new URL(client.issuer);
  const as = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: "oidc", ...insecure }),
  );
  const { jwks: _, jwks_uri: __, ...metadata } = client.metadata;
  const known: oauth.Client = { ...metadata, client_id: client.client_id };
  const auth = await authentication(client);
  const redirectUri = client.metadata.redirect_uris?.[0] ?? "";

  async function tokens(answer: Response, processed: Promise<oauth.TokenEndpointResponse>): Promise<Tokens> {
    const body = await processed;
    const claims = oauth.getValidatedIdTokenClaims(body);
    if (claims) await oauth.validateApplicationLevelSignature(as, answer, insecure);
    const { access_token: access, refresh_token: refresh, id_token: idToken } = body;
    return { access, refresh, idToken, claims };
  }

  let pending = { verifier: "", state: "", nonce: "" };
  return {
    async start(parameters) {
      pending = {
        verifier: oauth.generateRandomCodeVerifier(),
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
      };
      const url = new URL(as.authorization_endpoint ?? "");
      url.search = new URLSearchParams({
        client_id: client.client_id,
        redirect_uri: redirectUri,
        response_type: "code",
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: "S256",
        ...parameters,
      }).toString();
      return url.href;
    },
    async finish(callback) {
      const { verifier, state, nonce } = pending;
      const parameters = oauth.validateAuthResponse(as, known, new URL(callback), state);
      const request = oauth.authorizationCodeGrantRequest;
      const answer = await request(as, known, auth, parameters, redirectUri, verifier, insecure);
      const checks = { expectedNonce: nonce, requireIdToken: true };
      return tokens(answer, oauth.processAuthorizationCodeResponse(as, known, answer, checks));
    },
    async refresh({ refresh, claims }) {
      const answer = await oauth.refreshTokenGrantRequest(as, known, auth, refresh ?? "", insecure);
      return { ...(await tokens(answer, oauth.processRefreshTokenResponse(as, known, answer))), claims };
    },
    async clientCredentials(scope) {
      const answer = await oauth.clientCredentialsGrantRequest(as, known, auth, { scope }, insecure);
      return tokens(answer, oauth.processClientCredentialsResponse(as, known, answer));
    },
    async startDevice(scope) {
      const request = await oauth.deviceAuthorizationRequest(as, known, auth, { scope }, insecure);
      const answer = await oauth.processDeviceAuthorizationResponse(as, known, request);
      return {
        userCode: answer.user_code,
        verificationUri: answer.verification_uri,
        verificationUriComplete: answer.verification_uri_complete,
        deviceCode: answer.device_code,
        interval: answer.interval ?? 5,
      };
    },
    async pollDevice(device) {
      const answer = await oauth.deviceCodeGrantRequest(as, known, auth, device.deviceCode, insecure);
      return tokens(answer, oauth.processDeviceCodeResponse(as, known, answer));
    },
    async userinfo({ access, claims }) {
      const answer = await oauth.userInfoRequest(as, known, access, insecure);
      const isSigned = answer.headers.get("content-type")?.startsWith("application/jwt");
      const userinfo = await oauth.processUserInfoResponse(as, known, String(claims?.sub), answer);
      if (isSigned) await oauth.validateApplicationLevelSignature(as, answer, insecure);
      return userinfo;
    },
    async introspect(token) {
      const answer = await oauth.introspectionRequest(as, known, auth, token, insecure);
      return { ...(await oauth.processIntrospectionResponse(as, known, answer)) };
    },
    async revoke(token) {
      const answer = await oauth.revocationRequest(as, known, auth, token, insecure);
      await oauth.processRevocationResponse(answer);
    },
    async logout({ idToken }, post_logout_redirect_uri, state) {
      if (!as.end_session_endpoint) throw new Error("there is no end_session_endpoint");
      const url = new URL(as.end_session_endpoint);
      const { client_id } = client;
      const parameters = { client_id, id_token_hint: idToken ?? "", post_logout_redirect_uri, state };
      url.search = new URLSearchParams(parameters).toString();
      return url.href;
    },
    stop: async () => {},
  };
}

async function authentication(client: Client): Promise<oauth.ClientAuth> {
  const secret = client.client_secret ?? "";
  switch (client.metadata.token_endpoint_auth_method) {
    case "none":
      return oauth.None();
    case "client_secret_basic":
      return oauth.ClientSecretBasic(secret);
    case "client_secret_post":
      return oauth.ClientSecretPost(secret);
    case "client_secret_jwt":
      return oauth.ClientSecretJwt(secret);
    case "private_key_jwt":
      return oauth.PrivateKeyJwt({ key: await importKey(client), kid: "interop" });
  }
}
