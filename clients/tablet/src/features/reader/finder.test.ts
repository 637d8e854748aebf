import type { Hit } from "@phien/kit/pdf";
import { describe, expect, it } from "vitest";

import { indexOf, neighbour } from "./finder.svelte.ts";

const hit = (page: number, nth = 0): Hit => ({ page, nth, before: "", words: "", after: "" });
const HITS = [hit(2), hit(2, 1), hit(5), hit(9)];

describe("going from hit to hit", () => {
  it("begins at the page one reads", () => {
    expect(neighbour(HITS, null, 3, 1)).toEqual(hit(5));
    expect(neighbour(HITS, null, 3, -1)).toEqual(hit(2, 1));
  });

  it("goes on from the active one, and around at the ends", () => {
    expect(neighbour(HITS, hit(2), 1, 1)).toEqual(hit(2, 1));
    expect(neighbour(HITS, hit(9), 9, 1)).toEqual(hit(2));
    expect(neighbour(HITS, hit(2), 2, -1)).toEqual(hit(9));
    expect(neighbour(HITS, null, 99, 1)).toEqual(hit(2));
  });

  it("knows which one it is, and that there may be none", () => {
    expect(indexOf(HITS, hit(5))).toBe(2);
    expect(indexOf(HITS, hit(6))).toBe(-1);
    expect(neighbour([], null, 1, 1)).toBeUndefined();
  });
});
