/** What is kept beside a paper's file so that it can be found and shown without network: its words and page pictures. */
import type { PieceStore, Ref } from "./store.ts";

const WORDS = "words";
const PICTURES = "pictures";
const RECORD = "record";
/** What a machine has read on scanned pages; written after words that know of it. */
const READ = "read";
/** So many pictures are asked for at once. */
const AT_ONCE = 4;

/** Where they come from; `record` is what the server says of the version, its page table among it. Throw what the network throws. */
export interface BesideSource {
  readonly words: (version: string) => Promise<readonly string[]>;
  readonly record?: (version: string) => Promise<unknown>;
  /** What a machine has read on scanned pages of the version. */
  readonly read?: (version: string) => Promise<unknown>;
  /** Null where there is none. */
  readonly picture: (version: string, page: number) => Promise<Uint8Array<ArrayBuffer> | null>;
}

export class Beside {
  readonly #store: PieceStore;
  readonly #source: BesideSource | null;
  /** Versions of which all is here: the words are written last. */
  readonly #whole = new Set<string>();
  /** Versions of which also is here what a machine has read. */
  readonly #read = new Set<string>();

  constructor(store: PieceStore, source: BesideSource | null) {
    this.#store = store;
    this.#source = source;
  }

  /** Learns what an earlier session left. */
  learn(counts: ReadonlyMap<string, ReadonlyMap<string, number>>): void {
    for (const [version, parts] of counts) {
      if (isWhole(parts)) this.#whole.add(version);
      if (parts.has(READ)) this.#read.add(version);
    }
  }

  /** `read`: there is something that a machine has read, and it is wanted too. */
  whole(version: string, read = false): boolean {
    return this.#source === null || (this.#whole.has(version) && (!read || !this.#source.read || this.#read.has(version)));
  }

  /** Fetches what is missing; `goes` is asked between pages. Throws what the network throws. */
  async fetch(version: string, goes: () => Promise<boolean>, read = false): Promise<void> {
    if (!this.#source || this.whole(version, read)) return;
    const words = await this.#source.words(version);
    const here = (await this.#store.counts()).get(version)?.get(PICTURES) ?? 0;
    for (let page = here + 1; page <= words.length; page += AT_ONCE) {
      if (!(await goes())) return;
      const pages = Array.from({ length: Math.min(AT_ONCE, words.length - page + 1) }, (_, at) => page + at);
      await Promise.all(pages.map((each) => this.#keepPicture(version, each)));
    }
    if (this.#source.record) await this.#write({ doc: version, part: RECORD }, await this.#source.record(version));
    await this.#write({ doc: version, part: WORDS }, words);
    this.#whole.add(version);
    if (!read || !this.#source.read) return;
    await this.#write({ doc: version, part: READ }, await this.#source.read(version));
    this.#read.add(version);
  }

  async words(version: string): Promise<readonly string[] | null> {
    return (await this.#get({ doc: version, part: WORDS })) as readonly string[] | null;
  }

  async read(version: string): Promise<unknown> {
    return this.#get({ doc: version, part: READ });
  }

  async record(version: string): Promise<unknown> {
    return this.#get({ doc: version, part: RECORD });
  }

  /** JPEG; null where it is not here. */
  async picture(version: string, page: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = await this.#store.read({ doc: version, part: PICTURES }, page, 1).catch(() => null);
    return bytes && bytes.length > 0 ? bytes : null;
  }

  forget(versions: Iterable<string>): void {
    for (const version of versions) {
      this.#whole.delete(version);
      this.#read.delete(version);
    }
  }

  async #write(ref: Ref, value: unknown): Promise<void> {
    await this.#store.writeWhole(ref, new TextEncoder().encode(JSON.stringify(value)));
  }

  async #get(ref: Ref): Promise<unknown> {
    const bytes = await this.#store.readWhole(ref).catch(() => null);
    return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
  }

  /** A page without a picture is written as empty, so that it is not asked for at every start. */
  async #keepPicture(version: string, page: number): Promise<void> {
    const bytes = await this.#source?.picture(version, page);
    await this.#store.write({ doc: version, part: PICTURES }, page, bytes ?? new Uint8Array());
  }
}

/** Whether a paper of which these parts lie here is here as a whole. */
export function isWhole(parts: ReadonlyMap<string, number>): boolean {
  return parts.has(WORDS);
}
