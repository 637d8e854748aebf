/** The papers of this device: read by ranges, from what is here or from the server, and kept for without network. */
import { Beside, isWhole } from "./beside.ts";
import { Blocks } from "./blocks.ts";
import { BLOCK_BYTES, chunks, type FetchRange, type Held, type Progress, type Source, type Terms } from "./held.ts";
import { Holdings } from "./holdings.ts";
import { Near } from "./near.ts";
import { Queue } from "./queue.ts";
import { STREAMS } from "./states.ts";
import { joined, type PieceStore } from "./store.ts";

/** Reading has paused when nothing was asked for this long; what was missed is on its way so soon after the network came. */
const QUIET_MS = 600;

export class Papers {
  readonly #store: PieceStore;
  readonly #beside: Beside;
  readonly #holdings: Holdings;
  readonly #blocks: Blocks;
  readonly #queue: Queue<Held>;
  readonly #yields: () => boolean;
  #closed = false;
  #readAt = -QUIET_MS;

  constructor(store: PieceStore, fetch: FetchRange, terms: Terms = {}) {
    const near = new Near();
    this.#store = store;
    this.#yields = terms.yields ?? ((): boolean => false);
    this.#beside = new Beside(store, terms.beside ?? null);
    this.#holdings = new Holdings(store, near, this.#beside, terms);
    this.#blocks = new Blocks(store, fetch, this.#holdings, near);
    this.#queue = new Queue((held) => !this.full && !this.progress(held).ready && this.#holdings.about(held)?.hours !== 0,
      (held) => this.#fetchAll(held));
    this.#queue.onChange = () => { this.#holdings.changed(); };
  }

  /** Called once for each version that has come to lie here as a whole. */
  set onComplete(told: (version: string) => void) {
    this.#blocks.onComplete = told;
  }

  /** Called when something of another version has come to lie here, or a version is gone from the disk. */
  set onHeld(told: () => void) {
    this.#holdings.onHeld = told;
  }

  /** The device has no room left, and nothing old to give up. */
  get full(): boolean {
    return this.#blocks.full;
  }

  /** Learns what an earlier session left; answers how many papers. */
  async start(): Promise<number> {
    try {
      await this.#holdings.learn();
    } catch {
      return 0; // without a disk papers are read from the server
    }
    this.#holdings.changed();
    return this.here;
  }

  /** Whether the whole paper lies on this device. */
  complete(held: Held): boolean {
    return this.#holdings.complete(held);
  }

  /** Of how many papers something lies here. */
  get here(): number {
    return this.#holdings.size;
  }

  progress(held: Held): Progress {
    const total = chunks(held.size);
    const have = Math.min(total, this.#holdings.have(held));
    return { have, total, ready: have === total && this.#beside.whole(held.version, held.read) };
  }

  /** Whether it may be opened from this device now: not after the lease of its meeting has ended. */
  allowed(held: Pick<Held, "version" | "stream">): boolean {
    return this.#holdings.allowed(held);
  }

  /** Whether it could not be fetched at the last try; it is tried again by itself. */
  failed(held: Held): boolean {
    return this.#queue.failed(held.version);
  }

  source(held: Held): Source {
    this.#holdings.remember(held);
    this.#holdings.opened(held.version);
    this.#queue.first(held.version);
    return {
      length: held.size,
      fetchRange: async (begin, end) => {
        this.#readAt = performance.now();
        const first = Math.floor(begin / BLOCK_BYTES);
        const last = Math.floor((end - 1) / BLOCK_BYTES);
        const parts = await Promise.all(Array.from({ length: last - first + 1 }, (_, at) => this.#blocks.get(held, first + at)));
        return joined(parts).subarray(begin - first * BLOCK_BYTES, end - first * BLOCK_BYTES);
      },
    };
  }

  /** The words of every page of a paper that is here; null where they are not. */
  async words(version: string): Promise<readonly string[] | null> {
    return this.#holdings.readable(version) ? this.#beside.words(version) : null;
  }

  /** What a machine has read on the pages of a paper that is here; null where that is not. */
  async read(version: string): Promise<unknown> {
    return this.#holdings.readable(version) ? this.#beside.read(version) : null;
  }

  /** What the server said of the version when it was fetched; null where it is not here. */
  async record(version: string): Promise<unknown> {
    return this.#holdings.readable(version) ? this.#beside.record(version) : null;
  }

  /** The picture of a page (JPEG) of a paper that is here. */
  async picture(version: string, page: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#holdings.readable(version) ? this.#beside.picture(version, page) : null;
  }

  /** Fetches papers in the background, one block at a time, in the given order; replaces what was wanted before. */
  want(list: readonly Held[]): void {
    for (const held of list) this.#holdings.remember(held);
    this.#holdings.asked(list);
    this.#queue.want(list);
  }

  /** Without network nothing is tried; when it is back, all that failed is tried, after what was missed has been asked for. */
  set network(there: boolean) {
    if (there) this.#readAt = performance.now();
    this.#queue.network = there;
  }

  /** Tries at once what could not be fetched. */
  retry(): void {
    this.#blocks.full = false;
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
    this.#queue.drop(versions);
    await this.#holdings.purge(versions);
  }

  /** Removes all papers of a stream that may no longer be read. */
  async purgeStream(stream: string): Promise<void> {
    await this.purge(this.#holdings.of(stream));
  }

  close(): void {
    this.#closed = true;
    this.#queue.close();
    this.#blocks.close();
    this.#holdings.close();
  }

  watch(watcher: () => void): () => void {
    return this.#holdings.watch(watcher);
  }

  /** Answers whether it came to its end: not where a paper that is being read goes before it. */
  async #fetchAll(held: Held): Promise<boolean> {
    const goes = async (): Promise<boolean> => {
      await this.#quiet();
      return !this.#closed && !this.#holdings.purged(held.version);
    };
    for (let block = 0; block * BLOCK_BYTES < held.size; block++) {
      if (!(await goes())) return true;
      if (this.#queue.yields(held.version)) return false;
      const before = this.#blocks.writing(held.version);
      if (!this.complete(held)) await this.#blocks.get(held, block); // while the one before is being written
      await before;
    }
    await this.#blocks.writing(held.version);
    if (this.complete(held)) await this.#beside.fetch(held.version, goes, held.read);
    if (await goes()) this.#holdings.changed();
    this.#holdings.onHeld();
    return true;
  }

  /** Returns when nobody has read for a while: the background must not take the line from who waits for a page. */
  async #quiet(): Promise<void> {
    for (;;) {
      if (this.#yields()) this.#readAt = performance.now();
      const wait = this.#readAt + QUIET_MS - performance.now();
      if (wait <= 0 || this.#closed) return;
      await new Promise((resolve) => { setTimeout(resolve, wait); });
    }
  }
}
