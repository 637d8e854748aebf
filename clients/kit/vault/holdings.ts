/** Which papers lie on this device: how much of each, in which edition, of which meeting; and how they leave it. */
import type { Beside } from "./beside.ts";
import { editionOf, editionsIn } from "./editions.ts";
import { chunks, type Held, type Terms } from "./held.ts";
import type { Near } from "./near.ts";
import type { About, PieceStore } from "./store.ts";

/** Where nothing was said of a paper. */
const HOURS = 24;

export class Holdings {
  readonly #store: PieceStore;
  readonly #near: Near;
  readonly #beside: Beside;
  readonly #terms: Terms;
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
  /** All that was asked for last, here or not yet. */
  #asked = new Set<string>();
  /** What lies on the disk is known. */
  #learned = false;
  /** Called when something of another version has come to lie here, or a version is gone from the disk. */
  onHeld: () => void = () => undefined;

  constructor(store: PieceStore, near: Near, beside: Beside, terms: Terms) {
    this.#store = store;
    this.#near = near;
    this.#beside = beside;
    this.#terms = terms;
  }

  /** Learns what an earlier session left. Throws what the disk throws. */
  async learn(): Promise<void> {
    const counts = await this.#store.counts();
    for (const [doc, parts] of counts) this.#learnOne(doc, parts);
    for (const [doc, about] of await this.#store.abouts()) this.#abouts.set(doc, about);
    this.#beside.learn(counts);
    this.#learned = true;
  }

  /** Of how many papers something lies here. */
  get size(): number {
    return this.#counts.size;
  }

  /** Chunks of this edition that lie here. */
  have(held: Held): number {
    return this.current(held) ? this.#counts.get(held.version) ?? 0 : 0;
  }

  complete(held: Held): boolean {
    return this.have(held) >= chunks(held.size);
  }

  /** Whether looking on the disk is worth it. */
  maybe(version: string): boolean {
    return !this.#learned || this.#counts.has(version);
  }

  /** Whether this edition is the one that was asked for last. */
  current(held: Held): boolean {
    return this.#editions.get(held.version) === editionOf(held);
  }

  purged(version: string): boolean {
    return this.#purged.has(version);
  }

  /** Settles when nothing of a former edition is left on the disk. */
  async left(version: string): Promise<void> {
    await this.#leaving.get(version);
  }

  about({ version, stream }: Pick<Held, "version" | "stream">): About | null {
    return this.#terms.about?.(stream) ?? this.#abouts.get(version) ?? null;
  }

  /** Whether it may be opened from this device now: not after the lease of its meeting has ended. */
  allowed(held: Pick<Held, "version" | "stream">): boolean {
    const hours = this.about(held)?.hours ?? HOURS;
    return hours === 0 || (this.#terms.lease?.allows(hours) ?? true);
  }

  /** The same of a version of which only the id is at hand. */
  readable(version: string): boolean {
    return this.allowed({ version, stream: this.#streams.get(version) ?? "" });
  }

  /** It is being read: it makes no room for others. */
  opened(version: string): void {
    this.#opened.add(version);
  }

  asked(list: readonly Held[]): void {
    this.#asked = new Set(list.map((held) => held.version));
  }

  /** A version that may be read again (access came back) is kept again; of a meeting that keeps nothing here, none is. */
  remember(held: Held): void {
    this.#streams.set(held.version, held.stream);
    this.#purged.delete(held.version);
    const before = this.#editions.get(held.version);
    this.#editions.set(held.version, editionOf(held));
    if (before !== undefined && before !== editionOf(held)) this.#leave(held.version);
    const about = this.#terms.about?.(held.stream);
    if (!about) return;
    this.#abouts.set(held.version, about);
    if (about.hours > 0) this.#store.note(held.version, about);
    else if (this.#counts.has(held.version)) void this.drop([held.version]).catch(() => undefined);
  }

  /** So many chunks more of it have been written. */
  add(held: Held, many: number): void {
    const before = this.#counts.get(held.version) ?? 0;
    this.#counts.set(held.version, before + many);
    this.changed();
    if (before === 0) this.onHeld();
  }

  /** Removes versions from memory and disk: recalled, or no longer permitted. */
  async purge(versions: readonly string[]): Promise<void> {
    for (const version of versions) {
      this.#purged.add(version);
      this.#streams.delete(version);
    }
    await this.drop(versions);
  }

  /** The versions of a stream. */
  of(stream: string): string[] {
    return [...this.#streams].filter(([, of]) => of === stream).map(([version]) => version);
  }

  /** Gives up one paper: of the oldest meeting, none that is wanted now or was read in this session. */
  async makeRoom(): Promise<boolean> {
    const begins = (version: string): string => this.#abouts.get(version)?.starts ?? "";
    const [oldest] = [...this.#counts.keys()].filter((version) => !this.#asked.has(version) && !this.#opened.has(version))
      .sort((a, b) => begins(a).localeCompare(begins(b)));
    if (oldest === undefined) return false;
    await this.drop([oldest]);
    return true;
  }

  async drop(versions: readonly string[]): Promise<void> {
    for (const version of versions) this.#counts.delete(version);
    this.#near.drop(new Set(versions));
    this.#beside.forget(versions);
    this.changed();
    await this.#store.purge(versions);
    this.onHeld();
  }

  close(): void {
    this.#counts.clear();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => { this.#watchers.delete(watcher); };
  }

  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** What an earlier session left of a version: of another edition than is asked for now, it goes. */
  #learnOne(doc: string, parts: ReadonlyMap<string, number>): void {
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
    const going = this.drop([version]).catch(() => undefined).finally(() => {
      if (this.#leaving.get(version) === going) this.#leaving.delete(version);
    });
    this.#leaving.set(version, going);
  }
}
