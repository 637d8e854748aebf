/** Blocks of papers: from memory, from the disk, else from the server; what came from there is kept. */
import { editionOf, partOf } from "./editions.ts";
import { BLOCK_BYTES, chunks, type FetchRange, type Held, LeaseOver } from "./held.ts";
import type { Holdings } from "./holdings.ts";
import type { Near } from "./near.ts";
import { nameOf } from "./reopening.ts";
import { CHUNK_BYTES, type PieceStore } from "./store.ts";

const IN_BLOCK = BLOCK_BYTES / CHUNK_BYTES;

export class Blocks {
  readonly #store: PieceStore;
  readonly #fetch: FetchRange;
  readonly #holdings: Holdings;
  readonly #near: Near;
  readonly #flights = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  readonly #keeps = new Map<string, Promise<void>>();
  #closed = false;
  /** The device has no room left, and nothing old to give up. */
  full = false;
  /** Called once for each version that has come to lie here as a whole. */
  onComplete: (version: string) => void = () => undefined;

  constructor(store: PieceStore, fetch: FetchRange, holdings: Holdings, near: Near) {
    this.#store = store;
    this.#fetch = fetch;
    this.#holdings = holdings;
    this.#near = near;
  }

  /** Throws `LeaseOver`, and what the network throws. */
  async get(held: Held, block: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.#holdings.allowed(held)) throw new LeaseOver();
    const near = this.#near.get(held.version, block);
    if (near) return near;
    await this.#holdings.left(held.version);
    const key = `${held.version}/${editionOf(held)}/${block}`;
    const flying = this.#flights.get(key);
    if (flying) return flying;
    const flight = this.#load(held, block).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** What is being written of a version now; undefined where nothing is. */
  writing(version: string): Promise<void> | undefined {
    return this.#keeps.get(version);
  }

  close(): void {
    this.#closed = true;
    this.#near.clear();
  }

  async #load(held: Held, block: number): Promise<Uint8Array<ArrayBuffer>> {
    const begin = block * BLOCK_BYTES;
    const end = Math.min(held.size, begin + BLOCK_BYTES);
    const ref = { doc: held.version, part: partOf(held) };
    const maybe = this.#holdings.maybe(held.version);
    const kept = maybe ? await this.#store.read(ref, block * IN_BLOCK, chunks(end - begin)).catch(() => null) : null;
    const bytes = kept ?? await this.#fetch(held.version, begin, end, editionOf(held));
    if (this.#closed || this.#holdings.purged(held.version) || !this.#holdings.current(held)) return bytes;
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
    if (this.#holdings.about(held)?.hours === 0 || !(await this.#written(held, block, bytes))) return;
    if (this.#holdings.purged(held.version)) { // recalled while it was being written
      await this.#store.purge([held.version]);
      this.#holdings.onHeld();
      return;
    }
    this.#holdings.add(held, chunks(bytes.length));
    if (this.#holdings.complete(held)) this.onComplete(held.version);
  }

  /** Writes; where there is no room, papers of the oldest meetings make some. */
  async #written(held: Held, block: number, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    for (;;) {
      try {
        await this.#store.write({ doc: held.version, part: partOf(held) }, block * IN_BLOCK, bytes);
        return true;
      } catch (error) {
        if (nameOf(error) !== "QuotaExceededError") return false;
        if (!(await this.#holdings.makeRoom())) {
          this.full = true;
          return false;
        }
      }
    }
  }
}
