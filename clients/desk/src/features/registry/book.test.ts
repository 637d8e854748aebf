import type { Dossier, Step } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { entryTitle, entryWords, keepsAny, pagesOf, piles, turnOf } from "./book.ts";

const step = (act: Step["act"], state: Step["state"], extra: Partial<Step> = {}): Step => ({
  id: act, act, rank: 1, person_id: "", person_name: "", post: "", capacity: "", acting_for: "", state, remarks: "", done_at: null, version_id: null, sha256: "", ...extra,
});
const dossier = (id: string, body_id: string, steps: Step[], extra: Partial<Dossier> = {}): Dossier => ({ id, body_id, steps, closed_at: null, opened_at: "1", ...extra }) as Dossier;
const clerk = { person_id: "me", grants: [{ role: "clerk" as const, body_id: "b" }] };

describe("what waits for a clerk", () => {
  it("is of the bodies whose registry one keeps", () => {
    const one = dossier("d", "b", [step("number", "waiting")]);
    expect(turnOf(one, clerk)).toBe("number");
    expect(turnOf(one, { person_id: "me", grants: [{ role: "secretary", body_id: "b" }] })).toBeNull();
    expect(turnOf({ ...one, body_id: "other" }, clerk)).toBeNull();
    expect(turnOf({ ...one, body_id: "other" }, { person_id: "me", grants: [{ role: "clerk", body_id: null }] })).toBe("number");
    expect(turnOf({ ...one, closed_at: "2" }, clerk)).toBeNull();
    expect(keepsAny(clerk)).toBe(true);
    expect(keepsAny(null)).toBe(false);
  });
  it("is another's where it is asked of one by name", () => {
    expect(turnOf(dossier("d", "b", [step("seal", "waiting", { person_id: "somebody" })]), clerk)).toBeNull();
    expect(turnOf(dossier("d", "x", [step("seal", "waiting", { person_id: "me" })]), clerk)).toBe("seal");
  });
  it("lies in piles by act, the longest wait first", () => {
    const found = piles([
      dossier("late", "b", [step("sign", "done", { done_at: "2026-11-02" }), step("seal", "waiting")]), dossier("signed", "b", [step("sign", "waiting")]),
      dossier("early", "b", [step("sign", "done", { done_at: "2026-11-01" }), step("seal", "waiting")]), dossier("new", "b", [step("number", "waiting")]),
    ], clerk);
    expect(found.map((pile) => [pile.act, pile.dossiers.map((each) => each.id)])).toEqual([["number", ["new"]], ["seal", ["early", "late"]]]);
  });
});

describe("the book", () => {
  it("says where a line stands", () => {
    expect(entryWords({ state: "struck", reason: "Trả lại" })).toBe("Gạch, không ban hành: Trả lại");
    expect(entryWords({ state: "struck", reason: "" })).toBe("Gạch, không ban hành");
    expect(entryTitle({ title: "", state: "issued" })).toBe("Văn bản của phần họp kín");
    expect(entryTitle({ title: "", state: "opening" })).toBe("Đã cấp trên sổ giấy đến số này");
  });
});

describe("pages of an extract", () => {
  it("are read as people write them", () => {
    expect(pagesOf("3, 1-2, 2", 5)).toEqual([1, 2, 3]);
    expect(pagesOf("2–4", 5)).toEqual([2, 3, 4]);
  });
  it("are refused where they are none of the paper's", () => {
    for (const text of ["", "0", "6", "4-2", "hai", "1;2"]) expect(pagesOf(text, 5)).toBeNull();
  });
});
