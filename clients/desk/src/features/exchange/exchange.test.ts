import type { Received } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { inOrder, sentNote, symbolOf } from "./exchange.ts";

function came(id: string, arrived_at: string, answer: Received["answer"] = ""): Received {
  return {
    id, body_id: "b", organ_id: "000.00.00.H98", organ_name: "Sơn Hà", document_id: "000.00.00.H98,2026/11/22,512/UBND-KSTT", subject: "Phối hợp", arrived_at,
    sha256: "", size: 1, verdict: "valid", reasons: [], signer: "", files: [], answer, remarks: "",
  };
}

describe("papers over the axis", () => {
  it("puts what waits for an answer first, then the newest", () => {
    const list = [came("1", "2026-11-22T01:00:00Z", "received"), came("2", "2026-11-20T01:00:00Z"), came("3", "2026-11-21T01:00:00Z")];
    expect(inOrder(list).map((one) => one.id)).toEqual(["3", "2", "1"]);
  });

  it("reads number and symbol out of a paper's code", () => {
    expect(symbolOf("000.00.00.H98,2026/11/22,512/UBND-KSTT")).toBe("512/UBND-KSTT");
    expect(symbolOf("")).toBe("");
  });

  it("says why a package is not there, and is silent where all is well", () => {
    expect(sentNote({ state: "queued", attempts: 3, due_at: "2026-11-22T01:00:00Z", remarks: "Connection refused" })).toMatch(/^Connection refused\. Đã thử 3 lần, thử lại lúc .+\.$/);
    expect(sentNote({ state: "queued", attempts: 0, due_at: "2026-11-22T01:00:00Z", remarks: "" })).toBe("");
    expect(sentNote({ state: "refused", attempts: 1, due_at: null, remarks: "Gửi nhầm" })).toBe("Gửi nhầm");
    expect(sentNote({ state: "arrived", attempts: 1, due_at: null, remarks: "Đã đến" })).toBe("");
  });
});
