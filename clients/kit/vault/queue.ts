/** Which papers are fetched in the background, in which order; one that fails rests and does not stop the others. */

/** After the first failure, doubled with each further one. */
const REST_MS = 2_000;
const LONGEST_REST_MS = 120_000;

interface Wanted {
  readonly version: string;
}

interface Rest {
  readonly tries: number;
  /** By the clock of this page, ms. */
  readonly until: number;
}

export class Queue<T extends Wanted> {
  readonly #needed: (held: T) => boolean;
  readonly #fetch: (held: T) => Promise<boolean>;
  readonly #rests = new Map<string, Rest>();
  #wanted: T[] = [];
  #front: string | null = null;
  #running = false;
  #held = false;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Called when one begins to rest or is tried again. */
  onChange: () => void = () => undefined;

  /** `needed` says what is still missing; `fetch` brings one, answers whether it came to its end, throws where it could not. */
  constructor(needed: (held: T) => boolean, fetch: (held: T) => Promise<boolean>) {
    this.#needed = needed;
    this.#fetch = fetch;
  }

  /** Replaces what was wanted; what rests after a failure goes on resting. */
  want(list: readonly T[]): void {
    this.#wanted = [...list];
    const wanted = new Set(list.map((held) => held.version));
    for (const version of this.#rests.keys()) if (!wanted.has(version)) this.#rests.delete(version);
    this.#go();
  }

  /** What is being read goes before all others, where it is wanted at all. */
  first(version: string): void {
    this.#front = version;
  }

  /** Whether another is to be fetched before this one goes on. */
  yields(version: string): boolean {
    return this.#front !== version && this.#next()?.version === this.#front;
  }

  /** Whether it could not be fetched at the last try. */
  failed(version: string): boolean {
    return this.#rests.has(version);
  }

  /** No longer wanted. */
  drop(versions: readonly string[]): void {
    this.#wanted = this.#wanted.filter((held) => !versions.includes(held.version));
    for (const version of versions) this.#rests.delete(version);
  }

  /** Without network nothing is tried; with it, what rested is tried at once. */
  set network(there: boolean) {
    this.#held = !there;
    if (there) this.retry();
  }

  /** Tries at once what failed before. */
  retry(): void {
    const rested = this.#rests.size > 0;
    this.#rests.clear();
    if (rested) this.onChange();
    this.#go();
  }

  close(): void {
    this.#closed = true;
    this.#wanted = [];
    if (this.#timer) clearTimeout(this.#timer);
  }

  #go(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let held = this.#next(); held; held = this.#next()) await this.#try(held);
    this.#running = false;
    this.#wake();
  }

  async #try(held: T): Promise<void> {
    try {
      if (!(await this.#fetch(held))) return; // another went before it
      if (this.#rests.delete(held.version)) this.onChange();
      // All has been asked for; where the disk refused some, asking again would not help.
      this.#wanted = this.#wanted.filter((one) => one.version !== held.version);
    } catch {
      const tries = (this.#rests.get(held.version)?.tries ?? 0) + 1;
      const rest = Math.min(LONGEST_REST_MS, REST_MS * 2 ** (tries - 1));
      this.#rests.set(held.version, { tries, until: performance.now() + rest });
      this.onChange();
    }
  }

  #next(): T | undefined {
    if (this.#closed || this.#held) return undefined;
    this.#wanted = this.#wanted.filter(this.#needed);
    const now = performance.now();
    const awake = this.#wanted.filter((held) => (this.#rests.get(held.version)?.until ?? 0) <= now);
    return awake.find((held) => held.version === this.#front) ?? awake[0];
  }

  /** Comes back when the first of those that rest may be tried again. */
  #wake(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const ends = this.#wanted.map((held) => this.#rests.get(held.version)?.until).filter((each) => each !== undefined);
    if (this.#closed || this.#held || ends.length === 0) return;
    this.#timer = setTimeout(() => { this.#go(); }, Math.max(0, Math.min(...ends) - performance.now()));
  }
}
