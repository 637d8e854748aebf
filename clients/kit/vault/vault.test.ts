import "fake-indexeddb/auto";

import { describe, expect, it } from "vitest";

import { Locks, PIN_ROUNDS, tooPlain } from "./locks.ts";
import { VaultLocked } from "./store.ts";
import { HALF, nameOfOne, openVault, vaultOf } from "./testing.ts";

const REF = { doc: "v1", part: "file" };
const BYTES = new TextEncoder().encode("tờ trình");
const OTHER = { id: "h2", half: btoa("another half of the server's ...") };

async function filled(name: string, person = "me"): Promise<Awaited<ReturnType<typeof openVault>>> {
  const vault = await openVault(person, name);
  await vault.store.write(REF, 0, BYTES);
  return vault;
}

describe("the key of two halves", () => {
  it("opens nothing without the server's half", async () => {
    const name = nameOfOne();
    await filled(name);
    const later = vaultOf("me", name);
    expect(await later.store.read(REF, 0, 1)).toBeNull();
    await expect(later.store.write(REF, 0, BYTES)).rejects.toThrow(VaultLocked);
    await later.openOnline(HALF);
    expect(await later.store.read(REF, 0, 1)).toEqual(BYTES);
  });

  it("opens nothing on another device, nor for another person of this one", async () => {
    const name = nameOfOne();
    await filled(name);
    expect(await (await openVault("other", name)).store.read(REF, 0, 1)).toBeNull();
    const { keys } = await openVault("me", nameOfOne());
    const { store } = vaultOf("me", name);
    await store.open(await keys.secret(), Uint8Array.from(atob(HALF.half), (sign) => sign.charCodeAt(0)));
    expect(await store.read(REF, 0, 1)).toBeNull();
  });

  it("throws away what lies here when the server has renewed its half, and begins anew", async () => {
    const name = nameOfOne();
    await (await filled(name)).setPin("482913");
    const later = vaultOf("me", name);
    expect(await later.openOnline({ ...HALF, ...OTHER })).toBe(true);
    expect((await later.store.counts()).size).toBe(0);
    expect(await later.locks.kinds()).toEqual([]);
    await later.store.write(REF, 0, BYTES);
    expect(await later.store.read(REF, 0, 1)).toEqual(BYTES);
  });

  it("cannot be read out of the browser", async () => {
    const secret = await vaultOf("me", nameOfOne()).keys.secret();
    expect(secret.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", secret)).rejects.toThrow();
  });

  it("does not open a chunk that was moved to another place, and never uses an IV twice", async () => {
    const { store } = await filled(nameOfOne());
    await store.write(REF, 1, BYTES);
    const { default: Dexie } = await import("dexie");
    const db = await new Dexie(store.name).open();
    const rows = (await db.table("chunks").toArray()) as { index: number; iv: Uint8Array }[];
    expect(new Set(rows.map((row) => row.iv.join())).size).toBe(2);
    await db.table("chunks").put({ ...rows[1], index: 0 });
    db.close();
    expect(await store.read(REF, 0, 1)).toBeNull();
    expect(await store.read(REF, 1, 1)).toEqual(BYTES);
  });
});

describe("a code of six digits", () => {
  it("opens without the server, and the papers with it", async () => {
    const name = nameOfOne();
    await (await filled(name)).setPin("482913");
    const later = vaultOf("me", name);
    expect(await later.locks.kinds()).toEqual(["pin"]);
    expect((await later.openByPin("482913")).st).toBe("open");
    expect(await later.store.read(REF, 0, 1)).toEqual(BYTES);
    await later.setPin("173952"); // the half is known again
    expect((await vaultOf("me", name).openByPin("482913")).st).toBe("wrong");
  });

  it("is shredded with all papers after five wrong tries, counted over restarts", async () => {
    const name = nameOfOne();
    await (await filled(name)).setPin("482913");
    const left: (number | string)[] = [];
    for (let at = 0; at < 5; at++) {
      const tried = await vaultOf("me", name).openByPin("000001");
      left.push(tried.st === "wrong" ? tried.left : tried.st);
    }
    expect(left).toEqual([4, 3, 2, 1, "shredded"]);
    const after = vaultOf("me", name);
    expect((await after.openByPin("482913")).st).toBe("shredded");
    expect((await after.store.counts()).size).toBe(0);
    await after.openOnline(HALF); // with network again: begins anew
    expect(await after.store.read(REF, 0, 1)).toBeNull();
  });

  it("is counted before it is tried: switching off in between wins no try", async () => {
    const name = nameOfOne();
    const vault = await filled(name);
    await vault.setPin("482913");
    vault.keys.secret = () => Promise.reject(new Error("switched off"));
    await expect(vault.openByPin("482913")).rejects.toThrow("switched off");
    const tried = await vaultOf("me", name).openByPin("000001");
    expect(tried).toEqual({ st: "wrong", left: 3 });
    expect((await vaultOf("me", name).openByPin("482913")).st).toBe("open");
    expect(await vaultOf("me", name).openByPin("000001")).toEqual({ st: "wrong", left: 4 });
  });

  it("is six digits, not the first that anybody would try, and costs what OWASP asks", async () => {
    const vault = await filled(nameOfOne());
    for (const no of ["12345", "1234567", "12345a", ""]) await expect(vault.setPin(no)).rejects.toThrow(RangeError);
    expect(["111111", "123456", "654321"].every(tooPlain)).toBe(true);
    expect(tooPlain("482913")).toBe(false);
    expect(new Locks(vault.keys).rounds).toBe(PIN_ROUNDS);
    expect(PIN_ROUNDS).toBeGreaterThanOrEqual(600_000);
  });

  it("cannot be set before the half is known", async () => {
    await expect(vaultOf("me", nameOfOne()).setPin("482913")).rejects.toThrow("locked");
  });
});
