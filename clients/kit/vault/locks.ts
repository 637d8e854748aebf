/** Opening the papers of this device without network: a code of six digits, or a passkey that gives a secret. */
import { type DeviceKeys, derived, type Half, type LockRow } from "./keys.ts";
import { type Asked, makePasskey, passkeySecret } from "./passkey.ts";

/** OWASP's floor for PBKDF2-HMAC-SHA-256. */
export const PIN_ROUNDS = 600_000;
export const PIN_DIGITS = 6;
export const PIN_TRIES = 5;
const SALT_BYTES = 32;
const IV_BYTES = 12;

/** What became of a try. After `shredded` the papers here can never be read again. */
export type Tried =
  | { readonly st: "open"; readonly half: Half }
  | { readonly st: "wrong"; readonly left: number }
  | { readonly st: "shredded" };

/** A code that somebody beside the tablet would try first: one digit, or a row of digits. */
export function tooPlain(pin: string): boolean {
  const digits = Array.from(pin, Number);
  const steps = new Set(digits.slice(1).map((digit, at) => digit - (digits[at] ?? 0)));
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0] ?? 9);
}

export function isPin(pin: string): boolean {
  return new RegExp(`^[0-9]{${PIN_DIGITS}}$`).test(pin);
}

export class Locks {
  constructor(
    readonly keys: DeviceKeys,
    readonly rounds = PIN_ROUNDS,
  ) {}

  /** Which ways there are to open without network. */
  async kinds(): Promise<LockRow["kind"][]> {
    return (await this.keys.locks()).map((lock) => lock.kind);
  }

  /** Seals the half by a code; takes the place of an older one. Throws RangeError for what is no code. */
  async setPin(pin: string, half: Half): Promise<void> {
    if (!isPin(pin)) throw new RangeError("pin");
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
    const key = await this.#pinKey(pin, salt, this.rounds);
    await this.#put("pin", half, key, { salt, rounds: this.rounds, credential: new Uint8Array() });
  }

  /** Tries a code. The try is on disk before it is made, so that switching off in between wins none. */
  async tryPin(pin: string): Promise<Tried> {
    const row = await this.keys.countTry(PIN_TRIES);
    if (!row) {
      await this.keys.shred();
      return { st: "shredded" };
    }
    const half = await open(row, await this.#pinKey(pin, row.salt, row.rounds));
    if (half) {
      await this.keys.forgiveTries();
      return { st: "open", half };
    }
    if (row.tries < PIN_TRIES) return { st: "wrong", left: PIN_TRIES - row.tries };
    await this.keys.shred();
    return { st: "shredded" };
  }

  /** Seals the half by a new passkey of this device. Throws NotSupportedError where it gives no secret. */
  async setPasskey(half: Half, asked: Asked): Promise<void> {
    const { credential, salt, secret } = await makePasskey(asked);
    const key = await derived(await this.keys.secret(), secret, "lock/passkey", ["encrypt"]);
    await this.#put("passkey", half, key, { salt, rounds: 0, credential });
  }

  /** Asks for the passkey; null where it does not open. Throws what the browser throws where the person declines. */
  async tryPasskey(): Promise<Half | null> {
    const row = (await this.keys.locks()).find((lock) => lock.kind === "passkey");
    if (!row) return null;
    const secret = await passkeySecret(row.credential, row.salt);
    return open(row, await derived(await this.keys.secret(), secret, "lock/passkey", ["decrypt"]));
  }

  /** Guessing needs this very device: the code alone makes no key. */
  async #pinKey(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
    const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
    const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, typed, 256);
    return derived(await this.keys.secret(), new Uint8Array(bits), "lock/pin", ["encrypt", "decrypt"]);
  }

  async #put(
    kind: LockRow["kind"], half: Half, key: CryptoKey, rest: Pick<LockRow, "salt" | "rounds" | "credential">,
  ): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const { person } = this.keys;
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(person, kind, half.id) }, key, half.bytes);
    await this.keys.putLock({ person, kind, half: half.id, iv, sealed, tries: 0, ...rest });
  }
}

async function open(row: LockRow, key: CryptoKey): Promise<Half | null> {
  try {
    const additionalData = bound(row.person, row.kind, row.half);
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData }, key, row.sealed);
    return { id: row.half, bytes: new Uint8Array(bytes) };
  } catch {
    return null;
  }
}

function bound(person: string, kind: string, half: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${person}/${kind}/${half}`);
}
