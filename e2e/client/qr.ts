// Signing in a device by what another one shows or scans (MSC4108), by nothing but what matrix-js-sdk offers for it.
// A real client draws the code and looks at it through a camera; here it is carried as text.

import { initAsync, QrCodeData } from "@matrix-org/matrix-sdk-crypto-wasm";
import { createClient, type MatrixClient, OAuth2 } from "matrix-js-sdk";
import {
  MSC4108RendezvousSession,
  MSC4108SecureChannel,
  MSC4108SignInWithQR,
} from "matrix-js-sdk/lib/rendezvous/index.js";
import { open, type Session, save } from "./session.ts";

const encode = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

/** What a new device tells the person in front of it. */
export interface Shown {
  code(text: string): void;
  /** To be compared with the other device's, and then with the code on the service's page. */
  check(code: string, userCode: string): void;
}

/** A new device: opens a channel through the homeserver, shows how to reach it, and waits to be let in. */
export async function signInByCode(homeserver: string, show: Shown): Promise<Session> {
  await initAsync();
  const stranger = createClient({ baseUrl: homeserver });
  const rendezvous = new MSC4108RendezvousSession({ client: stranger });
  await rendezvous.send(""); // which makes it
  const signIn = new MSC4108SignInWithQR(new MSC4108SecureChannel(rendezvous), false);
  await signIn.generateCode();
  show.code(encode(signIn.code as Uint8Array));
  await signIn.negotiateProtocols();

  const metadata = await stranger.getAuthMetadata();
  const clientId = await OAuth2.registerClient(metadata, {
    application_type: "web",
    client_name: "Postcard on the wall",
    client_uri: location.origin,
    redirect_uris: [`${location.origin}/`],
  });
  // Of the length and alphabet of a curve25519 key, as clients of this flow have it.
  const deviceId = encode(crypto.getRandomValues(new Uint8Array(32)))
    .replaceAll(/[+/=]/g, "A")
    .slice(0, 43);
  const grant = await signIn.deviceAuthorizationGrant({ metadata, clientId, deviceId });
  show.check(signIn.checkCode ?? "", grant.userCode ?? "");

  const tokens = await signIn.completeLoginOnNewDevice({ clientId });
  if (!tokens?.refresh_token) throw new Error("no refresh token came");
  const session = {
    homeserver,
    clientId,
    deviceId,
    userId: "",
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
  };
  const { user_id: userId } = await open(session).whoami();
  const { secrets } = await signIn.shareSecrets();
  if (!secrets || !("cross_signing" in secrets)) throw new Error("the other device has kept its secrets");
  await signIn.close();
  return save({ ...session, userId });
}

/** Where the existing device sends its person, and the code that both devices show. */
export interface Approval {
  address: string;
  checkCode: string;
  /** Until the new device is there and has got the account's secrets. */
  done: Promise<unknown>;
}

/** The existing device: has scanned the code. */
export async function letIn(client: MatrixClient, code: string): Promise<Approval> {
  await client.initRustCrypto({ useIndexedDB: false });
  await client.getCrypto()?.bootstrapCrossSigning({ authUploadDeviceSigningKeys: (upload) => upload(null) });
  const scanned = QrCodeData.fromBase64(code);
  const rendezvous = new MSC4108RendezvousSession({ url: scanned.rendezvousUrl ?? "" });
  const channel = new MSC4108SecureChannel(rendezvous, scanned.publicKey);
  const signIn = new MSC4108SignInWithQR(channel, true, client);
  await signIn.negotiateProtocols();
  const { verificationUri } = await signIn.deviceAuthorizationGrant();
  return { address: verificationUri ?? "", checkCode: signIn.checkCode ?? "", done: signIn.shareSecrets() };
}
