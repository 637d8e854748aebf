/** Tests of taps of two and three fingers. */
import { describe, expect, test } from "vitest";

import { type Finger, FingerTaps } from "./taps.ts";

const A: Finger = { id: 1, x: 100, y: 100 };
const B: Finger = { id: 2, x: 200, y: 100 };
const C: Finger = { id: 3, x: 150, y: 180 };

describe("taps", () => {
  test("two and three fingers, one after another, in whatever order they leave", () => {
    const taps = new FingerTaps();
    taps.down([A], 0);
    taps.down([A, B], 40);
    expect(taps.maybe).toBe(true);
    expect(taps.up(1, 150)).toBe(0);
    expect(taps.up(0, 160)).toBe(2);
    taps.down([A], 500);
    taps.down([A, B, C], 520);
    expect(taps.up(0, 600)).toBe(3);
  });
  test("one finger is no such tap", () => {
    const taps = new FingerTaps();
    taps.down([A], 0);
    expect(taps.maybe).toBe(false);
    expect(taps.up(0, 50)).toBe(0);
  });
  test("a pinch is none, a tremor is", () => {
    const taps = new FingerTaps();
    taps.down([A], 0);
    taps.down([A, B], 10);
    taps.move([{ ...A, x: 95 }, { ...B, x: 206 }]);
    expect(taps.maybe).toBe(true);
    taps.move([{ ...A, x: 80 }, { ...B, x: 230 }]);
    expect(taps.maybe).toBe(false);
    expect(taps.up(0, 100)).toBe(0);
  });
  test("fingers that rest are none", () => {
    const taps = new FingerTaps();
    taps.down([A], 0);
    taps.down([A, B], 10);
    expect(taps.up(0, 361)).toBe(0);
  });
  test("a stroke in between makes it none", () => {
    const taps = new FingerTaps();
    taps.down([A], 0);
    taps.down([A, B], 10);
    taps.stop();
    expect(taps.up(0, 100)).toBe(0);
  });
});
