/** Tests of the eraser that takes a part of a stroke. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { InkBody } from "./body.ts";
import { cutInk, cutLine } from "./cut.ts";
import { decodePoints, encodePoints, type Point } from "./stroke.ts";

const point = (x: number, y = 0, p = 0.5): Point => ({ x, y, p });
const ink = (points: Point[], w = 2): InkBody => ({ type: "ink", color: "#000000", w, pts: encodePoints(points) });
const place = fc.record({ x: fc.integer({ min: 0, max: 100 }), y: fc.integer({ min: 0, max: 100 }), p: fc.constant<number>(0.5) });

describe("a line and a circle", () => {
  test("through the middle of one long segment: two pieces that end at the circle", () => {
    expect(cutLine([point(0), point(100)], { x: 50, y: 0 }, 10)).toEqual([[point(0), point(40)], [point(60), point(100)]]);
  });
  test("pressure at the cut lies between its neighbours", () => {
    const [piece] = cutLine([point(0, 0, 0), point(100, 0, 1)], { x: 50, y: 0 }, 10);
    expect(piece?.at(-1)?.p).toBeCloseTo(0.4);
  });
  test("an end is taken off, the whole is taken, nothing is taken", () => {
    const line = [point(0), point(5), point(10)];
    expect(cutLine(line, { x: 0, y: 0 }, 7)).toEqual([[point(7), point(10)]]);
    expect(cutLine(line, { x: 5, y: 0 }, 50)).toEqual([]);
    expect(cutLine(line, { x: 5, y: 9 }, 7)).toEqual([line]);
  });
  test("a line that comes back is cut each time", () => {
    const line = [point(0, 0), point(100, 0), point(100, 4), point(0, 4)];
    expect(cutLine(line, { x: 50, y: 2 }, 10)).toHaveLength(3);
  });
  test("what remains is outside, in order, and every point outside remains", () => {
    fc.assert(fc.property(fc.array(place, { minLength: 1, maxLength: 30 }), place, fc.integer({ min: 1, max: 60 }), (line, at, radius) => {
      const left = cutLine(line, at, radius).flat();
      const far = (one: Point): number => Math.hypot(one.x - at.x, one.y - at.y);
      for (const one of left) expect(far(one)).toBeGreaterThanOrEqual(radius - 1e-6);
      expect(left.filter((one) => line.includes(one))).toEqual(line.filter((one) => far(one) >= radius));
    }), { numRuns: 300 });
  });
});

describe("a stroke", () => {
  test("the half width of its ink counts", () => {
    const body = ink([point(0), point(100)], 4);
    expect(cutInk(body, { x: 50, y: 11.9 }, 10)).toHaveLength(2);
    expect(cutInk(body, { x: 50, y: 12.1 }, 10)).toBeNull();
  });
  test("pieces keep colour and width; crumbs are left out", () => {
    const pieces = cutInk(ink([point(0), point(11.2), point(100)]), { x: 11, y: 0 }, 10);
    expect(pieces).toHaveLength(1);
    expect(pieces?.[0]).toMatchObject({ type: "ink", color: "#000000", w: 2 });
    expect(decodePoints(pieces?.[0]?.pts ?? [])[0]?.x).toBeCloseTo(22);
  });
  test("a dot is taken whole", () => {
    expect(cutInk(ink([point(5, 5)]), { x: 7, y: 5 }, 2)).toEqual([]);
    expect(cutInk(ink([point(5, 5)]), { x: 9, y: 5 }, 2)).toBeNull();
  });
});
