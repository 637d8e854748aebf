import type { Dossier, Step } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { dossierOf, isUnderWay, isUnsigned, stateChip, waitingSteps, wayOf } from "./way.ts";
import { requestWords, standing } from "./words.ts";

const step = (act: Step["act"], rank: number, state: Step["state"], extra: Partial<Step> = {}): Step => ({
  id: `${act}${rank}`, act, rank, person_id: "o", person_name: "Đỗ Khắc Tuyên", post: "Chánh Văn phòng", capacity: "", acting_for: "", state, remarks: "", done_at: null,
  version_id: null, sha256: "", ...extra,
});
const dossier = (state: Dossier["state"], steps: Step[], extra: Partial<Dossier> = {}): Dossier => ({
  kind: "dossier", id: "d", meeting_id: "m", meeting_title: "", item_id: "i", paper_id: "p", paper_title: "Giấy mời", version_id: "v", sha256: "", pages: 1, body_id: "b", body_name: "",
  paper_kind: "invitation", state, approved_sha256: "", number: null, symbol: "", dated: null, steps, findings: [], remarks: "", opened_by: "s", opened_at: "", closed_at: null, ...extra,
});

describe("the state of a dossier", () => {
  const steps = [step("number", 4, "pending"), step("initial", 1, "done"), step("initial", 1, "waiting"), step("sign", 2, "pending")];
  it("counts steps while it is on its way", () => {
    expect(stateChip(dossier("initialling", steps)).text).toBe("Đang trình ký 1/4");
    expect(waitingSteps({ steps }).map((each) => each.act)).toEqual(["initial"]);
    expect(isUnsigned(dossier("signing", steps))).toBe(true);
    expect(isUnsigned(dossier("numbered", steps))).toBe(false);
    expect(isUnsigned(dossier("signing", [step("sign", 1, "done"), step("sign", 2, "waiting")]))).toBe(false);
    expect(isUnderWay(dossier("signing", steps))).toBe(true);
    expect(isUnderWay(dossier("returned", steps))).toBe(false);
  });
  it("names the one who is waited for where nobody else has a step", () => {
    expect(stateChip(dossier("signing", [step("sign", 1, "waiting")])).text).toBe("Chờ Đỗ Khắc Tuyên ký");
  });
  it("leads with the number once there is one", () => {
    expect(stateChip(dossier("sealed", steps, { symbol: "15/GM-UBND" })).text).toBe("15/GM-UBND · đã đóng dấu");
    expect(stateChip(dossier("issued", [step("sign", 1, "done")])).text).toBe("Đã ban hành");
    expect(stateChip(dossier("signed", [step("sign", 1, "done")])).text).toBe("Đã ký");
    expect(stateChip(dossier("signed", steps)).text).toBe("Đã ký, chờ cấp số");
  });
  it("tells a draft that was taken back from one whose format is wrong", () => {
    expect(stateChip(dossier("draft", steps)).text).toBe("Đã rút về, chưa trình");
    expect(stateChip(dossier("draft", steps, { findings: [{ code: "x", text: "", args: {} }] })).text).toBe("Chưa đạt thể thức: 1 điểm");
  });
  it("gives the reason where it was returned", () => {
    expect(stateChip(dossier("returned", [step("initial", 1, "returned", { remarks: "Sai ngày" })])).text).toBe("Trả lại: Sai ngày");
  });
});

describe("the dossier of a paper", () => {
  it("is the one under way, else the last that was not replaced", () => {
    const past = dossier("rejected", [], { id: "past", closed_at: "1", opened_at: "2" });
    const now = dossier("signing", [], { id: "now", opened_at: "1" });
    expect(dossierOf([past, now], "p")?.id).toBe("now");
    expect(dossierOf([past, dossier("replaced", [], { id: "gone", closed_at: "3", opened_at: "3" })], "p")?.id).toBe("past");
    expect(dossierOf([past], "other")).toBeNull();
  });
});

describe("the way of a dossier", () => {
  it("stands in the order of ranks, with who acts as what", () => {
    const way = wayOf(dossier("numbered", [
      step("seal", 4, "done", { person_name: "Cao Thị Hạnh" }), step("number", 3, "done", { person_name: "", post: "" }), step("check", 1, "done", { person_name: "", post: "" }),
      step("sign", 2, "done", { capacity: "TL.", acting_for: "CHỦ TỊCH" }),
    ], { symbol: "15/GM-UBND" }));
    expect(way.map((each) => each.title)).toEqual(["Kiểm tra thể thức", "Ký ban hành", "Cấp số 15/GM-UBND", "Đóng dấu"]);
    expect(way.map((each) => each.state)).toEqual(["done", "done", "done", "sealed"]);
    expect(way[1]?.by).toBe("Đỗ Khắc Tuyên, TL. CHỦ TỊCH · Chánh Văn phòng");
    expect([way[0]?.by, way[2]?.by]).toEqual(["Hệ thống kiểm tra theo Nghị định 30/2020", "Văn thư"]);
  });
  it("says whose turn it is and why it came back", () => {
    const way = wayOf(dossier("returned", [step("initial", 1, "returned", { remarks: "Sai ngày" }), step("sign", 2, "waiting")]));
    expect(way[0]).toMatchObject({ state: "returned", reason: "Sai ngày" });
    expect(way[1]).toMatchObject({ state: "current", at: "Đến lượt" });
  });
});

describe("words", () => {
  it("name what waits by its act", () => {
    expect(requestWords({ act: "initial", state: "waiting" })).toBe("Chờ ký nháy");
    expect(requestWords({ act: "approve", state: "signed" })).toBe("Đã phê duyệt");
    expect(requestWords({ act: "sign", state: "returned" })).toBe("Đã trả lại");
  });
  it("put capacity and post as the paper has them", () => {
    expect(standing({ capacity: "KT.", acting_for: "CHỦ TỊCH", post: "Phó Chủ tịch" })).toBe("KT. CHỦ TỊCH · Phó Chủ tịch");
    expect(standing({ capacity: "", acting_for: "", post: "Chủ tịch" })).toBe("Chủ tịch");
  });
});
