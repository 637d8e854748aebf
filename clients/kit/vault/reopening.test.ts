import "fake-indexeddb/auto";

import { describe, expect, it } from "vitest";

import { Database } from "./db.ts";
import { nameOf, Reopening } from "./reopening.ts";

let opened = 0;

interface Stores { rows: { id: number } }

function reopening(): Reopening<Database<Stores>> {
  opened = 0;
  return new Reopening(() => new Database<Stores>({ name: `reopening-${++opened}`, version: 1, stores: { rows: { key: "id" } } }));
}

function lost(name: string): Error {
  return Object.assign(new Error("Connection to Indexed Database server lost"), { name });
}

describe("a database that is lost while the tablet sleeps", () => {
  it.each(["UnknownError", "InvalidStateError"])("is opened once more after %s", async (name) => {
    const db = reopening();
    let tries = 0;
    expect(await db.use(() => (++tries === 1 ? Promise.reject(lost(name)) : Promise.resolve("here")))).toBe("here");
    expect([tries, opened]).toEqual([2, 2]);
  });

  it("is found anew by all who lost it together", async () => {
    const db = reopening();
    let tries = 0;
    await Promise.all([1, 2, 3].map(() => db.use(() => (++tries <= 3 ? Promise.reject(lost("UnknownError")) : Promise.resolve()))));
    expect([tries, opened]).toEqual([6, 2]);
  });

  it("is found by work on a connection that was closed under it", async () => {
    const db = reopening();
    await db.use((one) => one.write(["rows"], ({ rows }) => rows.put({ id: 1 })));
    await db.use((one) => { if (opened === 1) one.close(); return one.read(["rows"], ({ rows }) => rows.all()); });
    expect(opened).toBe(2);
  });

  it("is not tried again for ever, nor after another error", async () => {
    const db = reopening();
    let tries = 0;
    await expect(db.use(() => { tries++; return Promise.reject(lost("UnknownError")); })).rejects.toThrow("lost");
    await expect(db.use(() => { tries++; return Promise.reject(lost("ConstraintError")); })).rejects.toThrow("lost");
    expect(tries).toBe(3);
  });

  it("knows what was thrown by its name", () => {
    expect([nameOf(lost("QuotaExceededError")), nameOf(undefined), nameOf({})]).toEqual(["QuotaExceededError", "", ""]);
  });
});
