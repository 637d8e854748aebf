/** All streams that this app follows, kept in step over one connection. */
import type { AnyEntity, Frame, Operation, Page } from "@phien/wire";

import type { Connection } from "../net/socket.ts";
import { Lanes } from "./lanes.ts";
import { type Ask, StreamLog } from "./log.ts";

/** How long a gap may stand before the stream is asked for anew. */
const GAP_MS = 500;
const RETRY_MS = 1_500;
/** How many next pages may be under way at once, of all streams: the server cuts off whom it must keep more for. */
const PAGES_AT_ONCE = 2;
/** Who missed more operations than this, or has more of a snapshot to come than its first page, is told the rest in one
 * answer; what is less is asked for quicker than such an answer begins. */
const FAR = 100;

export type StreamStanding = "joining" | "live" | "denied";

/** What a view sees of a stream. `entities` is the map itself: read it, never write it. */
export interface StreamView {
  readonly entities: ReadonlyMap<string, AnyEntity>;
  readonly standing: StreamStanding;
  readonly seq: number;
  readonly epoch: number;
}

/** A stream as an earlier session left it on this device. */
export interface Seed {
  readonly seq: number;
  readonly epoch: number;
  readonly entities: readonly AnyEntity[];
}

interface Followed {
  log: StreamLog;
  /** Which join is under way: what answers an earlier one is not part of it. */
  turn: number;
  standing: StreamStanding;
  followers: number;
  watchers: Set<() => void>;
  heralds: Set<(page: Page) => void>;
  gapTimer: ReturnType<typeof setTimeout> | null;
}

export type Link = Pick<Connection, "ask" | "missed" | "on" | "standing" | "watch">;

export class Streams {
  readonly #followed = new Map<string, Followed>();
  /** What rode in the last handshake. */
  #shaken = new Set<string>();
  readonly #seeds = new Map<string, Seed>();
  readonly #pages = new Lanes(PAGES_AT_ONCE);
  #link: Link | null = null;
  /** Told of every operation as it enters a state, for the outbox. */
  onApplied: (stream: string, operation: Operation) => void = () => undefined;
  /** Told when access to a stream was withdrawn while it was followed. */
  onDenied: (stream: string) => void = () => undefined;

  /** `far`: what is missed from so many operations on is asked for in one answer. */
  constructor(private readonly far = FAR) {}

  /** Begins to follow over `link`; the connection must have been given `known` for its handshake. */
  attach(link: Link): void {
    this.#link = link;
    link.on("stream.page", (page) => { void this.#paged(page.stream, page); });
    link.on("stream.ops", (frame) => { this.#broadcast(frame); });
    link.on("stream.left", ({ stream }) => { this.#left(stream); });
    link.on("stream.opened", ({ streams }) => { this.#opened(streams); });
    link.on("stream.heads", (heads) => { this.#heads(heads); });
    link.watch((standing) => {
      if (standing === "online") { this.#joinLate(); return; }
      for (const one of this.#followed.values()) if (one.standing === "live") this.#turn(one, "joining");
    });
  }

  /** The last number of each followed stream, for the handshake; each is joined anew by it. */
  known(): Record<string, number> {
    const known: Record<string, number> = {};
    for (const [id, one] of this.#followed) {
      known[id] = one.log.join().last_seq;
      one.turn += 1;
      one.standing = "joining";
    }
    this.#shaken = new Set(this.#followed.keys());
    return known;
  }

  /** Begins these streams where an earlier session left them; the server sends what came since. */
  seed(seeds: ReadonlyMap<string, Seed>): void {
    for (const [id, seed] of seeds) this.#seeds.set(id, seed);
  }

  /** Follows a stream and calls `changed` with every change; returns how to stop. */
  follow(id: string, changed: () => void): () => void {
    let one = this.#followed.get(id);
    if (!one) {
      one = {
        log: new StreamLog((operation) => { this.onApplied(id, operation); }),
        turn: 0,
        standing: "joining",
        followers: 0,
        watchers: new Set(),
        heralds: new Set(),
        gapTimer: null,
      };
      const seed = this.#seeds.get(id);
      if (seed) one.log.seed(seed);
      this.#followed.set(id, one);
      void this.#join(id, one);
    }
    one.followers += 1;
    one.watchers.add(changed);
    const stop = one;
    return () => {
      stop.watchers.delete(changed);
      stop.followers -= 1;
      if (stop.followers === 0 && this.#followed.get(id) === stop) this.#unfollow(id, stop);
    };
  }

  /** Tells `herald` of each page of a followed stream after which more will come, long before any view changes: what is
   * costly to draw can be made ready while the next page is on its way. Returns how to stop. */
  ahead(id: string, herald: (page: Page) => void): () => void {
    const one = this.#followed.get(id);
    one?.heralds.add(herald);
    return () => { one?.heralds.delete(herald); };
  }

  /** Whether what was missed of some stream is on its way. */
  get telling(): boolean {
    return this.#pages.busy;
  }

  view(id: string): StreamView {
    const one = this.#followed.get(id);
    return { entities: one?.log.entities ?? new Map(), standing: one?.standing ?? "joining", seq: one?.log.seq ?? 0, epoch: one?.log.epoch ?? 0 };
  }

  /** The last number whose operation needs no stand-in: it is in the view, or (access withdrawn) none will be shown. */
  seen(id: string): number {
    const { standing, seq } = this.view(id);
    return standing === "denied" ? Infinity : seq;
  }

  #unfollow(id: string, one: Followed): void {
    this.#followed.delete(id);
    if (one.gapTimer) clearTimeout(one.gapTimer);
    if (this.#link?.standing === "online") void this.#link.ask("stream.leave", { stream: id }).catch(() => undefined);
  }

  /** What was followed between the handshake and its answer did not ride in it. */
  #joinLate(): void {
    for (const [id, one] of this.#followed) if (!this.#shaken.has(id)) void this.#join(id, one);
  }

  async #join(id: string, one: Followed): Promise<void> {
    if (this.#link?.standing !== "online") return; // the handshake will carry it
    one.turn += 1;
    const ask = one.log.join();
    await this.#take(id, one, (link) => link.ask("stream.join", { stream: id, ...ask }));
  }

  /** Takes the page that `ask` brings, and all that follow it. */
  async #take(id: string, one: Followed, ask: (link: Link, current: () => boolean) => Promise<Page | null>): Promise<void> {
    if (!this.#link) return;
    const { turn } = one;
    const current = (): boolean => this.#followed.get(id) === one && one.turn === turn;
    try {
      const page = await ask(this.#link, current);
      if (page && current()) await this.#paged(id, page);
    } catch (error) {
      if (!current()) return;
      if (isDenied(error)) this.#left(id);
      else setTimeout(() => { if (current() && !one.log.live) void this.#join(id, one); }, RETRY_MS);
    }
  }

  async #paged(id: string, page: Page): Promise<void> {
    const one = this.#followed.get(id);
    if (!one) return;
    const next = one.log.next(page);
    const coming = next ? this.#more(id, one, page, next) : null; // on its way while this one is applied
    one.log.page(page);
    if (coming) {
      for (const herald of one.heralds) herald(page);
      await coming;
      return;
    }
    this.#turn(one, "live");
    this.#watchGap(id, one);
  }

  /** What follows a page. */
  #more(id: string, one: Followed, page: Page, next: Ask): Promise<void> {
    const isFar = page.mode === "snapshot" ? page.put.length > 0 : page.head - next.last_seq >= this.far;
    return this.#take(id, one, (link, current) => this.#pages.run(async () => {
      const rest = isFar && current() ? await this.#pour(id, one, link, next, current) : next;
      if (!rest || "mode" in rest) return rest;
      return current() ? link.ask("stream.join", { stream: id, ...rest }) : null;
    }));
  }

  /** Applies the pages of one long answer but the last, which is returned; where the answer breaks off, what is to be asked
   * on the socket. */
  async #pour(id: string, one: Followed, link: Link, from: Ask, current: () => boolean): Promise<Page | Ask | null> {
    let ask = from;
    try {
      for await (const page of link.missed(id, from)) {
        if (!current()) return null;
        const next = one.log.next(page);
        if (!next) return page;
        for (const herald of one.heralds) herald(page);
        one.log.page(page);
        ask = next;
      }
    } catch (error) {
      if (isDenied(error)) throw error;
    }
    return ask;
  }

  #broadcast(frame: Frame): void {
    const one = this.#followed.get(frame.stream);
    if (!one) return;
    if (one.log.operations(frame.ops)) this.#tell(one);
    this.#watchGap(frame.stream, one);
  }

  /** A gap that does not close by itself is closed by joining again from the last number. */
  #watchGap(id: string, one: Followed): void {
    if (!one.log.gap) {
      if (one.gapTimer) clearTimeout(one.gapTimer);
      one.gapTimer = null;
    } else {
      one.gapTimer ??= setTimeout(() => {
        one.gapTimer = null;
        if (one.log.gap && this.#followed.get(id) === one) void this.#join(id, one);
      }, GAP_MS);
    }
  }

  #heads(heads: Record<string, number>): void {
    for (const [id, head] of Object.entries(heads)) {
      const one = this.#followed.get(id);
      if (one?.log.live && head > one.log.seq) void this.#join(id, one);
    }
  }

  /** Access was given: what was denied before is asked for again. */
  #opened(streams: readonly string[]): void {
    for (const id of streams) {
      const one = this.#followed.get(id);
      if (one?.standing !== "denied") continue;
      this.#turn(one, "joining");
      void this.#join(id, one);
    }
  }

  #left(id: string): void {
    const one = this.#followed.get(id);
    this.#seeds.delete(id);
    if (!one) return;
    const had = one.log.entities.size > 0;
    one.turn += 1;
    one.log.purge();
    this.#turn(one, "denied");
    if (had) this.onDenied(id);
  }

  #turn(one: Followed, standing: StreamStanding): void {
    one.standing = standing;
    this.#tell(one);
  }

  #tell(one: Followed): void {
    for (const watcher of one.watchers) watcher();
  }
}

function isDenied(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === "denied" || code === "not_found";
}
