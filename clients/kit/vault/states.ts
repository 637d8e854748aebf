/** Streams as they stood when this device last saw them, beside the papers and under the same keys. */
import type { Seed } from "../sync/streams.ts";
import type { PieceStore, Ref } from "./store.ts";

/** All of them are one document of the store. */
export const STREAMS = "streams";
const SOON_MS = 500;

export class States {
  readonly #store: PieceStore;
  readonly #read: (stream: string) => Seed;
  readonly #due = new Set<string>();
  /** How each stream stood when it was kept: most changes are of its standing alone. */
  readonly #stood = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #closed = false;

  /** `read` gives a stream as it stands now. */
  constructor(store: PieceStore, read: (stream: string) => Seed) {
    this.#store = store;
    this.#read = read;
  }

  /** All that an earlier session left; nothing where the disk does not answer. */
  async load(): Promise<Map<string, Seed>> {
    const seeds = new Map<string, Seed>();
    try {
      const kept = await this.kept();
      await Promise.all(kept.map(async (id) => {
        const bytes = await this.#store.readWhole(ref(id));
        if (bytes) seeds.set(id, JSON.parse(new TextDecoder().decode(bytes)) as Seed);
      }));
    } catch {
      seeds.clear();
    }
    return seeds;
  }

  /** A stream has changed: it is kept soon, with all others that change meanwhile. */
  changed(stream: string): void {
    this.#due.add(stream);
    if (!this.#closed) this.#timer ??= setTimeout(() => { this.#timer = null; void this.keep(); }, SOON_MS);
  }

  /** Keeps now what is due. A stream that has nothing (denied, or not come yet) is not kept. */
  async keep(): Promise<void> {
    const due = [...this.#due];
    this.#due.clear();
    for (const stream of due) {
      const state = this.#read(stream);
      const stands = `${String(state.epoch)} ${String(state.seq)}`;
      if (this.#closed || state.seq === 0 || this.#stood.get(stream) === stands) continue;
      const bytes = new TextEncoder().encode(JSON.stringify(state));
      await this.#store.writeWhole(ref(stream), bytes).then(() => this.#stood.set(stream, stands), () => undefined);
    }
  }

  /** Which streams lie here. Throws what the disk throws. */
  async kept(): Promise<string[]> {
    return [...((await this.#store.counts()).get(STREAMS) ?? new Map<string, number>()).keys()];
  }

  async purge(streams: readonly string[]): Promise<void> {
    for (const stream of streams) {
      this.#due.delete(stream);
      this.#stood.delete(stream);
    }
    await this.#store.purgeParts(STREAMS, streams);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }
}

function ref(stream: string): Ref {
  return { doc: STREAMS, part: stream };
}
