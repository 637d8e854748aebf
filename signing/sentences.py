"""Sentences about a report in Vietnamese, for people who are no experts: verdicts, reasons, roles, changes, advice."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone

from signing.report import Change, Report, SignatureReport

_HANOI = timezone(timedelta(hours=7))
VERDICTS = {
    "valid": "HỢP LỆ", "invalid": "KHÔNG HỢP LỆ", "indeterminate": "CHƯA XÁC ĐỊNH", "unsigned": "KHÔNG CÓ CHỮ KÝ SỐ",
}  # fmt: skip
_MEANING = {
    "valid": "Tệp còn nguyên như khi ký, người ký được tin cậy và chứng thư chưa bị thu hồi.",
    "invalid": "Tệp không đạt kiểm tra.",
    "indeterminate": "Nội dung chưa bị sửa, nhưng chưa đủ căn cứ để tin người ký.",
    "unsigned": "Không ai ký số tệp này.",
}
INTEGRITY = {
    "intact": "còn nguyên từ lúc ký", "modified": "đã bị thay đổi sau khi ký", "broken": "đã hỏng hoặc bị giả mạo",
    "none": "chưa ký",
}  # fmt: skip
REVOCATION = {"good": "chưa bị thu hồi", "revoked": "ĐÃ BỊ THU HỒI", "unknown": "chưa hỏi được"}
SOURCES = {"ocsp": "hỏi trực tuyến (OCSP)", "crl": "danh sách thu hồi (CRL)", "": ""}
LEVELS = {
    "B-B": "PAdES B-B (cơ bản)", "B-T": "PAdES B-T (có dấu thời gian)",
    "B-LT": "PAdES B-LT (kèm bằng chứng chứng thư)", "B-LTA": "PAdES B-LTA (lưu trữ lâu dài)",
}  # fmt: skip
REASONS = {
    "digest_mismatch": "Nội dung đã bị sửa sau khi ký.",
    "signature_invalid": "Chữ ký không do khóa này tạo ra.",
    "signature_unreadable": "Không đọc được chữ ký trong tệp.",
    "byte_range_odd": "Chữ ký không bao đúng phần tệp quanh nó.",
    "not_covered": "Chữ ký không bao hết bản mà nó thuộc về.",
    "changed_after_signing": "Trang hoặc cấu trúc tệp bị đổi sau khi ký.",
    "lock_broken": "Điều mà chữ ký cấm đổi đã bị đổi.",
    "picture_differs": "Trang hiện khác với lúc ký.",
    "appearance_differs": "Ô điền sau khi ký hiện chữ khác với nội dung của nó.",
    "weak_algorithm": "Thuật toán ký đã yếu, không còn chứng minh được gì.",
    "no_trust_roots": "Chưa nêu chứng thư gốc nào để tin.",
    "issuer_untrusted": "Nơi cấp chứng thư không có trong danh sách tin cậy.",
    "certificate_expired": "Chứng thư đã hết hạn.",
    "certificate_not_yet_valid": "Chứng thư chưa đến ngày có hiệu lực.",
    "certificate_revoked": "Chứng thư đã bị thu hồi.",
    "certificate_wrong_purpose": "Chứng thư không được cấp để ký văn bản.",
    "trust_unclear": "Chưa xác định được đường dẫn tin cậy của chứng thư.",
    "revocation_unknown": "Chưa biết chứng thư còn hiệu lực hay đã thu hồi.",
    "timestamp_invalid": "Dấu thời gian không thuộc về chữ ký này.",
    "timestamp_untrusted": "Dấu thời gian do nơi không tin cậy cấp, nên không được tính.",
    "time_contradicts": "Giờ ký tự khai muộn hơn giờ đã được chứng minh.",
    "not_a_pdf": "Tệp không phải PDF.",
    "unreadable": "Không đọc được tệp.",
    "damaged": "Tệp hỏng, chỉ mở được bằng cách sửa.",
    "encrypted": "Tệp có mật khẩu.",
    "hybrid_xref": "Tệp có hai mục lục khác nhau, có thể hiện khác nhau.",
    "too_many_signatures": "Tệp có quá nhiều chữ ký.",
    "hidden_signature": "Có chữ ký giấu trong tệp mà không ô nào hiện.",
    "bytes_after_end": "Có phần thừa sau bản cuối của tệp.",
    "filled_after_last_signature": "Có ô điền sau chữ ký cuối, không ai ký phần đó.",
    "field_not_fillable": "Có ô không được điền đã bị điền.",
    "unexpected_field": "Có chữ ký ngoài dự kiến.",
    "missing_field": "Thiếu chữ ký cần có.",
    "value_differs": "Số hoặc ngày trong tệp khác với sổ văn bản.",
    "not_our_revision": "Tệp không bắt đầu bằng bản đã giao.",
    "later_signature_untrusted": "Sau chữ ký tin cậy có người lạ ký thêm.",
    "file_missing": "Không có tệp này.",
    "not_a_file": "Đây không phải tệp.",
    "too_large": "Tệp quá lớn.",
    "too_slow": "Kiểm tra quá lâu nên đã dừng.",
    "out_of_memory": "Tệp cần quá nhiều bộ nhớ nên đã dừng.",
    "crashed": "Không kiểm tra được tệp này.",
}

# Fields as our own papers name them; any other name is told as it is.
_ROLES = (
    (re.compile(r"KyNhay\d*"), "Ký nháy", "ký nháy"), (re.compile(r"ConDau"), "Con dấu", "đóng dấu"),
    (re.compile(r"DauPhuLuc\d*"), "Dấu phụ lục", "đóng dấu phụ lục"),
    (re.compile(r"SaoY\d*"), "Dấu bản sao", "đóng dấu bản sao"),
    (re.compile(r"ChuKy\d*"), "Người ký", "ký"),
)  # fmt: skip
_FIELDS = {"So": "số", "NgayThang": "ngày, tháng"}
# What to do about a reason that leaves a file undecided; of several, the first that is there.
_ADVICE = (
    ("no_trust_roots", "Nhờ quản trị hệ thống thêm chứng thư gốc của nơi cấp, rồi kiểm tra lại."),
    (
        "issuer_untrusted",
        "Hỏi nơi gửi dùng chứng thư của ai. Nếu nơi cấp đáng tin, nhờ quản trị thêm chứng thư gốc, rồi kiểm tra lại.",
    ),
    (
        "revocation_unknown",
        "Kiểm tra lại khi máy chủ hỏi được nơi cấp chứng thư, hoặc xin nơi gửi bản có kèm bằng chứng (PAdES B-LT).",
    ),
    ("certificate_expired", "Xin nơi gửi bản có dấu thời gian đóng khi chứng thư còn hạn."),
    ("certificate_not_yet_valid", "Xem lại đồng hồ của máy, rồi hỏi nơi gửi."),
    ("weak_algorithm", "Xin nơi gửi ký lại bằng thuật toán còn dùng được."),
    ("time_contradicts", "Hỏi nơi gửi: đồng hồ của máy ký sai."),
)
_KEYS = (
    (re.compile(r"ecdsa-secp(\d+)r1-(\w+)"), "ECDSA P-{}, {}"),
    (re.compile(r"rsa-pss-(\d+)-(\w+)"), "RSA-PSS {} bit, {}"),
    (re.compile(r"rsa-pkcs1-(\d+)-(\w+)"), "RSA PKCS#1 v1.5 {} bit, {}"),
)


def why(report: Report) -> str:
    """One sentence: why the verdict is what it is."""
    if report.verdict in {"valid", "unsigned"}:
        return _MEANING[report.verdict]
    if report.reasons:
        return REASONS[report.reasons[0]]
    for one in report.signatures:
        if one.reasons and (report.verdict == "indeterminate" or one.integrity != "intact" or not one.trusted):
            who = one.signer or one.field
            if one.changed_pages:
                return f"Trang {_listed(one.changed_pages)} hiện khác với lúc {who} ký."
            return f"{role(one)} {who}: {lowered(REASONS[one.reasons[0]])}"
    return _MEANING[report.verdict]


def advice(report: Report) -> str:
    """What a person can do about it now."""
    if report.verdict == "valid":
        return ""
    if report.verdict == "invalid":
        return "Không dùng tệp này làm bản gốc. Hỏi nơi gửi và xin lại bản đã phát hành."
    if report.verdict == "unsigned":
        return "Không coi tệp này là bản gốc: không ai ký số."
    codes = {code for one in report.signatures for code in one.reasons}
    told = next((text for code, text in _ADVICE if code in codes), "Kiểm tra lại sau.")
    return f"Chưa coi là hợp lệ. {told}"


def role(one: SignatureReport) -> str:
    """As what somebody signed, by the name of the field."""
    if one.kind == "timestamp":
        return "Dấu thời gian"
    return next((name for pattern, name, _ in _ROLES if pattern.fullmatch(one.field)), "Người ký")


def algorithm(code: str) -> str:
    """E.g. "ECDSA P-256, SHA-256"."""
    for pattern, form in _KEYS:
        if found := pattern.fullmatch(code):
            return form.format(found[1], found[2].upper().replace("SHA", "SHA-").replace("SHA-3_", "SHA3-"))
    return code


def changes(one: SignatureReport, report: Report) -> Iterator[str]:
    """What came after a signature of the report, a line to each version."""
    names = {each.field: each.signer for each in report.signatures if each.kind == "signature"}
    for change in one.changes:
        yield f"bản {change.revision}: {change_words(change, one.changed_pages, names)}"
    if one.changed_pages and not any(change.kind == "forbidden" for change in one.changes):
        yield f"trang {_listed(one.changed_pages)} hiện khác lúc ký"


def change_words(change: Change, pages: tuple[int, ...] = (), names: Mapping[str, str] | None = None) -> str:
    """What one version changed; `pages`: those that look otherwise now; `names`: field → who signed in it."""
    if change.kind == "validation_data":
        return "thêm bằng chứng kiểm tra (được phép)"
    if change.kind == "forbidden":
        where = f" trang {_listed(pages)}" if pages else ""
        fields = f", ô {', '.join(change.fields)}" if change.fields else ""
        return f"SỬA NỘI DUNG{where}{fields} (không được phép)"
    if change.kind == "field_added":
        return f"thêm ô {', '.join(change.fields)}"
    signed = change.fields[:1] if change.kind == "signature" else ()
    said = [_signed(name, (names or {}).get(name, "")) for name in signed]
    said += [_filled(change, name) for name in change.fields[len(signed) :]]
    return ", ".join(said)


def _signed(field: str, name: str) -> str:
    known = next((words for pattern, _, words in _ROLES if pattern.fullmatch(field)), "ký")
    if known not in {"ký", "ký nháy"}:
        return known  # a seal is the agency's
    return f"{name} {known}" if name else f"{known} ở ô {field}"


def _filled(change: Change, name: str) -> str:
    own = f"điền {_FIELDS[name]}" if name in _FIELDS else f"điền ô {name}"
    text = next((one for one in change.filled if one.field == name), None)
    if text is None:
        return own
    return f"{own} “{text.after}”" if not text.before else f"{own}: “{text.before}” thành “{text.after}”"


def revocation(one: SignatureReport, at: datetime | None) -> str:
    """Whether the certificate was withdrawn, by whose word, and how old that word is."""
    source = SOURCES[one.revocation_source]
    if not source:
        return REVOCATION[one.revocation]
    age = f" ({_age(at - one.revocation_at)} trước khi kiểm tra)" if at and one.revocation_at else ""
    return f"{REVOCATION[one.revocation]}, theo {source} lúc {time(one.revocation_at)}{age}"


def _age(span: timedelta) -> str:
    hours = max(0, int(span.total_seconds() // 3600))
    return f"{hours // 24} ngày" if hours >= 48 else f"{hours} giờ" if hours else "dưới 1 giờ"  # noqa: PLR2004


def coverage(one: SignatureReport) -> str:
    """What of the file it covers."""
    return "cả tệp" if one.covers_whole_file else f"bản {one.revision} của tệp, {one.signed_bytes} byte đầu"


def time(moment: datetime | None) -> str:
    """As Hanoi's clocks show it, with its distance from UTC; "" for none."""
    return moment.astimezone(_HANOI).strftime("%H:%M:%S %d/%m/%Y +07:00") if moment else ""


def _listed(pages: tuple[int, ...]) -> str:
    return ", ".join(map(str, pages))


def lowered(sentence: str) -> str:
    """The sentence as it stands after a colon."""
    return sentence[:1].lower() + sentence[1:]
