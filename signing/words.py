"""A report in Vietnamese: as parts with headings, as text, and as a page by itself; codes stay in the JSON."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple

from signing import sentences as say
from signing.report import Report, SignatureReport


class Part(NamedTuple):
    """A heading, lines of label and value, and sentences."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...] = ()


def parts(report: Report, file: str) -> Iterator[Part]:
    """What is to be said: the file as a whole, then every signature."""
    lines = [("Tệp", file), ("Nội dung", say.INTEGRITY[report.integrity]), ("Số chữ ký", str(_people(report)))]
    if report.sha256:
        lines.append(("Mã SHA-256", report.sha256))
    if report.checked_at:
        lines.append(("Kiểm tra lúc", say.time(report.checked_at)))
    told = (say.why(report), say.advice(report), *(say.REASONS[code] for code in report.reasons))
    yield Part(f"KẾT LUẬN: {say.VERDICTS[report.verdict]}", tuple(lines), tuple(dict.fromkeys(filter(None, told))))
    for number, one in enumerate(report.signatures, 1):
        kind = "Dấu thời gian" if one.kind == "timestamp" else f"Chữ ký {number}"
        told = tuple(say.REASONS[code] for code in one.reasons)
        yield Part(f"{kind}: {one.signer or one.field}", tuple(_lines(report, one)), told)


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


def _lines(report: Report, one: SignatureReport) -> Iterator[tuple[str, str]]:
    told = (
        ("Ký với tư cách", say.role(one)), ("Chức vụ", one.title), ("Cơ quan", one.organisation),
        ("Nơi cấp chứng thư", one.issuer), ("Số chứng thư", one.serial), ("Chứng thư có hiệu lực", _span(one)),
        ("Khi ký", _when_claimed(one)), ("Ô chữ ký", one.field), ("Giờ ký tự khai", say.time(one.claimed_time)),
        ("Giờ được chứng minh", say.time(one.stamped_time) or "không có"), ("Nơi cấp dấu thời gian", one.stamped_by),
        ("Mức chữ ký", say.LEVELS.get(one.level, "")), ("Thuật toán", say.algorithm(one.algorithm)),
        ("Nội dung", say.INTEGRITY[one.integrity]),
        ("Người ký", "được tin cậy" if one.trusted else "chưa được tin cậy"),
        ("Thu hồi", say.revocation(one, report.checked_at)), ("Phạm vi", say.coverage(one)),
    )  # fmt: skip
    yield from ((label, value) for label, value in told if value)
    after = list(say.changes(one, report)) or ["không có thay đổi"]
    yield from (("Sau đó", line) for line in after)


def _span(one: SignatureReport) -> str:
    return f"{say.time(one.valid_from)} đến {say.time(one.valid_until)}" if one.valid_from else ""


def _when_claimed(one: SignatureReport) -> str:
    if one.valid_when_claimed is None:
        return ""
    return "chứng thư còn hiệu lực" if one.valid_when_claimed else "chứng thư không có hiệu lực"
