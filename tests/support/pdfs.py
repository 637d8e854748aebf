"""PDFs made on the spot: plain ones, and ones with what a gate must find."""

from __future__ import annotations

import io
import zlib
from collections.abc import AsyncIterator, Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

A4 = (595.0, 842.0)


def pdf(words: str = "Phien", *, pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None) -> bytes:
    """A PDF of A4 pages on each of which stands ``words`` (ASCII) and its number; ``change`` spoils it."""
    made = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for number in range(1, pages + 1):
        page = made.add_blank_page(page_size=A4)
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = made.make_stream(f"BT /F1 24 Tf 72 700 Td ({words} {number}) Tj ET".encode())
    if change is not None:
        change(made)
    out = io.BytesIO()
    made.save(out, static_id=True)
    return out.getvalue()


async def chunks(data: bytes, size: int = 4096) -> AsyncIterator[bytes]:
    """An upload as it comes over the wire."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


def reads_as(text: str) -> Callable[[pikepdf.Pdf], None]:
    """A change: the page's text is this, in any letters, as a ToUnicode table tells it."""

    def change(made: pikepdf.Pdf) -> None:
        codes = "".join(f"<{at:02x}> <{sign.encode('utf-16-be').hex()}>\n" for at, sign in enumerate(text, start=1))
        table = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n"
            "1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"{len(text)} beginbfchar\n{codes}endbfchar endcmap end end"
        )
        page = made.pages[0].obj
        font = next(iter(dict(page.Resources.Font).values()))
        font.ToUnicode = made.make_stream(table.encode())
        shown = bytes(range(1, len(text) + 1)).hex()
        name = next(iter(dict(page.Resources.Font)))
        page.Contents = made.make_stream(f"BT {name} 24 Tf 72 720 Td <{shown}> Tj ET".encode())

    return change


def add_everything_active(made: pikepdf.Pdf) -> None:
    """Scripts, a program to launch, a form that sends itself, an embedded file, media, references to other files."""
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    embedded = made.make_stream(b"secret", Type=Name.EmbeddedFile)
    spec = made.make_indirect(Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=embedded)))
    launch = Dictionary(Type=Name.Action, S=Name.Launch, F=String("cmd.exe"), Next=script)
    box = Array([0, 0, 9, 9])
    notes = [
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=launch),
        Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=box, A=Dictionary(S=Name.URI, URI=String("javascript:a()"))
        ),
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=Dictionary(S=Name.GoToR, F=String("\\\\x\\y.pdf"))),
        Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=box, FS=spec),
        Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=box),
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("t"), Rect=box, AA=Dictionary(K=script)),
    ]
    held = [made.make_indirect(note) for note in notes]
    made.pages[0].Annots = Array(held)
    made.Root.OpenAction = script
    made.Root.AA = Dictionary(WC=script)
    made.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), script])),
        EmbeddedFiles=Dictionary(Names=Array([String("a"), spec])),
    )
    made.Root.AcroForm = Dictionary(Fields=Array(held[-1:]), XFA=made.make_stream(b"<xfa/>"))


def add_innocent(made: pikepdf.Pdf) -> None:
    """What looks like danger and is none: links to pages and sites, a place to begin, a font named AA."""
    box = Array([0, 0, 9, 9])
    page = made.pages[0]
    site = Dictionary(S=Name.URI, URI=String("https://example.vn/"))
    inside = Dictionary(S=Name.GoTo, D=Array([page.obj, Name.Fit]))
    page.Annots = Array(
        [
            made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=action))
            for action in (site, inside)
        ]
    )
    made.Root.OpenAction = Array([page.obj, Name.Fit])
    fonts = page.Resources.Font
    fonts["/AA"] = fonts["/F1"]


def sign_badly(made: pikepdf.Pdf) -> None:
    """Something that covers a range of the file's bytes, as a signature does."""
    value = Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Contents=String("x"))
    field = made.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), V=made.make_indirect(value)))
    made.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def add_bomb(made: pikepdf.Pdf) -> None:
    """A page whose drawing commands unpack to 80 MiB, packed twice."""
    once = zlib.compress(b"\n" * (80 * 1024 * 1024))
    stream = pikepdf.Stream(made, zlib.compress(once))
    stream.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    made.pages[0].Contents = made.make_indirect(stream)


def add_image(width: int, height: int, bits: int) -> Callable[[pikepdf.Pdf], None]:
    """A change that puts an image of this size on the first page."""

    def change(made: pikepdf.Pdf) -> None:
        image = made.make_stream(
            b"", Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=bits,
            ColorSpace=Name.DeviceGray,
        )  # fmt: skip
        made.pages[0].Resources.XObject = Dictionary(I1=image)

    return change


def packed_objects(mib: int) -> bytes:
    """A file whose catalogue lies in a stream of so many MiB, packed twice: it unpacks while the file is opened."""
    packer = zlib.compressobj(1)
    once = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(mib)) + packer.flush()
    packed = zlib.compress(once, 9)
    objects = b"<</Type/ObjStm/N 2/First 10/Filter[/FlateDecode/FlateDecode]/Length %d>>" % len(packed)
    body = b"%%PDF-1.7\n5 0 obj\n%sstream\n%s\nendstream\nendobj\n" % (objects, packed)
    # Rows of (kind, place, number): 1 lies at an offset of the file, 2 lies within the stream.
    rows = [(0, 0, 65535), (2, 5, 0), (2, 5, 1), (0, 0, 0), (0, 0, 0), (1, 9, 0), (1, len(body), 0)]
    table = b"".join(bytes([kind]) + place.to_bytes(4) + number.to_bytes(2) for kind, place, number in rows)
    index = b"<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>" % len(table)
    return body + b"6 0 obj\n%sstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (index, table, len(body))
