/** The papers of this device: read by ranges, from what is here or from the server, and kept for without network. */
import type { PieceStore } from "./store.ts";

/** Also the most that the server answers from memory at once. */
export const PIECE_BYTES = 262_144;
/** Pieces kept unencrypted in memory while papers are open: 16 MiB. */
const IN_MEMORY = 64;

/** A paper as it is fetched; `stream` is the one whose audience may read it. */
export interface Held {
  readonly version: string;
  readonly size: number;
  readonly stream: string;
}

/** Bytes `begin` to before `end` of a version, from the server. */
export type FetchRange = (version: string, begin: number, end: number) => Promise<Uint8Array<ArrayBuffer>>;

export interface Source {
  readonly length: number;
  /** Not cut short: what is on its way is wanted on this device anyway. */
  readonly fetchRange: (begin: number, end: number) => Promise<Uint8Array>;
}

export class Papers {
  readonly #store: PieceStore;
  readonly #fetch: FetchRange;
  readonly #memory = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #flights = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  readonly #counts = new Map<string, number>();
  readonly #streams = new Map<string, string>();
  /** Purged in this session: what is still on its way is not kept. */
  readonly #purged = new Set<string>();
  readonly #watchers = new Set<() => void>();
  #wanted: Held[] = [];
  #running = false;
  #closed = false;
  /** Called once for each version that has come to lie here as a whole. */
  onComplete: (version: string) => void = () => undefined;

  constructor(store: PieceStore, fetch: FetchRange) {
    this.#store = store;
    this.#fetch = fetch;
  }

  /** Learns what an earlier session left. */
  async start(): Promise<void> {
    try {
      for (const [version, count] of await this.#store.counts()) this.#counts.set(version, count);
    } catch {
      return; // without a disk papers are read from the server
    }
    this.#changed();
  }

  /** Whether the whole paper lies on this device. */
  complete(held: Held): boolean {
    return (this.#counts.get(held.version) ?? 0) >= pieces(held.size);
  }

  source(held: Held): Source {
    this.#remember(held);
    return {
      length: held.size,
      fetchRange: async (begin, end) => {
        const first = Math.floor(begin / PIECE_BYTES);
        const last = Math.floor((end - 1) / PIECE_BYTES);
        if (first === last) {
          const piece = await this.#piece(held, first);
          return piece.subarray(begin - first * PIECE_BYTES, end - first * PIECE_BYTES);
        }
        const parts = await Promise.all(
          Array.from({ length: last - first + 1 }, (_, at) => this.#piece(held, first + at)),
        );
        return joined(parts).subarray(begin - first * PIECE_BYTES, end - first * PIECE_BYTES);
      },
    };
  }

  /** Fetches papers in the background, one piece at a time, in the given order; replaces what was wanted before. */
  want(list: readonly Held[]): void {
    for (const held of list) this.#remember(held);
    this.#wanted = [...list];
    void this.#run();
  }

  /** Removes versions from memory and disk: recalled, or no longer permitted. */
  async purge(versions: readonly string[]): Promise<void> {
    const gone = new Set(versions);
    for (const version of gone) {
      this.#purged.add(version);
      this.#counts.delete(version);
      this.#streams.delete(version);
    }
    for (const key of this.#memory.keys()) if (gone.has(key.slice(0, key.lastIndexOf("/")))) this.#memory.delete(key);
    this.#wanted = this.#wanted.filter((held) => !gone.has(held.version));
    this.#changed();
    await this.#store.purge(versions);
  }

  /** Removes all papers of a stream that may no longer be read. */
  async purgeStream(stream: string): Promise<void> {
    await this.purge([...this.#streams].filter(([, of]) => of === stream).map(([version]) => version));
  }

  /** Signed out: nothing stays. */
  async forget(): Promise<void> {
    this.close();
    await this.#store.forget();
  }

  close(): void {
    this.#closed = true;
    this.#wanted = [];
    this.#memory.clear();
    this.#counts.clear();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => { this.#watchers.delete(watcher); };
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let held = this.#next(); held; held = this.#next()) await this.#fetchAll(held);
    } catch {
      this.#wanted = []; // no network: the next `want` begins again
    } finally {
      this.#running = false;
    }
  }

  #next(): Held | undefined {
    this.#wanted = this.#wanted.filter((held) => !this.complete(held));
    return this.#closed ? undefined : this.#wanted[0];
  }

  async #fetchAll(held: Held): Promise<void> {
    for (let index = 0; index < pieces(held.size); index++) {
      if (this.#closed || this.#purged.has(held.version)) return;
      await this.#piece(held, index);
    }
    // Every piece has been read; where the disk refused some, asking again would not help.
    if (!this.complete(held)) this.#wanted = this.#wanted.filter((one) => one.version !== held.version);
  }

  async #piece(held: Held, index: number): Promise<Uint8Array<ArrayBuffer>> {
    const key = `${held.version}/${index}`;
    const near = this.#memory.get(key);
    if (near) {
      this.#memory.delete(key);
      this.#memory.set(key, near);
      return near;
    }
    const flying = this.#flights.get(key);
    if (flying) return flying;
    const flight = this.#load(held, index, key).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  async #load(held: Held, index: number, key: string): Promise<Uint8Array<ArrayBuffer>> {
    const kept = await this.#store.get(held.version, index).catch(() => null);
    if (kept) {
      this.#keepNear(key, kept);
      return kept;
    }
    const begin = index * PIECE_BYTES;
    const bytes = await this.#fetch(held.version, begin, Math.min(held.size, begin + PIECE_BYTES));
    if (this.#closed || this.#purged.has(held.version)) return bytes;
    this.#keepNear(key, bytes);
    await this.#keep(held, index, bytes).catch(() => undefined);
    return bytes;
  }

  async #keep(held: Held, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#store.put(held.version, index, bytes);
    if (this.#purged.has(held.version)) { // recalled while it was being written
      await this.#store.purge([held.version]);
      return;
    }
    this.#counts.set(held.version, (this.#counts.get(held.version) ?? 0) + 1);
    this.#changed();
    if (this.complete(held)) this.onComplete(held.version);
  }

  #keepNear(key: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#memory.set(key, bytes);
    const oldest = this.#memory.keys().next();
    if (this.#memory.size > IN_MEMORY && !oldest.done) this.#memory.delete(oldest.value);
  }

  /** A version that may be read again (access came back) is kept again. */
  #remember(held: Held): void {
    this.#streams.set(held.version, held.stream);
    this.#purged.delete(held.version);
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

function pieces(size: number): number {
  return Math.max(1, Math.ceil(size / PIECE_BYTES));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
