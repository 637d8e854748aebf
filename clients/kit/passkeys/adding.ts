/** Making a passkey for one's own account. The server asks for no attestation, and that its person be verified. */
import type { PasskeyAdd, PasskeyBegin, PasskeyOffer, Passkeys } from "@phien/wire";

import { act } from "../net/index.ts";
import { toBytes, toText } from "./bytes.ts";
import { rememberPasskey } from "./using.ts";

const ASK_MS = 120_000;

/** Whether this browser knows passkeys at all; whether the server does at this address, it says itself. */
export function passkeysHere(): boolean {
  return typeof PublicKeyCredential !== "undefined" && isSecureContext;
}

/** Adds one: the password shows the server who asks. Throws ApiError, or what the browser throws. */
export async function addPasskey(name: string, password: string): Promise<Passkeys> {
  const asked: PasskeyBegin = { password };
  const offer = await act<PasskeyOffer>("POST", "/accounts/me/passkeys/begin", asked);
  const made = (await navigator.credentials.create({ publicKey: optionsOf(offer) })) as PublicKeyCredential | null;
  if (!made) throw new DOMException("nothing was made", "NotAllowedError");
  const response = made.response as AuthenticatorAttestationResponse;
  const body: PasskeyAdd = { name, client_data: toText(response.clientDataJSON), attestation: toText(response.attestationObject) };
  const now = await act<Passkeys>("POST", "/accounts/me/passkeys", body);
  rememberPasskey();
  return now;
}

function optionsOf(offer: PasskeyOffer): PublicKeyCredentialCreationOptions {
  return {
    rp: { id: offer.rp_id, name: offer.rp_name },
    user: { id: toBytes(offer.user_id), name: offer.user, displayName: offer.name },
    challenge: toBytes(offer.challenge),
    pubKeyCredParams: offer.algorithms.map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: offer.exclude.map((id) => ({ type: "public-key", id: toBytes(id) })),
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    attestation: "none",
    timeout: ASK_MS,
  };
}
