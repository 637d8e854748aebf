/** Tests of the authors' tags: the newest mark of each, and nobody's name on another's. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { lastOfAuthors, spread } from "./authors.ts";
import type { Mark } from "./body.ts";

const note = (id: string, author: string | undefined, y: number): Mark =>
  ({ id, mine: false, body: { type: "note", x: 10, y, text: "" }, ...(author ? { author } : {}) });

describe("authors", () => {
  test("each author once, where the newest mark is; private marks have none", () => {
    const found = lastOfAuthors([note("1", "An", 5), note("2", undefined, 6), note("3", "Bình", 7), note("4", "An", 8)]);
    expect(found.map(({ id, author, at }) => [id, author, at.y])).toEqual([["4", "An", 8], ["3", "Bình", 7]]);
  });
  test("a stroke begins at its first point, a highlight at its first line", () => {
    const [ink] = lastOfAuthors([{ id: "1", mine: false, author: "An", body: { type: "ink", color: "#000", w: 1, pts: [1234, 5678, 50] } }]);
    expect(ink?.at).toEqual({ x: 12.34, y: 56.78 });
    const quad = [1, 2, 3, 2, 1, 9, 3, 9] as const;
    const [highlight] = lastOfAuthors([{ id: "1", mine: false, author: "An", body: { type: "highlight", color: "#000", quads: [[...quad]], quote: "" } }]);
    expect(highlight?.at).toEqual({ x: 1, y: 9 });
  });
  test("who is far from the others stays in place", () => {
    expect(spread([10, 80, 40], 4)).toEqual([10, 80, 40]);
    expect(spread([50, 50], 4)).toEqual([50, 54]);
    expect(spread([99, 99], 4)).toEqual([94, 98]);
  });
  test("any places: on the page, apart, in the same order", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -5, max: 105, noNaN: true }), { maxLength: 20 }), (tops) => {
      const out = spread(tops, 4);
      const sorted = tops.map((top, index) => ({ top, at: out[index]! })).sort((a, b) => a.top - b.top);
      for (const { at } of sorted) {
        expect(at).toBeGreaterThanOrEqual(2 - 1e-9);
        expect(at).toBeLessThanOrEqual(98 + 1e-9);
      }
      for (let index = 1; index < sorted.length; index += 1) expect(sorted[index]!.at - sorted[index - 1]!.at).toBeGreaterThanOrEqual(4 - 1e-9);
    }));
  });
});
