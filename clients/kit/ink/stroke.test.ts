/** Tests of coding, simplification, outline and hit test of strokes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Mark } from "./body.ts";
import { hitMarks, hits } from "./hit.ts";
import { outline } from "./outline.ts";
import { decodePoints, distanceToSegment, encodePoints, type Point, simplify } from "./stroke.ts";

const PAGE = [0, 0, 595, 842, 0] as const;

const pointArb = fc.record({
  x: fc.double({ min: -2000, max: 2000, noNaN: true }),
  y: fc.double({ min: -2000, max: 2000, noNaN: true }),
  p: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe("coding", () => {
  test("differences of integers, as on the wire", () => {
    const points = [{ x: 100, y: 200.41, p: 0.77 }, { x: 101.3, y: 200.29, p: 0.8 }];
    expect(encodePoints(points)).toEqual([10000, 20041, 77, 130, -12, 3]);
  });
  test("what comes back is within half a step, however long the stroke", () => {
    fc.assert(fc.property(fc.array(pointArb, { maxLength: 300 }), (points) => {
      const coded = encodePoints(points);
      expect(coded.every(Number.isInteger)).toBe(true);
      const back = decodePoints(coded);
      expect(back.length).toBe(points.length);
      for (const [index, point] of points.entries()) {
        expect(Math.abs(back[index]!.x - point.x)).toBeLessThanOrEqual(0.0050001);
        expect(Math.abs(back[index]!.y - point.y)).toBeLessThanOrEqual(0.0050001);
        expect(Math.abs(back[index]!.p - point.p)).toBeLessThanOrEqual(0.0050001);
      }
    }), { numRuns: 50 });
  });
  test("a cut-off point is left out", () => {
    expect(decodePoints([100, 100, 50, 100])).toEqual([{ x: 1, y: 1, p: 0.5 }]);
  });
});

describe("simplify", () => {
  test("a straight line of even pressure keeps its ends", () => {
    const line = Array.from({ length: 50 }, (_, i) => ({ x: i, y: i * 2, p: 0.5 }));
    expect(simplify(line)).toEqual([line[0], line[49]]);
  });
  test("a change of pressure on a straight line stays", () => {
    const line = [{ x: 0, y: 0, p: 0.2 }, { x: 5, y: 0, p: 0.9 }, { x: 10, y: 0, p: 0.2 }];
    expect(simplify(line)).toEqual(line);
  });
  test("no point left out is farther than 0.3 pt from the line", () => {
    fc.assert(fc.property(fc.array(pointArb, { minLength: 2, maxLength: 60 }), (points) => {
      const kept = simplify(points);
      expect(kept[0]).toBe(points[0]);
      expect(kept.at(-1)).toBe(points.at(-1));
      for (const point of points) {
        const near = Math.min(...kept.slice(1).map((b, i) => distanceToSegment(point.x, point.y, kept[i]!, b)));
        expect(near).toBeLessThanOrEqual(0.3 + 1e-9);
      }
    }), { numRuns: 50 });
  });
  test("nothing and a dot", () => {
    expect(simplify([])).toEqual([]);
    expect(simplify([{ x: 1, y: 1, p: 1 }])).toHaveLength(1);
  });
  test("a written stroke of 200 points fits in 2.5 KB", () => {
    const wave: Point[] = Array.from({ length: 200 }, (_, i) => ({
      x: 100 + i * 0.8, y: 300 + 6 * Math.sin(i / 6) + Math.sin(i * 1.7), p: 0.5 + 0.3 * Math.sin(i / 15),
    }));
    expect(JSON.stringify(encodePoints(simplify(wave))).length).toBeLessThan(2500);
  });
});

describe("outline", () => {
  const line = [{ x: 0, y: 0, p: 0.5 }, { x: 50, y: 0, p: 0.5 }, { x: 100, y: 0, p: 0.5 }];
  const ys = (path: string): number[] => [...path.matchAll(/-?[\d.]+ (-?[\d.]+)/g)].map((m) => Number(m[1]));
  test("as wide as w at middle pressure", () => {
    expect(Math.max(...ys(outline(line, 4)))).toBeCloseTo(2, 1);
  });
  test("wider when pressed", () => {
    const pressed = line.map((point) => ({ ...point, p: 1 }));
    expect(Math.max(...ys(outline(pressed, 4)))).toBeGreaterThan(2.5);
  });
  test("a dot has a shape, nothing has none", () => {
    expect(outline([{ x: 5, y: 5, p: 0.5 }], 2)).toMatch(/^M.*Z$/);
    expect(outline([], 2)).toBe("");
  });
});

describe("hit test", () => {
  const ink: Mark = {
    id: "a", mine: true,
    body: { type: "ink", color: "#000000", w: 2, pts: encodePoints([{ x: 0, y: 0, p: 1 }, { x: 100, y: 0, p: 1 }]) },
  };
  test("on the line between two points, and just beside it", () => {
    expect(hits(ink, 50, 2.9, 2, PAGE)).toBe(true);
    expect(hits(ink, 50, 3.1, 2, PAGE)).toBe(false);
    expect(hits(ink, 104, 0, 2, PAGE)).toBe(false);
  });
  test("a dot", () => {
    const dot: Mark = { ...ink, body: { type: "ink", color: "#000000", w: 2, pts: [1000, 1000, 50] } };
    expect(hits(dot, 11, 10, 1, PAGE)).toBe(true);
    expect(hits(dot, 13, 10, 1, PAGE)).toBe(false);
  });
  test("inside a highlight, also a turned one", () => {
    const quads = [[10, 20, 110, 20, 10, 8, 110, 8], [0, 100, 10, 110, 10, 90, 20, 100]] as const;
    const mark: Mark = {
      id: "h", mine: true, body: { type: "highlight", color: "#FFE38A", quads: quads.map((q) => [...q]), quote: "" },
    };
    expect(hits(mark, 60, 14, 0, PAGE)).toBe(true);
    expect(hits(mark, 60, 21, 0, PAGE)).toBe(false);
    expect(hits(mark, 10, 100, 0, PAGE)).toBe(true);
    expect(hits(mark, 1, 109, 0, PAGE)).toBe(false);
  });
  test("only own marks are erased, the newest first", () => {
    const shared = { ...ink, id: "b", mine: false };
    const later = { ...ink, id: "c" };
    expect(hitMarks([ink, shared, later], 50, 0, 1, PAGE).map((mark) => mark.id)).toEqual(["c", "a"]);
  });
});
