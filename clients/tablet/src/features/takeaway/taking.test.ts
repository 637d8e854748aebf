/** Tests of what is asked for when a paper is taken away. */
import { describe, expect, test } from "vitest";

import { addressOf, fileName, sharesFiles } from "./taking.ts";

const NOTHING = { own: false, shared: false, pages: " " };

describe("taking away", () => {
  test("nothing added and nothing left out is the paper's own bytes", () => {
    expect(addressOf("v1", NOTHING, "save")).toBe("/versions/v1/download");
    expect(addressOf("v1", NOTHING, "show")).toBe("/versions/v1/content");
  });
  test("notes and chosen pages make a copy", () => {
    expect(addressOf("v1", { ...NOTHING, own: true }, "save")).toBe("/versions/v1/copy?own=true");
    expect(addressOf("v1", { own: false, shared: true, pages: "3-5, 8" }, "show"))
      .toBe("/versions/v1/copy?shared=true&pages=3-5%2C+8&inline=true");
    expect(addressOf("v1", { ...NOTHING, shared: true }, "xfdf")).toBe("/versions/v1/xfdf?shared=true");
  });
  test("a title becomes a file's name", () => {
    expect(fileName("Tờ trình 12/TTr: bến đá\n", "pdf")).toBe("Tờ trình 12 TTr bến đá.pdf");
    expect(fileName("…".repeat(300), "pdf").length).toBeLessThanOrEqual(124);
    expect(fileName("///", "pdf")).toBe("Tài liệu.pdf");
  });
  test("an iPad gives files on by its own sheet, a computer saves them", () => {
    const share = { share: () => undefined, canShare: () => true };
    expect(sharesFiles({ userAgent: "Macintosh", maxTouchPoints: 5, ...share })).toBe(true);
    expect(sharesFiles({ userAgent: "Macintosh", maxTouchPoints: 0, ...share })).toBe(false);
    expect(sharesFiles({ userAgent: "Android", maxTouchPoints: 5, ...share })).toBe(false);
  });
});
