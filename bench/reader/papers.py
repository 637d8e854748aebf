"""The files that readers are measured on: a text of 300 pages and a scan of 60 MB."""

from __future__ import annotations

import io
import random

import pikepdf
from PIL import Image
from weasyprint import HTML

TEXT_PAGES = 300
SCAN_PAGES = 110
SCAN_BYTES = 60_000_000
_SENTENCE = (
    "căn cứ luật tổ chức chính quyền địa phương xét đề nghị của giám đốc sở tài chính về nguồn vốn dự phòng năm tới"
    " thực hiện kế hoạch đầu tư công trung hạn bảo đảm tiến độ giải ngân phê duyệt chủ trương báo cáo kết quả trước"
    " ngày quy định ủy ban nhân dân thành phố giao các xã phường phối hợp thẩm định trình hội đồng xem xét quyết nghị"
)
_WORDS = _SENTENCE.split()
_A4 = (595.28, 841.89)
# 1,240 × 1,754: A4 at 150 dpi, as office scanners send it.
_SCAN_PIXELS = (1240, 1754)


def text() -> bytes:
    """A report of 300 pages with headings, running text and tables, no two of them alike."""
    pick = random.Random(7)
    body = "".join(_chapter(number, pick) for number in range(1, TEXT_PAGES + 1))
    html = f"<html lang='vi'><style>@page {{ size: A4; margin: 20mm }} table {{ width: 100% }}</style>{body}</html>"
    written: bytes = HTML(string=html).write_pdf()
    return written


def _chapter(number: int, pick: random.Random) -> str:
    words = " ".join(pick.choices(_WORDS, k=330))
    cells = "".join(
        f"<tr><td>{row}</td><td>{' '.join(pick.choices(_WORDS, k=5))}</td><td>{pick.random():.4f}</td></tr>"
        for row in range(1, 11)
    )
    return f'<section style="break-after: page"><h1>Phần {number}</h1><p>{words}</p><table>{cells}</table></section>'


def scan() -> bytes:
    """Pages that are one grey JPEG each, noisy as paper is; together about 60 MB."""
    out = io.BytesIO()
    noise = random.Random(7)
    with pikepdf.new() as pdf:
        for _ in range(SCAN_PAGES):
            jpeg = _leaf(noise)
            image = pdf.make_stream(
                jpeg, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=_SCAN_PIXELS[0],
                Height=_SCAN_PIXELS[1], ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )  # fmt: skip
            page = pdf.add_blank_page(page_size=_A4)
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
            page.Contents = pdf.make_stream(f"q {_A4[0]} 0 0 {_A4[1]} 0 0 cm /Im Do Q".encode())
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _leaf(noise: random.Random) -> bytes:
    """One page at the quality that gives its share of the whole."""
    grey = Image.frombytes("L", _SCAN_PIXELS, noise.randbytes(_SCAN_PIXELS[0] * _SCAN_PIXELS[1]))
    paper = Image.blend(Image.new("L", _SCAN_PIXELS, 236), grey, 0.16)
    share = SCAN_BYTES // SCAN_PAGES
    leaf = b""
    for quality in (40, 50, 60, 70, 80, 85, 90):
        out = io.BytesIO()
        paper.save(out, "JPEG", quality=quality)
        leaf = out.getvalue()
        if len(leaf) >= share:
            break
    return leaf
