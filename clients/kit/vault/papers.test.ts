import "fake-indexeddb/auto";

import { describe, expect, it } from "vitest";

import { BLOCK_BYTES, type Held, LeaseOver } from "./held.ts";
import { Papers } from "./papers.ts";
import { type About, CHUNK_BYTES, type VaultStore } from "./store.ts";
import { nameOfOne, openVault } from "./testing.ts";

const SIZE = BLOCK_BYTES * 2 + 100;
const HELD: Held = { version: "v1", size: SIZE, stream: "i:1" };

async function storeOf(person: string, name: string): Promise<VaultStore> {
  return (await openVault(person, name)).store;
}

function byteAt(at: number): number {
  return (at * 7 + Math.floor(at / 251)) % 256;
}

function server(): { asked: [number, number][]; down: boolean; fetch: (v: string, begin: number, end: number) => Promise<Uint8Array<ArrayBuffer>> } {
  const made = {
    asked: [] as [number, number][],
    down: false,
    fetch: (_version: string, begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> => {
      if (made.down) return Promise.reject(new Error("away"));
      made.asked.push([begin, end]);
      return Promise.resolve(Uint8Array.from({ length: end - begin }, (_, at) => byteAt(begin + at)));
    },
  };
  return made;
}

async function until(met: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !met(); tries++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(met()).toBe(true);
}

describe("papers of the device", () => {
  it("reads a range over two pieces, and each piece only once", async () => {
    const far = server();
    const papers = new Papers(await storeOf("me", nameOfOne()), far.fetch);
    const source = papers.source(HELD);
    const got = await source.fetchRange(BLOCK_BYTES - 5, BLOCK_BYTES + 5);
    expect([...got]).toEqual(Array.from({ length: 10 }, (_, at) => byteAt(BLOCK_BYTES - 5 + at)));
    await source.fetchRange(0, 10);
    expect(far.asked).toHaveLength(2);
  });

  it("keeps a wanted paper for a later start without network", async () => {
    const far = server();
    const name = nameOfOne();
    const papers = new Papers(await storeOf("me", name), far.fetch);
    const done: string[] = [];
    papers.onComplete = (version) => done.push(version);
    papers.want([HELD]);
    await until(() => papers.complete(HELD));
    expect(done).toEqual(["v1"]);

    far.down = true;
    const later = new Papers(await storeOf("me", name), far.fetch);
    await later.start();
    expect(later.complete(HELD)).toBe(true);
    const got = await later.source(HELD).fetchRange(SIZE - 3, SIZE);
    expect([...got]).toEqual([byteAt(SIZE - 3), byteAt(SIZE - 2), byteAt(SIZE - 1)]);
  });

  it("fetches nothing in the background while something is under way that people wait for", async () => {
    const far = server();
    const told = { underWay: true };
    const papers = new Papers(await storeOf("me", nameOfOne()), far.fetch, { yields: () => told.underWay });
    papers.want([HELD]);
    const read = await papers.source({ ...HELD, version: "v2" }).fetchRange(0, 5);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect([read.length, far.asked.length]).toEqual([5, 1]); // who reads does not wait
    told.underWay = false;
    await until(() => papers.complete(HELD));
  });

  it("lets what was missed be asked for first when the network has come", async () => {
    const far = server();
    const papers = new Papers(await storeOf("me", nameOfOne()), far.fetch);
    papers.network = false;
    papers.want([HELD]);
    papers.network = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(far.asked).toEqual([]);
    await until(() => papers.complete(HELD));
  });

  it("shows nothing of one person's papers to another on the same device", async () => {
    const far = server();
    const name = nameOfOne();
    const mine = new Papers(await storeOf("me", name), far.fetch);
    mine.want([HELD]);
    await until(() => mine.complete(HELD));
    far.down = true;
    const other = new Papers(await storeOf("other", name), far.fetch);
    await other.start();
    expect(other.complete(HELD)).toBe(false);
    await expect(other.source(HELD).fetchRange(0, 5)).rejects.toThrow("away");
  });

  it("keeps nothing readable on disk", async () => {
    const store = await storeOf("me", nameOfOne());
    await store.write({ doc: "v1", part: "file" }, 0, new TextEncoder().encode("tờ trình mật".repeat(9000)));
    const { default: Dexie } = await import("dexie");
    const raw = await new Dexie(store.name).open();
    const rows = (await raw.table("chunks").toArray()) as { bytes: ArrayBuffer }[];
    expect(rows.map((row) => row.bytes.byteLength - 16)).toEqual([CHUNK_BYTES, CHUNK_BYTES, 9000 * 17 - 2 * CHUNK_BYTES]);
    for (const row of rows) expect(new TextDecoder().decode(row.bytes)).not.toContain("trình");
    raw.close();
  });

  it("purges what is recalled, from memory too, and what of its stream may no longer be read", async () => {
    const far = server();
    const papers = new Papers(await storeOf("me", nameOfOne()), far.fetch);
    papers.want([HELD, { ...HELD, version: "v2", stream: "i:2" }]);
    await until(() => papers.complete({ ...HELD, version: "v2" }));
    await papers.purge(["v1"]);
    await papers.purgeStream("i:2");
    expect(papers.complete(HELD)).toBe(false);
    far.down = true;
    await expect(papers.source(HELD).fetchRange(0, 5)).rejects.toThrow("away");
    await expect(papers.source({ ...HELD, version: "v2" }).fetchRange(0, 5)).rejects.toThrow("away");
  });

  it("forgets all of a person who signs out", async () => {
    const far = server();
    const name = nameOfOne();
    const store = await storeOf("me", name);
    const papers = new Papers(store, far.fetch);
    papers.want([HELD]);
    await until(() => papers.complete(HELD));
    papers.close();
    await store.forget();
    const later = new Papers(await storeOf("me", name), far.fetch);
    await later.start();
    expect(later.complete(HELD)).toBe(false);
  });

  it("keeps the words and page pictures of a wanted paper, and only then calls it ready", async () => {
    const far = server();
    const name = nameOfOne();
    let allow: () => void = () => undefined;
    const may = new Promise<void>((resolve) => { allow = resolve; });
    const beside = {
      words: () => Promise.resolve(["trang một", "trang hai"]),
      picture: async (_version: string, page: number) => { await may; return page === 1 ? new Uint8Array([7, 8]) : null; },
    };
    const papers = new Papers(await storeOf("me", name), far.fetch, { beside });
    papers.want([HELD]);
    await until(() => papers.complete(HELD));
    expect(papers.progress(HELD)).toEqual({ have: 9, total: 9, ready: false });
    allow();
    await until(() => papers.progress(HELD).ready);

    far.down = true;
    const later = new Papers(await storeOf("me", name), far.fetch, { beside });
    expect(await later.start()).toBe(1);
    expect(later.progress(HELD).ready).toBe(true);
    expect(await later.words("v1")).toEqual(["trang một", "trang hai"]);
    expect(await later.picture("v1", 1)).toEqual(new Uint8Array([7, 8]));
    expect(await later.picture("v1", 2)).toBeNull();
  });

  it("fetches the words of a scan again when a machine has read it, with what it has read", async () => {
    const far = server();
    const name = nameOfOne();
    let words = [""];
    const beside = { words: () => Promise.resolve(words), picture: () => Promise.resolve(null), read: () => Promise.resolve([{ page: 1 }]) };
    const papers = new Papers(await storeOf("me", name), far.fetch, { beside });
    papers.want([HELD]);
    await until(() => papers.progress(HELD).ready);
    expect(await papers.read("v1")).toBeNull();
    words = ["Kế hoạch"];
    const read = { ...HELD, read: true };
    expect(papers.progress(read).ready).toBe(false);
    papers.want([read]);
    await until(() => papers.progress(read).ready);

    const later = new Papers(await storeOf("me", name), far.fetch, { beside });
    await later.start();
    expect(later.progress(read).ready).toBe(true);
    expect([await later.words("v1"), await later.read("v1")]).toEqual([["Kế hoạch"], [{ page: 1 }]]);
  });

  it("opens nothing after the lease of its meeting, neither from disk nor from memory, and again when it is renewed", async () => {
    const far = server();
    let left = 24;
    const about = (): About => ({ meeting: "m", starts: "2026-11-27", hours: 24 });
    const papers = new Papers(await storeOf("me", nameOfOne()), far.fetch, { about, lease: { allows: (hours) => hours <= left } });
    const source = papers.source(HELD);
    await source.fetchRange(0, 9);
    left = 23;
    expect(papers.allowed(HELD)).toBe(false);
    await expect(source.fetchRange(0, 9)).rejects.toThrow(LeaseOver);
    expect(await papers.words("v1")).toBeNull();
    left = 24;
    await expect(source.fetchRange(0, 9)).resolves.toHaveLength(9);
  });

  it("keeps nothing of a meeting that allows no copy, and drops what was kept before", async () => {
    const far = server();
    const store = await storeOf("me", nameOfOne());
    let hours = 24;
    const papers = new Papers(store, far.fetch, { about: () => ({ meeting: "m", starts: "2026-11-27", hours }) });
    papers.want([HELD]);
    await until(() => papers.complete(HELD));
    hours = 0;
    papers.want([HELD]);
    await until(() => !papers.complete(HELD));
    await papers.source(HELD).fetchRange(0, 9);
    expect((await store.counts()).get("v1")).toBeUndefined();
  });

  it("tells what lies on the disk after each change of it, not before a purge is done", async () => {
    const far = server();
    const beside = { words: () => Promise.resolve(["một"]), picture: () => Promise.resolve(null) };
    const papers = new Papers(await storeOf("me", nameOfOne()), far.fetch, { beside });
    const told: { whole: string[]; part: string[] }[] = [];
    papers.onHeld = () => { void papers.lying().then((lying) => told.push(lying)); };
    await papers.source({ ...HELD, version: "v2" }).fetchRange(0, 5);
    papers.want([HELD]);
    await until(() => told.some((lying) => lying.whole.includes("v1")));
    expect(await papers.lying()).toEqual({ whole: ["v1"], part: ["v2"] });
    await papers.purge(["v1"]);
    await until(() => told.at(-1)?.whole.length === 0);
    expect(await papers.lying()).toEqual({ whole: [], part: ["v2"] });
  });

  it("fetches the others where one paper cannot be fetched", async () => {
    const far = server();
    const fetch = (version: string, begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> =>
      version === "v1" ? Promise.reject(new Error("broken")) : far.fetch(version, begin, end);
    const papers = new Papers(await storeOf("me", nameOfOne()), fetch);
    const other = { ...HELD, version: "v2" };
    papers.want([HELD, other]);
    await until(() => papers.progress(other).ready);
    expect([papers.failed(HELD), papers.failed(other)]).toEqual([true, false]);
  });

  it("makes room out of the oldest meeting, never out of what is wanted, and says when there is none", async () => {
    const far = server();
    const store = await storeOf("me", nameOfOne());
    const starts: Record<string, string> = { "i:old": "2026-01-01", "i:older": "2025-01-01", "i:now": "2026-11-27" };
    const papers = new Papers(store, far.fetch, { about: (stream) => ({ meeting: stream, starts: starts[stream] ?? "", hours: 24 }) });
    const of = (version: string, stream: string): Held => ({ version, size: 10, stream });
    papers.want([of("a", "i:old"), of("b", "i:older")]);
    await until(() => papers.complete(of("b", "i:older")));
    const write = store.write.bind(store);
    let room = 0;
    store.write = async (...args) => {
      if (room === 0) { room = 1; throw Object.assign(new Error("full"), { name: "QuotaExceededError" }); }
      await write(...args);
    };
    papers.want([of("c", "i:now")]);
    await until(() => papers.complete(of("c", "i:now")));
    expect([papers.complete(of("a", "i:old")), papers.complete(of("b", "i:older"))]).toEqual([true, false]);

    store.write = () => Promise.reject(Object.assign(new Error("full"), { name: "QuotaExceededError" }));
    papers.want([of("c", "i:now"), of("d", "i:now")]);
    await until(() => papers.full);
    expect(papers.complete(of("c", "i:now"))).toBe(true);
    await expect(papers.source(of("d", "i:now")).fetchRange(0, 5)).resolves.toHaveLength(5);
  });
});
