/** What a check of signatures found, in words: codes of the signing library's report, who, as what, what came after. Pure. */
import type { Report, SignatureReport } from "@phien/wire";

import { fmtBytes, fmtClock, fmtDate, t } from "../i18n/index.ts";

type Change = SignatureReport["changes"][number];
export type Verdict = Report["verdict"];

const WORDS: Record<string, () => string> = {
  digest_mismatch: () => t("Nội dung đã bị sửa sau khi ký."),
  signature_invalid: () => t("Chữ ký không do khóa này tạo ra."),
  signature_unreadable: () => t("Không đọc được chữ ký trong tệp."),
  byte_range_odd: () => t("Chữ ký không bao đúng phần tệp quanh nó."),
  not_covered: () => t("Chữ ký không bao hết bản mà nó thuộc về."),
  changed_after_signing: () => t("Trang hoặc cấu trúc bị đổi sau khi ký."),
  lock_broken: () => t("Điều mà chữ ký cấm đổi đã bị đổi."),
  picture_differs: () => t("Trang hiện khác với lúc ký."),
  appearance_differs: () => t("Ô điền sau khi ký hiện chữ khác với nội dung của nó."),
  weak_algorithm: () => t("Thuật toán ký đã yếu, không còn dùng được."),
  no_trust_roots: () => t("Chưa có chứng thư gốc nào được tin ở hệ thống này."),
  issuer_untrusted: () => t("Nơi cấp chứng thư không có trong danh sách tin cậy."),
  certificate_expired: () => t("Chứng thư đã hết hạn."),
  certificate_not_yet_valid: () => t("Chứng thư chưa đến ngày có hiệu lực."),
  certificate_revoked: () => t("Chứng thư đã bị thu hồi."),
  certificate_wrong_purpose: () => t("Chứng thư không dùng để ký văn bản."),
  trust_unclear: () => t("Chưa xác định được đường dẫn tin cậy của chứng thư."),
  revocation_unknown: () => t("Chưa hỏi được chứng thư còn hiệu lực hay không."),
  timestamp_invalid: () => t("Dấu thời gian không thuộc về chữ ký này."),
  timestamp_untrusted: () => t("Dấu thời gian do nơi không tin cậy cấp, nên không được tính."),
  time_contradicts: () => t("Giờ ký tự khai muộn hơn giờ đã được chứng minh."),
  not_a_pdf: () => t("Tệp không phải PDF."),
  unreadable: () => t("Không đọc được tệp."),
  damaged: () => t("Tệp hỏng, chỉ mở được bằng cách sửa."),
  encrypted: () => t("Tệp có mật khẩu."),
  hybrid_xref: () => t("Tệp có hai mục lục khác nhau."),
  too_many_signatures: () => t("Tệp có quá nhiều chữ ký."),
  hidden_signature: () => t("Có chữ ký giấu trong tệp mà không ô nào hiện."),
  bytes_after_end: () => t("Có phần thừa sau bản cuối của tệp."),
  filled_after_last_signature: () => t("Có ô điền sau chữ ký cuối, không ai ký phần đó."),
  field_not_fillable: () => t("Có ô không được điền đã bị điền."),
  unexpected_field: () => t("Có ô chữ ký ngoài dự kiến."),
  missing_field: () => t("Thiếu ô chữ ký cần có."),
  value_differs: () => t("Số hoặc ngày trong tệp khác với sổ văn bản."),
  not_our_revision: () => t("Tệp không bắt đầu bằng bản hệ thống đã giao."),
  later_signature_untrusted: () => t("Sau chữ ký tin cậy có người lạ ký thêm."),
  too_large: () => t("Tệp quá lớn."),
  too_slow: () => t("Kiểm tra quá lâu nên đã dừng."),
  out_of_memory: () => t("Tệp cần quá nhiều bộ nhớ nên đã dừng."),
  crashed: () => t("Không kiểm tra được tệp này."),
};

export function reasonWords(code: string): string {
  return WORDS[code]?.() ?? t("Không kiểm tra được tệp này.");
}

const UNCHECKED = new Set(["file_missing", "not_a_file", "too_large", "too_slow", "out_of_memory", "crashed"]);

/** Whether the check itself came to no end: then nothing is said about the file. */
export function unchecked(report: Report): boolean {
  return report.signatures.length === 0 && report.reasons.some((code) => UNCHECKED.has(code));
}

export function verdictName(verdict: Verdict): string {
  switch (verdict) {
    case "valid": return t("HỢP LỆ");
    case "invalid": return t("KHÔNG HỢP LỆ");
    case "indeterminate": return t("CHƯA XÁC ĐỊNH");
    case "unsigned": return t("Không có chữ ký số");
  }
}

/** One sentence: why the verdict is what it is. */
export function why(report: Report): string {
  if (report.verdict === "valid") return t("Tệp còn nguyên như khi ký, người ký được tin cậy, chứng thư chưa bị thu hồi.");
  if (report.verdict === "unsigned") return t("Không ai ký số tệp này.");
  const [first] = report.reasons;
  if (first !== undefined) return reasonWords(first);
  const one = report.signatures.find((each) => each.reasons.length > 0 && (report.verdict === "indeterminate" || signatureVerdict(each) !== "valid"));
  if (one && one.changed_pages.length > 0) return t("Trang {pages} hiện khác với lúc {name} ký.", { pages: one.changed_pages.join(", "), name: one.signer || one.field });
  return one?.reasons[0] === undefined ? t("Tệp không đạt kiểm tra.") : `${one.signer || one.field}: ${lowered(reasonWords(one.reasons[0]))}`;
}

const ADVICE: [string, () => string][] = [
  ["no_trust_roots", () => t("Nhờ quản trị hệ thống thêm chứng thư gốc của nơi cấp, rồi kiểm tra lại.")],
  ["issuer_untrusted", () => t("Hỏi nơi gửi dùng chứng thư của ai. Nếu nơi cấp đáng tin, nhờ quản trị thêm chứng thư gốc, rồi kiểm tra lại.")],
  ["revocation_unknown", () => t("Kiểm tra lại khi máy chủ hỏi được nơi cấp chứng thư, hoặc xin nơi gửi bản kèm bằng chứng (PAdES B-LT).")],
  ["certificate_expired", () => t("Xin nơi gửi bản có dấu thời gian đóng khi chứng thư còn hạn.")],
  ["certificate_not_yet_valid", () => t("Xem lại đồng hồ của máy chủ, rồi hỏi nơi gửi.")],
  ["weak_algorithm", () => t("Xin nơi gửi ký lại bằng thuật toán còn dùng được.")],
  ["time_contradicts", () => t("Hỏi nơi gửi: đồng hồ của máy ký sai.")],
];

/** What a person can do about it now; empty where nothing is to be done. */
export function advice(report: Report): string {
  if (report.verdict === "valid") return "";
  if (report.verdict === "invalid") return t("Không dùng tệp này làm bản gốc. Hỏi nơi gửi và xin lại bản đã phát hành.");
  if (report.verdict === "unsigned") return t("Không coi tệp này là bản gốc.");
  const codes = new Set(report.signatures.flatMap((each) => each.reasons));
  return `${t("Chưa coi là hợp lệ.")} ${ADVICE.find(([code]) => codes.has(code))?.[1]() ?? t("Kiểm tra lại sau.")}`;
}

/** As what somebody signed, by the name of the field that our papers give it. */
export function role(signature: SignatureReport): string {
  if (signature.kind === "timestamp") return t("Dấu thời gian");
  if (/^KyNhay\d*$/.test(signature.field)) return t("Ký nháy");
  if (signature.field === "ConDau") return t("Con dấu");
  if (/^DauPhuLuc\d*$/.test(signature.field)) return t("Dấu phụ lục");
  if (/^SaoY\d*$/.test(signature.field)) return t("Dấu bản sao");
  return t("Người ký");
}

/** What one later version changed; `pages`: those that look otherwise now; `names`: field → who signed in it. */
export function changeWords(change: Change, pages: readonly number[] = [], names: ReadonlyMap<string, string> = new Map()): string {
  if (change.kind === "validation_data") return t("thêm bằng chứng kiểm tra (được phép)");
  if (change.kind === "forbidden") {
    return pages.length > 0 ? t("sửa nội dung trang {pages} (không được phép)", { pages: pages.join(", ") }) : t("sửa nội dung (không được phép)");
  }
  if (change.kind === "field_added") return t("thêm ô {field}", { field: change.fields.join(", ") });
  const [signed, ...rest] = change.kind === "signature" ? change.fields : [undefined, ...change.fields];
  return [...(signed === undefined ? [] : [signedWords(signed, names.get(signed))]), ...rest.filter((one) => one !== undefined).map((field) => filledWords(change, field))].join(", ");
}

function signedWords(field: string, name: string | undefined): string {
  if (field === "ConDau") return t("đóng dấu");
  if (/^KyNhay\d*$/.test(field)) return name ? t("{name} ký nháy", { name }) : t("ký nháy");
  if (name) return t("{name} ký", { name });
  return t("thêm chữ ký ở ô {field}", { field });
}

function filledWords(change: Change, field: string): string {
  const what = field === "So" ? t("điền số") : field === "NgayThang" ? t("điền ngày, tháng") : t("điền ô {field}", { field });
  const text = change.filled.find((one) => one.field === field);
  if (!text) return what;
  return text.before ? t("{what}: “{before}” thành “{after}”", { what, before: text.before, after: text.after }) : `${what} “${text.after}”`;
}

/** A line for each later version, in order. */
export function changesOf(signature: SignatureReport, all: readonly SignatureReport[] = []): { revision: number; words: string; forbidden: boolean }[] {
  const names = new Map(all.filter((one) => one.kind === "signature" && one.signer).map((one) => [one.field, one.signer]));
  return signature.changes.map((change) => ({
    revision: change.revision, words: changeWords(change, signature.changed_pages, names), forbidden: change.kind === "forbidden",
  }));
}

/** "ECDSA P-256, SHA-256". */
export function algorithmWords(code: string): string {
  const [, kind, bits, digest] = /^(ecdsa-secp|rsa-pss-|rsa-pkcs1-)(\d+)(?:r1)?-sha(\d+)$/.exec(code) ?? [];
  if (bits === undefined || digest === undefined) return code;
  const name = kind === "ecdsa-secp" ? `ECDSA P-${bits}` : kind === "rsa-pss-" ? `RSA-PSS ${bits} bit` : `RSA PKCS#1 v1.5 ${bits} bit`;
  return `${name}, SHA-${digest}`;
}

const LEVELS: Record<string, () => string> = {
  "B-B": () => t("PAdES B-B (cơ bản)"), "B-T": () => t("PAdES B-T (có dấu thời gian)"),
  "B-LT": () => t("PAdES B-LT (kèm bằng chứng chứng thư)"), "B-LTA": () => t("PAdES B-LTA (lưu trữ lâu dài)"),
};

const HOUR_MS = 3_600_000;

/** Whether the certificate was withdrawn, by whose word, and how old that word was at the check. */
export function revocationWords(signature: SignatureReport, checkedAt: string | null): string {
  const state = signature.revocation === "good" ? t("chưa bị thu hồi") : signature.revocation === "revoked" ? t("đã bị thu hồi") : t("chưa hỏi được");
  const { revocation_at: at, revocation_source: source } = signature;
  if (!source || at === null) return state;
  const by = source === "ocsp" ? t("hỏi trực tuyến (OCSP)") : t("danh sách thu hồi (CRL)");
  const said = t("{state}, theo {by} lúc {time}", { state, by, time: moment(at) });
  if (checkedAt === null) return said;
  const hours = Math.max(0, Math.floor((Date.parse(checkedAt) - Date.parse(at)) / HOUR_MS));
  const age = hours >= 48 ? t("{count} ngày", { count: Math.floor(hours / 24) }) : hours > 0 ? t("{count} giờ", { count: hours }) : t("dưới 1 giờ");
  return t("{said} ({age} trước khi kiểm tra)", { said, age });
}

export interface Fact { readonly name: string; readonly value: string }

/** All that is said of one signature: the least that Circular 15/2025/TT-BKHCN asks for, and what we know beyond. */
export function factsOf(signature: SignatureReport, report: Report): Fact[] {
  const { valid_from: from, valid_until: until } = signature;
  const facts: [string, string][] = [
    [t("Ký với tư cách"), role(signature)],
    [t("Người ký"), signature.signer || t("không ghi tên")],
    [t("Chức vụ"), signature.title],
    [t("Cơ quan"), signature.organisation],
    [t("Nơi cấp chứng thư"), signature.issuer || t("không ghi")],
    [t("Số chứng thư"), signature.serial],
    [t("Chứng thư có hiệu lực"), from && until ? t("{from} đến {until}", { from: fmtDate(from), until: fmtDate(until) }) : ""],
    [t("Chứng thư lúc ký"), signature.valid_when_claimed === null ? "" : signature.valid_when_claimed ? t("còn hiệu lực") : t("không có hiệu lực")],
    [t("Thu hồi"), revocationWords(signature, report.checked_at)],
    [t("Giờ ký tự khai"), signature.claimed_time ? moment(signature.claimed_time) : t("không ghi")],
    [t("Giờ được chứng minh"), signature.stamped_time ? moment(signature.stamped_time) : t("không có dấu thời gian")],
    [t("Nơi cấp dấu thời gian"), signature.stamped_by],
    [t("Mức chữ ký"), LEVELS[signature.level]?.() ?? ""],
    [t("Thuật toán"), algorithmWords(signature.algorithm)],
    [t("Toàn vẹn"), integrityWords(signature.integrity)],
    [t("Phạm vi"), signature.covers_whole_file ? t("cả tệp") : t("bản {number} của tệp, {size} đầu", { number: signature.revision, size: fmtBytes(signature.signed_bytes) })],
  ];
  return facts.filter(([, value]) => value !== "").map(([name, value]) => ({ name, value }));
}

export function integrityWords(integrity: SignatureReport["integrity"]): string {
  switch (integrity) {
    case "intact": return t("nguyên vẹn");
    case "modified": return t("phần đã ký nguyên vẹn, phần thêm sau không được phép");
    case "broken": return t("đã bị sửa hoặc giả");
    case "none": return t("không có chữ ký");
  }
}

/** The verdict of one signature alone, for its own row. */
export function signatureVerdict(signature: SignatureReport): "valid" | "invalid" | "indeterminate" {
  if (signature.integrity !== "intact" || signature.revocation === "revoked") return "invalid";
  return signature.trusted && signature.revocation === "good" && !signature.reasons.includes("time_contradicts") ? "valid" : "indeterminate";
}

/** What the register and the file are compared in. */
export function registerName(what: "file" | "signer" | "fields" | "seal" | "number" | "date"): string {
  switch (what) {
    case "file": return t("Tệp (SHA-256)");
    case "signer": return t("Người ký");
    case "fields": return t("Ô chữ ký");
    case "seal": return t("Con dấu cơ quan");
    case "number": return t("Số");
    case "date": return t("Ngày ban hành");
  }
}

function moment(at: string): string {
  return `${fmtClock(at)} · ${fmtDate(at)}`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
