/** What a check of signatures found, in words. The codes are those of the signing library's report. */
import { fmtClock, fmtDate, t } from "@phien/kit/i18n";
import type { Report, SignatureReport } from "@phien/wire";

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

/** Reasons of the file and of all signatures, each once, in the order of weight that the report gives. */
export function reasonsOf(report: Report): string[] {
  const codes = [...report.reasons, ...report.signatures.flatMap((each) => each.reasons)];
  return [...new Set(codes)].map(reasonWords);
}

const UNCHECKED = new Set(["file_missing", "not_a_file", "too_large", "too_slow", "out_of_memory", "crashed"]);

/** Whether the check itself came to no end: then nothing is said about the file. */
export function unchecked(report: Report): boolean {
  return report.signatures.length === 0 && report.reasons.some((code) => UNCHECKED.has(code));
}

/** Facts under a verdict: who, by which authority, when, over what. */
export function signatureFacts(signature: SignatureReport): { name: string; value: string }[] {
  const time = signature.claimed_time;
  return [
    { name: t("Người ký"), value: signature.signer || t("không ghi tên") },
    ...signature.organisation ? [{ name: t("Cơ quan"), value: signature.organisation }] : [],
    { name: t("Nơi cấp chứng thư"), value: signature.issuer || t("không ghi") },
    { name: t("Số chứng thư"), value: signature.serial },
    { name: t("Giờ ký (do người ký ghi)"), value: time ? `${fmtClock(time)} · ${fmtDate(time)}` : t("không ghi") },
    { name: t("Phạm vi"), value: signature.covers_whole_file ? t("toàn bộ tệp") : t("bản {number} của tệp", { number: signature.revision }) },
    { name: t("Toàn vẹn"), value: integrityWords(signature.integrity) },
  ];
}

export function integrityWords(integrity: SignatureReport["integrity"]): string {
  switch (integrity) {
    case "intact": return t("nguyên vẹn");
    case "modified": return t("phần đã ký nguyên vẹn, phần thêm sau không được phép");
    case "broken": return t("đã bị sửa hoặc giả");
    case "none": return t("không có chữ ký");
  }
}

/** The verdict of one signature alone, for its own card. */
export function signatureVerdict(signature: SignatureReport): "valid" | "invalid" | "indeterminate" {
  if (signature.integrity !== "intact") return "invalid";
  return signature.trusted ? "valid" : "indeterminate";
}
