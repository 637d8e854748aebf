import type { Delegation, Person } from "@phien/wire";
import { describe, expect, it } from "vitest";

import type { Given } from "../delegations/delegations.ts";
import { asked, kindOf, lacking, line, type Plan, standsFor, usual, withLine, withMore, withMoved } from "./plan.ts";

const person = (id: string, title: string): Person => ({ id, name: id, title });
const people = { chair: person("chair", "Chủ tịch UBND thành phố"), secretary: person("sec", "Chuyên viên") };
const entrusted = (...those: Partial<Delegation>[]): Given => ({
  at: Date.parse("2026-11-20T03:00:00Z"),
  delegations: those.map((each, index) => ({
    id: String(index), body_id: "b", from_id: "h", from_name: "", to_id: "a", to_name: "", capacity: "KT.", acting_for: "CHỦ TỊCH", kinds: [],
    valid_from: "2026-11-01T00:00:00Z", valid_until: "2026-12-31T00:00:00Z", ended_at: null, ...each,
  })),
});
const acts = (plan: Plan): string[] => asked(plan).steps.map((step) => `${step.rank}${step.act}`);

describe("what a kind of paper usually goes through", () => {
  it("is light for what only invites and full for what binds", () => {
    expect(acts(usual("invitation", people))).toEqual(["1check", "2sign", "3number", "4seal", "5issue"]);
    expect(acts(usual("decision", people))).toEqual(["1check", "2initial", "3approve", "4sign", "5number", "6seal", "7issue"]);
    expect(acts(usual("other", people))).toEqual(["1sign"]);
  });
  it("lets chair and secretary, or all who stand on them, sign minutes in any order", () => {
    expect(acts(usual("minutes", people))).toEqual(["1check", "2sign", "2sign", "3number", "4seal", "5issue"]);
    const plan = usual("minutes", { ...people, signers: [people.secretary, people.chair, person("m", "Ủy viên")] });
    expect(plan.signers.map((one) => [one.person?.id, one.capacity])).toEqual([["sec", ""], ["chair", ""], ["m", ""]]);
    expect(acts(plan).filter((act) => act === "2sign")).toHaveLength(3);
  });
  it("is guessed from the title", () => {
    expect(kindOf("Giấy mời họp phiên thường kỳ")).toBe("invitation");
    expect(kindOf("Thông báo kết luận")).toBe("notice");
    expect(kindOf("Tờ trình về dự toán")).toBe("other");
  });
});

describe("how a post signs", () => {
  const own = { capacity: "", acting_for: "" };
  it("as it was entrusted while that is in force, else in its own name", () => {
    const deputy = person("a", "Phó Chủ tịch UBND thành phố");
    const given = entrusted({ capacity: "TL." }, {});
    expect(standsFor(deputy, "notice", given)).toEqual({ capacity: "KT.", acting_for: "CHỦ TỊCH" });
    expect(standsFor(person("a", "Chánh Văn phòng"), "notice", given).capacity).toBe("TL.");
    expect(standsFor(person("a", "Quyền Giám đốc Sở Tài chính"), "letter", entrusted({ capacity: "Q.", acting_for: "GIÁM ĐỐC" }))).toEqual({ capacity: "Q.", acting_for: "GIÁM ĐỐC" });
    expect(standsFor(deputy, "notice", entrusted({ kinds: ["letter"] }, { ended_at: "2026-11-02T00:00:00Z" }, { to_id: "b" }))).toEqual(own);
    expect(standsFor(deputy, "notice")).toEqual(own);
    expect(usual("notice", { chair: deputy, secretary: null }, given).signers[0]?.capacity).toBe("KT.");
  });
  it("for the collective as its head", () => {
    expect(standsFor(people.chair, "resolution").capacity).toBe("TM.");
    expect(standsFor(people.chair, "decision").capacity).toBe("");
    expect(standsFor(null, "decision").capacity).toBe("");
  });
});

describe("choosing steps", () => {
  it("puts initials in order or together", () => {
    let plan = withMore(withMore({ ...usual("other", people), check: false }, "initials"), "initials");
    const [first, second] = plan.initials;
    plan = withLine(withLine(plan, "initials", first?.id ?? 0, { person: person("a", "") }), "initials", second?.id ?? 0, { person: person("b", "") });
    expect(acts(plan)).toEqual(["1initial", "2initial", "3sign"]);
    expect(acts({ ...plan, together: true })).toEqual(["1initial", "1initial", "2sign"]);
    expect(withMoved(plan, "initials", 1, -1).initials.map((one) => one.person?.id)).toEqual(["b", "a"]);
    expect(withLine(plan, "initials", first?.id ?? 0, null).initials).toHaveLength(1);
  });
  it("says what is lacking", () => {
    const plan = usual("notice", people);
    expect(lacking(plan)).toBe("Chưa chọn người ký nháy");
    expect(lacking({ ...plan, initials: [] })).toBeNull();
    expect(lacking({ ...plan, initials: [], signers: [] })).toBe("Chưa có người ký");
    expect(lacking({ ...plan, initials: [], number: false })).toBe("Đóng dấu cần cấp số trước");
    expect(lacking({ ...plan, initials: [], seal: false })).toBe("Ban hành cần đóng dấu trước");
    expect(lacking({ ...plan, initials: [line(people.chair), line(people.chair)] })).toBe("Một người ký nháy hai lần");
    expect(lacking({ ...plan, initials: [], signers: [line(people.chair, { capacity: "KT.", acting_for: " " })] })).toBe("Chưa ghi ký thay cho ai");
  });
  it("sends post, capacity and whom it stands for", () => {
    const plan = usual("notice", { chair: person("p", "Phó Chủ tịch"), secretary: null }, entrusted({ to_id: "p" }));
    expect(asked({ ...plan, initials: [] }).steps[1]).toEqual({ act: "sign", rank: 2, person_id: "p", post: "Phó Chủ tịch", capacity: "KT.", acting_for: "CHỦ TỊCH" });
  });
});
