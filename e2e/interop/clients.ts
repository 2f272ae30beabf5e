import type { Client, Library, Metadata, Method } from "./relying-party.ts";

const code = { grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] };
export const grants = {
  code,
  clientCredentials: { grant_types: ["client_credentials"], response_types: [] },
  device: {
    grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
    response_types: [],
  },
};

/** Registers an application with the service, by plain HTTP. Its keys are sent along, unless `publish` gives them an address. */
export async function register(
  issuer: string,
  app: string,
  library: Library,
  method: Method,
  more: Partial<Metadata> = code,
  publish?: (jwks: object) => string,
): Promise<Client> {
  const keys = method === "private_key_jwt" ? await keyPair(library.algorithm) : undefined;
  const jwks = keys && { keys: [keys.publicKey] };
  const metadata: Metadata = {
    client_name: library.name,
    client_uri: app,
    redirect_uris: [`${app}callback`],
    ...code,
    token_endpoint_auth_method: method,
    ...(jwks && (publish ? { jwks_uri: publish(jwks) } : { jwks })),
    ...(jwks && { token_endpoint_auth_signing_alg: library.algorithm }),
    ...(method === "client_secret_jwt" && { token_endpoint_auth_signing_alg: "HS256" }),
    ...more,
  };
  const discovered = await fetch(`${issuer}.well-known/openid-configuration`);
  const { registration_endpoint } = (await discovered.json()) as { registration_endpoint: string };
  const answer = await fetch(registration_endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(metadata),
  });
  if (answer.status !== 201) throw new Error(`not registered: ${answer.status} ${await answer.text()}`);
  const { client_id, client_secret } = (await answer.json()) as Client;
  return { issuer, metadata, client_id, client_secret, privateKey: keys?.privateKey };
}

const kinds = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  PS256: { name: "RSA-PSS", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  EdDSA: { name: "Ed25519" },
};

async function keyPair(alg: Library["algorithm"]) {
  const pair = (await crypto.subtle.generateKey(kinds[alg], true, ["sign", "verify"])) as CryptoKeyPair;
  const exported = async (key: CryptoKey) => {
    // Web Crypto adds `key_ops` and `ext`, and its own idea of `alg`, which are nobody else's business.
    const { key_ops: _, ext: __, alg: ___, ...jwk } = await crypto.subtle.exportKey("jwk", key);
    return { ...jwk, kid: "interop", alg };
  };
  return { publicKey: await exported(pair.publicKey), privateKey: await exported(pair.privateKey) };
}

/** The private key of a client, for libraries that are built on Web Crypto. */
export function importKey({ privateKey, metadata }: Client): Promise<CryptoKey> {
  const alg = metadata.token_endpoint_auth_signing_alg as Library["algorithm"];
  if (!privateKey) throw new Error("this client has no key");
  const { alg: _, ...jwk } = privateKey;
  return crypto.subtle.importKey("jwk", jwk, kinds[alg], false, ["sign"]);
}
