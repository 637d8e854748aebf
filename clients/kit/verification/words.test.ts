/** Tests of the words for what a check found; every code of the signing library has a sentence. */
import { readFileSync } from "node:fs";

import type { Report, SignatureReport } from "@phien/wire";
import { describe, expect, test } from "vitest";

import { advice, algorithmWords, changesOf, changeWords, factsOf, reasonWords, revocationWords, role, signatureVerdict, unchecked, why } from "./words.ts";

const signature = (given: Partial<SignatureReport> = {}): SignatureReport => ({
  field: "ChuKy", kind: "signature", signer: "Đỗ Khắc Tuyên", title: "", organisation: "", issuer: "CA", serial: "0A", claimed_time: "2026-11-27T00:44:05Z",
  algorithm: "ecdsa-secp256r1-sha256", revision: 2, covers_whole_file: false, integrity: "intact", trusted: true, valid_from: null, valid_until: null,
  valid_when_claimed: null, revocation: "good", revocation_source: "", revocation_at: null, level: "B-B", stamped_time: null, stamped_by: "", signed_bytes: 2048,
  changes: [], changed_pages: [], reasons: [], ...given,
});

const report = (given: Partial<Report> = {}): Report => ({
  verdict: "valid", integrity: "intact", reasons: [], signatures: [signature()], sha256: "", size: 1, revisions: 2, pages_compared: 0, checked_at: "2026-11-27T02:00:00Z", ...given,
});

describe("reasons", () => {
  test("every code of the library has its own sentence", () => {
    const source = readFileSync(new URL("../../../signing/report.py", import.meta.url), "utf-8");
    const tables = [...source.matchAll(/^(?:SIGNATURE|FILE)_REASONS = frozenset\(\{([\s\S]*?)^\}\)/gm)].map((found) => found[1] ?? "");
    const codes = tables.flatMap((table) => [...table.matchAll(/"([a-z_]+)"/g)].map((found) => found[1] ?? ""));
    expect(codes.length).toBeGreaterThan(30);
    const fallback = reasonWords("?");
    const without = codes.filter((code) => reasonWords(code) === fallback);
    expect(without.filter((code) => !["crashed", "file_missing", "not_a_file"].includes(code))).toEqual([]);
  });
  test("a check that came to no end says nothing about the file", () => {
    const ended = (reasons: string[], ...signatures: SignatureReport[]): Report => report({ verdict: "invalid", integrity: "broken", reasons, signatures });
    expect(unchecked(ended(["crashed"]))).toBe(true);
    expect(unchecked(ended(["damaged"]))).toBe(false);
    expect(unchecked(ended(["too_slow"], signature()))).toBe(false);
  });
});

describe("the verdict in a sentence", () => {
  test("says who and why where it is not known", () => {
    const unclear = report({ verdict: "indeterminate", signatures: [signature({ trusted: false, reasons: ["issuer_untrusted"] })] });
    expect(why(unclear)).toBe("Đỗ Khắc Tuyên: nơi cấp chứng thư không có trong danh sách tin cậy.");
    expect(advice(unclear)).toContain("thêm chứng thư gốc");
  });
  test("says the file's own reason first, and what to do", () => {
    const forged = report({ verdict: "invalid", reasons: ["value_differs"] });
    expect(why(forged)).toBe(reasonWords("value_differs"));
    expect(advice(forged)).toContain("xin lại bản đã phát hành");
    expect(advice(report())).toBe("");
    const changed = report({ verdict: "invalid", signatures: [signature({ integrity: "modified", changed_pages: [2], reasons: ["picture_differs"] })] });
    expect(why(changed)).toBe("Trang 2 hiện khác với lúc Đỗ Khắc Tuyên ký.");
  });
});

describe("a signature alone", () => {
  test("what is not proven is not valid, what was changed or withdrawn is invalid", () => {
    expect(signatureVerdict(signature())).toBe("valid");
    expect(signatureVerdict(signature({ trusted: false }))).toBe("indeterminate");
    expect(signatureVerdict(signature({ revocation: "unknown" }))).toBe("indeterminate");
    expect(signatureVerdict(signature({ integrity: "modified" }))).toBe("invalid");
    expect(signatureVerdict(signature({ revocation: "revoked" }))).toBe("invalid");
  });
  test("its role is the name of its field", () => {
    expect(["KyNhay2", "ConDau", "ChuKy", "Khac"].map((field) => role(signature({ field })))).toEqual(["Ký nháy", "Con dấu", "Người ký", "Người ký"]);
    expect(role(signature({ kind: "timestamp" }))).toBe("Dấu thời gian");
  });
  test("facts say the hour of Hà Nội, the algorithm and what is covered", () => {
    const facts = new Map(factsOf(signature(), report()).map((fact) => [fact.name, fact.value]));
    expect(facts.get("Giờ ký tự khai")).toBe("07:44:05 · 27/11/2026");
    expect(facts.get("Thuật toán")).toBe("ECDSA P-256, SHA-256");
    expect(facts.get("Phạm vi")).toMatch(/^bản 2 của tệp, 2.KB đầu$/);
    expect(facts.has("Chức vụ")).toBe(false);
  });
  test("names of facts are said once each, so that they can key a list", () => {
    const names = factsOf(signature({ title: "Chủ tịch", organisation: "UBND", stamped_by: "TSA", valid_from: "2026-01-01T00:00:00Z", valid_until: "2028-01-01T00:00:00Z", valid_when_claimed: true }), report()).map((fact) => fact.name);
    expect(new Set(names).size).toBe(names.length);
  });
  test("the answer about the certificate has its age", () => {
    const asked = signature({ revocation_source: "ocsp", revocation_at: "2026-11-26T20:00:00Z" });
    expect(revocationWords(asked, "2026-11-27T02:00:00Z")).toContain("(6 giờ trước khi kiểm tra)");
    expect(revocationWords(asked, "2026-11-30T02:00:00Z")).toContain("(3 ngày trước khi kiểm tra)");
  });
});

describe("what came after", () => {
  const changed = (kind: SignatureReport["changes"][number]["kind"], fields: string[], filled: SignatureReport["changes"][number]["filled"] = []) => ({ revision: 3, kind, fields, filled });
  test("numbers, dates and seals are told as the office calls them", () => {
    expect(changeWords(changed("fields_filled", ["So", "NgayThang"], [{ field: "So", before: "", after: "15" }]))).toBe("điền số “15”, điền ngày, tháng");
    expect(changeWords(changed("fields_filled", ["So"], [{ field: "So", before: "15", after: "16" }]))).toBe("điền số: “15” thành “16”");
    expect(changeWords(changed("signature", ["ConDau"]))).toBe("đóng dấu");
    expect(changeWords(changed("signature", ["KyNhay1"]))).toBe("ký nháy");
    const other = signature({ field: "ChuKy2", signer: "Lê Thị Nháy" });
    expect(changesOf(signature({ changes: [changed("signature", ["ChuKy2"])] }), [other])[0]?.words).toBe("Lê Thị Nháy ký");
  });
  test("a forbidden change names its pages", () => {
    expect(changesOf(signature({ changes: [changed("forbidden", [])], changed_pages: [2] }))).toEqual([{ revision: 3, words: "sửa nội dung trang 2 (không được phép)", forbidden: true }]);
  });
  test("an unknown algorithm keeps its code", () => {
    expect(algorithmWords("ed25519-sha512")).toBe("ed25519-sha512");
    expect(algorithmWords("rsa-pss-2048-sha256")).toBe("RSA-PSS 2048 bit, SHA-256");
  });
});
