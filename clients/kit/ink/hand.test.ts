/** Tests of one hand over several pages. */
import { describe, expect, test } from "vitest";

import { Hand, type Holder } from "./hand.ts";
import type { PointerInput, PointerKind } from "./pointer.ts";

const input = (at: PointerInput["at"], id: number, kind: PointerKind = "touch", t = 0, main = true): PointerInput =>
  ({ at, id, kind, main, samples: [{ x: 0, y: 0, p: 0.5, t }] });

function page(): Holder & { did: string[] } {
  const did: string[] = [];
  return { did, act: (effect) => { did.push(effect.do); } };
}

describe("two pages", () => {
  test("a second finger on the next page takes back the stroke on the first", () => {
    const [one, two, hand] = [page(), page(), new Hand()];
    hand.handle(one, input("down", 1), "auto", false);
    expect(hand.handle(two, input("down", 2, "touch", 50, false), "auto", false)).toBe(false);
    expect([one.did, two.did, hand.busy]).toEqual([["begin", "forget"], [], false]);
  });
  test("a palm on the next page does nothing while the pen writes", () => {
    const [one, two, hand] = [page(), page(), new Hand()];
    hand.handle(one, input("down", 1, "pen"), "always", true);
    expect(hand.handle(two, input("down", 2, "touch", 500, false), "always", true)).toBe(true);
    expect(two.did).toEqual([]);
    expect(hand.draws(1)).toBe(true);
  });
  test("a pen that comes down on the next page ends what the palm began on the first", () => {
    const [one, two, hand] = [page(), page(), new Hand()];
    hand.handle(one, input("down", 1), "always", true);
    hand.handle(two, input("down", 2, "pen", 500), "always", true);
    expect([one.did, two.did]).toEqual([["begin", "forget"], ["begin"]]);
  });
  test("a page that goes keeps what was drawn on it, and the hand is free", () => {
    const [one, two, hand] = [page(), page(), new Hand()];
    hand.handle(one, input("down", 1), "auto", false);
    hand.leave(two);
    expect(one.did).toEqual(["begin"]);
    hand.leave(one);
    expect([one.did, hand.busy]).toEqual([["begin", "commit"], false]);
  });
});
