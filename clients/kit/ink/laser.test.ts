import { describe, expect, it } from "vitest";

import { Laser, SILENT_MS, TRAIL_MS } from "./laser.ts";

const at = (x: number, page = 1, on = true): { x: number; y: number; page: number; on: boolean } => ({ x, y: 5, page, on });

describe("the laser of a presenter", () => {
  it("is where it was last, with a trail that fades", () => {
    const laser = new Laser();
    laser.take(at(1), 0);
    laser.take(at(2), 100);
    expect(laser.at(200)?.dot).toEqual({ x: 2, y: 5 });
    expect(laser.at(200)?.trail.map((each) => each.x)).toEqual([1, 2]);
    const [older, newer] = laser.at(200)?.trail ?? [];
    expect(newer?.strength).toBeGreaterThan(older?.strength ?? 1);
    expect(laser.at(100 + TRAIL_MS)?.trail).toEqual([]);
    expect(laser.at(100 + TRAIL_MS)?.dot).not.toBeNull();
  });

  it("fades out when it is lifted", () => {
    const laser = new Laser();
    laser.take(at(1), 0);
    laser.take(at(1, 1, false), 50);
    expect(laser.at(60)?.dot).toBeNull();
    expect(laser.at(60)?.trail).toHaveLength(1);
    expect(laser.at(TRAIL_MS)).toBeNull();
  });

  it("fades out when its end was lost on the way", () => {
    const laser = new Laser();
    laser.take(at(1), 0);
    expect(laser.at(SILENT_MS - 1)?.dot).not.toBeNull();
    expect(laser.at(SILENT_MS)).toBeNull();
  });

  it("draws no line from one page to another", () => {
    const laser = new Laser();
    laser.take(at(1), 0);
    laser.take(at(9, 2), 10);
    expect(laser.at(20)).toMatchObject({ page: 2, trail: [{ x: 9 }] });
  });
});
