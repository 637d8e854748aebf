import type { Shown } from "@phien/kit/sync";
import { describe, expect, it } from "vitest";

import { deleteOp, dotsOf, placed, putOp, toneOf, wireBody } from "./marks.ts";
import { wordsOf } from "./words.ts";

function shown(id: string, owner: string, page = 1): Shown {
  return {
    kind: "annotation", id, version_id: "v", owner_id: owner, owner_name: `Tên ${owner}`, page, rev: 2, created_at: "", updated_at: "", carried: null, pending: false,
    body: { type: "ink", color: "#5A2C91", w: 1.6, pts: [1, 2, 3], marker: false },
  };
}

describe("notes on a paper", () => {
  it("names who made a shared mark and lets only its owner erase it", () => {
    const marks = placed([shown("b", "me"), shown("a", "other")], "shared", "me");
    expect(marks.map(({ id, mine, author }) => [id, mine, author])).toEqual([["a", false, "Tên other"], ["b", true, "Tên me"]]);
  });

  it("writes no name on private ink", () => {
    expect(placed([shown("a", "me")], "private", "me")[0]).not.toHaveProperty("author");
  });

  it("says every field on the wire, and keeps where a note was forked from", () => {
    expect(wireBody({ type: "ink", color: "#5A2C91", w: 1, pts: [1, 2, 3] })).toMatchObject({ marker: false });
    expect(wireBody({ type: "note", x: 1, y: 2, text: "hỏi" })).toEqual({ type: "note", x: 1, y: 2, text: "hỏi", fork_of: null });
    const fork = { type: "note", x: 1, y: 2, text: "hỏi", fork_of: "n1" } as const;
    expect(wireBody(fork)).toMatchObject({ fork_of: "n1" });
  });

  it("knows which pages carry which layer", () => {
    const marks = [...placed([shown("a", "me", 1), shown("b", "me", 3)], "private", "me"), ...placed([shown("c", "x", 1)], "shared", "me")];
    expect([...dotsOf(marks)]).toEqual([[1, ["private", "shared"]], [3, ["private"]]]);
  });

  it("names who wrote in a group, and marks its pages as the group's", () => {
    const marks = placed([shown("a", "other", 2)], "g:1", "me");
    expect(marks[0]?.author).toBe("Tên other");
    expect([...dotsOf(marks)]).toEqual([[2, ["group"]]]);
    expect([toneOf("private"), toneOf("g:1"), toneOf("shared")]).toEqual(["private", "group", "shared"]);
  });

  it("finds the words worth keeping in an operation", () => {
    const note = { id: "n", page: 1, layer: "private", body: { type: "note", x: 0, y: 0, text: "hỏi lại" } } as const;
    expect(wordsOf(putOp(note, "op"))).toBe("hỏi lại");
    expect(wordsOf(deleteOp("n", "op"))).toBe("");
  });
});
