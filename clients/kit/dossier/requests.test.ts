import type { SigningRequest } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { batchable, byAct, chosenOf, decided, mayHaveInbox, nextUnseen, outcome, picked, waitingFor } from "./inbox.ts";
import { spokenHash, stepsOf } from "./requests.ts";

function request(id: string, state: SigningRequest["state"], extra: Partial<SigningRequest> = {}): SigningRequest {
  return {
    kind: "signing", id, meeting_id: "m", meeting_title: "Phiên họp", paper_id: "p", paper_title: "Giấy mời", version_id: "v", sha256: "9c417e0b52ad00", pages: 1,
    official_id: "o", official_name: "Đỗ Khắc Tuyên", requested_by: "s", requested_at: `2026-11-26T0${id}:00:00Z`, state, remarks: "", signed_version_id: null,
    decided_at: null, act: "sign", dossier_id: "", capacity: "", acting_for: "", ...extra,
  };
}

describe("the signing inbox", () => {
  it("puts what waits first, the oldest first, then what was decided last", () => {
    const list = [
      request("1", "signed", { decided_at: "2026-11-26T09:00:00Z" }), request("3", "waiting"), request("2", "waiting"),
      request("4", "returned", { decided_at: "2026-11-27T09:00:00Z" }),
    ];
    expect(waitingFor(list).map((one) => one.id)).toEqual(["2", "3"]);
    expect(decided(list).map((one) => one.id)).toEqual(["4", "1"]);
  });

  it("groups what waits by act, in the order of acts", () => {
    const list = [request("1", "waiting"), request("2", "waiting", { act: "approve" }), request("3", "waiting", { act: "initial" }), request("4", "signed", { act: "initial" })];
    expect(byAct(list).map(({ act, requests }) => [act, requests.length])).toEqual([["initial", 1], ["approve", 1], ["sign", 1]]);
  });

  it("exists for officials and for who was asked", () => {
    expect(mayHaveInbox({ grants: [] }, [])).toBe(false);
    expect(mayHaveInbox({ grants: [{ role: "official", body_id: null }] }, [])).toBe(true);
    expect(mayHaveInbox({ grants: [] }, [request("1", "signed")])).toBe(true);
  });

  it("shows the reason where a paper was given back", () => {
    const steps = stepsOf(request("1", "returned", { remarks: "Sai số liệu", decided_at: "2026-11-26T09:00:00Z" }), "Ngô Phương Dung");
    expect(steps.at(-1)).toMatchObject({ state: "returned", reason: "Sai số liệu" });
    expect(stepsOf(request("1", "waiting"), "x").map((step) => step.state)).toEqual(["done", "current", "waiting"]);
  });

  it("gives the hash in groups", () => {
    expect(spokenHash("9c417e0b52ad00")).toBe("9C41 · 7E0B · 52AD");
  });
});

describe("signing together", () => {
  const list = [request("1", "waiting"), request("2", "waiting"), request("3", "waiting", { act: "initial" }), request("4", "signed")];
  it("is for several that a key signs", () => {
    expect(batchable(list).map((one) => one.id)).toEqual(["1", "2"]);
    expect(batchable(list.slice(1))).toEqual([]);
  });
  it("takes what was chosen, still waits, and was seen to its end", () => {
    const all = new Set(["1", "2", "3", "4"]);
    expect(chosenOf(list, all, () => true).map((one) => one.id)).toEqual(["1", "2"]);
    expect(chosenOf(list, all, (one) => one.id === "2").map((one) => one.id)).toEqual(["2"]);
    expect(chosenOf(list, new Set(["1"]), () => true).map((one) => one.id)).toEqual(["1"]);
  });
  it("goes through those chosen one after another, and back to what was passed by", () => {
    const many = ["1", "2", "3"].map((id) => request(id, "waiting", { version_id: `v${id}` }));
    const round = picked(many, new Set(["3", "1", "2"]));
    expect(round.map((one) => one.id)).toEqual(["1", "2", "3"]);
    const unseen = (...ids: string[]) => (one: SigningRequest): boolean => !ids.includes(one.id);
    expect(nextUnseen(round, null, unseen("1", "2", "3"))?.id).toBe("1");
    expect(nextUnseen(round, "1", unseen("1", "3"))?.id).toBe("3");
    expect(nextUnseen(round, "3", unseen("1"))?.id).toBe("1");
    expect(nextUnseen(round, "2", unseen("2"))?.id).toBe("2");
    expect(nextUnseen(round, "2", unseen())).toBeUndefined();
  });
  it("tells what became of it", () => {
    expect(outcome([{ code: "" }, { code: "" }])).toBe("2 đã ký");
    expect(outcome([{ code: "" }, { code: "signatures.withdrawn" }])).toBe("1 đã ký, 1 chưa");
    expect(outcome([{ code: "rate" }])).toBe("1 chưa ký");
  });
});
