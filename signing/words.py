"""A report in Vietnamese for people who are no experts: as text, and as a page to print; codes stay in the JSON."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from html import escape
from typing import NamedTuple

from signing.report import Change, Report, SignatureReport

_HANOI = timezone(timedelta(hours=7))
VERDICTS = {
    "valid": "HỢP LỆ", "invalid": "KHÔNG HỢP LỆ", "indeterminate": "CHƯA XÁC ĐỊNH", "unsigned": "KHÔNG CÓ CHỮ KÝ SỐ",
}  # fmt: skip
_MEANING = {
    "valid": "Tệp còn nguyên như khi ký, người ký được tin cậy và chứng thư chưa bị thu hồi.",
    "invalid": "Không dùng tệp này làm bản gốc. Lý do ghi bên dưới.",
    "indeterminate": "Nội dung chưa bị sửa, nhưng chưa đủ căn cứ để tin người ký. Đừng coi là hợp lệ.",
    "unsigned": "Không ai ký số tệp này.",
}
_INTEGRITY = {
    "intact": "còn nguyên từ lúc ký", "modified": "đã bị thay đổi sau khi ký", "broken": "đã hỏng hoặc bị giả mạo",
    "none": "chưa ký",
}  # fmt: skip
_REVOCATION = {"good": "chưa bị thu hồi", "revoked": "ĐÃ BỊ THU HỒI", "unknown": "chưa hỏi được"}
_SOURCE = {"ocsp": "hỏi trực tuyến (OCSP)", "crl": "danh sách thu hồi (CRL)", "": ""}
_LEVELS = {
    "B-B": "PAdES B-B (cơ bản)", "B-T": "PAdES B-T (có dấu thời gian)",
    "B-LT": "PAdES B-LT (kèm bằng chứng chứng thư)", "B-LTA": "PAdES B-LTA (lưu trữ lâu dài)",
}  # fmt: skip
_CHANGES = {
    "signature": "thêm chữ ký", "validation_data": "thêm bằng chứng kiểm tra (được phép)", "fields_filled": "điền ô",
    "field_added": "thêm ô", "forbidden": "SỬA NỘI DUNG (không được phép)",
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


class Part(NamedTuple):
    """A heading, lines of label and value, and sentences."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...] = ()


def parts(report: Report, file: str) -> Iterator[Part]:
    """What is to be said: the file as a whole, then every signature."""
    lines = [("Tệp", file), ("Nội dung", _INTEGRITY[report.integrity]), ("Số chữ ký", str(_people(report)))]
    if report.sha256:
        lines.append(("Mã SHA-256", report.sha256))
    sentences = (_MEANING[report.verdict], *(REASONS[code] for code in report.reasons))
    yield Part(f"KẾT LUẬN: {VERDICTS[report.verdict]}", tuple(lines), sentences)
    for number, one in enumerate(report.signatures, 1):
        kind = "Dấu thời gian" if one.kind == "timestamp" else "Chữ ký"
        sentences = tuple(REASONS[code] for code in one.reasons)
        yield Part(f"{kind} {number}: {one.signer or one.field}", tuple(_lines(one)), sentences)


def as_text(report: Report, file: str) -> str:
    """The report as plain text."""
    blocks = []
    for part in parts(report, file):
        width = max(len(label) for label, _ in part.lines)
        rows = [f"  {label.ljust(width)}  {value}" for label, value in part.lines]
        blocks.append("\n".join([part.heading, *rows, *(f"  - {one}" for one in part.sentences)]))
    return "\n\n".join(blocks) + "\n"


def as_html(reports: Iterable[tuple[str, Report]]) -> str:
    """One page to look at or print, by itself: nothing is loaded, nothing runs."""
    body = []
    for file, report in reports:
        sections = []
        for part in parts(report, file):
            rows = "".join(f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>" for label, value in part.lines)
            said = "".join(f"<li>{escape(one)}</li>" for one in part.sentences)
            sections.append(f"<h2>{escape(part.heading)}</h2><table>{rows}</table><ul>{said}</ul>")
        body.append(f'<article class="{report.verdict}">{"".join(sections)}</article>')
    return _PAGE.replace("<!-- reports -->", "".join(body))


_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Kết quả kiểm tra chữ ký số</title>
<style>
@page{size:A4;margin:20mm}body{font:11pt/1.45 "Times New Roman","Liberation Serif",serif;max-width:42em;margin:auto}
article{break-after:page}h2{font-size:12pt;margin:1.2em 0 .3em;break-after:avoid}h2:first-child{font-size:16pt}
.valid h2:first-child{color:#0a5c2b}.invalid h2:first-child{color:#a80f0f}.indeterminate h2:first-child{color:#7a4d00}
th{text-align:left;font-weight:normal;color:#444;padding:0 1em 0 0;vertical-align:top;white-space:nowrap}
td{overflow-wrap:anywhere}ul{margin:.4em 0}table{border-spacing:0}
</style><h1>Kết quả kiểm tra chữ ký số</h1><!-- reports --></html>
"""


def _people(report: Report) -> int:
    return sum(one.kind == "signature" for one in report.signatures)


def _lines(one: SignatureReport) -> Iterator[tuple[str, str]]:
    told = (
        ("Chức vụ", one.title), ("Cơ quan", one.organisation), ("Nơi cấp chứng thư", one.issuer),
        ("Số chứng thư", one.serial), ("Chứng thư có hiệu lực", _span(one)), ("Ô chữ ký", one.field),
        ("Giờ ký tự khai", _time(one.claimed_time)), ("Giờ được chứng minh", _time(one.stamped_time)),
        ("Nơi cấp dấu thời gian", one.stamped_by), ("Mức chữ ký", _LEVELS.get(one.level, "")),
        ("Thuật toán", one.algorithm), ("Nội dung", _INTEGRITY[one.integrity]),
        ("Người ký", "được tin cậy" if one.trusted else "chưa được tin cậy"), ("Thu hồi", _revocation(one)),
        ("Phạm vi", "cả tệp" if one.covers_whole_file else f"bản {one.revision} của tệp, {one.signed_bytes} byte đầu"),
    )  # fmt: skip
    yield from ((label, value) for label, value in told if value)
    for change in one.changes:
        yield "Sau đó", _change(change)
    if one.changed_pages:
        yield "Trang hiện khác", ", ".join(map(str, one.changed_pages))


def _span(one: SignatureReport) -> str:
    return f"{_time(one.valid_from)} đến {_time(one.valid_until)}" if one.valid_from else ""


def _revocation(one: SignatureReport) -> str:
    source = _SOURCE[one.revocation_source]
    return _REVOCATION[one.revocation] + (f", theo {source} lúc {_time(one.revocation_at)}" if source else "")


def _change(change: Change) -> str:
    fields = f": {', '.join(change.fields)}" if change.fields else ""
    return f"bản {change.revision}, {_CHANGES[change.kind]}{fields}"


def _time(moment: datetime | None) -> str:
    return moment.astimezone(_HANOI).strftime("%H:%M:%S %d/%m/%Y +07:00") if moment else ""
