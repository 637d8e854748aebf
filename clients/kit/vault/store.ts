/** What lies on this device of papers: chunks of 64 KiB in IndexedDB, each sealed by AES-256-GCM.
 *
 * Every document has a key of its own, and only its wrapped form is on disk: what wraps it is made of the device's
 * secret and the server's half, and is in memory alone. Until it is given, nothing can be read or kept here.
 */
import { Database, type Plan, span } from "./db.ts";
import { derived } from "./keys.ts";
import { Reopening } from "./reopening.ts";

export const CHUNK_BYTES = 65_536;
const IV_BYTES = 12;
const IV_FIXED = 8;

/** A part of a document: its file, its words, its pictures. */
export interface Ref {
  readonly doc: string;
  readonly part: string;
}

/** To which meeting a document belongs, kept beside it in clear: what is oldest makes room first. */
export interface About {
  readonly meeting: string;
  readonly starts: string;
  /** Hours for which it opens without network. */
  readonly hours: number;
}

interface ChunkRow {
  person: string;
  doc: string;
  part: string;
  index: number;
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

/** Person, document, part, number. */
type ChunkKey = [string, string, string, number];

interface DocRow {
  person: string;
  doc: string;
  iv: Uint8Array<ArrayBuffer>;
  wrapped: ArrayBuffer;
  about: About | null;
}

/** What the papers of a device need of their store; tests keep it in memory. */
export interface PieceStore {
  /** Chunks from `first` on, joined; null where one is missing or cannot be opened. */
  read: (ref: Ref, first: number, count: number) => Promise<Uint8Array<ArrayBuffer> | null>;
  /** Cuts bytes into chunks and keeps them from `first` on: all of them or none. */
  write: (ref: Ref, first: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** A part as a whole, however long. */
  readWhole: (ref: Ref) => Promise<Uint8Array<ArrayBuffer> | null>;
  writeWhole: (ref: Ref, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** How many chunks are here, by document and part. */
  counts: () => Promise<Map<string, Map<string, number>>>;
  abouts: () => Promise<Map<string, About>>;
  note: (doc: string, about: About) => void;
  purge: (docs: readonly string[]) => Promise<void>;
  purgeParts: (doc: string, parts: readonly string[]) => Promise<void>;
  /** Forgets all of this person. */
  forget: () => Promise<void>;
}

interface VaultRows {
  chunks: ChunkRow;
  docs: DocRow;
}

/** Only the key is an index, so that writing stays cheap. Twenty: ten a version, as builds before counted. */
function plan(name: string): Plan<VaultRows> {
  return { name, version: 20, stores: { chunks: { key: ["person", "doc", "part", "index"] }, docs: { key: ["person", "doc"] } } };
}

/** Asked for while the server's half is not known. */
export class VaultLocked extends Error {
  override name = "VaultLocked";
}

export class VaultStore implements PieceStore {
  readonly #db: Reopening<Database<VaultRows>>;
  readonly #deks = new Map<string, Promise<CryptoKey>>();
  readonly #notes = new Map<string, About>();
  #kek: CryptoKey | null = null;
  readonly #ivs = new Ivs();

  constructor(
    readonly person: string,
    readonly name = "phien-vault",
  ) {
    this.#db = new Reopening(() => new Database(plan(name)));
  }

  /** Gives the two parts of the key. What was kept under another one is thrown away: it can never be read again. */
  async open(secret: CryptoKey, half: Uint8Array<ArrayBuffer>): Promise<void> {
    const kek = await derived(secret, half, `vault/${this.person}`, ["encrypt", "decrypt"]);
    const [first] = await this.#docs(1);
    if (first && !(await this.#unwrap(first, kek).catch(() => null))) await this.#dropAll();
    this.#deks.clear();
    this.#kek = kek;
  }

  get isOpen(): boolean {
    return this.#kek !== null;
  }

  /** Nothing can be read or kept until it is opened again. */
  lock(): void {
    this.#kek = null;
    this.#deks.clear();
  }

  async read(ref: Ref, first: number, count: number): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!this.#kek) return null;
    const keys = Array.from({ length: count }, (_, at): ChunkKey =>
      [this.person, ref.doc, ref.part, first + at]);
    const rows = await this.#db.use((db) => db.read(["chunks"], ({ chunks }) => Promise.all(keys.map((key) => chunks.get(key)))));
    return this.#opened(rows);
  }

  async readWhole(ref: Ref): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!this.#kek) return null;
    const rows = await this.#db.use((db) => db.read(["chunks"], ({ chunks }) => chunks.all(this.#part(ref))));
    return rows.length > 0 ? this.#opened(rows) : null;
  }

  async write(ref: Ref, first: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const rows = await this.#sealed(ref, first, bytes);
    await this.#db.use((db) => db.write(["chunks"], ({ chunks }) => Promise.all(rows.map((row) => chunks.put(row)))));
  }

  async writeWhole(ref: Ref, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const rows = await this.#sealed(ref, 0, bytes);
    await this.#db.use((db) => db.write(["chunks"], async ({ chunks }) => {
      await chunks.delete(this.#part(ref));
      await Promise.all(rows.map((row) => chunks.put(row)));
    }));
  }

  async counts(): Promise<Map<string, Map<string, number>>> {
    const keys = await this.#db.use((db) => db.read(["chunks"], ({ chunks }) => chunks.keys(span(this.person))));
    const counts = new Map<string, Map<string, number>>();
    for (const [, doc, part] of keys as ChunkKey[]) {
      const parts = counts.get(doc) ?? new Map<string, number>();
      counts.set(doc, parts.set(part, (parts.get(part) ?? 0) + 1));
    }
    return counts;
  }

  async abouts(): Promise<Map<string, About>> {
    const rows = await this.#docs();
    return new Map(rows.flatMap(({ doc, about }) => (about ? [[doc, about]] : [])));
  }

  /** Told before the first write of a document, and when it changes. */
  note(doc: string, about: About): void {
    const known = this.#notes.get(doc);
    this.#notes.set(doc, about);
    if (known?.starts === about.starts && known.hours === about.hours) return;
    void this.#db.use((db) => db.write(["docs"], async ({ docs }) => {
      const row = await docs.get([this.person, doc]);
      if (row) await docs.put({ ...row, about });
    })).catch(() => undefined);
  }

  async purge(docs: readonly string[]): Promise<void> {
    for (const doc of docs) {
      this.#deks.delete(doc);
      await this.#db.use((db) => db.write(["docs", "chunks"], async ({ docs, chunks }) => {
        await docs.delete([this.person, doc]); // the key first
        await chunks.delete(span(this.person, doc));
      }));
    }
  }

  async purgeParts(doc: string, parts: readonly string[]): Promise<void> {
    for (const part of parts) await this.#db.use((db) => db.write(["chunks"], ({ chunks }) => chunks.delete(this.#part({ doc, part }))));
  }

  async forget(): Promise<void> {
    this.lock();
    await this.#dropAll();
  }

  async #dropAll(): Promise<void> {
    await this.#db.use((db) => db.write(["docs"], ({ docs }) => docs.delete(span(this.person))));
    await this.#db.use((db) => db.write(["chunks"], ({ chunks }) => chunks.delete(span(this.person))));
  }

  #part({ doc, part }: Ref): IDBKeyRange {
    return span(this.person, doc, part);
  }

  #docs(most?: number): Promise<DocRow[]> {
    return this.#db.use((db) => db.read(["docs"], ({ docs }) => docs.all(span(this.person), most)));
  }

  async #sealed(ref: Ref, first: number, bytes: Uint8Array<ArrayBuffer>): Promise<ChunkRow[]> {
    const key = await this.#dek(ref.doc);
    const many = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
    return Promise.all(Array.from({ length: many }, async (_, at): Promise<ChunkRow> => {
      const iv = this.#ivs.next();
      const index = first + at;
      const clear = bytes.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: this.#place(ref, index) }, key, clear);
      return { person: this.person, ...ref, index, iv, bytes: sealed };
    }));
  }

  async #opened(rows: readonly (ChunkRow | undefined)[]): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const parts = await Promise.all(rows.map(async (row) => {
        if (!row) throw new Error("missing");
        const algorithm = { name: "AES-GCM", iv: row.iv, additionalData: this.#place(row, row.index) };
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, await this.#dek(row.doc, false), row.bytes));
      }));
      return joined(parts);
    } catch {
      return null; // missing, or of a key that is gone: it is fetched again
    }
  }

  /** A chunk that is moved to another place, paper or person does not open there. */
  #place({ doc, part }: Ref, index: number): Uint8Array<ArrayBuffer> {
    return new TextEncoder().encode(`${this.person}/${doc}/${part}/${index}`);
  }

  /** The document's own key; with `make` a new one where there is none. */
  #dek(doc: string, make = true): Promise<CryptoKey> {
    const known = this.#deks.get(doc);
    if (known) return known;
    const loading = this.#loadDek(doc, make).catch((error: unknown) => {
      this.#deks.delete(doc);
      throw error;
    });
    this.#deks.set(doc, loading);
    return loading;
  }

  async #loadDek(doc: string, make: boolean): Promise<CryptoKey> {
    const kek = this.#kek;
    if (!kek) throw new VaultLocked();
    let row = await this.#db.use((db) => db.read(["docs"], ({ docs }) => docs.get([this.person, doc])));
    if (!row && make) {
      const made = await this.#wrapped(doc, kek);
      row = await this.#db.use((db) => db.write(["docs"], async ({ docs }) => {
        const kept = await docs.get([this.person, doc]); // by another tab
        if (!kept) await docs.add(made);
        return kept ?? made;
      }));
    }
    if (!row) throw new VaultLocked();
    return this.#unwrap(row, kek);
  }

  async #wrapped(doc: string, kek: CryptoKey): Promise<DocRow> {
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const iv = this.#ivs.next();
    const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: this.#owner(doc) }, kek, raw);
    raw.fill(0);
    return { person: this.person, doc, iv, wrapped, about: this.#notes.get(doc) ?? null };
  }

  async #unwrap({ doc, iv, wrapped }: DocRow, kek: CryptoKey): Promise<CryptoKey> {
    const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: this.#owner(doc) }, kek, wrapped);
    return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  #owner(doc: string): Uint8Array<ArrayBuffer> {
    return new TextEncoder().encode(`${this.person}/${doc}`);
  }
}

/** Never the same twice under one key: 8 bytes drawn for this session, and a counter. */
class Ivs {
  #fixed = crypto.getRandomValues(new Uint8Array(IV_FIXED));
  #count = 0;

  next(): Uint8Array<ArrayBuffer> {
    if (this.#count > 0xffff_ffff) {
      this.#fixed = crypto.getRandomValues(new Uint8Array(IV_FIXED));
      this.#count = 0;
    }
    const iv = new Uint8Array(IV_BYTES);
    iv.set(this.#fixed);
    new DataView(iv.buffer).setUint32(IV_FIXED, this.#count++);
    return iv;
  }
}

export function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
