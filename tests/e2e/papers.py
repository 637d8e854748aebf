"""Papers that the secretary of the scenario uploads: real PDFs of several pages, with text in Vietnamese."""

from __future__ import annotations

from pathlib import Path

from weasyprint import HTML

_PAGE = """<section style="break-after: page"><h1>{title}</h1><p><b>{mark}, trang {number}</b></p>{lines}</section>"""
_LINE = (
    "<p>Căn cứ Luật Tổ chức chính quyền địa phương và tình hình thực hiện nhiệm vụ {number}.{line} của thành phố.</p>"
)


def write_paper(path: Path, title: str, *, pages: int, mark: str = "Bản gốc") -> Path:
    """A PDF whose every page says ``mark`` and its number."""
    body = "".join(
        _PAGE.format(
            title=title, mark=mark, number=number,
            lines="".join(_LINE.format(number=number, line=line) for line in range(1, 13)),
        )
        for number in range(1, pages + 1)
    )  # fmt: skip
    path.write_bytes(HTML(string=f"<html lang='vi'><body>{body}</body></html>").write_pdf())
    return path
