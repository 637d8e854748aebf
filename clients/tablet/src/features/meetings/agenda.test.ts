import type { Item, Paper } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { entries, lines, listed, shownItem, totalMinutes, unseen } from "./agenda.ts";

function item(id: string, position: number, extra: Partial<Item> = {}): Item {
  return { kind: "item", id, meeting_id: "m", position, general: false, restricted: false, title: id, minutes: 10, presenter_name: "", state: "pending", ...extra };
}

function paper(id: string, position: number, version: string | null): Paper {
  return { kind: "paper", id, position, version: version === null ? null : { id: version } } as Paper;
}

const LIST = entries([item("b", 2), item("a", 1), item("papers", 0, { general: true, minutes: 0 }), item("closed", 3, { restricted: true })]);

describe("agenda", () => {
  it("numbers items as they are spoken of; the meeting's own papers have none", () => {
    expect(LIST.map(({ item: { id }, number }) => [id, number])).toEqual([["papers", null], ["a", 1], ["b", 2], ["closed", 3]]);
  });

  it("adds up the minutes", () => {
    expect(totalMinutes(LIST)).toBe(30);
  });

  it("shows what was chosen, else the current item, else the first", () => {
    expect(shownItem(LIST, "b", "a")?.item.id).toBe("b");
    expect(shownItem(LIST, null, "b")?.item.id).toBe("b");
    expect(shownItem(LIST, "removed", "b")?.item.id).toBe("b");
    expect(shownItem(LIST, null, null)?.item.id).toBe("a");
    expect(shownItem([], null, null)).toBeUndefined();
  });

  it("lists papers in order without recalled ones, and knows which are new", () => {
    const papers = [paper("y", 2, "v2"), paper("gone", 1, null), paper("x", 0, "v1")];
    expect(listed(papers).map((one) => one.id)).toEqual(["x", "y"]);
    expect(unseen(papers, (version) => version === "v1").map((one) => one.id)).toEqual(["y"]);
  });
});

describe("a paper that is handed out printed", () => {
  it("is a line of its item in its place, and among nothing that can be opened", () => {
    const printed = { ...paper("printed", 2, null), state: "printed" } as Paper;
    const recalled = { ...paper("recalled", 3, null), state: "recalled" } as Paper;
    const all = [paper("c", 4, "v2"), recalled, printed, paper("a", 1, "v1")];
    expect(lines(all).map((each) => each.id)).toEqual(["a", "printed", "c"]);
    expect(listed(all).map((each) => each.id)).toEqual(["a", "c"]);
    expect(unseen(all, () => false).map((each) => each.id)).toEqual(["c", "a"]);
  });
});
