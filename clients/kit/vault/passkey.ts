/** A passkey of this device that gives a secret: the PRF extension of WebAuthn (level 3), where the browser has it.
 *
 * The server does not know of it: it signs nobody in, its secret alone unseals what lies here.
 */

const BYTES = 32;
const ASK_MS = 60_000;

/** For whom a passkey is made, as the authenticator shows it. */
export interface Asked {
  readonly name: string;
  readonly title: string;
}

interface Made {
  readonly credential: Uint8Array<ArrayBuffer>;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly secret: Uint8Array<ArrayBuffer>;
}

/** Whether it may be offered. That it really gives a secret shows when it is made. */
export async function passkeysOffered(): Promise<boolean> {
  if (typeof PublicKeyCredential === "undefined" || !isSecureContext) return false;
  const ask = PublicKeyCredential as unknown as { getClientCapabilities?: () => Promise<Record<string, boolean>> };
  try {
    const known = (await ask.getClientCapabilities?.())?.["extension:prf"];
    if (known === false) return false;
    return await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  } catch {
    return false;
  }
}

/** Makes one and asks it for its secret. Throws NotSupportedError where it has none. */
export async function makePasskey({ name, title }: Asked): Promise<Made> {
  const salt = random();
  const made = (await navigator.credentials.create({
    publicKey: {
      rp: { id: location.hostname, name: title },
      user: { id: random(), name, displayName: name },
      challenge: random(),
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
      authenticatorSelection: { authenticatorAttachment: "platform", userVerification: "required", residentKey: "discouraged" },
      timeout: ASK_MS,
      extensions: { prf: { eval: { first: salt } } },
    },
  })) as PublicKeyCredential | null;
  const result = made?.getClientExtensionResults().prf;
  if (!made || !result?.enabled) throw new DOMException("no prf", "NotSupportedError");
  const credential = new Uint8Array(made.rawId);
  const secret = result.results?.first ? bytesOf(result.results.first) : await passkeySecret(credential, salt);
  return { credential, salt, secret };
}

/** Asks a passkey for its secret. Throws NotSupportedError where it gives none, NotAllowedError where one declines. */
export async function passkeySecret(
  credential: Uint8Array<ArrayBuffer>, salt: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const given = (await navigator.credentials.get({
    publicKey: {
      rpId: location.hostname,
      challenge: random(),
      allowCredentials: [{ type: "public-key", id: credential }],
      userVerification: "required",
      timeout: ASK_MS,
      extensions: { prf: { eval: { first: salt } } },
    },
  })) as PublicKeyCredential | null;
  const first = given?.getClientExtensionResults().prf?.results?.first;
  if (!first) throw new DOMException("no prf", "NotSupportedError");
  return bytesOf(first);
}

function random(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(BYTES));
}

function bytesOf(source: BufferSource): Uint8Array<ArrayBuffer> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  const view = source;
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}
