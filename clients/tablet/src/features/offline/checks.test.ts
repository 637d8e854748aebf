import { describe, expect, it } from "vitest";

import { checks, type Facts, isFact, isReady, line } from "./checks.ts";

const NOW = Date.parse("2026-11-26T08:00:00Z");
const WELL: Facts = {
  now: NOW, starts: "2026-11-27T01:00:00Z", ends: "2026-11-27T04:00:00Z", papers: { ready: 5, all: 5, missing: 0 }, free: 9e9,
  lasting: true, newer: false, ahead: -900, signedInUntil: "2026-12-20T00:00:00Z", hours: 24, leaseUntil: NOW + 24 * 3_600_000, lock: true, pen: true,
};
const bad = (change: Partial<Facts>): string[] => checks({ ...WELL, ...change }).filter((check) => !check.ok).map((check) => check.what);

describe("what a tablet looks at", () => {
  it("is all well for one that is ready", () => {
    expect(bad({})).toEqual([]);
    expect(isReady(checks(WELL))).toBe(true);
  });

  it("finds each thing that is not, and only that", () => {
    expect(bad({ papers: { ready: 4, all: 5, missing: 1000 } })).toEqual(["papers"]);
    expect(bad({ free: 1000 })).toEqual(["space"]);
    expect(bad({ free: null })).toEqual([]);
    expect(bad({ newer: true })).toEqual(["version"]);
    expect(bad({ ahead: 180_000 })).toEqual(["clock"]);
    expect(bad({ ahead: -180_000 })).toEqual(["clock"]);
    expect(bad({ ahead: null })).toEqual(["clock"]);
    expect(bad({ signedInUntil: "2026-11-27T03:59:00Z" })).toEqual(["sign_in"]);
    expect(bad({ signedInUntil: null })).toEqual(["sign_in"]);
    expect(bad({ leaseUntil: NOW + 12 * 3_600_000 })).toEqual(["lease"]);
    expect(bad({ lock: false })).toEqual(["lock"]);
  });

  it("calls a pen and lasting storage facts: without them it is ready", () => {
    expect(bad({ pen: false, lasting: false })).toEqual(["lasting", "pen"]);
    expect(isReady(checks({ ...WELL, pen: false, lasting: false }))).toBe(true);
    expect(isReady(checks({ ...WELL, lock: false }))).toBe(false);
  });

  it("asks nothing of the disk where the meeting keeps nothing there", () => {
    expect(bad({ hours: 0, papers: { ready: 0, all: 5, missing: 9 }, leaseUntil: 0, lock: false })).toEqual([]);
  });

  it("counts four hours where nobody said when the meeting ends", () => {
    expect(bad({ ends: null, leaseUntil: Date.parse("2026-11-27T04:59:00Z") })).toEqual(["lease"]);
    expect(bad({ ends: null, leaseUntil: Date.parse("2026-11-27T05:01:00Z") })).toEqual([]);
  });

  it("says what to do for each line that fails", () => {
    const failing = checks({ ...WELL, papers: { ready: 1, all: 5, missing: 9 }, free: 1, newer: true, ahead: 300_000, signedInUntil: null, leaseUntil: NOW, lock: false });
    for (const check of failing) {
      const said = line(check, NOW);
      expect(said.title).not.toBe("");
      if (!check.ok && !isFact(check.what)) expect(said.text).toMatch(/Giữ|Xóa|Bấm|Bật|Đăng xuất|Mở|Đặt/);
    }
  });
});
