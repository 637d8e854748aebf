/** Tests of the words for what a check found; every code of the signing library has a sentence. */
import { readFileSync } from "node:fs";

import type { Report, SignatureReport } from "@phien/wire";
import { describe, expect, test } from "vitest";

import { reasonsOf, reasonWords, signatureFacts, signatureVerdict, unchecked } from "./reasons.ts";

const signature = (given: Partial<SignatureReport> = {}): SignatureReport => ({
  field: "f", kind: "signature", signer: "Đỗ Khắc Tuyên", title: "", organisation: "", issuer: "CA", serial: "0A", claimed_time: "2026-11-27T00:44:05Z", algorithm: "", revision: 2,
  covers_whole_file: false, integrity: "intact", trusted: true, valid_from: null, valid_until: null, valid_when_claimed: null, revocation: "unknown", revocation_source: "", revocation_at: null,
  level: "", stamped_time: null, stamped_by: "", signed_bytes: 0, changes: [], changed_pages: [], reasons: [], ...given,
});

describe("reasons", () => {
  test("every code of the library has its own sentence", () => {
    const source = readFileSync(new URL("../../../../../signing/report.py", import.meta.url), "utf-8");
    const tables = [...source.matchAll(/^(?:SIGNATURE|FILE)_REASONS = frozenset\(\{([\s\S]*?)^\}\)/gm)].map((found) => found[1] ?? "");
    const codes = tables.flatMap((table) => [...table.matchAll(/"([a-z_]+)"/g)].map((found) => found[1] ?? ""));
    expect(codes.length).toBeGreaterThan(30);
    const fallback = reasonWords("?");
    const without = codes.filter((code) => reasonWords(code) === fallback);
    expect(without.filter((code) => !["crashed", "file_missing", "not_a_file"].includes(code))).toEqual([]);
  });
  test("each reason is said once", () => {
    const report: Report = { verdict: "invalid", integrity: "broken", reasons: ["damaged"], signatures: [signature({ reasons: ["digest_mismatch"] }), signature({ reasons: ["digest_mismatch"] })], sha256: "", size: 1, revisions: 2, pages_compared: 0 };
    expect(reasonsOf(report)).toEqual(["Tệp hỏng, chỉ mở được bằng cách sửa.", "Nội dung đã bị sửa sau khi ký."]);
  });
});

describe("a check that came to no end", () => {
  const report = (reasons: string[], ...signatures: SignatureReport[]): Report => ({ verdict: "invalid", integrity: "broken", reasons, signatures, sha256: "", size: 0, revisions: 0, pages_compared: 0 });
  test("says nothing about the file", () => {
    expect(unchecked(report(["crashed"]))).toBe(true);
    expect(unchecked(report(["damaged"]))).toBe(false);
    expect(unchecked(report(["too_slow"], signature()))).toBe(false);
  });
});

describe("a signature alone", () => {
  test("intact and trusted is valid, unknown is not invalid, changed is", () => {
    expect(signatureVerdict(signature())).toBe("valid");
    expect(signatureVerdict(signature({ trusted: false }))).toBe("indeterminate");
    expect(signatureVerdict(signature({ integrity: "modified" }))).toBe("invalid");
  });
  test("facts say the hour of Hà Nội and what is covered", () => {
    const facts = new Map(signatureFacts(signature()).map((fact) => [fact.name, fact.value]));
    expect(facts.get("Giờ ký (do người ký ghi)")).toBe("07:44:05 · 27/11/2026");
    expect(facts.get("Phạm vi")).toBe("bản 2 của tệp");
  });
});
