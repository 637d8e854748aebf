/** A certificate request (PKCS#10) for a key that never leaves this machine, and signatures with it. */
import { bitString, identifier, integer, sequence, setOf, tagged, utf8 } from "./der.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const CURVE: EcKeyGenParams = { name: "ECDSA", namedCurve: "P-256" };
const HOW: EcdsaParams = { name: "ECDSA", hash: "SHA-256" };
const COMMON_NAME = "2.5.4.3";
const ECDSA_SHA256 = "1.2.840.10045.4.3.2";
/** Signed attributes of a CMS are a SET; a certificate or a request is a SEQUENCE, and never signed by this way. */
const ATTRIBUTES = 0x31;

/** A key that signs and cannot be taken out, not even by this app. */
export async function newPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** SHA-256 of the public key, hexadecimal: what two people compare. */
export async function fingerprintOf(pair: CryptoKeyPair): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await crypto.subtle.exportKey("spki", pair.publicKey));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The request, DER. The name is for who reads it: the clerk certifies the name the house knows. */
export async function requestFor(pair: CryptoKeyPair, name: string): Promise<Bytes> {
  const key = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const subject = sequence(setOf(sequence(identifier(COMMON_NAME), utf8(name))));
  const body = sequence(integer(Uint8Array.of(0)), subject, key, tagged(0xa0));
  const raw = new Uint8Array(await crypto.subtle.sign(HOW, pair.privateKey, body));
  const signature = sequence(integer(raw.subarray(0, raw.length / 2)), integer(raw.subarray(raw.length / 2)));
  return sequence(body, sequence(identifier(ECDSA_SHA256)), bitString(signature));
}

/** The signature of a paper's attributes, r and s side by side. Throws RangeError for anything else to sign. */
export async function signAttributes(pair: CryptoKeyPair, attributes: Bytes): Promise<Bytes> {
  if (attributes[0] !== ATTRIBUTES) throw new RangeError("no signed attributes");
  return new Uint8Array(await crypto.subtle.sign(HOW, pair.privateKey, attributes));
}
