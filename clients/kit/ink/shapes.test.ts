/** Tests of drawn figures. */
import { describe, expect, test } from "vitest";

import { arrowHead, drawnShape, shapePath } from "./shapes.ts";

describe("figures", () => {
  test("a touch is no figure", () => {
    expect(drawnShape("line", "#000000", 2, { x: 10, y: 10 }, { x: 12, y: 12 })).toBeNull();
  });
  test("nearly level is level, nearly upright is upright, slanting stays", () => {
    const to = (x: number, y: number): unknown => drawnShape("arrow", "#000000", 2, { x: 0, y: 0 }, { x, y });
    expect(to(100, 5)).toMatchObject({ x2: 100, y2: 0 });
    expect(to(-100, -5)).toMatchObject({ x2: -100, y2: 0 });
    expect(to(3, -100)).toMatchObject({ x2: 0, y2: -100 });
    expect(to(100, 12)).toMatchObject({ x2: 100, y2: 12 });
  });
  test("a rectangle is never levelled away", () => {
    expect(drawnShape("rect", "#000000", 2, { x: 0, y: 0 }, { x: 100, y: 3 })).toMatchObject({ x2: 100, y2: 3 });
  });
  test("the head lies behind the tip, on both sides, and not beyond the tail", () => {
    const [left, right] = arrowHead({ x: 0, y: 0 }, { x: 100, y: 0 }, 2);
    expect(left.x).toBeCloseTo(right.x);
    expect(left.x).toBeLessThan(100);
    expect(left.y).toBeCloseTo(-right.y);
    expect(arrowHead({ x: 0, y: 0 }, { x: 5, y: 0 }, 10)[0].x).toBeGreaterThan(0);
  });
  test("paths", () => {
    const body = { type: "shape", color: "#000000", w: 2, x1: 1, y1: 2, x2: 11, y2: 22 } as const;
    expect(shapePath({ ...body, shape: "line" })).toBe("M1 2L11 22");
    expect(shapePath({ ...body, shape: "rect" })).toBe("M1 2H11V22H1Z");
    expect(shapePath({ ...body, shape: "arrow" })).toMatch(/^M1 2L11 22M.+L11 22L/u);
  });
});
