/** Tests of choosing by a loop, moving and recolouring. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { PageBox } from "../pdf/geometry.ts";
import type { Body, Mark } from "./body.ts";
import { textCorners } from "./bounds.ts";
import { around, inLasso, inLoop, moved, recoloured } from "./lasso.ts";
import { encodePoints } from "./stroke.ts";

const PAGE: PageBox = [0, 0, 595, 842, 0];
const SQUARE = [{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 100, y: 100 }, { x: 0, y: 100 }];
const BODIES: Body[] = [
  { type: "ink", color: "#000000", w: 2, pts: encodePoints([{ x: 10, y: 10, p: 0.5 }, { x: 50, y: 40, p: 0.5 }]) },
  { type: "highlight", color: "#FFE38A", quads: [[10, 20, 60, 20, 10, 10, 60, 10]], quote: "" },
  { type: "note", x: 20, y: 20, text: "a" },
  { type: "shape", shape: "rect", color: "#000000", w: 2, x1: 10, y1: 10, x2: 60, y2: 60 },
  { type: "text", x: 10, y: 90, width: 60, size: 10, color: "#000000", text: "đã rõ" },
];
const mark = (body: Body, id = "a", mine = true): Mark => ({ id, body, mine });

describe("the loop", () => {
  test("inside and outside, also of a hollow", () => {
    const hollow = [...SQUARE.slice(0, 3), { x: 50, y: 10 }];
    expect(inLoop({ x: 50, y: 50 }, SQUARE)).toBe(true);
    expect(inLoop({ x: 101, y: 50 }, SQUARE)).toBe(false);
    expect(inLoop({ x: 40, y: 80 }, hollow)).toBe(false);
  });
  test.each(BODIES)("takes a $type that lies in it, only if it is one's own", (body) => {
    expect(inLasso([mark(body)], SQUARE, PAGE)).toHaveLength(1);
    expect(inLasso([mark(body, "b", false)], SQUARE, PAGE)).toEqual([]);
    expect(inLasso([mark(moved(body, { x: 300, y: 0 }))], SQUARE, PAGE)).toEqual([]);
  });
  test("words on a turned page lie where they are read", () => {
    const text = { type: "text", x: 100, y: 100, width: 60, size: 10, color: "#000000", text: "đã rõ" } as const;
    expect(textCorners(text, PAGE)[1]).toEqual({ x: 160, y: 100 });
    expect(textCorners(text, [0, 0, 595, 842, 90])[1]).toEqual({ x: 100, y: 160 });
  });
});

describe("moved and recoloured", () => {
  test.each(BODIES)("a $type there and back is where it was", (body) => {
    fc.assert(fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 }), (x, y) => {
      expect(moved(moved(body, { x, y }), { x: -x, y: -y })).toEqual(body);
    }), { numRuns: 30 });
  });
  test.each(BODIES)("the box of a $type moves with it", (body) => {
    const [before, after] = [around([body], PAGE), around([moved(body, { x: 7, y: -3 })], PAGE)];
    expect(after?.left).toBeCloseTo((before?.left ?? 0) + 7);
    expect(after?.top).toBeCloseTo((before?.top ?? 0) - 3);
  });
  test("only the colour changes", () => {
    for (const body of BODIES) {
      const next = recoloured(body, "#112233");
      expect({ ...next, color: undefined }).toEqual({ ...body, color: undefined });
    }
    expect(recoloured({ type: "note", x: 1, y: 2, text: "a" }, "#112233")).not.toHaveProperty("color");
  });
});
