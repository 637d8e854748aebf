import "fake-indexeddb/auto";

import Dexie from "dexie";
import { describe, expect, it } from "vitest";

import { openVault } from "../vault/testing.ts";
import { type Op, OutboxStore } from "./outbox.ts";

const NOTE = { kind: "put", op_id: "o1", ann_id: "a1", page: 1, base_rev: 0, body: { type: "note", x: 0, y: 0, text: "hỏi lại mục ba" } } as unknown as Op;
let names = 0;

async function rawRows(name: string): Promise<{ sealed?: unknown }[]> {
  const db = await new Dexie(name).open();
  const rows = (await db.table("ops").toArray()) as { sealed?: unknown }[];
  db.close();
  return rows;
}

describe("the outbox on disk", () => {
  it("holds no word of a note in clear, and gives it back at the next start", async () => {
    const name = `outbox-${++names}`;
    await new OutboxStore(name).add("me", "p:v1:me", [NOTE]);
    const [row] = await rawRows(name);
    expect(new TextDecoder().decode(row?.sealed as ArrayBuffer)).not.toContain("hỏi");
    expect(JSON.stringify(row)).not.toContain("note");
    expect((await new OutboxStore(name).all("me")).map((one) => one.op)).toEqual([NOTE]);
  });

  it("seals what a former build left in clear, and keeps its place", async () => {
    const name = `outbox-${++names}`;
    const former = new Dexie(name);
    former.version(1).stores({ ops: "++n, person" });
    await former.table("ops").add({ person: "me", stream: "p:v1:me", op: NOTE, rejected: null });
    former.close();
    const store = new OutboxStore(name);
    await store.add("me", "p:v1:me", [{ ...NOTE, op_id: "o2" }]);
    expect((await store.all("me")).map((row) => row.op.op_id)).toEqual(["o1", "o2"]);
    expect((await rawRows(name)).every((row) => !("op" in row))).toBe(true);
    expect((await new OutboxStore(name).all("me")).map((row) => row.op.op_id)).toEqual(["o1", "o2"]);
  });

  it("opens for the same person and stream only, and a row that does not open is not thrown away", async () => {
    const name = `outbox-${++names}`;
    const store = new OutboxStore(name);
    const [row] = await store.add("me", "p:v1:me", [NOTE]);
    const db = await new Dexie(name).open();
    await db.table("ops").update(row?.n, { stream: "s:v1" });
    db.close();
    expect(await store.all("me")).toEqual([]);
    expect(await rawRows(name)).toHaveLength(1);
  });

  it("outlives the key of the papers: wrong codes cost no word that was written", async () => {
    const name = `outbox-${++names}`;
    const vault = await openVault("me", name);
    await vault.setPin("482913");
    const store = new OutboxStore(`${name}-ops`);
    await store.add("me", "p:v1:me", [NOTE]);
    for (let tries = 0; tries < 5; tries++) await vault.openByPin("000001");
    expect((await vault.openByPin("482913")).st).toBe("shredded");
    expect((await new OutboxStore(`${name}-ops`).all("me")).map((one) => one.op)).toEqual([NOTE]);
  });
});
