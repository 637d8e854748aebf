import type { Report, SignatureReport } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { verdictWords } from "./verdict.ts";

const SIGNATURE = { kind: "signature", signer: "Đỗ Khắc Tuyên", organisation: "Văn phòng UBND", issuer: "", claimed_time: "2026-11-27T00:44:18Z", valid_until: "2028-08-14T00:00:00Z", reasons: [] as string[], changed_pages: [] as number[] } as SignatureReport;

function report(extra: Partial<Report>): Report {
  return { verdict: "valid", integrity: "intact", reasons: [], signatures: [SIGNATURE], sha256: "e2b710f48c6d", size: 1, revisions: 2, pages_compared: 0, checked_at: null, ...extra };
}

describe("a check in words", () => {
  it("says who signed, when, and that nothing changed", () => {
    const words = verdictWords(report({}));
    expect(words?.reason).toBe("");
    expect(words?.facts).toContainEqual({ name: "Thời điểm ký", value: "27/11/2026 07:44:18" });
    expect(words?.facts).toContainEqual({ name: "Nội dung", value: "Không thay đổi từ khi ký" });
  });

  it("gives the first reason where it is not valid", () => {
    const doubted = { ...SIGNATURE, integrity: "intact", reasons: ["issuer_untrusted"] } as unknown as SignatureReport;
    expect(verdictWords(report({ verdict: "invalid", integrity: "modified", reasons: ["value_differs"] }))?.reason).toBe("Số hoặc ngày trong tệp khác với sổ văn bản.");
    expect(verdictWords(report({ verdict: "indeterminate", signatures: [doubted] }))?.reason).toBe("Đỗ Khắc Tuyên: nơi cấp chứng thư không có trong danh sách tin cậy.");
  });

  it("judges nothing where nobody signed", () => {
    expect(verdictWords(report({ verdict: "unsigned", integrity: "none", signatures: [] }))).toBeNull();
  });
});
