"""What is left of a paper that is published: nothing that acts, nothing of its drafters, every page in its place."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import ExifTags, Image, ImageCms

from server.core.workers import File, Workers
from server.documents.intake import bare
from server.documents.intake.draw import draw_pages
from server.documents.intake.judge import judge
from server.documents.models import Bounds, Findings
from tests.documents.test_gate import opened_up
from tests.support import pdfs

Change = Callable[[pikepdf.Pdf], None]
BOX = Array([0, 0, 9, 9])


def cleaned(folder: Path, change: Change, *, pages: int = 2) -> tuple[Findings, bytes]:
    source, target = folder / "source", folder / "rendition.pdf"
    source.write_bytes(pdfs.pdf(pages=pages, change=change))
    found = judge(str(source), "a.pdf", str(target), Bounds())
    assert found.reason is None
    return found, opened_up(target)


def _deep_action(made: pikepdf.Pdf) -> None:
    """A place in the paper, and after it, three steps on, a program."""
    launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    step = Dictionary(S=Name.GoTo, D=String("x"), Next=Array([Dictionary(S=Name.GoTo, D=String("y"), Next=launch)]))
    made.Root.Outlines = made.make_indirect(Dictionary(Type=Name.Outlines))
    made.Root.Outlines.First = made.make_indirect(Dictionary(Title=String("I"), Parent=made.Root.Outlines, A=step))


def _script(made: pikepdf.Pdf) -> None:
    link = Dictionary(Subtype=Name.Link, Rect=BOX, A=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))
    made.pages[0].Annots = Array([made.make_indirect(link)])


def _form_without_fields(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = Dictionary(XFA=Array([String("template"), made.make_stream(b"app.alert(1)")]))


def _catalog_without_type(made: pikepdf.Pdf) -> None:
    made.Root.Collection = Dictionary(View=Name.T)
    made.Root.URI = Dictionary(Base=String("file:///app.alert(1)"))
    del made.Root["/Type"]


def _picture_elsewhere(made: pikepdf.Pdf) -> None:
    image = made.make_stream(
        b"x", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceGray,
        OPI=Dictionary({"/2.0": Dictionary(Type=Name.OPI, F=String("\\\\app.alert(1)\\x"))}),
    )  # fmt: skip
    made.pages[0].Resources.XObject = Dictionary(I1=image)


def _stream_elsewhere(made: pikepdf.Pdf) -> None:
    stream = made.make_stream(b"")
    stream["/F"] = Dictionary(FS=Name.URL, F=String("http://127.0.0.1:9/app.alert(1)"))
    made.pages[0].Contents = Array([made.pages[0].Contents, stream])


def _colour_elsewhere(made: pikepdf.Pdf) -> None:
    profile = Dictionary(URLs=Array([Dictionary(FS=Name.URL, F=String("http://127.0.0.1:9/app.alert(1)"))]))
    made.Root.OutputIntents = Array([Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX, DestOutputProfileRef=profile)])


def _share(made: pikepdf.Pdf) -> None:
    link = Dictionary(S=Name.URI, URI=String("\\\\host\\app.alert(1)"))
    made.pages[1].Annots = Array([made.make_indirect(Dictionary(Subtype=Name.Link, Rect=BOX, A=link))])


def _attached_to_a_page(made: pikepdf.Pdf) -> None:
    file = made.make_stream(b"app.alert(1)", Type=Name.EmbeddedFile)
    spec = made.make_indirect(Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=file, UF=file)))
    made.pages[1].obj["/AF"] = Array([spec])


_ACTIVE: dict[str, tuple[Change, str]] = {
    "a program behind two places": (_deep_action, "launch"),
    "a script": (_script, "javascript"),
    "a form of scripts alone": (_form_without_fields, "javascript"),
    "a collection, and a base for links": (_catalog_without_type, "embedded-file"),
    "a picture in another file": (_picture_elsewhere, "external"),
    "a page's words in another file": (_stream_elsewhere, "external"),
    "colours from another place": (_colour_elsewhere, "external"),
    "a link to another machine's share": (_share, "javascript"),
    "a file that belongs to a page": (_attached_to_a_page, "embedded-file"),
}


@pytest.mark.parametrize("what", _ACTIVE)
def test_what_acts_is_found_however_deep_and_taken_out(what: str, tmp_path: Path) -> None:
    change, word = _ACTIVE[what]
    found, left = cleaned(tmp_path, change)
    assert word in found.active
    for trace in (b"app.alert", b"cmd.exe", b"127.0.0.1", b"/Launch", b"/JavaScript"):
        assert trace not in left

    def signed(made: pikepdf.Pdf) -> None:
        change(made)
        pdfs.sign_badly(made)

    if "AcroForm" not in change.__code__.co_names:  # the form of a signature would stand in its place
        source = tmp_path / "signed"
        source.write_bytes(pdfs.pdf(pages=2, change=signed))
        refused = judge(str(source), "a.pdf", str(tmp_path / "none.pdf"), Bounds())
        assert (refused.reason, word in refused.active) == ("active", True)
        assert not (tmp_path / "none.pdf").exists()


def test_a_name_that_is_spelt_with_numbers_is_the_same_name(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "rendition.pdf"
    made = pdfs.pdf(change=_script)
    assert b"/JavaScript" in made
    source.write_bytes(made.replace(b"/JavaScript", b"/J#61vaScript"))
    found = judge(str(source), "a.pdf", str(target), Bounds())
    assert found.active == ("javascript",)
    assert b"app.alert" not in opened_up(target)


def _drafted(made: pikepdf.Pdf) -> None:
    made.docinfo["/Author"] = String("Canary drafter")
    made.docinfo["/Title"] = String("Canary du thao 3")
    made.docinfo["/Company"] = String("Canary office")
    made.Root.Metadata = made.make_stream(b"<x:xmpmeta>Canary</x:xmpmeta>", Type=Name.Metadata, Subtype=Name.XML)
    made.pages[0].obj["/PieceInfo"] = Dictionary(Word=Dictionary(Private=String("Canary folder")))
    made.pages[1].obj["/Metadata"] = made.make_stream(b"Canary")
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=BOX, T=String("Canary reader"), Contents=String("Xem lai")
    )
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=BOX, T=String("field"), FT=Name.Tx)
    held = [made.make_indirect(note), made.make_indirect(field)]
    made.pages[0].Annots = Array(held)
    made.Root.AcroForm = Dictionary(Fields=Array(held[1:]))


def test_nothing_tells_who_drafted_a_paper(tmp_path: Path) -> None:
    found, left = cleaned(tmp_path, _drafted)
    assert found.active == ()
    assert b"Canary" not in left
    for kept in (b"Xem lai", b"(field)"):
        assert kept in left


def _photograph(**given: object) -> bytes:
    """A JPEG that says who took it, where, with what, in every place that there is for it."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Canary owner"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    colours = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture, out = Image.effect_noise((64, 48), 80).convert("RGB"), io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"Canary comment", icc_profile=colours, dpi=(150, 150), **given)
    told = [(0xE0, b"JFXX\0Canary preview"), (0xE1, b"http://ns.adobe.com/xap/1.0/\0Canary"), (0xED, b"Canary IPTC")]
    segments = b"".join(struct.pack(">BBH", 0xFF, code, len(said) + 2) + said for code, said in told)
    adobe = b"\xff\xee\x00\x0eAdobe" + bytes(7)
    return out.getvalue()[:2] + segments + adobe + out.getvalue()[2:] + b"Canary film that goes with it"


def _image(made: pikepdf.Pdf, data: bytes, **given: object) -> pikepdf.Stream:
    return made.make_stream(
        data, Type=Name.XObject, Subtype=Name.Image, Width=64, Height=48, BitsPerComponent=8, ColorSpace=Name.DeviceRGB,
        **given,
    )  # fmt: skip


@pytest.mark.parametrize("progressive", [False, True])
def test_pictures_in_a_paper_say_nothing_of_who_took_them_and_lose_nothing(tmp_path: Path, progressive: bool) -> None:
    photograph = _photograph(progressive=progressive)
    assert photograph.count(b"Canary") == 6

    def change(made: pikepdf.Pdf) -> None:
        packed = Array([Name.ASCIIHexDecode, Name.FlateDecode, Name.DCTDecode])
        twice = zlib.compress(photograph).hex().encode() + b">"
        images = {
            "Once": _image(made, photograph, Filter=Name.DCTDecode, DecodeParms=Dictionary(ColorTransform=1)),
            "Packed": _image(made, twice, Filter=packed),
            "Broken": _image(made, b"\xff\xd8 no picture", Filter=Name.DCTDecode),
        }
        made.pages[0].Resources.XObject = Dictionary({f"/{name}": image for name, image in images.items()})

    found, left = cleaned(tmp_path, change)
    assert found.rewritten
    assert b"Canary" not in left
    with pikepdf.open(tmp_path / "rendition.pdf") as pdf:
        images = pdf.pages[0].Resources.XObject
        assert images.Once.DecodeParms.ColorTransform == 1
        assert images.Broken.read_raw_bytes() == b"\xff\xd8 no picture"
        for image in (images.Once, images.Packed):
            raw = image.read_raw_bytes()
            assert b"Canary" not in raw
            for kept in (b"JFIF\0", b"Adobe", b"ICC_PROFILE\0"):
                assert kept in raw
            with Image.open(io.BytesIO(raw)) as inside, Image.open(io.BytesIO(photograph)) as outside:
                assert inside.tobytes() == outside.tobytes()


def test_pictures_within_forms_stamps_and_drawing_commands_say_nothing_either(tmp_path: Path) -> None:
    photograph = _photograph()
    inline = b"q 40 0 0 30 0 0 cm BI /W 64 /H 48 /BPC 8 /CS /RGB /F /DCT /L %d ID " % len(photograph)

    def change(made: pikepdf.Pdf) -> None:
        whole = photograph[: bare.jpeg_bytes(photograph)]
        drawn = inline + whole + b" EI Q BT /F1 24 Tf 72 700 Td (Phien 1) Tj ET"
        form = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": BOX}
        inner = made.make_stream(drawn, **form)
        outer = made.make_stream(b"/In Do", **form, Resources=Dictionary(XObject=Dictionary(In=inner)))
        image = _image(made, photograph, Filter=Name.DCTDecode)
        face = made.make_stream(b"/Im Do " + drawn, **form, Resources=Dictionary(XObject=Dictionary(Im=image)))
        stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=BOX, AP=Dictionary(N=face))
        made.pages[0].Resources.XObject = Dictionary(Out=outer)
        made.pages[0].Contents = made.make_stream(b"/Out Do " + drawn + b" BI /F /DCT ID \xff\xd8 broken EI")
        made.pages[0].Annots = Array([made.make_indirect(stamp)])

    found, left = cleaned(tmp_path, change)
    assert found.rewritten
    assert b"Canary" not in left
    with pikepdf.open(tmp_path / "rendition.pdf") as pdf:
        commands = pikepdf.parse_content_stream(pdf.pages[0])
        picture, _broken = (each.iimage for each in commands if isinstance(each, pikepdf.ContentStreamInlineImage))
        assert picture.width == 64
        written = pdf.pages[0].Contents.read_bytes()
    assert b"(Phien 1) Tj" in written
    assert b"ICC_PROFILE" in written
    told = int(written.partition(b"/L ")[2].partition(b" ")[0])
    picture_bytes = written[written.index(b"\xff\xd8") :]
    assert told == bare.jpeg_bytes(picture_bytes)
    with Image.open(io.BytesIO(picture_bytes)) as inside, Image.open(io.BytesIO(photograph)) as outside:
        assert inside.tobytes() == outside.tobytes()


def _inline(photograph: bytes, filters: bytes = b"/DCT") -> bytes:
    said = b"q 40 0 0 30 0 0 cm BI /W 64 /H 48 /BPC 8 /CS /RGB /F %b /L %d ID " % (filters, len(photograph))
    return said + photograph + b" EI Q"


def _a85(data: bytes) -> bytes:
    return base64.a85encode(data, wrapcol=72) + b"~>"


def _in_a_glyph(made: pikepdf.Pdf, photograph: bytes) -> None:
    glyph = made.make_stream(b"1000 0 0 0 750 750 d1 " + _inline(photograph), Name="a")
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=BOX, FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(a=glyph), Encoding=Dictionary(Differences=Array([97, Name.a])), FirstChar=97, LastChar=97,
        Widths=Array([1000]), Resources=Dictionary(),
    )  # fmt: skip
    made.pages[0].Resources.Font = Dictionary(T3=font)


def _in_a_pattern(made: pikepdf.Pdf, photograph: bytes) -> None:
    tile = made.make_stream(
        _inline(photograph), Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=BOX, XStep=50, YStep=50,
        Resources=Dictionary(),
    )  # fmt: skip
    made.pages[0].Resources.Pattern = Dictionary(P1=tile)


def _in_a_face_that_says_little(made: pikepdf.Pdf, photograph: bytes) -> None:
    face = made.make_stream(_inline(photograph), Type=Name.XObject, BBox=BOX)
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=BOX, AP=Dictionary(N=face))
    made.pages[0].Annots = Array([made.make_indirect(stamp)])


def _packed_twice(made: pikepdf.Pdf, photograph: bytes) -> None:
    data = zlib.compress(_inline(photograph))
    made.pages[0].Contents = made.make_stream(_a85(data), Filter=Array([Name.ASCII85Decode, Name.FlateDecode]))


def _packed_by_differences(made: pikepdf.Pdf, photograph: bytes) -> None:
    drawn = _inline(photograph)
    rows = b"".join(b"\0" + drawn[at : at + 100].ljust(100) for at in range(0, len(drawn), 100))
    parms = Dictionary(Predictor=15, Columns=100)
    made.pages[0].Contents = made.make_stream(zlib.compress(rows), Filter=Name.FlateDecode, DecodeParms=parms)


def _spelt_in_letters(made: pikepdf.Pdf, photograph: bytes) -> None:
    made.pages[0].Contents = made.make_stream(_inline(_a85(photograph), b"[/A85 /DCT] /DP [null null]"))


def _spelt_in_numbers(made: pikepdf.Pdf, photograph: bytes) -> None:
    data = zlib.compress(photograph).hex().encode() + b">"
    made.pages[0].Contents = made.make_stream(_inline(data, b"[/ASCIIHexDecode /Fl /DCTDecode]"))


@pytest.mark.parametrize(
    "put",
    [
        _in_a_glyph,
        _in_a_pattern,
        _in_a_face_that_says_little,
        _packed_twice,
        _packed_by_differences,
        _spelt_in_letters,
        _spelt_in_numbers,
    ],
)
def test_a_picture_among_drawing_commands_says_nothing_wherever_they_stand(
    tmp_path: Path, put: Callable[[pikepdf.Pdf, bytes], None]
) -> None:
    photograph = _photograph()
    whole = photograph[: bare.jpeg_bytes(photograph)]
    with pikepdf.open(io.BytesIO(pdfs.pdf())) as made:
        put(made, whole)
        made.save(tmp_path / "source", stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert judge(str(tmp_path / "source"), "a.pdf", str(tmp_path / "rendition.pdf"), Bounds()).rewritten
    with pikepdf.open(tmp_path / "rendition.pdf") as pdf:
        streams = [held.read_bytes() for held in pdf.objects if isinstance(held, pikepdf.Stream)]
    (written,) = (each for each in streams if b"BI /W 64" in each)
    assert b"Canary" not in written
    told = int(written.partition(b"/L ")[2].partition(b" ")[0])
    picture = written[written.index(b"\xff\xd8") :][:told]
    assert bare.jpeg_bytes(picture) == told
    with Image.open(io.BytesIO(picture)) as inside, Image.open(io.BytesIO(photograph)) as outside:
        assert inside.tobytes() == outside.tobytes()


def test_a_signed_paper_keeps_its_pictures_as_they_are(tmp_path: Path) -> None:
    def change(made: pikepdf.Pdf) -> None:
        pdfs.sign_badly(made)
        made.pages[0].Resources.XObject = Dictionary(Im=_image(made, _photograph(), Filter=Name.DCTDecode))

    (tmp_path / "source").write_bytes(pdfs.pdf(change=change))
    found = judge(str(tmp_path / "source"), "a.pdf", str(tmp_path / "none.pdf"), Bounds())
    assert (found.signed, found.rewritten) == (True, False)
    assert not (tmp_path / "none.pdf").exists()


def test_jpeg_2000_keeps_its_picture_alone() -> None:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(out, "JPEG2000")
    plain = out.getvalue()
    said = struct.pack(">I4s", 14, b"xml ") + b"Canary" + struct.pack(">I4sQ", 1, b"uuid", 22) + b"Canary"
    first = int.from_bytes(plain[:4], "big")
    assert bare.jpeg2000(plain[:first] + said + plain[first:]) == plain
    for broken in (b"", b"\xff\x4f", plain[:first] + bytes(3) + b"\x01"):
        with pytest.raises(ValueError, match="box"):
            bare.jpeg2000(broken)


def test_pages_stay_in_their_places_with_their_labels(tmp_path: Path) -> None:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), 2, Dictionary(S=Name.D, St=1)]))

    cleaned(tmp_path, change, pages=5)
    with pikepdf.open(tmp_path / "rendition.pdf") as pdf:
        assert [str(page.label) for page in pdf.pages] == ["i", "ii", "1", "2", "3"]
    document = pypdfium2.PdfDocument(tmp_path / "rendition.pdf")
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert [text.split()[-1] for text in texts] == ["1", "2", "3", "4", "5"]


def test_a_page_far_behind_is_drawn_on_trial_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from server.documents.intake import examine

    drawn: list[int] = []
    monkeypatch.setattr(examine, "_draw", lambda _page, pixels: drawn.append(pixels))
    cleaned(tmp_path, lambda _made: None, pages=30)
    assert len(drawn) == 30
    monkeypatch.setattr(examine, "_TRIAL_SECONDS", 0.0)
    drawn.clear()
    cleaned(tmp_path, lambda _made: None, pages=30)
    assert len(drawn) == 3  # the time that a paper may take is for its first pages


def _in_times(made: pikepdf.Pdf) -> None:
    """Words in a Times that the file does not bring along, as Word writes it."""
    font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.TimesNewRoman, Encoding=Name.WinAnsiEncoding)
    made.pages[0].Resources = Dictionary(Font=Dictionary(F1=font))
    made.pages[0].Contents = made.make_stream(b"BT /F1 60 Tf 40 700 Td (Hamburgefonstiv) Tj ET")


async def test_times_that_is_not_embedded_is_drawn_with_its_widths_behind_the_wall_too(tmp_path: Path) -> None:
    cleaned(tmp_path, _in_times)
    path = str(tmp_path / "rendition.pdf")
    document = pypdfium2.PdfDocument(path)
    text = document[0].get_textpage()
    right = text.get_charbox(14, loose=True)[2]
    text.close()
    document.close()
    # These letters advance by 6,999 thousandths of their size in Times New Roman.
    assert right == pytest.approx(40 + 6.999 * 60, abs=0.5)
    pool = Workers(size=1, walled=True)
    try:
        assert await pool.run(draw_pages, File(path), 1, 1) == draw_pages(path, 1, 1)
    finally:
        await pool.close()
