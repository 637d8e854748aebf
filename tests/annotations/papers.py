"""Marks of every kind, papers to put them on, and pictures of what renderers make of it."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from server.annotations.child import Mark, Sheet
from server.annotations.wire import Annotation, Body, Highlight, Ink, Note, Shape, Text
from tests.support import pdfs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = "Đề nghị làm rõ số liệu, ưu tiên quý IV"
WRITTEN = "Kế hoạch đầu tư công: rà soát từng dự án ở bến đá"
# Each where the others are not; 100 pt apart in the height.
BODIES: dict[str, Body] = {
    "ink": Ink(color="#c00000", w=4, pts=(10000, 10000, 50, 20000, 0, 0)),
    "marker": Ink(color="#ffd400", w=14, marker=True, pts=(10000, 20000, 50, 20000, 0, 0)),
    "highlight": Highlight(color="#ffd400", quads=((72, 722, 172, 722, 72, 696, 172, 696),), quote="Phien 1"),
    "underline": Highlight(color="#008000", quads=((300, 722, 400, 722, 300, 696, 400, 696),), style="underline"),
    "strike": Highlight(color="#800000", quads=((420, 722, 500, 722, 420, 696, 500, 696),), style="strike"),
    "note": Note(x=400, y=300, text=WORDS),
    "arrow": Shape(shape="arrow", color="#c00000", w=3, x1=100, y1=400, x2=300, y2=400),
    "line": Shape(shape="line", color="#0000c0", w=3, x1=350, y1=400, x2=450, y2=400),
    "rect": Shape(shape="rect", color="#0000c0", w=3, x1=100, y1=450, x2=200, y2=500),
    "text": Text(x=250, y=640, width=200, size=14, color="#5a2c91", text=WRITTEN),
}
SUBTYPES = {
    "ink": "/Ink", "marker": "/Ink", "highlight": "/Highlight", "underline": "/Underline", "strike": "/StrikeOut",
    "note": "/Text", "arrow": "/Line", "line": "/Line", "rect": "/Square", "text": "/FreeText",
}  # fmt: skip
# A point of each mark's own colour, in the page's space.
SHOWN: dict[str, tuple[tuple[float, float], str]] = {
    "ink": ((200, 100), "#c00000"), "marker": ((200, 200), "#ffe97f"), "highlight": ((168, 700), "#ffd400"),
    "underline": ((350, 697.6), "#008000"), "strike": ((460, 709), "#800000"), "note": ((394.5, 305), "#5a2c91"),
    "arrow": ((297, 400), "#c00000"), "line": ((400, 400), "#0000c0"), "rect": ((100, 475), "#0000c0"),
}  # fmt: skip


def mark(body: Body, *, page: int = 1, private: bool = True, name: str = "0190") -> Mark:
    annotation = Annotation(
        id=f"{name}-{page}-{type(body).__name__}", version_id="v", owner_id="an", owner_name="Nguyễn Thị Ánh",
        page=page, body=body, rev=1, created_at="2026-11-20T01:02:03.000000Z", updated_at="2026-11-21T04:05:06.000000Z",
    )  # fmt: skip
    return Mark(annotation, private=private)


def sheet(*, signed: bool = False) -> Sheet:
    return Sheet(
        title="Tờ trình về đầu tư công", symbol="12/TTr", meeting="Phiên họp tháng 11", taker="Nguyễn Thị Ánh",
        at="08:00, 22/11/2026", signed=signed, layers=("ghi chú riêng",),
    )  # fmt: skip


def paper(
    folder: Path,
    *,
    pages: int = 1,
    rotate: int = 0,
    crop: bool = False,
    change: Callable[[pikepdf.Pdf], None] | None = None,
) -> str:
    def turned(made: pikepdf.Pdf) -> None:
        for page in made.pages:
            page.obj.Rotate = rotate
            if crop:
                page.obj.CropBox = Array([40, 60, 560, 800])
        if change is not None:
            change(made)

    path = folder / f"paper-{rotate}-{pages}.pdf"
    path.write_bytes(pdfs.pdf(pages=pages, change=turned))
    return str(path)


def linked(made: pikepdf.Pdf) -> None:
    """Each page leads to the next, the last to the first; a field, and somebody's mark, are on the first."""
    pages = list(made.pages)
    for page, following in zip(pages, [*pages[1:], pages[0]], strict=True):
        box = Array([72, 100, 100, 120])
        lead = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, Dest=Array([following.obj, Name.Fit]))
        page.obj.Annots = Array([made.make_indirect(lead)])
    look = made.make_stream(
        b"0 0 1 rg 0 0 80 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 80, 20])
    )
    field = made.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("Ký"), Rect=Array([400, 100, 480, 120]), F=4,
            AP=Dictionary(N=look), V=Dictionary(Type=Name.Sig, Contents=b"signed"),
        )
    )  # fmt: skip
    theirs = Dictionary(
        Type=Name.Annot, Subtype=Name.Square, Rect=Array([500, 100, 540, 120]), Contents=String("có sẵn"), F=4,
        AP=Dictionary(N=look),
    )  # fmt: skip
    made.pages[0].Annots.extend([field, made.make_indirect(theirs)])
    made.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def by_pdfium(path: str, page: int = 0) -> Image.Image:
    with pypdfium2.PdfDocument(path) as document:
        picture: Image.Image = document[page].render(scale=2, may_draw_forms=False).to_pil()
        return picture.convert("RGB")


def by_poppler(path: str, page: int = 0) -> Image.Image:
    asked = ["-f", str(page + 1), "-l", str(page + 1), "-r", "144", "-cropbox", "-png", path]
    done = subprocess.run(["pdftoppm", *asked], capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def by_mupdf(path: str, page: int = 0) -> Image.Image:
    asked = ["-q", "-r", "144", "-c", "rgb", "-F", "png", "-o", "-", path, str(page + 1)]
    done = subprocess.run(["mutool", "draw", *asked], capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


# MuPDF's licence keeps it out of what is installed for the tests: it takes part where somebody has it.
RENDERERS = (by_pdfium, by_poppler, *((by_mupdf,) if shutil.which("mutool") else ()))


def words(path: str) -> str:
    """All words of a paper as poppler reads them, annotations too, with lines joined."""
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())
