/** What this tablet wrote and the server has not confirmed: durable, in order, sent again for ever. */
import type { Delete, OpResult, Put } from "@phien/wire";

import { Database, type Plan } from "../vault/db.ts";
import { Reopening } from "../vault/reopening.ts";

export type Op = Put | Delete;

/** One operation that waits. `rejected` ones are kept until the user has taken their words. */
export interface Waiting {
  n: number;
  person: string;
  stream: string;
  op: Op;
  rejected: string | null;
}

/** As it lies on disk: the operation is sealed. `op` itself stands in rows of builds that did not seal yet. */
interface Row {
  n: number;
  person: string;
  stream: string;
  rejected: string | null;
  iv?: Uint8Array<ArrayBuffer>;
  sealed?: ArrayBuffer;
  op?: Op;
}

interface OutboxRows {
  ops: Row;
  keys: { person: string; key: CryptoKey };
}

/** Twenty: ten a version, as builds before counted. */
function plan(name: string): Plan<OutboxRows> {
  return { name, version: 20, stores: { ops: { key: "n", counted: true, index: "person" }, keys: { key: "person" } } };
}

const IV_BYTES = 12;

/**
 * The durable queue, in IndexedDB; every row is also held in memory, in case the database is lost on resume.
 *
 * Rows are sealed under a key of this device that lies beside them and that no script can read out. It is not the key
 * of the papers: when that one is shredded (wrong codes, signed out), what was written and not sent must still be sent.
 */
export class OutboxStore {
  readonly #db: Reopening<Database<OutboxRows>>;
  readonly #keys = new Map<string, Promise<CryptoKey>>();

  constructor(name = "phien-outbox") {
    this.#db = new Reopening(() => new Database(plan(name)));
  }

  /** All rows of a person, in order. One that does not open stays on disk. */
  async all(person: string): Promise<Waiting[]> {
    const rows = await this.#db.use((db) => db.read(["ops"], ({ ops }) => ops.with("person", person)));
    const opened = await Promise.all(rows.map((row) => this.#opened(row)));
    return opened.filter((row) => row !== null);
  }

  /** Stores operations and returns them with their numbers; they are durable when this resolves. */
  async add(person: string, stream: string, ops: readonly Op[]): Promise<Waiting[]> {
    const rows = await Promise.all(ops.map(async (op) => ({ person, stream, rejected: null, ...await this.#seal(person, stream, op) })));
    const numbers = await this.#db.use((db) => db.write(["ops"], (stores) => Promise.all(rows.map((row) => stores.ops.add(row)))));
    return ops.map((op, index) => ({ person, stream, op, rejected: null, n: numbers[index] as number }));
  }

  async remove(numbers: readonly number[]): Promise<void> {
    await this.#db.use((db) => db.write(["ops"], ({ ops }) => Promise.all(numbers.map((n) => ops.delete(n)))));
  }

  async reject(n: number, code: string): Promise<void> {
    await this.#db.use((db) => db.write(["ops"], async ({ ops }) => {
      const row = await ops.get(n);
      if (row) await ops.put({ ...row, rejected: code });
    }));
  }

  async close(): Promise<void> {
    this.#db.close();
    return Promise.resolve();
  }

  async #opened({ n, person, stream, rejected, iv, sealed, op }: Row): Promise<Waiting | null> {
    if (!iv || !sealed) {
      if (!op) return null;
      const next = await this.#seal(person, stream, op);
      await this.#db.use((db) => db.write(["ops"], ({ ops }) => ops.put({ n, person, stream, rejected, ...next })));
      return { n, person, stream, rejected, op };
    }
    try {
      const clear = await crypto.subtle.decrypt(bound(iv, person, stream), await this.#key(person), sealed);
      return { n, person, stream, rejected, op: JSON.parse(new TextDecoder().decode(clear)) as Op };
    } catch {
      return null;
    }
  }

  async #seal(person: string, stream: string, op: Op): Promise<{ iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const clear = new TextEncoder().encode(JSON.stringify(op));
    return { iv, sealed: await crypto.subtle.encrypt(bound(iv, person, stream), await this.#key(person), clear) };
  }

  #key(person: string): Promise<CryptoKey> {
    const known = this.#keys.get(person);
    if (known) return known;
    const loading = this.#loadKey(person).catch((error: unknown) => {
      this.#keys.delete(person);
      throw error;
    });
    this.#keys.set(person, loading);
    return loading;
  }

  async #loadKey(person: string): Promise<CryptoKey> {
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    return this.#db.use((db) => db.write(["keys"], async ({ keys }) => {
      const kept = await keys.get(person);
      if (kept) return kept.key;
      await keys.add({ person, key: made });
      return made;
    }));
  }
}

/** A row that is moved to another stream or person does not open there. */
function bound(iv: Uint8Array<ArrayBuffer>, person: string, stream: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${person}/${stream}`) };
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
