/** Tests of words, dates, numbers and names. */
import { afterEach, describe, expect, test } from "vitest";

import * as i18n from "./index.ts";

afterEach(() => { i18n.setLocale("vi", {}); });

describe("t", () => {
  test("the key is the text, args are filled", () => {
    expect(i18n.t("Đã lưu · {count} đang chờ", { count: 3 })).toBe("Đã lưu · 3 đang chờ");
  });
  test("another language comes from the catalogue, gaps stay Vietnamese", () => {
    i18n.setLocale("en", { "Tài liệu": "Papers", "Cuộc họp": "" });
    expect(i18n.t("Tài liệu")).toBe("Papers");
    expect(i18n.t("Cuộc họp")).toBe("Cuộc họp");
  });
  test("an arg that is not given stays visible", () => {
    expect(i18n.t("Trang {page}")).toBe("Trang {page}");
  });
});

describe("dates", () => {
  const at = "2026-11-27T01:00:07Z";
  test("the day and hour of Hà Nội, whatever the machine says", () => {
    expect(i18n.fmtDateTime(at)).toBe("Thứ Sáu, 27/11/2026 · 08:00");
    expect(i18n.fmtClock(at)).toBe("08:00:07");
    expect(i18n.fmtShortDate("2026-11-29T17:30:00Z")).toBe("30/11");
    expect(i18n.fmtTime("2026-11-29T17:00:00Z")).toBe("00:00");
  });
  test("English has its own weekday", () => {
    i18n.setLocale("en", {});
    expect(i18n.fmtDay(at)).toBe("Friday, 27/11/2026");
  });
  test("an input value and its instant are inverse", () => {
    expect(i18n.toLocalInput(at)).toBe("2026-11-27T08:00");
    expect(i18n.fromLocalInput("2026-11-27T08:00")).toBe("2026-11-27T01:00:00.000Z");
    expect(i18n.fromLocalInput("")).toBeNull();
  });
  test("one day or two", () => {
    expect(i18n.sameDay("2026-11-27T01:00:00Z", "2026-11-27T16:59:00Z")).toBe(true);
    expect(i18n.sameDay("2026-11-27T01:00:00Z", "2026-11-27T17:00:00Z")).toBe(false);
  });
  test("time left", () => {
    expect(i18n.fmtLeft(378_000)).toBe("còn 6:18");
    expect(i18n.fmtLeft(-5)).toBe("còn 0:00");
  });
});

describe("numbers", () => {
  test("Vietnamese signs", () => {
    expect(i18n.fmtNumber(8420)).toBe("8.420");
    expect(i18n.fmtNumber(6.3)).toBe("6,3");
  });
  test("sizes", () => {
    expect(i18n.fmtBytes(28_412_345)).toBe("28,4\u00a0MB");
    expect(i18n.fmtBytes(340_200)).toBe("340\u00a0KB");
    expect(i18n.fmtBytes(999)).toBe("999\u00a0B");
  });
});

describe("names", () => {
  test("initials are the last two words", () => {
    expect(i18n.initials("Nguyễn Đăng Thụy")).toBe("ĐT");
    expect(i18n.initials("  Mẫn ")).toBe("M");
    expect(i18n.initials("")).toBe("");
  });
  test("people are ordered by given name", () => {
    const people = ["Vũ Hoài Sơn", "Phạm Thị An", "Bùi Đức An"];
    expect(people.sort(i18n.byGivenName)).toEqual(["Bùi Đức An", "Phạm Thị An", "Vũ Hoài Sơn"]);
  });
  test("folding also takes đ", () => {
    expect(i18n.fold("Kế hoạch ĐẦU tư")).toBe("ke hoach dau tu");
  });
});
