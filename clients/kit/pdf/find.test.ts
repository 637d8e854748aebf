/** Tests of finding words: with accents and without, over line ends, in composed and decomposed text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { find, search } from "./find.ts";
import { fold, plain } from "./fold.ts";

const words = (text: string, query: string): string[] => find(text, query).map(({ from, to }) => text.slice(from, to));

describe("finding without accents", () => {
  test.each([
    ["ke hoach", "Ban hành Kế hoạch đầu tư", "Kế hoạch"],
    ["de nghi", "Sở Tài chính ĐỀ NGHỊ phê duyệt", "ĐỀ NGHỊ"],
    ["dau tu cong", "vốn đầu\ntư   công năm", "đầu\ntư   công"],
    ["ubnd", "Số 318/TTr-UBND", "UBND"],
  ])("%s", (query, text, found) => {
    expect(words(text, query)).toEqual([found]);
    expect(words(text.normalize("NFD"), query)).toEqual([found.normalize("NFD")]);
  });

  test("short words only where a word begins", () => {
    expect(words("ban an toàn", "an")).toEqual(["an"]);
    expect(words("ban an toàn", "ban a")).toEqual(["ban a"]);
  });

  test("nothing asked, nothing found", () => {
    expect(find("văn bản", "")).toEqual([]);
    expect(find("văn bản", "  ")).toEqual([]);
    expect(find("", "văn")).toEqual([]);
  });
});

describe("finding with accents", () => {
  test("only the same words", () => {
    expect(words("kế hoạch, kẻ hoạch", "kế hoạch")).toEqual(["kế hoạch"]);
    expect(words("đề nghị, dê nghi", "đề nghị")).toEqual(["đề nghị"]);
  });
  test("a word typed without is found with any", () => {
    expect(words("kế hoạch, kệ hoạch", "kế hoach")).toEqual(["kế hoạch"]);
  });
  test("the tone may stand on either letter", () => {
    expect(words("hoà bình, hòa bình, hoa bình", "hòa bình")).toEqual(["hoà bình", "hòa bình"]);
  });
});

test("positions always cut the original where the words stand", () => {
  const signs = fc.array(fc.constantFrom("đ", "Ề", "n ", "hoạ", "ch", "\u0301", "\n", "\u00ad", "ﬁ", "😀", "a"), { maxLength: 30 });
  fc.assert(fc.property(signs, fc.nat(20), fc.nat(6), (parts, start, length) => {
    const text = parts.join("");
    const { text: folded, from, to, marks } = fold(text);
    expect(plain(text)).toBe(folded);
    expect([from.length, to.length, marks.length]).toEqual([folded.length, folded.length, folded.length]);
    const query = folded.slice(start, start + length).trim();
    const boundary = start === 0 || folded.charAt(start - 1) === " ";
    if (query.length > 0 && boundary && !/[\ud800-\udfff]/.test(query)) {
      const found = find(text, query);
      expect(found.length).toBeGreaterThan(0);
      for (const each of found) expect(fold(text.slice(each.from, each.to)).text).toContain(query);
    }
  }), { numRuns: 500 });
});

describe("searching pages", () => {
  const pages = ["Tờ trình về kế hoạch và kế hoạch bổ sung", "", `${"Mở đầu dài dòng ".repeat(9)}kế hoạch ${"còn lại ".repeat(20)}`];
  test("tells page, which one on it, and what stands around", () => {
    const { hits, total } = search(pages, "ke hoach");
    expect(total).toBe(3);
    expect(hits.map(({ page, nth }) => [page, nth])).toEqual([[1, 0], [1, 1], [3, 0]]);
    expect(hits[0]).toMatchObject({ before: "Tờ trình về ", words: "kế hoạch", after: " và kế hoạch bổ sung" });
    expect(hits[2]?.before).toMatch(/^…\S.* $/);
    expect(hits[2]?.after).toMatch(/^ còn lại.*\S…$/);
  });
  test("counts all, tells some", () => {
    const { hits, total } = search(["an ".repeat(500)], "an", 50);
    expect([hits.length, total]).toEqual([50, 500]);
  });
});
