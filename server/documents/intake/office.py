"""Office papers judged by their structure: what they are, that no part brings a DTD or a macro, and their stamps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.parsers import expat

from server.documents.intake import xml_text
from server.documents.intake.packages import Package
from server.documents.intake.refusal import Refused
from server.documents.intake.stamps import mark_in
from server.documents.models import Bounds, Findings

_TYPES = "[Content_Types].xml"
_MAIN = {
    "wordprocessingml.document.main": "docx",
    "spreadsheetml.sheet.main": "xlsx",
    "presentationml.presentation.main": "pptx",
    "presentationml.slideshow.main": "pptx",
}
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_TYPES_BYTES = 4 * 1024 * 1024
_HEAD_BYTES = 64 * 1024
_MACRO_PARTS = re.compile(r"(?:^|/)(?:vbaProject\w*\.bin|vbaData\.xml|activeX/.+|macrosheets/.+)$", re.IGNORECASE)
_MACRO_FOLDERS = ("Basic/", "Scripts/")
_XML_ENDINGS = {".xml", ".rels"}
_XML_STARTS = (b"<", b"<\0", b"\0<")
_BYTE_ORDERS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# "<?xm" in EBCDIC: a parser that knows it reads what this one cannot.
_EBCDIC = b"\x4c\x6f\xa7\x94"
# What a reader sees first: the body's first paragraphs (about three pages) and everything at the pages' edges.
_SEEN = {
    "docx": (re.compile(r"word/document\d*\.xml"), re.compile(r"word/(?:header|footer)\d*\.xml")),
    "xlsx": (re.compile(r"xl/sharedStrings\.xml"), re.compile(r"xl/worksheets/sheet[1-3]\.xml")),
    "pptx": (re.compile(r"ppt/slides/slide[1-3]\.xml"), re.compile(r"ppt/slide(?:Master|Layout)s/[^/]+\.xml")),
    "odt": (re.compile(r"content\.xml"), re.compile(r"styles\.xml")),
}


def judge_package(path: str, bounds: Bounds) -> Findings:
    """Judge a ZIP archive. Raises Refused with ``type``, ``macro``, ``dtd`` or what ``Package`` says."""
    with Package(path, bounds) as package:
        kind = _kind(package)
        if any(
            _MACRO_PARTS.search(name) or (kind[0] == "o" and name.startswith(_MACRO_FOLDERS)) for name in package.names
        ):
            raise Refused("macro")
        for name, head in package.heads(_HEAD_BYTES):
            _refuse_dtd(name, head)
        return Findings(kind=kind, secret_mark=mark_in(_texts(package, kind)))


def _kind(package: Package) -> str:
    if _TYPES in package.names:
        with package.part(_TYPES) as file:
            types = file.read(_TYPES_BYTES).decode("utf-8", "replace")
        if "macroEnabled" in types or "ms-office.vbaProject" in types:
            raise Refused("macro")
        for word, kind in _MAIN.items():
            if f"{word}+xml" in types:
                return kind
    if "mimetype" in package.names:
        with package.part("mimetype") as file:
            named = file.read(200).strip()
        if named in _ODF:
            return _ODF[named]
    raise Refused("type")


def _is_macro(name: str, kind: str) -> bool:
    return bool(_MACRO_PARTS.search(name)) or (kind.startswith("od") and name.startswith(_MACRO_FOLDERS))


def _refuse_dtd(name: str, head: bytes) -> None:
    """Refuse a part that brings a DTD; what lies before the first element is all that may declare one."""
    is_xml = PurePosixPath(name).suffix.lower() in _XML_ENDINGS
    if head.startswith(_EBCDIC):
        raise Refused("corrupt")
    if not is_xml and not head.lstrip().startswith((*_XML_STARTS, *_BYTE_ORDERS)):
        return
    try:
        begun = xml_text.has_begun(head)
    except expat.ExpatError:
        begun = not is_xml  # a drawing that is nearly XML (.vml) may be as it likes
    if not begun:
        raise Refused("corrupt")


def _texts(package: Package, kind: str) -> Iterator[str]:
    body, edges = _SEEN.get(kind, _SEEN["odt"])
    for name in package.names:
        if body.fullmatch(name) or edges.fullmatch(name):
            with package.part(name) as file:
                yield from xml_text.paragraphs(file)
