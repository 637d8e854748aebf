/** Tests of the page list: places survive zoom and turning, few pages live, bitmaps stay within bounds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { PageBox } from "./geometry.ts";
import { alive, anchorAt, bitmapScale, currentPage, type Frame, layOut, MAX_LIVE, pointOf, slotAt } from "./layout.ts";

const A4: PageBox = [0, 0, 595, 842, 0];
const A3_WIDE: PageBox = [0, 0, 1191, 842, 0];
const frame: Frame = { width: 800, zoom: 1, gap: 20, edge: 30, maxWidth: 2000 };
const three = layOut([A4, A3_WIDE, A4], frame);

describe("page list", () => {
  test("every page fills the width by itself", () => {
    expect(three.slots.map((slot) => slot.width)).toEqual([740, 740, 740]);
    expect(three.slots[1]?.height).toBeCloseTo((740 * 842) / 1191, 6);
    expect(three.slots[1]?.top).toBeCloseTo(20 + (740 * 842) / 595 + 20, 6);
    expect(three.width).toBe(800);
  });
  test("zoomed in, the list is wider than the window; a page is never wider than asked", () => {
    expect(layOut([A4], { ...frame, zoom: 2 }).width).toBe(740 * 2 + 60);
    expect(layOut([A4], { ...frame, maxWidth: 500 }).slots[0]).toMatchObject({ width: 500, left: 150 });
  });
  test("the page at a height, also in gaps and beyond the ends", () => {
    const second = three.slots[1]!;
    expect(slotAt(three, second.top)?.page).toBe(2);
    expect(slotAt(three, second.top - 1)?.page).toBe(1);
    expect(slotAt(three, -50)?.page).toBe(1);
    expect(slotAt(three, 1e9)?.page).toBe(3);
    expect(currentPage(three, second.top - 200, 900)).toBe(2);
  });
  test("no pages, no failure", () => {
    const none = layOut([], frame);
    expect(alive(none, 0, 800)).toEqual([]);
    expect(anchorAt(none, 0, 0)).toEqual({ page: 1, fraction: 0, across: 0 });
    expect(pointOf(none, { page: 1, fraction: 0 })).toEqual({ x: 0, y: 0 });
  });
});

test("a place in the paper is the same after zoom and turning the tablet", () => {
  fc.assert(fc.property(
    fc.array(fc.constantFrom(A4, A3_WIDE), { minLength: 1, maxLength: 40 }),
    fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.5, max: 6, noNaN: true }), fc.integer({ min: 320, max: 2000 }),
    (boxes, share, zoom, width) => {
      const before = layOut(boxes, frame);
      const anchor = anchorAt(before, 300, share * before.height);
      const other = layOut(boxes, { ...frame, zoom, width });
      const there = pointOf(other, anchor);
      // In a gap the fraction is beyond 1 and may lie in the next page of the other layout.
      if (anchor.fraction < 0 || anchor.fraction > 1) return;
      const back = anchorAt(other, there.x, there.y + 1e-7);
      expect(back.page).toBe(anchor.page);
      expect(back.fraction).toBeCloseTo(anchor.fraction, 5);
    },
  ), { numRuns: 200 });
});

describe("live pages", () => {
  const long = layOut(Array.from({ length: 60 }, () => A4), frame);
  test("those in the window and one at each side", () => {
    expect(alive(long, long.slots[9]!.top + 10, 500)).toEqual([9, 10, 11]);
    expect(alive(long, 0, 500)).toEqual([1, 2]);
  });
  test("at most five, however small the pages; those in the middle", () => {
    const tiny = layOut(Array.from({ length: 60 }, () => A4), { ...frame, zoom: 0.1 });
    const live = alive(tiny, tiny.slots[20]!.top, 2000);
    expect(live).toHaveLength(MAX_LIVE);
    const middle = tiny.slots[20]!.top + 1000;
    expect(live).toContain(slotAt(tiny, middle)?.page);
  });
});

describe("bitmaps", () => {
  test("as sharp as the screen, at most twice", () => {
    expect(bitmapScale(595, 842, 1.2, 5e6, 1)).toBe(1.2);
    expect(bitmapScale(595, 842, 1, 5e6, 3)).toBe(2);
  });
  test("never more pixels than allowed", () => {
    const scale = bitmapScale(595, 842, 6, 5_242_880, 2);
    expect(595 * scale * 842 * scale).toBeLessThanOrEqual(5_242_880 * 1.0001);
  });
});
