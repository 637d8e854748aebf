import "fake-indexeddb/auto";

import type { AnyEntity } from "@phien/wire";
import { describe, expect, it, vi } from "vitest";

import { Streams, type Seed } from "../sync/streams.ts";
import { States } from "./states.ts";
import type { VaultStore } from "./store.ts";
import { nameOfOne, openVault } from "./testing.ts";

const OPENED = { kind: "opened", id: "v1", at: "2026-11-27T00:00:00Z" } as AnyEntity;
const SEED: Seed = { seq: 7, epoch: 2, entities: [OPENED] };

async function storeOf(person: string, name: string): Promise<VaultStore> {
  return (await openVault(person, name)).store;
}

describe("streams kept on the device", () => {
  it("begin the next session where the last one ended, and tell the server how far they are", async () => {
    const name = nameOfOne();
    const states = new States(await storeOf("me", name), () => SEED);
    states.changed("u:me");
    await states.keep();

    const streams = new Streams();
    streams.seed(await new States(await storeOf("me", name), () => SEED).load());
    streams.follow("u:me", () => undefined);
    expect([...streams.view("u:me").entities.values()]).toEqual([OPENED]);
    expect(streams.view("u:me").standing).toBe("joining");
    expect(streams.known()).toEqual({ "u:me": 7 });
  });

  it("are gone when access was withdrawn, and for another person", async () => {
    const name = nameOfOne();
    const states = new States(await storeOf("me", name), () => SEED);
    for (const id of ["i:1", "i:2"]) states.changed(id);
    await states.keep();
    await states.purge(["i:1"]);
    expect([...(await states.load()).keys()]).toEqual(["i:2"]);
    expect((await new States(await storeOf("other", name), () => SEED).load()).size).toBe(0);
  });

  it("are written again only when something came", async () => {
    const store = await storeOf("me", nameOfOne());
    let seed = SEED;
    const states = new States(store, () => seed);
    const written = vi.spyOn(store, "writeWhole");
    const keep = async (): Promise<number> => {
      states.changed("i:1");
      await states.keep();
      return written.mock.calls.length;
    };
    expect([await keep(), await keep()]).toEqual([1, 1]);
    seed = { ...SEED, seq: 8 };
    expect([await keep(), await keep()]).toEqual([2, 2]);
    await states.purge(["i:1"]);
    expect(await keep()).toBe(3);
  });

  it("are not kept while there is nothing to keep", async () => {
    const states = new States(await storeOf("me", nameOfOne()), () => ({ ...SEED, seq: 0 }));
    states.changed("i:1");
    await states.keep();
    expect((await states.load()).size).toBe(0);
  });
});
