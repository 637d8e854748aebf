import type { Body } from "@phien/kit/ink";
import { describe, expect, it } from "vitest";

import { listed } from "./list.ts";
import type { Layer, Placed } from "./marks.ts";

const INK: Body = { type: "ink", color: "#000000", w: 1, pts: [0, 0, 0] };
const mark = (id: string, page: number, body: Body, layer: Layer = "private"): Placed =>
  ({ id, page, body, layer, rev: 1, mine: layer === "private", ...(layer === "private" ? {} : { author: "An" }) });
const note = (text: string): Body => ({ type: "note", x: 0, y: 0, text });

describe("the list of notes", () => {
  it("goes by pages, words before drawings, drawings of one hand together", () => {
    const rows = listed([mark("d", 2, INK), mark("a", 1, INK), mark("n", 1, note("hỏi lại")), mark("b", 1, INK), mark("c", 1, INK, "shared")]);
    expect(rows.map(({ id, page, count }) => [id, page, count])).toEqual([["n", 1, 1], ["a", 1, 2], ["c", 1, 1], ["d", 2, 1]]);
    expect(rows[2]).toMatchObject({ tone: "shared", author: "An", kind: "drawn" });
  });
  it("says what was done to words, and which they are", () => {
    const quads = [[0, 1, 1, 1, 0, 0, 1, 0]] as [number, number, number, number, number, number, number, number][];
    const rows = listed([
      mark("u", 1, { type: "highlight", color: "#000000", quads, quote: "số liệu", style: "underline" }),
      mark("h", 1, { type: "highlight", color: "#000000", quads, quote: "quý III" }),
      mark("t", 1, { type: "text", x: 0, y: 0, width: 90, size: 10, color: "#000000", text: "đã rõ" }),
    ]);
    expect(rows.map(({ kind, words }) => [kind, words])).toEqual([["underline", "số liệu"], ["highlight", "quý III"], ["text", "đã rõ"]]);
  });
  it("a highlight on a scan has no words and counts as drawn, by itself", () => {
    const rows = listed([mark("h", 1, { type: "highlight", color: "#000000", quads: [], quote: "" }), mark("i", 1, INK)]);
    expect(rows.map(({ kind, count }) => [kind, count])).toEqual([["highlight", 1], ["drawn", 1]]);
  });
});
