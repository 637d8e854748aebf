import "fake-indexeddb/auto";

import { describe, expect, it } from "vitest";

import { type Held, Papers, PIECE_BYTES } from "./papers.ts";
import { VaultStore } from "./store.ts";

const SIZE = PIECE_BYTES * 2 + 100;
const HELD: Held = { version: "v1", size: SIZE, stream: "i:1" };
let names = 0;

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
    const papers = new Papers(new VaultStore("me", `vault-${++names}`), far.fetch);
    const source = papers.source(HELD);
    const got = await source.fetchRange(PIECE_BYTES - 5, PIECE_BYTES + 5);
    expect([...got]).toEqual(Array.from({ length: 10 }, (_, at) => byteAt(PIECE_BYTES - 5 + at)));
    await source.fetchRange(0, 10);
    expect(far.asked).toHaveLength(2);
  });

  it("keeps a wanted paper for a later start without network", async () => {
    const far = server();
    const name = `vault-${++names}`;
    const papers = new Papers(new VaultStore("me", name), far.fetch);
    const done: string[] = [];
    papers.onComplete = (version) => done.push(version);
    papers.want([HELD]);
    await until(() => papers.complete(HELD));
    expect(done).toEqual(["v1"]);

    far.down = true;
    const later = new Papers(new VaultStore("me", name), far.fetch);
    await later.start();
    expect(later.complete(HELD)).toBe(true);
    const got = await later.source(HELD).fetchRange(SIZE - 3, SIZE);
    expect([...got]).toEqual([byteAt(SIZE - 3), byteAt(SIZE - 2), byteAt(SIZE - 1)]);
  });

  it("shows nothing of one person's papers to another on the same device", async () => {
    const far = server();
    const name = `vault-${++names}`;
    const mine = new Papers(new VaultStore("me", name), far.fetch);
    mine.want([HELD]);
    await until(() => mine.complete(HELD));
    far.down = true;
    const other = new Papers(new VaultStore("other", name), far.fetch);
    await other.start();
    expect(other.complete(HELD)).toBe(false);
    await expect(other.source(HELD).fetchRange(0, 5)).rejects.toThrow("away");
  });

  it("keeps nothing readable on disk", async () => {
    const store = new VaultStore("me", `vault-${++names}`);
    await store.put("v1", 0, new TextEncoder().encode("tờ trình mật"));
    const { default: Dexie } = await import("dexie");
    const raw = await new Dexie(store.name).open();
    const rows = (await raw.table("pieces").toArray()) as { bytes: ArrayBuffer }[];
    expect(new TextDecoder().decode(rows[0]!.bytes)).not.toContain("trình");
    raw.close();
  });

  it("purges what is recalled, from memory too, and what of its stream may no longer be read", async () => {
    const far = server();
    const papers = new Papers(new VaultStore("me", `vault-${++names}`), far.fetch);
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
    const name = `vault-${++names}`;
    const papers = new Papers(new VaultStore("me", name), far.fetch);
    papers.want([HELD]);
    await until(() => papers.complete(HELD));
    await papers.forget();
    const later = new Papers(new VaultStore("me", name), far.fetch);
    await later.start();
    expect(later.complete(HELD)).toBe(false);
  });
});
