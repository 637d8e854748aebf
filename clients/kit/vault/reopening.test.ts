import "fake-indexeddb/auto";

import Dexie from "dexie";
import { describe, expect, it } from "vitest";

import { namesOf, Reopening } from "./reopening.ts";

let opened = 0;

function reopening(): Reopening<Dexie> {
  opened = 0;
  return new Reopening(() => {
    const db = new Dexie(`reopening-${++opened}`);
    db.version(1).stores({ rows: "id" });
    return db;
  });
}

function lost(name: string): Error {
  return Object.assign(new Error("Connection to Indexed Database server lost"), { name });
}

describe("a database that is lost while the tablet sleeps", () => {
  it.each(["UnknownError", "InvalidStateError", "DatabaseClosedError"])("is opened once more after %s", async (name) => {
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
    await db.use((one) => one.table("rows").put({ id: 1 }));
    await db.use((one) => { if (opened === 1) one.close(); return one.table("rows").count(); });
    expect(opened).toBe(2);
  });

  it("is not tried again for ever, nor after another error", async () => {
    const db = reopening();
    let tries = 0;
    await expect(db.use(() => { tries++; return Promise.reject(lost("UnknownError")); })).rejects.toThrow("lost");
    await expect(db.use(() => { tries++; return Promise.reject(lost("ConstraintError")); })).rejects.toThrow("lost");
    expect(tries).toBe(3);
  });

  it("names an error with those inside it", () => {
    expect(namesOf(Object.assign(new Error("a"), { name: "AbortError", inner: lost("QuotaExceededError") })))
      .toEqual(["AbortError", "QuotaExceededError"]);
    expect(namesOf(undefined)).toEqual([]);
  });
});
