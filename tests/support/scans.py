"""Scans made on the spot: Vietnamese print drawn as a picture, upright or turned, noise, and pages of text among it."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from tests.support import pdfs

LINES = (
    "ỦY BAN NHÂN DÂN THÀNH PHỐ",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Kế hoạch đầu tư công trung hạn giai đoạn 2026 - 2030 của thành phố,",
    "tổng số vốn được giao là 8.420 tỷ đồng cho các dự án chuyển tiếp.",
    "Giao Sở Tài chính chủ trì, phối hợp với các sở, ngành có liên quan",
    "hướng dẫn các đơn vị thực hiện và báo cáo kết quả trước ngày 15.",
)
DPI = 150
_SIZE = (1240, 1754)  # A4
_FONT = "LiberationSerif-Regular.ttf"


def print_of(lines: Sequence[str] = LINES) -> Image.Image:
    """A sheet of print, grey, 150 dpi."""
    sheet = Image.new("L", _SIZE, 255)
    font = ImageFont.truetype(_FONT, 32)
    for at, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((120, 150 + 60 * at), line, fill=0, font=font)
    return sheet


def noise() -> Image.Image:
    """A sheet of nothing but grains."""
    return Image.frombytes("L", (_SIZE[0] // 4, _SIZE[1] // 4), os.urandom((_SIZE[0] // 4) * (_SIZE[1] // 4)))


def scan(sheets: Sequence[Image.Image], *, rotate: int = 0) -> bytes:
    """A PDF of one picture a page; ``rotate`` is what its pages say of how they are shown."""
    out = io.BytesIO()
    sheets[0].save(out, "PDF", resolution=DPI, save_all=True, append_images=list(sheets[1:]))
    if not rotate:
        return out.getvalue()
    with pikepdf.open(io.BytesIO(out.getvalue())) as made:
        for page in made.pages:
            page.rotate(rotate, relative=False)
        turned = io.BytesIO()
        made.save(turned)
    return turned.getvalue()


def among(text: bytes, scanned: bytes) -> bytes:
    """The pages of a paper of text, then those of a scan."""
    with pikepdf.open(io.BytesIO(text)) as made, pikepdf.open(io.BytesIO(scanned)) as more:
        made.pages.extend(more.pages)
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def broken() -> bytes:
    """A scan whose picture cannot be decoded."""

    def spoil(made: pikepdf.Pdf) -> None:
        picture = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1240, Height=1754, BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceGray, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        stream = made.make_stream(b"\xff\xd8\xff\xe0 no picture at all", picture)
        made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=stream))
        made.pages[0].Contents = made.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")

    return pdfs.pdf(change=spoil)
