/** Tests of the growing stroke: no move costs more than the one before, and nothing of the line is missing. */
import { describe, expect, test } from "vitest";

import type { Point } from "./stroke.ts";
import { StrokeTail, TAIL } from "./tail.ts";

const line = (count: number): Point[] => Array.from({ length: count }, (_, i) => ({ x: i, y: i % 7, p: 0.5 }));

describe("a stroke of 2,000 points", () => {
  test("what is drawn anew stays as short as at the beginning", () => {
    const stroke = new StrokeTail();
    let longest = 0;
    for (const point of line(2000)) {
      stroke.add([point]);
      longest = Math.max(longest, stroke.tail().length);
    }
    expect(longest).toBeLessThan(TAIL);
    expect(stroke.pieces.length).toBeGreaterThan(20);
  });
  test("pieces and tail together hold every point, each begins inside the one before", () => {
    const stroke = new StrokeTail();
    const points = line(500);
    stroke.add(points);
    const parts = [...stroke.pieces.map((piece) => piece.points), stroke.tail()];
    expect(new Set(parts.flat())).toEqual(new Set(points));
    for (const [index, part] of parts.slice(1).entries()) expect(parts[index]).toContain(part[0]);
  });
  test("a guess is in the tail and never in a piece", () => {
    const stroke = new StrokeTail();
    const guess = { x: -1, y: -1, p: 0.5 };
    for (const point of line(200)) {
      stroke.add([point]);
      expect(stroke.tail([guess]).at(-1)).toBe(guess);
    }
    expect(stroke.pieces.flatMap((piece) => piece.points)).not.toContain(guess);
  });
});
