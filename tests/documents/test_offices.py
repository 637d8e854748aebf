"""Office papers, pictures and rich text at the gate: what is refused by its structure alone, and what is let in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from server.documents.intake.judge import judge
from server.documents.models import Bounds, Findings
from tests.support import offices, pdfs

DTD = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def judged(folder: Path, data: bytes, name: str, bounds: Bounds | None = None) -> Findings:
    path = folder / "source"
    path.write_bytes(data)
    return judge(str(path), name, str(folder / "rendition.pdf"), bounds or Bounds())


def picture(kind: str, *, frames: int = 1, size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    pages = [Image.new("RGB", size, (n, 80, 120)) for n in range(frames)]
    pages[0].save(out, kind, **({"save_all": True, "append_images": pages[1:]} if frames > 1 else {}))
    return out.getvalue()


_SOUND: dict[str, tuple[str, bytes]] = {
    "Word": ("a.docx", offices.office("docx")),
    "Excel": ("A.XLSX", offices.office("xlsx")),
    "PowerPoint": ("a.pptx", offices.office("pptx")),
    "Writer": ("a.odt", offices.opendocument("text", "Tờ trình")),
    "Calc": ("a.ods", offices.opendocument("spreadsheet", "1")),
    "Impress": ("a.odp", offices.opendocument("presentation", "1")),
    "old Word": ("a.doc", offices.compound({"WordDocument": b"\xec\xa5" + b"\0" * 30, "1Table": b"x"})),
    "old Excel": ("a.xls", offices.compound({"Workbook": b"\x09\x08\x04\0\0\x06\x05\0"})),
    "old PowerPoint": ("a.ppt", offices.compound({"PowerPoint Document": b"x"})),
    "rich text": ("a.rtf", b"{\\rtf1 T\\u7901? tr\\u236?nh}"),
    "PNG": ("a.png", picture("PNG")),
    "JPEG": ("a.jpg", picture("JPEG")),
    "JPEG by its long name": ("a.JPEG", picture("JPEG")),
    "a scan": ("a.tif", picture("TIFF", frames=3)),
    "GIF": ("a.gif", picture("GIF")),
    "WebP": ("a.webp", picture("WEBP")),
    "BMP": ("a.bmp", picture("BMP")),
    "a linked picture": (
        "a.docx",
        offices.office(
            "docx", {"word/_rels/document.xml.rels": '<Relationships xmlns="r"><R Target="http://x/"/></Relationships>'}
        ),
    ),
}


@pytest.mark.parametrize("what", _SOUND)
def test_what_offices_send_is_let_in_and_named_by_its_content(what: str, tmp_path: Path) -> None:
    name, data = _SOUND[what]
    found = judged(tmp_path, data, name)
    ending = name.rpartition(".")[2].lower()
    assert (found.reason, found.kind) == (None, {"jpg": "jpeg", "tif": "tiff"}.get(ending, ending))
    assert found.pages == (3 if what == "a scan" else int(found.kind in {"png", "jpeg", "gif", "webp", "bmp"}))


_LONG = b"\0" * 20_000_000
_REFUSED: dict[str, tuple[str, bytes, str]] = {
    "too deep an unpacking": ("a.docx", offices.office("docx", {"a.bin": _LONG}), "bomb"),
    "too many parts": ("a.docx", offices.office("docx", {f"{n}.bin": b"" for n in range(2_000)}), "bomb"),
    "a way out": ("a.docx", offices.office("docx", {"../../tmp/x": b""}), "zip-path"),
    "a way from the root": ("a.docx", offices.office("docx", {"/etc/x": b""}), "zip-path"),
    "a drive": ("a.docx", offices.office("docx", {"C:/x": b""}), "zip-path"),
    "a way that Windows knows": ("a.docx", offices.office("docx", {"..\\x": b""}), "zip-path"),
    "a DTD in the body": ("a.docx", offices.office("docx", body=DTD + "<w/>"), "dtd"),
    "a DTD at the edge": ("a.docx", offices.office("docx", {"word/header9.xml": DTD + "<w/>"}), "dtd"),
    "a DTD by another name": ("a.docx", offices.office("docx", {"word/x.bin": " " + DTD + "<w/>"}), "dtd"),
    "a DTD in UTF-16": ("a.docx", offices.office("docx", {"word/x.bin": (DTD + "<w/>").encode("utf-16")}), "dtd"),
    "a DTD behind a long remark": (
        "a.docx",
        offices.office("docx", {"word/x.bin": f"<!--{' ' * 70_000}-->{DTD}<w/>"}),
        "corrupt",
    ),
    "XML in the letters of mainframes": (
        "a.docx",
        offices.office("docx", {"x.bin": "<?xml?>".encode("cp037")}),
        "corrupt",
    ),
    "a DTD in OpenDocument": ("a.odt", offices.opendocument("text", "1", {"styles.xml": DTD + "<w/>"}), "dtd"),
    "macros": ("a.docx", offices.office("docx", {"word/vbaProject.bin": b"x"}), "macro"),
    "controls": ("a.xlsx", offices.office("xlsx", {"xl/activeX/activeX1.xml": "<x/>"}), "macro"),
    "macro sheets": ("a.xlsx", offices.office("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"}), "macro"),
    "macros by another name": (
        "a.docx",
        offices.archive({"[Content_Types].xml": "<T>application/vnd.ms-word.document.macroEnabled.main+xml</T>"}),
        "macro",
    ),
    "macros in OpenDocument": ("a.odt", offices.opendocument("text", "1", {"Basic/Standard/a.xml": "<x/>"}), "macro"),
    "macros in old Word": ("a.doc", offices.compound({"WordDocument": b"x", "Macros": b""}), "macro"),
    "a locked paper": ("a.docx", offices.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "password"),
    "locked old Word": ("a.doc", offices.compound({"WordDocument": b"\xec\xa5" + b"\0" * 8 + b"\0\x01"}), "password"),
    "locked old Excel": ("a.xls", offices.compound({"Workbook": b"\x09\x08\x02\0\0\0\x2f\0\x02\0\0\0"}), "password"),
    "a compound file of something else": ("a.doc", offices.compound({"Setup": b"x"}), "type"),
    "half a compound file": ("a.doc", offices.compound({"WordDocument": b"x"})[:300], "corrupt"),
    "an archive of nothing known": ("a.zip", offices.archive({"a.txt": b"x"}), "type"),
    "a book": ("a.epub", offices.archive({"mimetype": "application/epub+zip"}), "type"),
    "half an archive": ("a.docx", offices.office("docx")[:-30], "corrupt"),
    "a part that holds more than it says": ("a.docx", offices.lying("x.bin", b"ab" * 3_331, 11), "corrupt"),
    "Excel by the name of Word": ("a.docx", offices.office("xlsx"), "mismatch"),
    "a picture by the name of Word": ("a.docx", picture("PNG"), "mismatch"),
    "a picture by no name": ("picture", picture("PNG"), "mismatch"),
    "a flood of pixels": ("a.png", offices.flood(30_000, 30_000), "pixels"),
    "half a picture": ("a.png", picture("PNG")[:-40], "corrupt"),
    "a picture that holds nothing": ("a.png", offices.flood(300, 300), "corrupt"),
    "a drawing with a script": ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "type"),
    "a program": ("a.docx", b"MZ\x90\0", "type"),
    "nothing": ("a.docx", b"", "empty"),
}


@pytest.mark.parametrize("what", _REFUSED)
def test_what_is_refused_says_why(what: str, tmp_path: Path) -> None:
    name, data, reason = _REFUSED[what]
    assert judged(tmp_path, data, name).reason == reason


def _twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", offices.document("một"))
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("word/document.xml", offices.document("hai"))
    return out.getvalue()


def _squeezed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as made:
        made.writestr("[Content_Types].xml", "x")
    return out.getvalue()


def _locked_part() -> bytes:
    made = bytearray(offices.office("docx"))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def _directory_before_the_file() -> bytes:
    """An archive whose list of parts would begin 20 bytes before the archive does."""
    made = bytearray(offices.office("docx"))
    place = made.rindex(b"PK\x05\x06") + 16
    made[place : place + 4] = (int.from_bytes(made[place : place + 4], "little") + 20).to_bytes(4, "little")
    return bytes(made)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (_twice, "corrupt"),
        (_squeezed, "corrupt"),
        (_locked_part, "password"),
        (_directory_before_the_file, "corrupt"),
    ],
)
def test_archives_that_mean_two_things_are_refused(made: Callable[[], bytes], reason: str, tmp_path: Path) -> None:
    assert judged(tmp_path, made(), "a.docx").reason == reason


def test_scans_are_counted_by_their_pages(tmp_path: Path) -> None:
    scan = picture("TIFF", frames=4)
    found = judged(tmp_path, scan, "a.tiff", Bounds(pages=3))
    assert (found.reason, found.pages) == ("too-many-pages", 4)
    assert judged(tmp_path, picture("TIFF", frames=2), "a.tiff", Bounds(image_pixels=2_399)).reason == "pixels"


def test_a_pdf_goes_its_own_way(tmp_path: Path) -> None:
    assert judged(tmp_path, pdfs.pdf(), "a.pdf").rewritten
    assert judged(tmp_path, pdfs.pdf(), "a.docx").reason == "mismatch"
