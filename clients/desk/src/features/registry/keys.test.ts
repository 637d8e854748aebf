import { describe, expect, it } from "vitest";

import { lastOf } from "./book.ts";
import { keptWords, keyStand, whyAway } from "./keys.ts";

const key = { reachable: true, valid_from: "2026-01-01T00:00:00Z", valid_until: "2028-01-01T00:00:00Z" };
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);

describe("how a body's key stands", () => {
  it("speaks of the worst first", () => {
    expect(keyStand(key, at("2026-11-22")).state).toBe("there");
    expect(keyStand({ ...key, reachable: false }, at("2026-11-22")).state).toBe("away");
    expect(keyStand(key, at("2027-12-01"))).toEqual({ state: "ending", words: "Hết hạn 01/01/2028" });
    expect(keyStand({ ...key, reachable: false }, at("2028-02-01")).state).toBe("over");
    expect(keyStand(key, at("2025-12-31")).state).toBe("over");
  });

  it("says why it is away, without what was not done", () => {
    expect(whyAway("Chưa ký: không liên lạc được với thiết bị giữ khóa. Cắm lại, thử lại.")).toBe("Không liên lạc được với thiết bị giữ khóa. Cắm lại, thử lại.");
    expect(whyAway("Chưa có khóa.")).toBe("Chưa có khóa.");
  });

  it("says where it lies", () => {
    expect(keptWords({ kept: "token", place: "van-phong", name: "con-dau" })).toBe("thiết bị van-phong, khóa con-dau");
    expect(keptWords({ kept: "file", place: "", name: "" })).toContain("tệp");
  });
});

describe("the last number of the book on paper", () => {
  it("is a number from one on", () => {
    expect([lastOf("247"), lastOf(" 1 "), lastOf("0"), lastOf("24a"), lastOf(""), lastOf("1000001")]).toEqual([247, 1, null, null, null, null]);
  });
});
