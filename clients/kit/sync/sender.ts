/** Sends the outbox: in order, one batch in flight, by one tab at a time, again and again until it is answered. */
import type { Operation, PushResult } from "@phien/wire";

import { ApiError } from "../net/http.ts";
import { newId } from "../net/ids.ts";
import { type Op, type OutboxStore, settle, type Waiting } from "./outbox.ts";

const BATCH = 50;
/** Under the server's 256 KiB, with room for what JSON adds. */
const BATCH_BYTES = 200_000;
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 15_000;
const LOCK = "phien-outbox";

/** Refusals after which the same operations can never be taken. */
const FINAL = new Set(["denied", "not_found", "invalid_input", "too_large", "gone"]);

type Push = (stream: string, ops: Op[]) => Promise<PushResult>;

export class Outbox {
  #rows: Waiting[] = [];
  /** Applied on the server, not yet seen in the stream: shown until the stream shows them. */
  #acked: { row: Waiting; seq: number }[] = [];
  #sending = false;
  #delay = RETRY_MS;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #watchers = new Set<() => void>();
  /** Rows that could not be written to disk; they live in memory until they are sent. */
  #undurable = new Set<number>();
  #memoryIds = -1;

  constructor(
    readonly person: string,
    readonly store: OutboxStore,
    readonly push: Push,
    /** The last number that a stream shows here, by operations or by a snapshot; the echo may come before the answer. */
    readonly seen: (stream: string) => number,
  ) {}

  /** Loads what an earlier session left, and begins to send. */
  async start(): Promise<void> {
    const stored = await this.store.all(this.person).catch(() => []); // what is written from now on is sent all the same
    const here = new Set(this.#rows.map((row) => row.n));
    this.#rows = [...stored.filter((row) => !here.has(row.n)), ...this.#rows];
    this.#changed();
    this.wake();
  }

  /** Keeps operations and sends them; shown at once, durable when this resolves. */
  async add(stream: string, ops: readonly Op[]): Promise<void> {
    try {
      // Awaited first: rows that were confirmed meanwhile leave by a new list, and the old one is nobody's.
      const kept = await this.store.add(this.person, stream, ops);
      this.#rows.push(...kept);
    } catch {
      for (const op of ops) {
        const n = this.#memoryIds--;
        this.#undurable.add(n);
        this.#rows.push({ n, person: this.person, stream, op, rejected: null });
      }
    }
    this.#changed();
    this.wake();
  }

  /** What to show over the stream's own state: waiting rows, and those whose echo is still on its way. */
  over(stream: string): Op[] {
    const seen = this.seen(stream);
    const acked = this.#acked.filter(({ row, seq }) => row.stream === stream && seq > seen).map(({ row }) => row.op);
    return [...acked, ...this.#rows.filter((row) => row.stream === stream && row.rejected === null).map((row) => row.op)];
  }

  get waiting(): number {
    return this.#rows.filter((row) => row.rejected === null).length;
  }

  get rejected(): readonly Waiting[] {
    return this.#rows.filter((row) => row.rejected !== null);
  }

  /** Whether all that waits would survive the end of the app. */
  get durable(): boolean {
    return this.#undurable.size === 0;
  }

  /** Forgets a rejected row after the user has taken its words. */
  async dismiss(n: number): Promise<void> {
    await this.#drop([n]);
    this.#changed();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => { this.#watchers.delete(watcher); };
  }

  /** The stream has shown operations up to here: their stand-ins go. */
  shown(stream: string, operation: Operation): void {
    const before = this.#acked.length;
    this.#acked = this.#acked.filter(({ row, seq }) => row.stream !== stream || seq > operation.seq);
    if (this.#acked.length !== before) this.#changed();
  }

  /** The connection is back, or something was added. */
  wake(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#delay = RETRY_MS;
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      await withLock(async () => {
        for (let batch = this.#batch(); batch.length > 0; batch = this.#batch()) await this.#sendBatch(batch);
      });
    } catch {
      this.#timer = setTimeout(() => { this.#timer = null; void this.#send(); }, this.#delay * (0.5 + Math.random()));
      this.#delay = Math.min(this.#delay * 2, RETRY_MAX_MS);
      return;
    } finally {
      this.#sending = false;
    }
    if (this.#batch().length > 0) void this.#send(); // added after the last look, while the lock was given back
  }

  /** The oldest rows of one stream, as many as one push takes. */
  #batch(): Waiting[] {
    const open = this.#rows.filter((row) => row.rejected === null);
    const batch: Waiting[] = [];
    let bytes = 0;
    for (const row of open) {
      if (row.stream !== open[0]?.stream || batch.length === BATCH) break;
      bytes += JSON.stringify(row.op).length;
      if (batch.length > 0 && bytes > BATCH_BYTES) break;
      batch.push(row);
    }
    return batch;
  }

  async #sendBatch(batch: Waiting[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    let result: PushResult;
    try {
      result = await this.push(first.stream, batch.map((row) => row.op));
    } catch (error) {
      if (!(error instanceof ApiError) || !FINAL.has(error.code)) throw error;
      await this.#refused(batch, error.code);
      return;
    }
    const settled = settle(batch, result.results, newId);
    if (settled.done.length + settled.rejected.length === 0) throw new ApiError("network", "");
    for (const { n, seq } of settled.applied) {
      const row = batch.find((one) => one.n === n);
      if (row && seq > this.seen(row.stream)) this.#acked.push({ row, seq });
    }
    for (const { stream, op } of settled.forks) await this.add(stream, [op]);
    for (const { n, code } of settled.rejected) await this.#reject(n, code);
    await this.#drop(settled.done);
    this.#changed();
  }

  /** One operation that can never be taken must not hold up the rest: the batch is tried one by one. */
  async #refused(batch: Waiting[], code: string): Promise<void> {
    if (batch.length > 1 && code !== "denied") for (const row of batch) await this.#sendBatch([row]);
    else for (const row of batch) await this.#reject(row.n, code);
    this.#changed();
  }

  async #reject(n: number, code: string): Promise<void> {
    this.#rows = this.#rows.map((row) => (row.n === n ? { ...row, rejected: code } : row));
    if (!this.#undurable.has(n)) await this.store.reject(n, code);
  }

  async #drop(numbers: readonly number[]): Promise<void> {
    const gone = new Set(numbers);
    this.#rows = this.#rows.filter((row) => !gone.has(row.n));
    const stored = numbers.filter((n) => !this.#undurable.delete(n));
    if (stored.length > 0) await this.store.remove(stored);
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** Two tabs share one queue: only one of them sends. */
async function withLock(work: () => Promise<void>): Promise<void> {
  if (typeof navigator === "undefined" || !("locks" in navigator)) return work();
  await navigator.locks.request(LOCK, { ifAvailable: false }, work);
}
