/** Tests of the shape of stored strokes: the path is walked as a browser would draw it. */
import { expect, test } from "vitest";

import type { InkBody } from "./body.ts";
import { INK_STEPS, inkPath } from "./ribbon.ts";
import { encodePoints, type Point } from "./stroke.ts";

function stroke(points: readonly Point[], w: number): InkBody {
  return { type: "ink", color: "#5A2C91", w, pts: encodePoints(points) };
}

const through = (...places: [number, number][]): Point[] => places.map(([x, y]) => ({ x, y, p: 0.5 }));

/** Places along the drawn edge, in points. */
function walked(path: string): [number, number][] {
  const places: [number, number][] = [];
  let [x, y, turnX, turnY] = [0, 0, 0, 0];
  for (const [, letter = "", said = ""] of path.matchAll(/([Mqt])([^MqtZ]*)/g)) {
    const numbers = [...said.matchAll(/-?\d+/g)].map(Number);
    const [endX = 0, endY = 0] = numbers.slice(-2);
    if (letter === "M") [x, y] = [endX, endY];
    else {
      [turnX, turnY] = letter === "q" ? [x + (numbers[0] ?? 0), y + (numbers[1] ?? 0)] : [2 * x - turnX, 2 * y - turnY];
      for (const t of [0.25, 0.5, 0.75, 1]) {
        const mix = (from: number, over: number, to: number): number => (1 - t) ** 2 * from + 2 * t * (1 - t) * over + t * t * to;
        places.push([mix(x, turnX, x + endX) / INK_STEPS, mix(y, turnY, y + endY) / INK_STEPS]);
      }
      [x, y] = [x + endX, y + endY];
    }
  }
  return places;
}

/** How often the edge goes around a place; what it goes around is filled. */
function around(places: readonly [number, number][], { x, y }: Point): number {
  return places.reduce((sum, [ax, ay], index) => {
    const [bx, by] = places[(index + 1) % places.length] ?? [ax, ay];
    if (ay <= y === by <= y) return sum;
    const right = ax + ((y - ay) / (by - ay)) * (bx - ax) > x;
    return right ? sum + (by > ay ? 1 : -1) : sum;
  }, 0);
}

test("as wide as w at middle pressure, wider when pressed", () => {
  const ys = (p: number): number[] => walked(inkPath(stroke([{ x: 0, y: 0, p }, { x: 50, y: 0, p }, { x: 100, y: 0, p }], 4))).map(([, y]) => y);
  expect(Math.max(...ys(0.5))).toBeCloseTo(2, 1);
  expect(Math.min(...ys(0.5))).toBeCloseTo(-2, 1);
  expect(Math.max(...ys(1))).toBeCloseTo(3, 1);
});

test("it ends a half width beyond its last point, and is closed there", () => {
  const xs = walked(inkPath(stroke(through([0, 0], [100, 0]), 4))).map(([x]) => x);
  expect(Math.max(...xs)).toBeCloseTo(102, 1);
  expect(Math.min(...xs)).toBeCloseTo(-2, 1);
});

test("a dot is a disc, nothing has no shape", () => {
  for (const [x, y] of walked(inkPath(stroke(through([5, 5]), 6)))) expect(Math.hypot(x - 5, y - 5)).toBeCloseTo(3, 1);
  expect(inkPath(stroke(through([5, 5], [5, 5]), 6))).toBe(inkPath(stroke(through([5, 5]), 6)));
  expect(inkPath({ ...stroke([], 2), pts: [] })).toBe("");
});

test("two long lines meet in their corner", () => {
  const xs = walked(inkPath(stroke(through([0, 0], [100, 0], [0, 60]), 8))).map(([x]) => x);
  expect(Math.max(...xs)).toBeGreaterThan(103);
  expect(Math.max(...xs)).toBeLessThan(105);
});

test("a bow of few points stays a bow", () => {
  const bow = Array.from({ length: 19 }, (_, i): Point => ({ x: 10 * Math.cos(i / 3), y: 10 * Math.sin(i / 3), p: 0.5 }));
  const edge = walked(inkPath(stroke(bow, 1))).filter(([x, y]) => Math.abs(Math.atan2(y, x)) > 0.6); // the ends lie on it
  for (const [x, y] of edge) expect(Math.abs(Math.hypot(x, y) - 10)).toBeLessThan(0.75);
});

test.each([
  ["a zigzag", through(...Array.from({ length: 30 }, (_, i): [number, number] => [i * 1.5, (i % 2) * 6])), 2],
  ["a line that comes back on itself", through([0, 0], [40, 0], [10, 0.5], [50, 2], [50, 20]), 3],
  ["a thick pen in a narrow turn", through([0, 0], [3, 0], [3, 2], [0, 2], [0, 4], [4, 4]), 8],
] as const)("%s is filled along its whole line", (_, points, w) => {
  const edge = walked(inkPath(stroke(points, w)));
  for (const [index, to] of points.entries()) {
    const from = points[index - 1] ?? to;
    for (const share of [0.1, 0.5, 0.9]) {
      const place = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share, p: 0 };
      expect(around(edge, place), `${String(index)} ${String(share)}`).not.toBe(0);
    }
  }
});

test("it is made once for a body", () => {
  const body = stroke(through([0, 0], [10, 10]), 2);
  expect(inkPath(body)).toBe(inkPath(body));
});
