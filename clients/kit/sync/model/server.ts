/** The server of the model: the log, the rows and the room of each stream. It keeps no clock and no network. */
import type { Annotation, AnyEvent, Operation, OpResult, Page, PushResult } from "@phien/wire";

import { ApiError } from "../../net/http.ts";
import type { Ask } from "../log.ts";
import type { Op } from "../outbox.ts";
import { decide, type Standing } from "./rules.ts";

/** Mistakes that no server may make; tests of the tests switch them on. */
export type ServerFault = "no receipts" | "page before room" | "answer before commit" | "private by name" | "resume one late";

/** Where a room's operations go. */
export interface Listener {
  readonly person: string;
  hear: (event: string, data: unknown) => void;
}

interface Row extends Standing {
  readonly shown: Annotation;
}

export interface Kept {
  readonly log: Operation[];
  readonly rows: Map<string, Row>;
  readonly room: Set<Listener>;
  readonly members: Set<string>;
  /** From which number on somebody has been a member without a break. */
  readonly since: Map<string, number>;
  /** Up to here the log was thrown away. */
  floor: number;
}

const OPS_A_PAGE = 4;
const ROWS_A_PAGE = 3;
export const VERSION = "v";
/** Who may delete what others shared. */
export const CHAIR = "binh";

export class Server {
  readonly streams = new Map<string, Kept>();
  readonly #receipts = new Map<string, OpResult>();
  /** What was answered and is not written yet: a correct server has none. */
  #unwritten: (() => void)[] = [];

  constructor(readonly fault: ServerFault | null = null) {}

  open(stream: string, members: readonly string[]): void {
    const since = new Map(members.map((person) => [person, 0]));
    this.streams.set(stream, { log: [], rows: new Map(), room: new Set(), members: new Set(members), since, floor: 0 });
  }

  kept(stream: string): Kept {
    const found = this.streams.get(stream);
    if (!found) throw new ApiError("denied", "");
    return found;
  }

  /** What a new reader would be told. */
  state(stream: string): Annotation[] {
    return [...this.kept(stream).rows.values()].filter((row) => !row.deleted).map((row) => row.shown).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  mayRead(person: string, stream: string): boolean {
    if (this.fault === "private by name" && stream.startsWith("p:")) return true;
    return this.kept(stream).members.has(person);
  }

  // ---- commands

  push(person: string, stream: string, ops: readonly Op[]): PushResult {
    if (!this.mayRead(person, stream)) throw new ApiError("denied", "");
    return { results: ops.map((op) => this.#once(person, stream, op)) };
  }

  /** Enters the room, then reads. */
  join(listener: Listener, stream: string, ask: Ask): Page {
    if (!this.mayRead(listener.person, stream)) throw new ApiError("denied", "");
    if (this.fault !== "page before room") this.enter(listener, { stream });
    return this.#page(listener.person, stream, ask);
  }

  /** Pages beside the socket: nobody enters a room by asking for them. */
  missed(person: string, stream: string, ask: Ask): Page {
    if (!this.mayRead(person, stream)) throw new ApiError("denied", "");
    return this.#page(person, stream, ask);
  }

  enter(listener: Listener, { stream }: { stream: string }): void {
    if (this.mayRead(listener.person, stream)) this.kept(stream).room.add(listener);
  }

  leave(listener: Listener): void {
    for (const one of this.streams.values()) one.room.delete(listener);
  }

  // ---- what happens on the server's side

  /** The secretariat lets somebody in, or withdraws; those who are there are told. */
  admit(person: string, stream: string, allowed: boolean, listeners: readonly Listener[]): void {
    const one = this.kept(stream);
    if (one.members.has(person) === allowed) return;
    if (allowed) {
      one.members.add(person);
      one.since.set(person, one.log.length);
      for (const each of listeners) if (each.person === person) each.hear("stream.opened", { streams: [stream] });
      return;
    }
    one.members.delete(person);
    for (const each of one.room) {
      if (each.person !== person) continue;
      one.room.delete(each);
      each.hear("stream.left", { stream, code: "denied" });
    }
  }

  /** A paper was replaced: a mark of the old one comes, and waits for a place. */
  carry(owner: string, stream: string, id: string, body: Annotation["body"]): void {
    const carried = { version_id: "v0", page: 2, waiting: true };
    this.#put(stream, { id, owner, page: 3, rev: 1, body, carried }, null, "annotations.carried");
  }

  /** Old operations are thrown away: who is further behind gets a snapshot. */
  forget(stream: string): void {
    const one = this.kept(stream);
    one.floor = one.log.length;
  }

  heads(listener: Listener): Record<string, number> {
    return Object.fromEntries([...this.streams].filter(([, one]) => one.room.has(listener)).map(([id, one]) => [id, one.log.length]));
  }

  write(): void {
    for (const work of this.#unwritten.splice(0)) work();
  }

  crash(): void {
    this.#unwritten = [];
  }

  // ---- inside

  #once(person: string, stream: string, op: Op): OpResult {
    const key = `${person}/${op.op_id}`;
    const first = this.#receipts.get(key);
    if (first && this.fault !== "no receipts") return { ...first, st: "dup" };
    const one = this.kept(stream);
    const standing = one.rows.get(op.ann_id);
    const moderator = person === CHAIR && stream.startsWith("s:");
    const st = first ? "applied" : decide(op, standing, person, moderator);
    if (st !== "applied") return { op_id: op.op_id, st, seq: null, rev: standing?.rev ?? null };
    const result = { op_id: op.op_id, st, seq: one.log.length + 1, rev: (standing?.rev ?? 0) + 1 };
    const apply = (): void => { this.#apply(person, stream, op); this.#receipts.set(key, result); };
    if (this.fault === "answer before commit") this.#unwritten.push(apply);
    else apply();
    return result;
  }

  #apply(person: string, stream: string, op: Op): void {
    const { rows } = this.kept(stream);
    const before = rows.get(op.ann_id);
    if (op.kind === "put") {
      const carried = before?.shown.carried ? { ...before.shown.carried, waiting: false } : null;
      this.#put(stream, { id: op.ann_id, owner: person, page: op.page, rev: (before?.rev ?? 0) + 1, body: op.body, carried }, op.op_id);
    } else if (before) {
      rows.set(op.ann_id, { ...before, deleted: true });
      this.#log(stream, person, op.op_id, { name: "annotations.pushed", put: [], gone: [{ kind: "annotation", id: op.ann_id }] });
    }
  }

  #put(
    stream: string,
    { id, owner, page, rev, body, carried }: { id: string; owner: string; page: number; rev: number; body: Annotation["body"]; carried: Annotation["carried"] },
    opId: string | null,
    name: "annotations.pushed" | "annotations.carried" = "annotations.pushed",
  ): void {
    const shown: Annotation = {
      kind: "annotation", id, version_id: VERSION, owner_id: owner, owner_name: owner, page, body, rev, created_at: "", updated_at: "", carried,
    };
    this.kept(stream).rows.set(id, { owner_id: owner, type: body.type, page, rev, deleted: false, waiting: carried?.waiting ?? false, shown });
    this.#log(stream, owner, opId, { name, put: [shown], gone: [] });
  }

  #log(stream: string, actor: string, opId: string | null, event: AnyEvent): void {
    const { log, room } = this.kept(stream);
    const operation: Operation = { seq: log.length + 1, op_id: opId, actor, at: "", event };
    log.push(operation);
    for (const each of room) each.hear("stream.ops", { stream, epoch: 1, ops: [operation] });
  }

  #page(person: string, stream: string, { last_seq, after }: Ask): Page {
    const { log, rows, floor, since } = this.kept(stream);
    const head = log.length;
    const page: Page = { stream, mode: "delta", epoch: 1, head, ops: [], put: [], more: false, after: null };
    const reaches = last_seq === 0 ? head === 0 : floor <= last_seq && last_seq <= head && last_seq > (since.get(person) ?? 0);
    if (after === null && reaches) {
      const begin = this.fault === "resume one late" ? last_seq + 1 : last_seq;
      return { ...page, ops: log.slice(begin, begin + OPS_A_PAGE), more: begin + OPS_A_PAGE < head };
    }
    const rest = [...rows.values()].filter((row) => !row.deleted && (after === null || row.shown.id > after[1])).map((row) => row.shown);
    rest.sort((a, b) => (a.id < b.id ? -1 : 1));
    const put = rest.slice(0, ROWS_A_PAGE);
    const more = rest.length > ROWS_A_PAGE;
    return { ...page, mode: "snapshot", put, more, after: more ? ["annotation", put.at(-1)?.id ?? ""] : null };
  }
}
