/** The outbox: nothing is lost, nothing is sent twice as two, order is kept, words survive a conflict. */
import "fake-indexeddb/auto";

import type { OpResult, PushResult } from "@phien/wire";
import { describe, expect, test, vi } from "vitest";

import { ApiError } from "../net/http.ts";
import { newId } from "../net/ids.ts";
import { rebase } from "./annotations.ts";
import { type Op, OutboxStore } from "./outbox.ts";
import { Outbox } from "./sender.ts";

let databases = 0;
const store = (): OutboxStore => new OutboxStore(`test-${++databases}`);

function note(text: string, annId = newId(), baseRev = 0): Op {
  return { kind: "put", op_id: newId(), ann_id: annId, base_rev: baseRev, page: 1, body: { type: "note", x: 0, y: 50, text, fork_of: null } };
}

/** A server that answers as told and otherwise applies everything. */
class FakeServer {
  log: Op[] = [];
  plan: ((ops: Op[]) => PushResult)[] = [];
  push = (_stream: string, ops: Op[]): Promise<PushResult> => {
    const planned = this.plan.shift();
    if (planned) return new Promise((resolve) => { resolve(planned(ops)); });
    return Promise.resolve({ results: ops.map((op) => this.apply(op)) });
  };
  apply(op: Op): OpResult {
    const known = this.log.findIndex((one) => one.op_id === op.op_id);
    if (known < 0) this.log.push(op);
    return { op_id: op.op_id, st: known < 0 ? "applied" : "dup", seq: known < 0 ? this.log.length : known + 1, rev: 1 };
  }
}

function outbox(server: FakeServer, disk = store()): Outbox {
  return new Outbox("an", disk, server.push, () => 0);
}

const emptied = (box: Outbox): Promise<void> => vi.waitFor(() => { expect(box.waiting).toBe(0); }, { timeout: 5000 });

describe("the outbox", () => {
  test("sends in order and is empty after", async () => {
    const server = new FakeServer();
    const box = outbox(server);
    const ops = Array.from({ length: 120 }, (_, index) => note(String(index)));
    for (const op of ops) await box.add("s:v", [op]);
    await emptied(box);
    expect(server.log.map((op) => op.op_id)).toEqual(ops.map((op) => op.op_id));
  });

  test("what is kept while an answer comes is sent too, without a restart", async () => {
    const server = new FakeServer();
    const disk = store();
    const add = disk.add.bind(disk);
    let release: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => { release = resolve; });
    const box = new Outbox("an", disk, async (stream, ops) => { await answer; return server.push(stream, ops); }, () => 0);
    await box.add("s:v", [note("một")]);
    disk.add = async (...given) => {
      const kept = await add(...given);
      release();
      await emptied(box); // the first is confirmed before the second is kept
      return kept;
    };
    await box.add("s:v", [note("hai")]);
    await vi.waitFor(() => { expect(server.log).toHaveLength(2); });
  });

  test("a lost answer is asked for again and nothing happens twice", async () => {
    const server = new FakeServer();
    server.plan.push((ops) => { ops.forEach((op) => server.apply(op)); throw new ApiError("network", ""); });
    const box = outbox(server);
    await box.add("s:v", [note("một"), note("hai")]);
    await emptied(box);
    expect(server.log).toHaveLength(2);
  });

  test("what was not sent before the app ended is sent by the next start", async () => {
    const away = new FakeServer();
    away.push = () => Promise.reject(new ApiError("network", ""));
    const disk = store();
    const before = outbox(away, disk);
    await before.add("s:v", [note("còn chờ")]);
    expect(before.waiting).toBe(1);

    const server = new FakeServer();
    const after = outbox(server, disk);
    await after.start();
    await emptied(after);
    expect(server.log).toHaveLength(1);
    expect(await disk.all("an")).toEqual([]);
  });

  test("another person on this tablet never sends what one wrote", async () => {
    const away = new FakeServer();
    away.push = () => Promise.reject(new ApiError("network", ""));
    const disk = store();
    await outbox(away, disk).add("p:v:an", [note("riêng của An")]);
    const other = new Outbox("binh", disk, new FakeServer().push, () => 0);
    await other.start();
    expect(other.waiting).toBe(0);
  });

  test("words that met a conflict are kept in a note of their own", async () => {
    const server = new FakeServer();
    const edit = note("lời của tôi", newId(), 1);
    server.plan.push((ops) => ({ results: ops.map((op) => ({ op_id: op.op_id, st: "conflict", seq: null, rev: 2 })) }));
    const box = outbox(server);
    await box.add("s:v", [edit]);
    await emptied(box);
    const [kept] = server.log;
    expect(kept).toMatchObject({ kind: "put", base_rev: 0, body: { text: "lời của tôi", fork_of: edit.ann_id } });
    expect(kept?.ann_id).not.toBe(edit.ann_id);
  });

  test("a refused operation stays to be copied and does not hold up the rest", async () => {
    const server = new FakeServer();
    const [bad, good] = [note("bị từ chối"), note("được nhận")];
    server.plan.push((ops) => ({
      results: ops.map((op) => (op === bad ? { op_id: op.op_id, st: "denied", seq: null, rev: null } : server.apply(op))),
    }));
    const box = outbox(server);
    await box.add("s:v", [bad, good]);
    await emptied(box);
    expect(server.log).toEqual([good]);
    expect(box.rejected.map((row) => row.op)).toEqual([bad]);
    await box.dismiss(box.rejected[0]?.n ?? 0);
    expect(box.rejected).toEqual([]);
  });

  test("one operation that the server cannot read is set aside alone", async () => {
    const server = new FakeServer();
    const [bad, good] = [note("hỏng"), note("lành")];
    const refuse = (ops: Op[]): PushResult => {
      if (ops.includes(bad)) throw new ApiError("invalid_input", "");
      return { results: ops.map((op) => server.apply(op)) };
    };
    server.plan.push(refuse, refuse, refuse);
    const box = outbox(server);
    await box.add("s:v", [bad, good]);
    await emptied(box);
    expect(server.log).toEqual([good]);
    expect(box.rejected).toHaveLength(1);
  });

  test("without a working database it still sends, and says that it is not durable", async () => {
    const server = new FakeServer();
    const broken = store();
    broken.add = () => Promise.reject(new Error("QuotaExceededError"));
    let answer: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => { answer = resolve; });
    const box = new Outbox("an", broken, async (stream, ops) => { await gate; return server.push(stream, ops); }, () => 0);
    await box.add("s:v", [note("chỉ trong bộ nhớ")]);
    expect(box.durable).toBe(false);
    answer();
    await emptied(box);
    expect([server.log.length, box.durable]).toEqual([1, true]);
  });

  test("a stroke stays on the page from the pen to the echo, without a blink", async () => {
    const server = new FakeServer();
    const box = outbox(server);
    const op = note("mực");
    await box.add("s:v", [op]);
    await emptied(box);
    const me = { id: "an", name: "An" };
    expect(rebase(new Map(), box.over("s:v"), "v", me).map((one) => one.id)).toEqual([op.ann_id]);
    box.shown("s:v", { seq: 1, op_id: op.op_id, actor: "an", at: "", event: { name: "documents.opened", put: [], gone: [] } });
    expect(box.over("s:v")).toEqual([]);
  });
});
