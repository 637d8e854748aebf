import type { Shown } from "@phien/kit/sync";
import { rebase } from "@phien/kit/sync";
import type { Annotation } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { placed } from "../annotations/marks.ts";
import { nameOf, putAt, unplaced } from "./waiting.ts";

const BOX = [0, 0, 595, 842, 0] as const;

function note(id: string, waiting: boolean, owner = "an"): Annotation {
  return {
    kind: "annotation", id, version_id: "v2", owner_id: owner, owner_name: owner, page: 3, rev: 1, created_at: "", updated_at: "",
    body: { type: "note", x: 100, y: 200, text: "Xem lại", fork_of: null }, carried: { version_id: "v1", page: 2, waiting },
  };
}
function shown(...notes: Annotation[]): Shown[] {
  return notes.map((each) => ({ ...each, pending: false }));
}

describe("notes without a place", () => {
  it("are one's own that wait, and are drawn nowhere", () => {
    const all = shown(note("a", true), note("b", false), note("c", true, "binh"));
    expect(unplaced("p:v2:an", all, "an").map((one) => [one.note.id, one.shared, one.from])).toEqual([["a", false, { version: "v1", page: 2 }]]);
    expect(unplaced("s:v2", all, "an")[0]?.shared).toBe(true);
    expect(placed(all, "shared", "an").map((mark) => mark.id)).toEqual(["b"]);
  });
  it("have their words for a name, or what they are", () => {
    expect(nameOf(note("a", true))).toBe("Xem lại");
    expect(nameOf({ body: { type: "ink", color: "#000000", w: 1, pts: [0, 0, 1], marker: false } })).toBe("Nét bút");
    expect(nameOf({ body: { type: "highlight", color: "#000000", quads: [], quote: " 42 tỷ ", prefix: "", suffix: "", style: "strike" } })).toBe("“42 tỷ”");
  });
  it("are put where they were, or with their middle where one touches", () => {
    const [one] = unplaced("p:v2:an", shown(note("a", true)), "an");
    if (!one) throw new Error("none");
    expect(putAt(one, "op", 5)).toMatchObject({ ann_id: "a", base_rev: 1, page: 5, body: { x: 100, y: 200 } });
    expect(putAt(one, "op", 5, { place: { x: 30, y: 40 }, box: BOX }).body).toMatchObject({ x: 30, y: 40, text: "Xem lại" });
    const ink = { ...one, note: { ...one.note, body: { type: "ink" as const, color: "#000000", w: 1, marker: true, pts: [10_000, 10_000, 100, 2000, 0, 0] } } };
    expect(putAt(ink, "op", 1, { place: { x: 210, y: 50 }, box: BOX }).body).toMatchObject({ pts: [20_000, 5000, 100, 2000, 0, 0] });
  });
  it("have their place at once on this tablet, before the server has answered", () => {
    const [one] = unplaced("p:v2:an", shown(note("a", true)), "an");
    if (!one) throw new Error("none");
    const entities = new Map([["annotation/a", note("a", true)]]);
    const after = rebase(entities, [putAt(one, "op", 5)], "v2", { id: "an", name: "An" });
    expect(unplaced("p:v2:an", after, "an")).toEqual([]);
    expect(placed(after, "private", "an").map((mark) => mark.page)).toEqual([5]);
  });
});
