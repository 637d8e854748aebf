"""Office papers made on the spot, part by part: sound ones, and ones with what a gate must find."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{main}+xml"/></Types>'
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main"),
}

Parts = Mapping[str, str | bytes]


def archive(parts: Parts) -> bytes:
    """A ZIP archive of these parts, packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def document(*lines: str) -> str:
    """The body of a Word paper with one paragraph a line."""
    told = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    return f"<w:document {_W}><w:body>{told}</w:body></w:document>"


def edge(kind: str, line: str) -> str:
    """A page's edge of a Word paper: ``hdr`` or ``ftr``."""
    return f"<w:{kind} {_W}><w:p><w:r><w:t>{line[:1]}</w:t></w:r><w:r><w:t>{line[1:]}</w:t></w:r></w:p></w:{kind}>"


def office(kind: str, more: Parts | None = None, *, body: str | None = None) -> bytes:
    """A paper of ``docx``, ``xlsx`` or ``pptx`` with further parts, of which any may replace its own."""
    part, main = _MAIN[kind]
    body = body or (document("Tờ trình") if kind == "docx" else f"<workbook {_S}/>")
    return archive({"[Content_Types].xml": _TYPES.format(part=part, main=main), part: body, **(more or {})})


def strings(*cells: str) -> str:
    """The texts of a sheet's cells."""
    return f"<sst {_S}>" + "".join(f"<si><t>{cell}</t></si>" for cell in cells) + "</sst>"


def sheet(header: str) -> str:
    """A sheet with a page header, in the codes that Excel writes."""
    return f"<worksheet {_S}><sheetData/><headerFooter><oddHeader>{header}</oddHeader></headerFooter></worksheet>"


def opendocument(kind: str, content: str, more: Parts | None = None) -> bytes:
    """A paper of ``text``, ``spreadsheet`` or ``presentation`` in OpenDocument with one paragraph."""
    xml = f'<o:document xmlns:o="urn:o" xmlns:text="urn:t"><text:p>{content}</text:p></o:document>'
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": xml, **(more or {})})


def lying(name: str, data: bytes, said: int) -> bytes:
    """A Word paper in which the part ``name`` holds more than its entry says."""
    made = office("docx", {name: data})
    size = struct.pack("<I", len(data))
    return made.replace(size, struct.pack("<I", said))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file ([MS-CFB]) with these streams, each at least 4,096 bytes long, and storages (empty ones)."""
    sector = 512
    entries, body, fat = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)], b"", [0xFFFFFFFD, 0]
    directory_sectors = (len(streams) + 1 + 3) // 4
    fat[1:] = [*range(2, directory_sectors + 1), 0xFFFFFFFE]
    for name, data in streams.items():
        if not data:
            entries.append(_entry(name, 1, 0, 0))
            continue
        padded = data.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % sector)
        first, count = len(fat), len(padded) // sector
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, first, max(len(data), 4096)))
        body += padded
    directory = b"".join(entries).ljust(directory_sectors * sector, b"\0")
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(sector, b"\xff")
    if len(table) > sector:
        raise ValueError("one sector of table is all that is made here")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
    )
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + directory + body


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    coded = (name + "\0").encode("utf-16-le")
    return (
        struct.pack("<64sHBB44xIIII", coded, len(coded), kind, 1, 0, first, size, 0)[: 64 + 4]
        + b"\0" * 48
        + struct.pack("<III", first, size, 0)
    )


def flood(width: int, height: int) -> bytes:
    """A PNG that claims this size and holds nothing of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
