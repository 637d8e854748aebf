/** What a device keeps lies in transactions: all of it or nothing, and whatever build made the stores. */
import "fake-indexeddb/auto";

import { describe, expect, it, vi } from "vitest";

// A page of one's own to leave; the module listens from its start.
const page = vi.hoisted(() => {
  const made = new EventTarget();
  globalThis.addEventListener = made.addEventListener.bind(made);
  return made;
});

import { Database, type Plan, span } from "./db.ts";
import { Reopening } from "./reopening.ts";

function leave(persisted: boolean): void {
  page.dispatchEvent(Object.assign(new Event("pagehide"), { persisted }));
}

interface Stores { rows: { id: string; at: number }; pairs: { a: string; b: string } }
let names = 0;

function plan(): Plan<Stores> {
  return { name: `db-${++names}`, version: 1, stores: { rows: { key: "id", index: "at" }, pairs: { key: ["a", "b"] } } };
}

describe("a database of this device", () => {
  it("gives back what was written, by key, by field, by the beginning of a key", async () => {
    const db = new Database(plan());
    await db.write(["rows", "pairs"], async ({ rows, pairs }) => {
      for (const [at, id] of ["c", "a", "b"].entries()) await rows.put({ id, at: at % 2 });
      for (const b of ["x", "y"]) await pairs.add({ a: "1", b });
      await pairs.add({ a: "12", b: "x" });
    });
    await db.read(["rows", "pairs"], async ({ rows, pairs }) => {
      expect(await rows.get("a")).toEqual({ id: "a", at: 1 });
      expect((await rows.with("at", 0)).map((row) => row.id)).toEqual(["b", "c"]);
      expect(await rows.all(undefined, 1)).toEqual([{ id: "a", at: 1 }]);
      expect(await pairs.keys(span("1"))).toEqual([["1", "x"], ["1", "y"]]);
    });
  });

  it("keeps nothing of work that failed in the middle", async () => {
    const db = new Database(plan());
    const work = db.write(["rows"], async ({ rows }) => {
      await rows.put({ id: "a", at: 1 });
      throw new Error("the pen was lifted");
    });
    await expect(work).rejects.toThrow("the pen was lifted");
    const twice = db.write(["rows"], async ({ rows }) => {
      await rows.add({ id: "b", at: 1 });
      await rows.add({ id: "b", at: 2 });
    });
    await expect(twice).rejects.toMatchObject({ name: "ConstraintError" });
    expect(await db.read(["rows"], ({ rows }) => rows.all())).toEqual([]);
  });

  it.each([[true, 2], [false, 1]])("put aside by the browser (%s) lets other pages in, and is done again", async (persisted, tries) => {
    const [rows, id] = [plan(), "a"];
    const db = new Reopening(() => new Database(rows));
    let begun = 0;
    const written = db.use((one) => one.write(["rows"], async (stores) => {
      await stores.rows.put({ id, at: ++begun });
      if (begun === 1) leave(persisted);
      await stores.rows.get(id);
    }));
    if (persisted) {
      await new Promise((done) => { setTimeout(done, 20); });
      expect(begun).toBe(1);
      page.dispatchEvent(new Event("pageshow"));
    }
    await written;
    expect(begun).toBe(tries);
    expect(await db.use((one) => one.read(["rows"], (stores) => stores.rows.all()))).toEqual([{ id, at: tries }]);
  });

  it("leaves the way to a newer build in another tab", async () => {
    const first = plan();
    const old = new Database(first);
    await old.write(["rows"], ({ rows }) => rows.put({ id: "a", at: 1 }));
    const now = new Database<{ rows: Stores["rows"] }>({ name: first.name, version: 2, stores: { rows: { key: "id", index: "at" } } });
    expect(await now.read(["rows"], ({ rows }) => rows.all())).toEqual([{ id: "a", at: 1 }]);
    await expect(now.read(["pairs" as "rows"], ({ rows }) => rows.all())).rejects.toMatchObject({ name: "NotFoundError" });
    await expect(old.read(["rows"], ({ rows }) => rows.all())).rejects.toMatchObject({ name: "InvalidStateError" });
  });
});
