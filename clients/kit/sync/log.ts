/** One stream on this device: entities, the last number applied, and what to ask next. Pure: no socket, no clock. */
import type { AnyEntity, AnyEvent, Operation, Page } from "@phien/wire";

/** What the stream needs from the server: operations after `last_seq`, or the snapshot's next page. */
export interface Ask {
  last_seq: number;
  after: [string, string] | null;
}

export function keyOf(kind: string, id: string): string {
  return `${kind}/${id}`;
}

/** Applies one event to a state in place: whole entities put, named ones gone. */
export function applyEvent(state: Map<string, AnyEntity>, event: AnyEvent): void {
  for (const entity of event.put as AnyEntity[]) state.set(keyOf(entity.kind, entity.id), entity);
  for (const ref of event.gone) state.delete(keyOf(ref.kind, ref.id));
}

export class StreamLog {
  entities = new Map<string, AnyEntity>();
  /** The last operation that is in `entities`. */
  seq = 0;
  epoch = 0;
  #live = false;
  /** Operations that came early: during a join, or behind a gap. */
  readonly #ahead = new Map<number, Operation>();
  /** A snapshot that is still coming, with the head of its first page. */
  #coming: { head: number; entities: Map<string, AnyEntity> } | null = null;
  readonly #applied: (operation: Operation) => void;

  /** `applied` is told of each operation as it enters the state, in order, once. */
  constructor(applied: (operation: Operation) => void = () => undefined) {
    this.#applied = applied;
  }

  /** Begins with a state that was kept; not live until a page has come. */
  seed({ seq, epoch, entities }: { seq: number; epoch: number; entities: readonly AnyEntity[] }): void {
    this.entities = new Map(entities.map((entity) => [keyOf(entity.kind, entity.id), entity]));
    this.seq = seq;
    this.epoch = epoch;
  }

  get live(): boolean {
    return this.#live;
  }

  /** Whether an operation is missing before one that is here. */
  get gap(): boolean {
    return this.#live && this.#ahead.size > 0;
  }

  /** Begins to join anew: what is broadcast from now on is kept until the page is here. */
  join(): Ask {
    this.#live = false;
    this.#coming = null;
    return { last_seq: this.seq, after: null };
  }

  /** What to ask after this page, known before it is applied; null when it is the last one. */
  next(page: Page): Ask | null {
    if (!page.more) return null;
    if (page.mode === "snapshot") return { last_seq: 0, after: page.after };
    let last = this.seq;
    for (const { seq } of page.ops) if (seq === last + 1) last = seq;
    return { last_seq: last, after: null };
  }

  /** Takes a page of catch-up; answers what to ask next, or null when the stream is live. */
  page(page: Page): Ask | null {
    const next = this.next(page);
    this.epoch = page.epoch;
    if (page.mode === "delta") {
      for (const operation of page.ops) this.#take(operation);
      if (next) return next;
    } else {
      this.#coming ??= { head: page.head, entities: new Map() };
      for (const entity of page.put) this.#coming.entities.set(keyOf(entity.kind, entity.id), entity);
      if (next) return next;
      this.entities = this.#coming.entities;
      this.seq = this.#coming.head;
      this.#coming = null;
    }
    this.#live = true;
    this.#drain();
    return null;
  }

  /** Takes broadcast operations; answers whether the state changed. */
  operations(operations: readonly Operation[]): boolean {
    const before = this.seq;
    for (const operation of operations) {
      if (operation.seq <= this.seq) continue;
      this.#ahead.set(operation.seq, operation);
    }
    if (this.#live) this.#drain();
    return this.seq !== before;
  }

  /** Access was withdrawn: nothing of the stream stays. */
  purge(): void {
    this.entities = new Map();
    this.seq = 0;
    this.epoch = 0;
    this.#live = false;
    this.#coming = null;
    this.#ahead.clear();
  }

  #take(operation: Operation): void {
    if (operation.seq === this.seq + 1) this.#apply(operation);
    else if (operation.seq > this.seq) this.#ahead.set(operation.seq, operation);
  }

  #drain(): void {
    for (const seq of this.#ahead.keys()) if (seq <= this.seq) this.#ahead.delete(seq);
    for (let next = this.#ahead.get(this.seq + 1); next; next = this.#ahead.get(this.seq + 1)) {
      this.#ahead.delete(next.seq);
      this.#apply(next);
    }
  }

  #apply(operation: Operation): void {
    applyEvent(this.entities, operation.event);
    this.seq = operation.seq;
    this.#applied(operation);
  }
}
