/** Tests of page geometry, with /Rotate and crop boxes that do not begin at zero. */
import { describe, expect, test } from "vitest";

import { apply, inverse, type PageBox, rectToQuad, shownSize, toCss, toShown, toUser } from "./geometry.ts";

/** Crop box 100 wide, 200 high, not at the origin. */
const box = (rotate: number): PageBox => [10, 20, 110, 220, rotate];
/** Corners of the page in user space, as one reads the unturned page. */
const corners = { ul: { x: 10, y: 220 }, ur: { x: 110, y: 220 }, ll: { x: 10, y: 20 }, lr: { x: 110, y: 20 } };

describe("turned pages", () => {
  test("size as shown", () => {
    expect(shownSize(box(0))).toEqual({ width: 100, height: 200 });
    expect(shownSize(box(90))).toEqual({ width: 200, height: 100 });
    expect(shownSize(box(-90))).toEqual({ width: 200, height: 100 });
  });
  test.each([
    [0, "ul", 0, 0], [0, "lr", 100, 200],
    // Turned clockwise, the lower left corner comes to the upper left.
    [90, "ll", 0, 0], [90, "ul", 200, 0], [90, "ur", 200, 100],
    [180, "lr", 0, 0], [180, "ul", 100, 200],
    [270, "ur", 0, 0], [270, "ul", 0, 100], [270, "ll", 200, 100],
  ] as const)("at %i° the corner %s is shown at %i, %i", (rotate, corner, x, y) => {
    expect(apply(toShown(box(rotate)), corners[corner])).toEqual({ x, y });
  });
  test.each([0, 90, 180, 270])("there and back at %i°, at any scale", (rotate) => {
    const at = { x: 33.5, y: 71.25 };
    const back = toUser(box(rotate), toCss(box(rotate), at, 1.7), 1.7);
    expect(back.x).toBeCloseTo(at.x, 9);
    expect(back.y).toBeCloseTo(at.y, 9);
    const twice = apply(inverse(inverse(toShown(box(rotate)))), at);
    expect(twice.x).toBeCloseTo(apply(toShown(box(rotate)), at).x, 9);
  });
});

test("a selected rectangle becomes a quad UL, UR, LL, LR", () => {
  expect(rectToQuad(box(0), { left: 20, top: 40, right: 60, bottom: 50 }, 2)).toEqual([20, 200, 40, 200, 20, 195, 40, 195]);
  expect(rectToQuad(box(90), { left: 20, top: 40, right: 60, bottom: 50 }, 1)).toEqual([50, 40, 50, 80, 60, 40, 60, 80]);
});
