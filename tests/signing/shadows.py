"""Attacks that are prepared before the signature: what the signer sees is planted, what is shown later lies below."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from tests.signing import attacks, papers

Prepare = Callable[[], bytes]
HARMLESS, HARMFUL = b"BT /F1 40 Tf 72 400 Td (10 dong) Tj ET", b"BT /F1 40 Tf 72 400 Td (10.000 dong) Tj ET"


def _drawn(pdf: pikepdf.Pdf, content: bytes, *, white: bool = False) -> Any:
    """A form XObject as large as the page; on a white ground it hides what lies under it."""
    ground = b"q 1 g 0 0 595 842 re f Q " if white else b""
    page = pdf.pages[0]
    return pdf.make_indirect(pikepdf.Stream(
        pdf, ground + content, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 595, 842],
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=page.Resources.Font.F1)),
    ))  # fmt: skip


def covered() -> bytes:
    """The harmful text is on the page, a harmless picture lies over it."""
    with pikepdf.open(io.BytesIO(papers.form())) as pdf:
        page = pdf.pages[0]
        page.Resources.XObject = pikepdf.Dictionary(Below=_drawn(pdf, HARMFUL), Above=_drawn(pdf, HARMLESS, white=True))
        page.contents_add(b"/Below Do /Above Do")
        return papers.saved(pdf)


def planted() -> bytes:
    """The harmful text is in the file as well, under the same number, inside a stream that nobody draws."""
    paper = _planting(b"")
    number = _objects(paper, "Shown").idnum
    ground = b"q 1 g 0 0 595 842 re f Q "
    plant = (
        b"%d 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    )
    return _planting(plant % (number, len(ground), ground))


def _planting(plant: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(papers.form())) as pdf:
        page = pdf.pages[0]
        page.Resources.XObject = pikepdf.Dictionary(Shown=_drawn(pdf, HARMLESS))
        page.contents_add(b"/Shown Do")
        pdf.Root.PieceInfo = pdf.make_indirect(pikepdf.Stream(pdf, plant))
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
        return out.getvalue()


def layered() -> bytes:
    """Two layers, the harmless one switched on."""
    with pikepdf.open(io.BytesIO(papers.form())) as pdf:
        page = pdf.pages[0]
        groups = [pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=name)) for name in ("Good", "Harm")]
        shown = [_drawn(pdf, HARMLESS), _drawn(pdf, HARMFUL)]
        for group, form in zip(groups, shown, strict=True):
            form.OC = group
        page.Resources.XObject = pikepdf.Dictionary(A=shown[0], B=shown[1])
        page.contents_add(b"/A Do /B Do")
        order = pikepdf.Dictionary(ON=[groups[0]], OFF=[groups[1]])
        pdf.Root.OCProperties = pdf.make_indirect(pikepdf.Dictionary(OCGs=groups, D=order))
        return papers.saved(pdf)


def _objects(pdf: bytes, name: str) -> Any:
    """Reference of the page's XObject of that name."""
    found: list[Any] = []

    def look(writer: Any) -> None:
        found.append(writer.root["/Pages"]["/Kids"][0]["/Resources"]["/XObject"].raw_get("/" + name).reference)

    attacks.updated(pdf, look)
    return found[0]


def cover_freed(pdf: bytes) -> bytes:
    """Hide: the cover's number is marked free, no object is written at all."""
    number = _objects(pdf, "Above").idnum
    return _xref_only(pdf, b"%d 1\n0000000000 00001 f \n" % number)


def cover_emptied(pdf: bytes) -> bytes:
    """Hide: the cover is written anew, empty."""
    number = _objects(pdf, "Above").idnum
    empty = b"%d 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Length 0 >>\nstream\n\nendstream\nendobj\n"
    return _xref_only(pdf + empty % number, b"%d 1\n%010d 00000 n \n" % (number, len(pdf)))


def plant_shown(pdf: bytes) -> bytes:
    """Hide and replace: the shown object's number now leads to the planted one, which was signed with the file."""
    number = _objects(pdf, "Shown").idnum
    offsets = [found.start() for found in re.finditer(rb"(?<!\d)%d 0 obj" % number, pdf)]
    listed = int(re.search(rb"(?<=xref\n)[\s\S]*?(?=trailer)", pdf).group().splitlines()[1 + number][:10])  # type: ignore[union-attr]
    (other,) = set(offsets) - {listed}
    return _xref_only(pdf, b"%d 1\n%010d 00000 n \n" % (number, other))


def layers_switched(pdf: bytes) -> bytes:
    def change(writer: Any) -> None:
        order = writer.root["/OCProperties"]["/D"]
        order["/ON"], order["/OFF"] = order["/OFF"], order["/ON"]
        writer.update_container(order)

    return attacks.updated(pdf, change)


def _xref_only(pdf: bytes, rows: bytes) -> bytes:
    """An update that consists of a cross-reference table alone."""
    start = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    size = max(int(n) for n in re.findall(rb"/Size (\d+)", pdf))
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    trailer = b"trailer\n<< /Size %d /Root %s /Prev %s >>\n" % (size, root, start)
    return pdf + b"xref\n" + rows + trailer + b"startxref\n%d\n%%%%EOF\n" % len(pdf)


def _page_entry(key: str, value: Any) -> attacks.Attack:
    def change(writer: Any) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[pdf_name(key)] = value
        writer.update_container(page)

    return lambda pdf: attacks.updated(pdf, change)


def appearance_of_signature(pdf: bytes) -> bytes:
    """Another picture in the box of a signature that was made."""

    def change(writer: Any) -> None:
        field = attacks.field_of(writer, "ChuKy1")
        picture = generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): attacks.numbers(0, 0, 200, 100),
            },
            stream_data=b"1 0 0 rg 0 0 200 100 re f",
        )  # fmt: skip
        field["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(picture)})
        field["/Rect"] = attacks.numbers(72, 300, 272, 400)
        writer.update_container(field)

    return attacks.updated(pdf, change)


def attachment(pdf: bytes) -> bytes:
    def change(writer: Any) -> None:
        file = generic.StreamObject({pdf_name("/Type"): pdf_name("/EmbeddedFile")}, stream_data=b"MZ")
        spec = generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Filespec"), pdf_name("/F"): generic.pdf_string("phu-luc.pdf"),
            pdf_name("/EF"): generic.DictionaryObject({pdf_name("/F"): writer.add_object(file)}),
        })  # fmt: skip
        names = generic.ArrayObject([generic.pdf_string("phu-luc.pdf"), writer.add_object(spec)])
        tree = generic.DictionaryObject({pdf_name("/Names"): names})
        writer.root["/Names"] = generic.DictionaryObject({pdf_name("/EmbeddedFiles"): tree})
        writer.update_root()

    return attacks.updated(pdf, change)


def large_box(pdf: bytes) -> bytes:
    """Somebody of the house signs with a picture over the whole page: a new page drawn inside a signature."""
    from PIL import Image

    from signing import Stamp

    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 255, 255, 255)).save(out, "PNG")
    stamp = Stamp(box=(20, 20, 575, 822), image=out.getvalue())
    return papers.signed(pdf, papers.signer("Trần Văn Che"), stamp=stamp)


PREPARED: dict[str, tuple[Prepare, attacks.Attack]] = {
    "hide: cover freed": (covered, cover_freed),
    "hide: cover emptied": (covered, cover_emptied),
    "hide and replace": (planted, plant_shown),
    "layers switched": (layered, layers_switched),
    "page turned": (papers.form, _page_entry("/Rotate", generic.NumberObject(90))),
    "page cut": (papers.form, _page_entry("/CropBox", attacks.numbers(0, 0, 595, 300))),
    "action on the page": (papers.form, _page_entry("/AA", generic.DictionaryObject())),
    "picture of the signature": (papers.form, appearance_of_signature),
    "attachment": (papers.form, attachment),
    "signature over the whole page": (papers.form, large_box),
}
