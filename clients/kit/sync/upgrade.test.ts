/** A tablet that is updated: what an app of protocol 1 left in its databases is opened and sent by today's. */
import "fake-indexeddb/auto";

import Dexie from "dexie";
import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";

import { openVault } from "../vault/testing.ts";
import { type Op, OutboxStore } from "./outbox.ts";
import { Outbox } from "./sender.ts";

interface Line { name: string; command: { stream: string; ops: Op[] } }
const { traffic } = JSON.parse(readFileSync(new URL("../../../tests/contract/traffic/proto-1.json", import.meta.url), "utf8")) as { traffic: Line[] };
/** What the old app wrote, as its outbox held it before it was sent. */
const WRITTEN = traffic.filter(({ name }) => name === "annotations.push").flatMap(({ command: { stream, ops } }) => ops.map((op) => ({ stream, op })));

/** The outbox as that app made it: rows in clear, no keys. */
async function oldOutbox(name: string): Promise<void> {
  const db = new Dexie(name);
  db.version(1).stores({ ops: "++n, person" });
  await db.table("ops").bulkAdd(WRITTEN.map((row) => ({ ...row, person: "an", rejected: null })));
  await db.table("ops").bulkAdd([
    { person: "an", stream: "s:v", op: { ...WRITTEN[0]?.op, op_id: "refused" }, rejected: "denied" },
    { person: "binh", stream: "p:v:binh", op: { ...WRITTEN[0]?.op, op_id: "another's" }, rejected: null },
  ]);
  db.close();
}

describe("after an update", () => {
  test("all that waited is sent, in order, and what was refused is still there to be copied", async () => {
    await oldOutbox("upgrade-1");
    const sent: { stream: string; op: Op }[] = [];
    const box = new Outbox("an", new OutboxStore("upgrade-1"), (stream, ops) => {
      sent.push(...ops.map((op) => ({ stream, op })));
      return Promise.resolve({ results: ops.map((op) => ({ op_id: op.op_id, st: "applied" as const, seq: sent.length, rev: 1 })) });
    }, () => Infinity);
    await box.start();
    await vi.waitFor(() => { expect(box.waiting).toBe(0); });
    expect(WRITTEN.length).toBeGreaterThan(8);
    expect(sent).toEqual(WRITTEN);
    expect(box.rejected.map((row) => row.op.op_id)).toEqual(["refused"]);
    expect((await new OutboxStore("upgrade-1").all("binh")).map((row) => row.op.op_id)).toEqual(["another's"]);
  });

  test("an update that is cut short in the middle of sealing loses no row", async () => {
    await oldOutbox("upgrade-2");
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    let left = 3;
    const spy = vi.spyOn(crypto.subtle, "encrypt").mockImplementation((...given) =>
      left-- > 0 ? encrypt(...given) : Promise.reject(new Error("the app ended")));
    await expect(new OutboxStore("upgrade-2").all("an")).rejects.toThrow();
    spy.mockRestore();
    const rows = await new OutboxStore("upgrade-2").all("an");
    expect(rows.filter((row) => row.rejected === null).map(({ stream, op }) => ({ stream, op }))).toEqual(WRITTEN);
  });

  test("the papers of before give way to a vault that works", async () => {
    const name = "upgrade-vault";
    const db = new Dexie(name);
    db.version(1).stores({ pieces: "id, version, person", keys: "person" });
    await db.table("pieces").add({ id: "v/0", person: "an", version: "v", iv: new Uint8Array(12), bytes: new ArrayBuffer(8) });
    await db.table("keys").add({ person: "an", key: "of that time" });
    db.close();
    const { store } = await openVault("an", name);
    expect(await store.counts()).toEqual(new Map());
    const bytes = crypto.getRandomValues(new Uint8Array(1000));
    await store.write({ doc: "v", part: "file" }, 0, bytes);
    expect(await store.read({ doc: "v", part: "file" }, 0, 1)).toEqual(bytes);
    const now = await new Dexie(name).open();
    expect(now.tables.map((table) => table.name)).not.toContain("pieces");
    now.close();
  });
});
