import type { Delegation } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { type Given, headOf, inForce, kindsWords, missing, span, standOf } from "./delegations.ts";

const AT = Date.parse("2026-11-20T03:00:00Z");
const row = (extra: Partial<Delegation> = {}): Delegation => ({
  id: "1", body_id: "b", from_id: "head", from_name: "Lương Ngọc Quyến", to_id: "deputy", to_name: "Đinh Công Tráng", capacity: "KT.", acting_for: "CHỦ TỊCH",
  valid_from: "2026-11-01T00:00:00Z", valid_until: "2026-12-31T00:00:00Z", kinds: [], ended_at: null, ...extra,
});
const given = (...delegations: Delegation[]): Given => ({ delegations, at: AT });
const who = { id: "deputy", name: "Đinh Công Tráng" };
const as = { capacity: "KT.", acting_for: "Chủ  tịch" } as const;

describe("where an entrustment stands", () => {
  it("is by its days, unless it was taken back", () => {
    expect(standOf(row(), AT)).toBe("in_force");
    expect(standOf(row({ valid_from: "2026-11-20T03:00:00Z" }), AT)).toBe("in_force");
    expect(standOf(row({ valid_from: "2026-11-20T03:00:01Z" }), AT)).toBe("coming");
    expect(standOf(row({ valid_until: "2026-11-20T03:00:00Z" }), AT)).toBe("over");
    expect(standOf(row({ ended_at: "2026-11-10T00:00:00Z" }), AT)).toBe("ended");
  });
  it("counts whole days of Viet Nam", () => {
    expect(span("2026-11-20", "2026-11-20")).toEqual({ valid_from: "2026-11-19T17:00:00.000Z", valid_until: "2026-11-20T16:59:00.000Z" });
    expect(span("2026-11-20", "2026-11-19")).toBeNull();
    expect(span("2026-11-20", "")).toBeNull();
  });
  it("names its kinds of paper", () => {
    expect(kindsWords([])).toBe("Mọi loại");
    expect(kindsWords(["notice", "letter"])).toBe("Thông báo (TB), Công văn");
  });
});

describe("what a step lacks", () => {
  it("is nothing where an entrustment for that post and kind is in force", () => {
    expect(missing(given(row()), who, as, "notice")).toBeNull();
    expect(inForce(given(row(), row({ to_id: "other" }), row({ kinds: ["letter"] })), "deputy", "notice")).toHaveLength(1);
  });
  it("is an entrustment, or its day, or the kind", () => {
    const none = "Chưa có ủy quyền còn hiệu lực cho Đinh Công Tráng ký KT. Chủ  tịch.";
    expect(missing(given(), who, as, "notice")).toBe(none);
    expect(missing(given(row({ ended_at: "2026-11-10T00:00:00Z" }), row({ capacity: "TL." }), row({ acting_for: "GIÁM ĐỐC" })), who, as, "notice")).toBe(none);
    expect(missing(given(row({ valid_from: "2026-12-01T00:00:00Z" })), who, as, "notice")).toContain("có hiệu lực từ 01/12/2026");
    expect(missing(given(row({ kinds: ["letter"] })), who, as, "notice")).toContain("không gồm loại Thông báo (TB)");
  });
  it("is not said of who signs by office, nor where nobody knows", () => {
    expect(missing(given(), who, { capacity: "TM.", acting_for: "ỦY BAN NHÂN DÂN" }, "notice")).toBeNull();
    expect(missing(given(), who, { capacity: "", acting_for: "" }, "notice")).toBeNull();
    expect(missing(null, who, as, "notice")).toBeNull();
  });
});

it("puts a post in capitals as it stands above a name", () => {
  expect(headOf("Chủ tịch UBND thành phố")).toBe("CHỦ TỊCH");
});
