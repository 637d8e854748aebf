import type { Draw, Point } from "@phien/wire";
import { decodePoints, type Figure } from "@phien/kit/ink";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Showing } from "./showing.ts";

const WHERE = { item_id: "i", version_id: "v", page: 2 };
const LOOK = { color: "#9A3D08", w: 1.6, marker: false };

describe("what a presenter's hand sends", () => {
  let pointed: Point[];
  let drawn: Draw[];
  let showing: Showing;

  beforeEach(() => {
    vi.useFakeTimers();
    pointed = [];
    drawn = [];
    showing = new Showing((one) => pointed.push(one), (one) => drawn.push(one), () => Date.now());
  });
  afterEach(() => { showing.stop(); vi.useRealTimers(); });

  it("points at most twenty times a second, and where it came to rest", () => {
    for (let x = 0; x < 100; x++) {
      showing.pointAt(WHERE, { x, y: 1 });
      vi.advanceTimersByTime(5);
    }
    vi.advanceTimersByTime(60);
    expect(pointed.length).toBeLessThanOrEqual(12);
    expect(pointed.at(-1)).toEqual({ ...WHERE, x: 99, y: 1, on: true });
  });

  it("tells again while it rests, and that it is lifted", () => {
    showing.pointAt(WHERE, { x: 1, y: 1 });
    vi.advanceTimersByTime(1_100);
    expect(pointed).toHaveLength(3);
    showing.lift();
    expect(pointed.at(-1)?.on).toBe(false);
    vi.advanceTimersByTime(2_000);
    expect(pointed).toHaveLength(4);
  });

  it("sends every point of a stroke once, in order, and how it ended", () => {
    const points = Array.from({ length: 1_000 }, (_, at) => ({ x: at, y: 2, p: 0.5 }));
    showing.begin(WHERE, LOOK);
    for (let at = 0; at < points.length; at += 5) {
      showing.extend(points.slice(at, at + 5));
      vi.advanceTimersByTime(4);
    }
    showing.end("a");
    expect(drawn.flatMap((frame) => decodePoints(frame.pts ?? []))).toEqual(points);
    expect(drawn.map((frame) => frame.after)).toEqual(drawn.map((_, at) => drawn.slice(0, at).reduce((sum, frame) => sum + (frame.pts ?? []).length / 3, 0)));
    expect(drawn.every((frame) => (frame.pts ?? []).length <= 1_200)).toBe(true);
    expect(drawn.map((frame) => frame.ann_id).filter((id) => id !== null)).toEqual(["a"]);
    expect(new Set(drawn.map((frame) => frame.stroke)).size).toBe(1);
  });

  it("sends a figure as it stands, again while it rests, and how it ended", () => {
    const words = (text: string): Figure => ({ type: "text", x: 1, y: 2, width: 90, size: 14, color: "#9A3D08", text });
    for (let length = 1; length <= 40; length++) {
      showing.figure(WHERE, words("x".repeat(length)));
      vi.advanceTimersByTime(5);
    }
    vi.advanceTimersByTime(60);
    expect(drawn.length).toBeLessThanOrEqual(6);
    expect(drawn.at(-1)).toMatchObject({ ...WHERE, figure: { ...words("x".repeat(40)), fork_of: null }, pts: [], ann_id: null });
    const before = drawn.length;
    vi.advanceTimersByTime(4_100);
    expect(drawn).toHaveLength(before + 2);
    showing.end("a");
    expect(drawn.at(-1)?.ann_id).toBe("a");
    expect(new Set(drawn.map((frame) => frame.stroke)).size).toBe(1);
    vi.advanceTimersByTime(9_000);
    expect(drawn).toHaveLength(before + 3);
  });

  it("says that a stroke was dropped, and sends nothing where none was begun", () => {
    showing.extend([{ x: 1, y: 1, p: 0.5 }]);
    showing.end("a");
    expect(drawn).toEqual([]);
    showing.begin(WHERE, LOOK);
    showing.end(null);
    expect(drawn.at(-1)?.ann_id).toBe("");
  });
});
