import type { Changes } from "@phien/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { changeOf, pageNow, pairs, placeNow, told } from "./pages.ts";

function changes(pages: [number | null, boolean][], removed: number[]): Changes {
  return { old: "v1", new: "v2", pages: pages.map(([old, same]) => ({ old, same })), removed };
}

/** A page in front, page 2 changed, page 3 gone, 4 as it was. */
const SOME = changes([[null, false], [1, true], [2, false], [4, true]], [3]);

const any = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 }).chain((old) =>
  fc.array(fc.boolean(), { minLength: old.length, maxLength: old.length }).map((same) => {
    const used = new Set<number>();
    const pages = old.map((page, index): [number | null, boolean] => {
      const origin = used.has(page) ? null : page;
      used.add(page);
      return [origin, origin !== null && same[index] === true];
    });
    return changes(pages, Array.from({ length: 12 }, (_, index) => index + 1).filter((page) => !used.has(page)));
  }));

describe("pages of a new version", () => {
  it("are marked where they were changed or added", () => {
    expect([1, 2, 3, 4].map((page) => changeOf(SOME, page))).toEqual(["added", null, "changed", null]);
    expect(changeOf(null, 1)).toBeNull();
  });
  it("are told in words", () => {
    expect(told(SOME)).toBe("1 trang đổi, 1 trang thêm, 1 trang bỏ");
    expect(told(changes([[1, true]], []))).toBe("Nội dung các trang không đổi");
  });
  it("are compared in the order of reading, removed ones where they stood", () => {
    expect(pairs(SOME)).toEqual([{ now: 1, before: null }, { now: 3, before: 2 }, { now: null, before: 3 }]);
  });
  it("each has one fate: same, compared once, or removed", () => {
    fc.assert(fc.property(any, (made) => {
      const shown = pairs(made);
      expect(shown.length).toBe(made.pages.filter((page) => !page.same).length + made.removed.length);
      expect(shown.filter((pair) => pair.now === null && pair.before === null)).toEqual([]);
    }));
  });
});

describe("the reader's place", () => {
  it("is on the same content", () => {
    expect(placeNow(SOME, { page: 1, fraction: 0.4 })).toEqual({ page: 2, fraction: 0.4 });
    expect(placeNow(SOME, { page: 2, fraction: 0.4 })).toEqual({ page: 3, fraction: 0.4 });
  });
  it("is the top of the page before where the page is gone", () => {
    expect(placeNow(SOME, { page: 3, fraction: 0.4 })).toEqual({ page: 3, fraction: 0 });
    expect(pageNow(changes([[null, false]], [1]), 1)).toBe(1);
  });
  it("is always a page of the new version", () => {
    fc.assert(fc.property(any, fc.integer({ min: 1, max: 12 }), (made, page) => {
      expect(pageNow(made, page)).toBeGreaterThanOrEqual(1);
      expect(pageNow(made, page)).toBeLessThanOrEqual(Math.max(1, made.pages.length));
    }));
  });
});
