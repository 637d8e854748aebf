import type { SigningRequest } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { inboxOrder, mayHaveInbox, waitingFor } from "./inbox.ts";
import { spokenHash, stepsOf } from "./request.ts";

function request(id: string, state: SigningRequest["state"], extra: Partial<SigningRequest> = {}): SigningRequest {
  return {
    kind: "signing", id, meeting_id: "m", meeting_title: "Phiên họp", paper_id: "p", paper_title: "Giấy mời", version_id: "v", sha256: "9c417e0b52ad00", pages: 1,
    official_id: "o", official_name: "Đỗ Khắc Tuyên", requested_by: "s", requested_at: `2026-11-26T0${id}:00:00Z`, state, remarks: "", signed_version_id: null,
    decided_at: null, ...extra,
  };
}

describe("the signing inbox", () => {
  it("puts what waits first, the oldest first, then what was decided last", () => {
    const list = [
      request("1", "signed", { decided_at: "2026-11-26T09:00:00Z" }), request("3", "waiting"), request("2", "waiting"),
      request("4", "returned", { decided_at: "2026-11-27T09:00:00Z" }),
    ];
    expect(inboxOrder(list).map((one) => one.id)).toEqual(["2", "3", "4", "1"]);
    expect(waitingFor(list)).toHaveLength(2);
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
