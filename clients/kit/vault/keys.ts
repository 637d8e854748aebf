/** The device's half of its key, and the locks that keep the server's half for a start without network.
 *
 * The key under which papers lie here is made of two halves: a secret that no script can read out of the browser, and
 * 32 bytes of the server that are only in memory. Either alone opens nothing.
 */
import { Database, type Plan } from "./db.ts";
import { Reopening } from "./reopening.ts";

const SECRET_BYTES = 32;
/** What is wrapped or sealed by a derived key. */
const AES = { name: "AES-GCM", length: 256 } as const;

/** The server's half: its bytes, and an id that changes with them. */
export interface Half {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Secret {
  person: string;
  key: CryptoKey;
}

/** The server's half, sealed by what a person knows or holds. */
export interface LockRow {
  person: string;
  kind: "pin" | "passkey";
  half: string;
  /** Of PBKDF2 for a code, of the authenticator's function for a passkey. */
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
  /** Which passkey; empty for a code. */
  credential: Uint8Array<ArrayBuffer>;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
  /** Tries since the last that opened; counted before each. */
  tries: number;
}

/** When the server was last heard, and the latest moment that was ever known, ms. */
export interface ClockRow {
  person: string;
  renewed: number;
  latest: number;
}

interface KeyRows {
  secrets: Secret;
  locks: LockRow;
  clocks: ClockRow;
}

function plan(name: string): Plan<KeyRows> {
  return {
    name, version: 10,
    stores: { secrets: { key: "person" }, locks: { key: ["person", "kind"], index: "person" }, clocks: { key: "person" } },
    // A try that was counted stays counted when the tablet is switched off right after.
    durability: "strict",
  };
}

export class DeviceKeys {
  readonly db: Reopening<Database<KeyRows>>;

  constructor(
    readonly person: string,
    name = "phien-keys",
  ) {
    this.db = new Reopening(() => new Database(plan(name)));
  }

  /** The device's secret for this person, made at the first time. */
  async secret(): Promise<CryptoKey> {
    const raw = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
    const made = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
    raw.fill(0);
    return this.db.use((db) => db.write(["secrets"], async ({ secrets }) => {
      const kept = await secrets.get(this.person);
      if (kept) return kept.key;
      await secrets.add({ person: this.person, key: made });
      return made;
    }));
  }

  /** Whether there is a secret already: else whatever an old copy of this disk holds is worth nothing to this start. */
  async made(): Promise<boolean> {
    return (await this.db.use((db) => db.read(["secrets"], ({ secrets }) => secrets.get(this.person)))) !== undefined;
  }

  async locks(): Promise<LockRow[]> {
    return this.db.use((db) => db.read(["locks"], ({ locks }) => locks.with("person", this.person)));
  }

  async putLock(row: LockRow): Promise<void> {
    await this.db.use((db) => db.write(["locks"], ({ locks }) => locks.put(row)));
  }

  async dropLock(kind: LockRow["kind"]): Promise<void> {
    await this.db.use((db) => db.write(["locks"], ({ locks }) => locks.delete([this.person, kind])));
  }

  /** Locks on a half that the server has replaced open nothing any more; answers whether there were any. */
  async dropStale(half: string): Promise<boolean> {
    const stale = (await this.locks()).filter((lock) => lock.half !== half);
    for (const { kind } of stale) await this.dropLock(kind);
    return stale.length > 0;
  }

  /** Counts a try of the code, durably, and answers the row as it was; null where none are left. */
  async countTry(most: number): Promise<LockRow | null> {
    return this.db.use((db) => db.write(["locks"], async ({ locks }) => {
      const row = await locks.get([this.person, "pin"]);
      if (!row || row.tries >= most) return null;
      await locks.put({ ...row, tries: row.tries + 1 });
      return { ...row, tries: row.tries + 1 };
    }));
  }

  async forgiveTries(): Promise<void> {
    await this.db.use((db) => db.write(["locks"], async ({ locks }) => {
      const row = await locks.get([this.person, "pin"]);
      if (row) await locks.put({ ...row, tries: 0 });
    }));
  }

  async clock(): Promise<ClockRow | undefined> {
    return this.db.use((db) => db.read(["clocks"], ({ clocks }) => clocks.get(this.person)));
  }

  async putClock(row: Omit<ClockRow, "person">): Promise<void> {
    await this.db.use((db) => db.write(["clocks"], ({ clocks }) => clocks.put({ ...row, person: this.person })));
  }

  /** Destroys the secret and all locks: what was kept under them can never be read again. */
  async shred(): Promise<void> {
    await this.db.use((db) => db.write(["secrets", "locks"], async ({ secrets, locks }) => {
      await secrets.delete(this.person);
      for (const { kind } of await locks.with("person", this.person)) await locks.delete([this.person, kind]);
    }));
  }
}

/** A key from the device's secret and one other part (32 bytes): HKDF-SHA-256 with that part as its salt. */
export async function derived(
  secret: CryptoKey, part: Uint8Array<ArrayBuffer>, purpose: string, uses: KeyUsage[],
): Promise<CryptoKey> {
  const info = new TextEncoder().encode(`phien/${purpose}`);
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: part, info }, secret, AES, false, uses);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}
