/** Bytes of papers on this device: pieces in IndexedDB, each encrypted by a key that no script can read out. */
import Dexie, { type EntityTable } from "dexie";

interface Piece {
  /** `<version>/<index>` */
  id: string;
  person: string;
  version: string;
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

interface Key {
  person: string;
  key: CryptoKey;
}

/** What the papers of a device need of their store; tests keep it in memory. */
export interface PieceStore {
  get: (version: string, index: number) => Promise<Uint8Array<ArrayBuffer> | null>;
  put: (version: string, index: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** How many pieces of each version are here. */
  counts: () => Promise<Map<string, number>>;
  purge: (versions: readonly string[]) => Promise<void>;
  /** Forgets all of this person, the key first: what the disk may still hold is then unreadable. */
  forget: () => Promise<void>;
}

class VaultDb extends Dexie {
  readonly pieces!: EntityTable<Piece, "id">;
  readonly keys!: EntityTable<Key, "person">;

  constructor(name: string) {
    super(name);
    this.version(1).stores({ pieces: "id, version, person", keys: "person" });
  }
}

/** Errors after which iPadOS has lost the database and a new connection helps. */
const LOST = new Set(["UnknownError", "InvalidStateError", "DatabaseClosedError"]);
const IV_BYTES = 12;

export class VaultStore implements PieceStore {
  #db: VaultDb;
  #key: Promise<CryptoKey> | null = null;

  constructor(
    readonly person: string,
    readonly name = "phien-vault",
  ) {
    this.#db = new VaultDb(name);
  }

  async get(version: string, index: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const id = idOf(version, index);
    const piece = await this.#try((db) => db.pieces.get(id));
    if (piece?.person !== this.person) return null;
    try {
      const clear = await crypto.subtle.decrypt(this.#algorithm(piece.iv, id), await this.#ownKey(), piece.bytes);
      return new Uint8Array(clear);
    } catch {
      return null; // of a key that is gone: it is fetched again
    }
  }

  async put(version: string, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const id = idOf(version, index);
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const sealed = await crypto.subtle.encrypt(this.#algorithm(iv, id), await this.#ownKey(), bytes);
    await this.#try((db) => db.pieces.put({ id, person: this.person, version, iv, bytes: sealed }));
  }

  async counts(): Promise<Map<string, number>> {
    const ids = await this.#try((db) => db.pieces.where("person").equals(this.person).primaryKeys());
    const counts = new Map<string, number>();
    for (const id of ids) {
      const version = id.slice(0, id.lastIndexOf("/"));
      counts.set(version, (counts.get(version) ?? 0) + 1);
    }
    return counts;
  }

  async purge(versions: readonly string[]): Promise<void> {
    await this.#try((db) => db.pieces.where("version").anyOf([...versions]).delete());
  }

  async forget(): Promise<void> {
    this.#key = null;
    await this.#try((db) => db.keys.delete(this.person));
    await this.#try((db) => db.pieces.where("person").equals(this.person).delete());
  }

  /** The device's key for this person: made here, never leaves the browser's own store. */
  #ownKey(): Promise<CryptoKey> {
    this.#key ??= this.#loadKey();
    return this.#key;
  }

  async #loadKey(): Promise<CryptoKey> {
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    return this.#try((db) => db.transaction("rw", db.keys, async () => {
      const kept = await db.keys.get(this.person);
      if (kept) return kept.key;
      await db.keys.add({ person: this.person, key: made });
      return made;
    }));
  }

  /** A piece that is moved to another place does not open there. */
  #algorithm(iv: Uint8Array<ArrayBuffer>, id: string): AesGcmParams {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${this.person}/${id}`) };
  }

  async #try<T>(work: (db: VaultDb) => PromiseLike<T>): Promise<T> {
    try {
      return await work(this.#db);
    } catch (error) {
      if (!LOST.has((error as Error).name)) throw error;
      this.#db.close();
      this.#db = new VaultDb(this.name);
      return work(this.#db);
    }
  }
}

function idOf(version: string, index: number): string {
  return `${version}/${index}`;
}
