/** The papers of this device: read by ranges, from what is here or from the server, and kept for without network. */
import { Beside, type BesideSource, isWhole } from "./beside.ts";
import { editionOf, editionsIn, partOf } from "./editions.ts";
import type { Lease } from "./lease.ts";
import { Near } from "./near.ts";
import { Queue } from "./queue.ts";
import { nameOf } from "./reopening.ts";
import { STREAMS } from "./states.ts";
import { type About, CHUNK_BYTES, joined, type PieceStore } from "./store.ts";

/** What is asked of the server at once, also the most that it answers from memory; kept in chunks of 64 KiB. */
export const BLOCK_BYTES = 262_144;
const IN_BLOCK = BLOCK_BYTES / CHUNK_BYTES;
/** Reading has paused when nothing was asked for this long. */
const QUIET_MS = 600;
/** Where nothing was said of a paper. */
const HOURS = 24;

/** A paper as it is fetched; `stream` is the one whose audience may read it. */
export interface Held {
  readonly version: string;
  readonly size: number;
  readonly stream: string;
  /** A machine has read its scanned pages, so that more of it can be kept. */
  readonly read?: boolean;
  /** Changes when the bytes of the version do: those of another are not kept beside these. */
  readonly edition?: string;
}

/** Bytes `begin` to before `end` of a version in this edition, from the server. */
export type FetchRange = (version: string, begin: number, end: number, edition: string) => Promise<Uint8Array<ArrayBuffer>>;

export interface Source {
  readonly length: number;
  /** Not cut short: what is on its way is wanted on this device anyway. */
  readonly fetchRange: (begin: number, end: number) => Promise<Uint8Array>;
}

/** How much of a paper is here, in chunks; `ready` when it opens, is searched and shown without network. */
export interface Progress {
  readonly have: number;
  readonly total: number;
  readonly ready: boolean;
}

/** What papers need beside their bytes; all of it may be left out. */
export interface Terms {
  /** The meeting of a stream, null while it is not known. */
  readonly about?: (stream: string) => About | null;
  readonly lease?: Pick<Lease, "allows">;
  readonly beside?: BesideSource;
}

/** The time for which papers of this meeting open without network is over. */
export class LeaseOver extends Error {
  override name = "LeaseOver";
}

export class Papers {
  readonly #store: PieceStore;
  readonly #fetch: FetchRange;
  readonly #terms: Terms;
  readonly #beside: Beside;
  readonly #near = new Near();
  readonly #flights = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  readonly #keeps = new Map<string, Promise<void>>();
  readonly #counts = new Map<string, number>();
  readonly #abouts = new Map<string, About>();
  readonly #streams = new Map<string, string>();
  /** The edition of each version that is kept; what lies here is of no other. */
  readonly #editions = new Map<string, string>();
  /** Versions whose former edition is being removed. */
  readonly #leaving = new Map<string, Promise<void>>();
  /** Read in this session: they make no room for others. */
  readonly #opened = new Set<string>();
  /** Purged in this session: what is still on its way is not kept. */
  readonly #purged = new Set<string>();
  readonly #watchers = new Set<() => void>();
  readonly #queue: Queue<Held>;
  /** All that was asked for last, here or not yet. */
  #asked = new Set<string>();
  #closed = false;
  /** What lies on the disk is known. */
  #learned = false;
  #readAt = -QUIET_MS;
  /** The device has no room left, and nothing old to give up. */
  full = false;
  /** Called once for each version that has come to lie here as a whole. */
  onComplete: (version: string) => void = () => undefined;
  /** Called when something of another version has come to lie here, or a version is gone from the disk. */
  onHeld: () => void = () => undefined;

  constructor(store: PieceStore, fetch: FetchRange, terms: Terms = {}) {
    this.#store = store;
    this.#fetch = fetch;
    this.#terms = terms;
    this.#beside = new Beside(store, terms.beside ?? null);
    this.#queue = new Queue((held) => !this.full && !this.progress(held).ready && this.#about(held)?.hours !== 0,
      (held) => this.#fetchAll(held));
    this.#queue.onChange = () => { this.#changed(); };
  }

  /** Learns what an earlier session left; answers how many papers. */
  async start(): Promise<number> {
    try {
      const counts = await this.#store.counts();
      for (const [doc, parts] of counts) this.#learn(doc, parts);
      for (const [doc, about] of await this.#store.abouts()) this.#abouts.set(doc, about);
      this.#beside.learn(counts);
      this.#learned = true;
    } catch {
      return 0; // without a disk papers are read from the server
    }
    this.#changed();
    return this.#counts.size;
  }

  /** Whether the whole paper lies on this device. */
  complete(held: Held): boolean {
    return this.#have(held) >= chunks(held.size);
  }

  /** Of how many papers something lies here. */
  get here(): number {
    return this.#counts.size;
  }

  progress(held: Held): Progress {
    const total = chunks(held.size);
    const have = Math.min(total, this.#have(held));
    return { have, total, ready: have === total && this.#beside.whole(held.version, held.read) };
  }

  /** Whether it may be opened from this device now: not after the lease of its meeting has ended. */
  allowed(held: Pick<Held, "version" | "stream">): boolean {
    const hours = this.#about(held)?.hours ?? HOURS;
    return hours === 0 || (this.#terms.lease?.allows(hours) ?? true);
  }

  /** Whether it could not be fetched at the last try; it is tried again by itself. */
  failed(held: Held): boolean {
    return this.#queue.failed(held.version);
  }

  source(held: Held): Source {
    this.#remember(held);
    this.#opened.add(held.version);
    this.#queue.first(held.version);
    return {
      length: held.size,
      fetchRange: async (begin, end) => {
        this.#readAt = performance.now();
        const first = Math.floor(begin / BLOCK_BYTES);
        const last = Math.floor((end - 1) / BLOCK_BYTES);
        const parts = await Promise.all(Array.from({ length: last - first + 1 }, (_, at) => this.#block(held, first + at)));
        return joined(parts).subarray(begin - first * BLOCK_BYTES, end - first * BLOCK_BYTES);
      },
    };
  }

  /** The words of every page of a paper that is here; null where they are not. */
  async words(version: string): Promise<readonly string[] | null> {
    return this.#readable(version) ? this.#beside.words(version) : null;
  }

  /** What a machine has read on the pages of a paper that is here; null where that is not. */
  async read(version: string): Promise<unknown> {
    return this.#readable(version) ? this.#beside.read(version) : null;
  }

  /** What the server said of the version when it was fetched; null where it is not here. */
  async record(version: string): Promise<unknown> {
    return this.#readable(version) ? this.#beside.record(version) : null;
  }

  /** The picture of a page (WebP) of a paper that is here. */
  async picture(version: string, page: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#readable(version) ? this.#beside.picture(version, page) : null;
  }

  /** Fetches papers in the background, one block at a time, in the given order; replaces what was wanted before. */
  want(list: readonly Held[]): void {
    for (const held of list) this.#remember(held);
    this.#asked = new Set(list.map((held) => held.version));
    this.#queue.want(list);
  }

  /** Without network nothing is tried; when it is back, all that failed is tried at once. */
  set network(there: boolean) {
    this.#queue.network = there;
  }

  /** Tries at once what could not be fetched. */
  retry(): void {
    this.full = false;
    this.#queue.retry();
  }

  /** What lies on the disk, and which of it as a whole; read from the disk itself. Throws what the disk throws. */
  async lying(): Promise<{ whole: string[]; part: string[] }> {
    const lying = { whole: [] as string[], part: [] as string[] };
    for (const [doc, parts] of await this.#store.counts()) {
      if (doc !== STREAMS) lying[isWhole(parts) ? "whole" : "part"].push(doc);
    }
    return lying;
  }

  /** Removes versions from memory and disk: recalled, or no longer permitted. */
  async purge(versions: readonly string[]): Promise<void> {
    for (const version of versions) {
      this.#purged.add(version);
      this.#streams.delete(version);
    }
    this.#queue.drop(versions);
    await this.#drop(versions);
  }

  /** Removes all papers of a stream that may no longer be read. */
  async purgeStream(stream: string): Promise<void> {
    await this.purge([...this.#streams].filter(([, of]) => of === stream).map(([version]) => version));
  }

  close(): void {
    this.#closed = true;
    this.#queue.close();
    this.#near.clear();
    this.#counts.clear();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => { this.#watchers.delete(watcher); };
  }

  #readable(version: string): boolean {
    return this.allowed({ version, stream: this.#streams.get(version) ?? "" });
  }

  /** Answers whether it came to its end: not where a paper that is being read goes before it. */
  async #fetchAll(held: Held): Promise<boolean> {
    const goes = async (): Promise<boolean> => {
      await this.#quiet();
      return !this.#closed && !this.#purged.has(held.version);
    };
    for (let block = 0; block * BLOCK_BYTES < held.size; block++) {
      if (!(await goes())) return true;
      if (this.#queue.yields(held.version)) return false;
      const before = this.#keeps.get(held.version);
      if (!this.complete(held)) await this.#block(held, block); // while the one before is being written
      await before;
    }
    await this.#keeps.get(held.version);
    if (this.complete(held)) await this.#beside.fetch(held.version, goes, held.read);
    if (await goes()) this.#changed();
    this.onHeld();
    return true;
  }

  /** Returns when nobody has read for a while: the background must not take the line from who waits for a page. */
  async #quiet(): Promise<void> {
    for (;;) {
      const wait = this.#readAt + QUIET_MS - performance.now();
      if (wait <= 0 || this.#closed) return;
      await new Promise((resolve) => { setTimeout(resolve, wait); });
    }
  }

  async #block(held: Held, block: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.allowed(held)) throw new LeaseOver();
    const near = this.#near.get(held.version, block);
    if (near) return near;
    await this.#leaving.get(held.version);
    const key = `${held.version}/${editionOf(held)}/${block}`;
    const flying = this.#flights.get(key);
    if (flying) return flying;
    const flight = this.#load(held, block).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  async #load(held: Held, block: number): Promise<Uint8Array<ArrayBuffer>> {
    const begin = block * BLOCK_BYTES;
    const end = Math.min(held.size, begin + BLOCK_BYTES);
    const ref = { doc: held.version, part: partOf(held) };
    const maybe = !this.#learned || this.#counts.has(held.version);
    const kept = maybe ? await this.#store.read(ref, block * IN_BLOCK, chunks(end - begin)).catch(() => null) : null;
    const bytes = kept ?? await this.#fetch(held.version, begin, end, editionOf(held));
    if (this.#closed || this.#purged.has(held.version) || this.#editions.get(held.version) !== editionOf(held)) return bytes;
    this.#near.put(held.version, block, bytes);
    if (!kept) this.#keeping(held.version, this.#keep(held, block, bytes));
    return bytes; // who reads does not wait for the disk
  }

  /** What is being written of a paper: the background waits for it, so that memory does not fill with blocks. */
  #keeping(version: string, keep: Promise<void>): void {
    const before = this.#keeps.get(version);
    const now = Promise.all([before, keep]).then(() => undefined, () => undefined).finally(() => {
      if (this.#keeps.get(version) === now) this.#keeps.delete(version);
    });
    this.#keeps.set(version, now);
  }

  async #keep(held: Held, block: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#about(held)?.hours === 0 || !(await this.#written(held, block, bytes))) return;
    if (this.#purged.has(held.version)) { // recalled while it was being written
      await this.#store.purge([held.version]);
      this.onHeld();
      return;
    }
    const before = this.#counts.get(held.version) ?? 0;
    this.#counts.set(held.version, before + chunks(bytes.length));
    this.#changed();
    if (before === 0) this.onHeld();
    if (this.complete(held)) this.onComplete(held.version);
  }

  /** Writes; where there is no room, papers of the oldest meetings make some. */
  async #written(held: Held, block: number, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    for (;;) {
      try {
        await this.#store.write({ doc: held.version, part: partOf(held) }, block * IN_BLOCK, bytes);
        return true;
      } catch (error) {
        if (nameOf(error) !== "QuotaExceededError") return false;
        if (!(await this.#madeRoom())) {
          this.full = true;
          return false;
        }
      }
    }
  }

  /** Gives up one paper: of the oldest meeting, none that is wanted now or was read in this session. */
  async #madeRoom(): Promise<boolean> {
    const begins = (version: string): string => this.#abouts.get(version)?.starts ?? "";
    const [oldest] = [...this.#counts.keys()].filter((version) => !this.#asked.has(version) && !this.#opened.has(version))
      .sort((a, b) => begins(a).localeCompare(begins(b)));
    if (oldest === undefined) return false;
    await this.#drop([oldest]);
    return true;
  }

  async #drop(versions: readonly string[]): Promise<void> {
    for (const version of versions) this.#counts.delete(version);
    this.#near.drop(new Set(versions));
    this.#beside.forget(versions);
    this.#changed();
    await this.#store.purge(versions);
    this.onHeld();
  }

  #about({ version, stream }: Pick<Held, "version" | "stream">): About | null {
    return this.#terms.about?.(stream) ?? this.#abouts.get(version) ?? null;
  }

  /** A version that may be read again (access came back) is kept again; of a meeting that keeps nothing here, none is. */
  #remember(held: Held): void {
    this.#streams.set(held.version, held.stream);
    this.#purged.delete(held.version);
    const before = this.#editions.get(held.version);
    this.#editions.set(held.version, editionOf(held));
    if (before !== undefined && before !== editionOf(held)) this.#leave(held.version);
    const about = this.#terms.about?.(held.stream);
    if (!about) return;
    this.#abouts.set(held.version, about);
    if (about.hours > 0) this.#store.note(held.version, about);
    else if (this.#counts.has(held.version)) void this.#drop([held.version]).catch(() => undefined);
  }

  #have(held: Held): number {
    return this.#editions.get(held.version) === editionOf(held) ? this.#counts.get(held.version) ?? 0 : 0;
  }

  /** What an earlier session left of a version: of another edition than is asked for now, it goes. */
  #learn(doc: string, parts: ReadonlyMap<string, number>): void {
    const [file, other] = editionsIn(parts);
    if (!file) return;
    if (other || (this.#editions.get(doc) ?? file.edition) !== file.edition) {
      this.#leave(doc);
      return;
    }
    this.#editions.set(doc, file.edition);
    this.#counts.set(doc, file.chunks);
  }

  #leave(version: string): void {
    const going = this.#drop([version]).catch(() => undefined).finally(() => {
      if (this.#leaving.get(version) === going) this.#leaving.delete(version);
    });
    this.#leaving.set(version, going);
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

function chunks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}
