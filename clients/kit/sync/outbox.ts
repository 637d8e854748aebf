/** What this tablet wrote and the server has not confirmed: durable, in order, sent again for ever. */
import type { Delete, OpResult, Put } from "@phien/wire";
import Dexie, { type EntityTable } from "dexie";

export type Op = Put | Delete;

/** One operation that waits. `rejected` ones are kept until the user has taken their words. */
export interface Waiting {
  n: number;
  person: string;
  stream: string;
  op: Op;
  rejected: string | null;
}

class OutboxDb extends Dexie {
  readonly ops!: EntityTable<Waiting, "n">;

  constructor(name: string) {
    super(name);
    this.version(1).stores({ ops: "++n, person" });
  }
}

/** Errors after which iPadOS has lost the database and a new connection helps. */
const LOST = new Set(["UnknownError", "InvalidStateError", "DatabaseClosedError"]);

/** The durable queue, in IndexedDB; every row is also held in memory, in case the database is lost on resume. */
export class OutboxStore {
  #db: OutboxDb;
  readonly #name: string;

  constructor(name = "phien-outbox") {
    this.#name = name;
    this.#db = new OutboxDb(name);
  }

  async all(person: string): Promise<Waiting[]> {
    return this.#try((db) => db.ops.where("person").equals(person).sortBy("n"));
  }

  /** Stores operations and returns them with their numbers; they are durable when this resolves. */
  async add(person: string, stream: string, ops: readonly Op[]): Promise<Waiting[]> {
    const rows = ops.map((op) => ({ person, stream, op, rejected: null }));
    const keys = await this.#try((db) => db.ops.bulkAdd(rows, { allKeys: true }));
    return rows.map((row, index) => ({ ...row, n: keys[index] ?? 0 }));
  }

  async remove(numbers: readonly number[]): Promise<void> {
    await this.#try((db) => db.ops.bulkDelete([...numbers]));
  }

  async reject(n: number, code: string): Promise<void> {
    await this.#try((db) => db.ops.update(n, { rejected: code }));
  }

  async close(): Promise<void> {
    this.#db.close();
    return Promise.resolve();
  }

  async #try<T>(work: (db: OutboxDb) => PromiseLike<T>): Promise<T> {
    try {
      return await work(this.#db);
    } catch (error) {
      if (!LOST.has((error as Error).name)) throw error;
      this.#db.close();
      this.#db = new OutboxDb(this.#name);
      return work(this.#db);
    }
  }
}

/** What became of a batch, decided by the rules alone. */
export interface Settled {
  /** Rows that are done and leave the queue. */
  done: number[];
  /** Rows that the server will never take; their words stay here to be copied. */
  rejected: { n: number; code: string }[];
  /** New operations that keep the words of a note that somebody changed meanwhile. */
  forks: { stream: string; op: Op }[];
  /** Operations that were applied, with the number after which the stream itself shows them. */
  applied: { n: number; seq: number }[];
}

/** Reads the server's answers to a batch; `newId` makes the ids of forked notes. */
export function settle(batch: readonly Waiting[], results: readonly OpResult[], newId: () => string): Settled {
  const settled: Settled = { done: [], rejected: [], forks: [], applied: [] };
  for (const [index, row] of batch.entries()) {
    const result = results[index];
    if (result?.op_id !== row.op.op_id) break; // not an answer to this: it is sent again
    if (result.st === "applied" || result.st === "dup") settled.applied.push({ n: row.n, seq: result.seq ?? 0 });
    if (result.st === "denied") { settled.rejected.push({ n: row.n, code: "denied" }); continue; }
    if (result.st === "conflict" || (result.st === "gone" && row.op.kind === "put")) {
      const fork = forked(row, newId);
      if (fork) settled.forks.push(fork);
    }
    settled.done.push(row.n);
  }
  return settled;
}

/** The words of a note or text in one of their own, a line lower: nothing that was typed is lost. */
function forked(row: Waiting, newId: () => string): { stream: string; op: Op } | null {
  const { op } = row;
  if (op.kind !== "put" || (op.body.type !== "note" && op.body.type !== "text") || op.body.text.trim() === "") return null;
  const body = { ...op.body, y: op.body.y - 18, fork_of: op.ann_id };
  return { stream: row.stream, op: { ...op, op_id: newId(), ann_id: newId(), base_rev: 0, body } };
}
