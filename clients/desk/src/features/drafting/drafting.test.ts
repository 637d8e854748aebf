import type { DraftPart, DraftText } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { asLines, asText, called, counted, moved, partName, signedBy, signers } from "./drafting.ts";

const part = (id: string, numbered = true): DraftPart => ({ id, item_id: "", heading: "", text: "", numbered });

describe("parts of a text", () => {
  it("are counted without those that have no number", () => {
    const parts = [part("a", false), part("b"), part("c", false), part("d")];
    expect(parts.map((_, index) => partName("notice", parts, index))).toEqual(["Đoạn không đánh số", "Mục 1", "Đoạn không đánh số", "Mục 2"]);
    expect(partName("decision", parts, 3)).toBe("Điều 2");
  });
  it("move by one and stay at the edge", () => {
    expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  });
  it("keep the line that is being typed", () => {
    expect(asText(asLines("Sở Tài chính\n"))).toBe("Sở Tài chính\n");
  });
});

describe("people", () => {
  it("are counted as they were there", () => {
    const row = (state: "present" | "absent" | "unknown") => ({ person_id: "", name: "", note: "", state });
    expect(counted([row("present"), row("unknown"), row("unknown")])).toEqual({ present: 1, absent: 0, unknown: 2 });
  });
  it("are called by their tablets: who has none here is not absent for that, and who was entered stays", () => {
    const row = (person_id: string, state: "present" | "absent" | "unknown") => ({ person_id, name: person_id, note: "", state });
    const found = called([row("a", "unknown"), row("b", "unknown"), row("c", "absent"), row("", "unknown")], new Set(["a", "c"]));
    expect(found.map((each) => each.state)).toEqual(["present", "unknown", "absent", "unknown"]);
  });
  it("sign under the lines that are there, else under their post", () => {
    const none = { name: "", lines: [], person_id: "" };
    const who = { id: "p", name: "Trần Văn Lâm", title: "Giám đốc" };
    expect(signedBy(none, who)).toEqual({ name: "Trần Văn Lâm", person_id: "p", lines: ["GIÁM ĐỐC"] });
    expect(signedBy({ ...none, lines: ["THƯ KÝ"] }, who).lines).toEqual(["THƯ KÝ"]);
    expect(signedBy({ ...none, name: "A", person_id: "a", lines: ["THƯ KÝ"] }, null)).toEqual({ name: "", person_id: "", lines: ["THƯ KÝ"] });
  });
  it("sign minutes as they stand on the page", () => {
    const who = (id: string) => ({ person_id: id, name: id, lines: [] });
    const text = { secretary: who("s"), signer: who("c"), others: [who("m"), who("")] } as unknown as DraftText;
    expect(signers("minutes", text).map((one) => one.id)).toEqual(["s", "c", "m"]);
    expect(signers("notice", text).map((one) => one.id)).toEqual(["c"]);
  });
});
