import "fake-indexeddb/auto";

import { expect, it } from "vitest";

import { BLOCK_BYTES, type Held } from "./held.ts";
import { Papers } from "./papers.ts";
import { nameOfOne, openVault } from "./testing.ts";

const PLAIN: Held = { version: "v1", size: BLOCK_BYTES + 100, stream: "i:1" };
const NAMED: Held = { ...PLAIN, size: BLOCK_BYTES + 900, edition: "a1b2" };

/** Gives bytes that say which edition they are of. */
function server(): { asked: string[]; fetch: (v: string, begin: number, end: number, edition: string) => Promise<Uint8Array<ArrayBuffer>> } {
  const asked: string[] = [];
  return {
    asked,
    fetch: (_version, begin, end, edition) => {
      asked.push(edition);
      return Promise.resolve(new Uint8Array(end - begin).fill(edition === "" ? 1 : 2));
    },
  };
}

async function until(met: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !met(); tries++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(met()).toBe(true);
}

async function all(papers: Papers, held: Held): Promise<Set<number>> {
  return new Set(await papers.source(held).fetchRange(0, held.size));
}

it("bytes of two editions are never mixed, and those of the former leave the device", async () => {
  const far = server();
  const { store } = await openVault("me", nameOfOne());
  const papers = new Papers(store, far.fetch);
  expect(await all(papers, PLAIN)).toEqual(new Set([1]));
  await until(() => papers.complete(PLAIN));
  expect(await all(papers, NAMED)).toEqual(new Set([2]));
  await until(() => papers.complete(NAMED));
  expect(papers.complete(PLAIN)).toBe(false);
  expect([...(await store.counts()).get("v1")?.keys() ?? []]).toEqual(["file:a1b2"]);
});

it("what an earlier session left of another edition is removed, also where it is learned late", async () => {
  const far = server();
  const name = nameOfOne();
  const before = new Papers((await openVault("me", name)).store, far.fetch);
  await all(before, PLAIN);
  await until(() => before.complete(PLAIN));
  const { store } = await openVault("me", name);
  const later = new Papers(store, far.fetch);
  later.want([NAMED]);
  await later.start();
  await until(() => later.complete(NAMED));
  expect(await all(later, NAMED)).toEqual(new Set([2]));
  await until(() => later.complete(NAMED));
  expect((await store.counts()).get("v1")?.has("file")).toBe(false);
});
