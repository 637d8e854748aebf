import { describe, expect, it } from "vitest";

import { FORGET_MS, Previews, type StrokeFrame } from "./preview.ts";
import { encodePoints, type Point } from "./stroke.ts";

const never = (): boolean => false;
const points = (from: number, to: number): Point[] => Array.from({ length: to - from }, (_, at) => ({ x: from + at, y: 2, p: 0.5 }));
function frame(from: number, to: number, ann_id: string | null = null): StrokeFrame {
  return { stroke: "one", version_id: "v", page: 1, color: "#9A3D08", w: 1.6, marker: false, pts: encodePoints(points(from, to)), after: from, ann_id };
}

describe("a stroke while it is drawn", () => {
  it("grows by what comes, and is gone once it is stored", () => {
    const seen = new Previews();
    seen.take(frame(0, 3), 0);
    seen.take(frame(3, 5), 40);
    expect(seen.at(50, never)[0]?.points).toEqual(points(0, 5));
    seen.take(frame(5, 5, "a"), 80);
    expect(seen.at(90, never)).toHaveLength(1);
    expect(seen.at(90, (id) => id === "a")).toEqual([]);
    expect(seen.empty).toBe(true);
  });

  it("is bridged where a frame was lost", () => {
    const seen = new Previews();
    seen.take(frame(0, 2), 0);
    seen.take(frame(6, 8), 40);
    expect(seen.at(50, never)[0]?.points.map(({ x }) => x)).toEqual([0, 1, 6, 7]);
  });

  it("is not seen by who comes in its middle", () => {
    const seen = new Previews();
    seen.take(frame(4, 6), 0);
    seen.take(frame(6, 9, "a"), 40);
    expect(seen.at(50, never)).toEqual([]);
  });

  it("a figure is seen as it stands now, also by who comes later, until it is stored", () => {
    const seen = new Previews();
    const arrow = (x2: number): StrokeFrame => ({
      ...frame(0, 0), pts: [], figure: { type: "shape", shape: "arrow", color: "#9A3D08", w: 1.6, x1: 0, y1: 0, x2, y2: 9 },
    });
    seen.take(arrow(5), 0);
    seen.take(arrow(8), 40);
    expect(seen.at(50, never).map(({ figure }) => figure)).toEqual([arrow(8).figure]);
    seen.take({ ...arrow(8), figure: null, ann_id: "a" }, 60);
    expect(seen.at(70, never)[0]?.figure).toEqual(arrow(8).figure);
    expect(seen.at(80, (id) => id === "a")).toEqual([]);
  });

  it("is forgotten when it was dropped, or when its end was lost", () => {
    const seen = new Previews();
    seen.take(frame(0, 3), 0);
    seen.take(frame(3, 3, ""), 10);
    expect(seen.at(20, never)).toEqual([]);
    seen.take(frame(0, 3), 100);
    expect(seen.at(100 + FORGET_MS, never)).toHaveLength(1);
    expect(seen.at(101 + FORGET_MS, never)).toEqual([]);
  });
});
