"""Ways to change a signed file, each a function from bytes to bytes; generated here instead of kept as files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.demo_pki import Identity
from tests.signing import papers

Attack = Callable[[bytes], bytes]


def updated(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """An incremental update, as any PDF tool writes it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: Any) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def field_of(writer: Any, name: str) -> Any:
    fields = [raw.get_object() for raw in writer.root["/AcroForm"]["/Fields"]]
    return next(field for field in fields if field["/T"] == name)


def numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(v) for v in values])


def _annotation(writer: Any, **entries: Any) -> None:
    page = _page(writer)
    annotation = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Annot")})
    annotation.update({pdf_name("/" + key): value for key, value in entries.items()})
    page["/Annots"].append(writer.add_object(annotation))
    writer.update_container(page["/Annots"])


def page_content(pdf: bytes) -> bytes:
    def change(writer: Any) -> None:
        page = _page(writer)
        page["/Contents"] = writer.add_object(
            generic.StreamObject(stream_data=b"BT /F1 40 Tf 72 400 Td (100.000.000.000 dong) Tj ET")
        )
        writer.update_container(page)

    return updated(pdf, change)


def free_text(pdf: bytes) -> bytes:
    return updated(pdf, lambda w: _annotation(
        w, Subtype=pdf_name("/FreeText"), Rect=numbers(72, 400, 300, 440),
        Contents=generic.pdf_string("Khong dong y"), DA=generic.pdf_string("/Helv 12 Tf 0 g"),
    ))  # fmt: skip


def link(pdf: bytes) -> bytes:
    return updated(pdf, lambda w: _annotation(w, Subtype=pdf_name("/Link"), Rect=numbers(72, 400, 300, 440)))


def open_action(pdf: bytes) -> bytes:
    def change(writer: Any) -> None:
        script = generic.DictionaryObject(
            {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert(1)")}
        )
        writer.root["/OpenAction"] = writer.add_object(script)
        writer.update_root()

    return updated(pdf, change)


def font_overwritten(pdf: bytes) -> bytes:
    def change(writer: Any) -> None:
        font = _page(writer)["/Resources"]["/Font"]["/F1"]
        font["/BaseFont"] = pdf_name("/Symbol")
        writer.update_container(font)

    return updated(pdf, change)


def field_moved(pdf: bytes) -> bytes:
    def change(writer: Any) -> None:
        field = field_of(writer, "SoVanBan")
        field["/Rect"] = numbers(72, 300, 400, 360)
        writer.update_container(field)

    return updated(pdf, change)


def page_added(pdf: bytes) -> bytes:
    def change(writer: Any) -> None:
        page = generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Page"), pdf_name("/MediaBox"): numbers(0, 0, 595, 842),
            pdf_name("/Parent"): writer.root.raw_get("/Pages"),
        })  # fmt: skip
        pages = writer.root["/Pages"]
        pages["/Kids"].append(writer.add_object(page))
        pages["/Count"] = generic.NumberObject(len(pages["/Kids"]))
        writer.update_container(pages)

    return updated(pdf, change)


def field_deleted(pdf: bytes) -> bytes:
    """The signature is still in the bytes, but no form field leads to it."""

    def change(writer: Any) -> None:
        form = writer.root["/AcroForm"]
        form["/Fields"] = generic.ArrayObject(
            [raw for raw in form["/Fields"] if str(raw.get_object().get("/FT", "")) != "/Sig"]
        )
        writer.update_container(form)

    return updated(pdf, change)


def value_deleted(pdf: bytes) -> bytes:
    def change(writer: Any) -> None:
        field = field_of(writer, "ChuKy1")
        del field["/V"]
        writer.update_container(field)

    return updated(pdf, change)


def trailing_bytes(pdf: bytes) -> bytes:
    return pdf + b"\n% more\n"


def one_more_newline(pdf: bytes) -> bytes:
    return pdf + b"\n\n"


def _loose(pdf: bytes, size: int) -> bytes:
    """A second page content that no cross-reference lists: a reader that repairs files shows it."""
    content = b"BT /F1 40 Tf 72 400 Td (forged) Tj ET".ljust(size)
    start = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    return (
        pdf
        + b"\n4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(content), content)
        + b"startxref\n%s\n%%%%EOF\n" % start
    )


def loose_object(pdf: bytes) -> bytes:
    return _loose(pdf, 60)


def loose_object_long_tail(pdf: bytes) -> bytes:
    return _loose(pdf, 3000)


def loose_object_without_end(pdf: bytes) -> bytes:
    return pdf + b"\n4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n"


def loose_object_under_signature(pdf: bytes) -> bytes:
    """The loose object again, and the attacker's accomplice signs on top, so that the last signature covers all."""
    from tests.signing.papers import signer

    loose = _loose(pdf, 60)
    return sign_blindly(loose, signer("Trần Văn Tiếp Tay"))


def sign_blindly(pdf: bytes, by: Any) -> bytes:
    """Sign with the engine alone, none of our refusals in the way."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    der = (
        by.key if isinstance(by, Identity) else by._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )
    store = SimpleCertificateStore()
    store.register_multiple(x509.Certificate.load(one) for one in by.chain)
    engine = SimpleSigner(
        signing_cert=x509.Certificate.load(by.certificate),
        signing_key=keys.PrivateKeyInfo.load(der), cert_registry=store,
    )  # fmt: skip
    meta = PdfSignatureMetadata(field_name="Sau", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    out = io.BytesIO()
    import asyncio

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    asyncio.run(PdfSigner(meta, engine).async_sign_pdf(writer, output=out))
    return out.getvalue()


def bit_in_content(pdf: bytes) -> bytes:
    return pdf.replace(b"%PDF-1.", b"%PDF-2.", 1)


def hole_of(pdf: bytes) -> tuple[int, int]:
    start = pdf.index(b"/Contents <") + len(b"/Contents ")
    return start, pdf.index(b">", start) + 1


def bit_in_signature(pdf: bytes) -> bytes:
    """One bit of the raw signature value, which ends the container."""
    start, end = hole_of(pdf)
    last = start + len(pdf[start:end].rstrip(b">").rstrip(b"0")) - 4
    flipped = b"%x" % (int(pdf[last : last + 1], 16) ^ 1)
    return pdf[:last] + flipped + pdf[last + 1 :]


def container_empty(pdf: bytes) -> bytes:
    start, end = hole_of(pdf)
    return pdf[: start + 1] + b"0" * (end - start - 2) + pdf[end - 1 :]


def container_rubbish(pdf: bytes) -> bytes:
    start, end = hole_of(pdf)
    return pdf[: start + 1] + b"30" + b"f" * (end - start - 4) + pdf[end - 1 :]


def _range(pdf: bytes, change: Callable[[list[int]], list[Any]]) -> bytes:
    found = re.search(rb"/ByteRange \[([\d ]+)\](\s*)", pdf)
    assert found
    numbers = [int(n) for n in found.group(1).split()]
    text = b"/ByteRange [" + b" ".join(str(n).encode() for n in change(numbers)) + b"]"
    return pdf[: found.start()] + text.ljust(len(found.group()))[: len(found.group())] + pdf[found.end() :]


def range_short(pdf: bytes) -> bytes:
    return _range(pdf, lambda n: [n[0], n[1], n[2], n[3] - 40])


def range_negative(pdf: bytes) -> bytes:
    return _range(pdf, lambda n: [0, n[1], n[2], -1])


def range_null(pdf: bytes) -> bytes:
    return _range(pdf, lambda _: ["null"])


def range_overlapping(pdf: bytes) -> bytes:
    return _range(pdf, lambda n: [0, n[2], n[1], n[3]])


def range_missing(pdf: bytes) -> bytes:
    return pdf.replace(b"/ByteRange", b"/ByteRangX", 1)


def wrapped(pdf: bytes) -> bytes:
    """Signature wrapping: the signed second part moved back, forged bytes before it, the range pointing behind them."""
    _, end = hole_of(pdf)
    forged = b"\n4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n"
    moved = pdf[:end] + forged + pdf[end:]
    return _range(moved, lambda n: [0, n[1], n[2] + len(forged), n[3]])


def rewritten(pdf: bytes) -> bytes:
    """Opened and saved by a tool that does not know signatures."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.Root.Rewritten = True  # within one second a save alone gives the very same bytes
        document.save(out)
    return out.getvalue()


def truncated(pdf: bytes) -> bytes:
    return pdf[:-300]


def junk_before(pdf: bytes) -> bytes:
    return b"junk\n" + pdf


def fill(pdf: bytes, value: str, *, shown: str | None = None, name: str = "SoVanBan") -> bytes:
    """Fill a text field as its picture `shown` (the value by default; "" leaves the picture as it is)."""

    def change(writer: Any) -> None:
        field = field_of(writer, name)
        field["/V"] = generic.pdf_string(value)
        if shown != "":
            text = (shown or value).encode("latin-1")
            picture = generic.StreamObject(
                {
                    pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
                    pdf_name("/BBox"): numbers(0, 0, 120, 20),
                    pdf_name("/Resources"): generic.DictionaryObject(
                        {pdf_name("/Font"): generic.DictionaryObject(
                            {pdf_name("/F1"): _page(writer)["/Resources"]["/Font"].raw_get("/F1")}
                        )}
                    ),
                },
                stream_data=b"/Tx BMC q BT /F1 11 Tf 2 6 Td (%s) Tj ET Q EMC" % text,
            )  # fmt: skip
            field["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(picture)})
        writer.update_container(field)

    return updated(pdf, change)


def filled_by_nobody(pdf: bytes) -> bytes:
    return fill(pdf, "15/QD-UBND")


def shadow_value(pdf: bytes) -> bytes:
    """The value says one number, the page shows another, and a second person signs it."""
    return papers.signed(fill(pdf, "15/QD-UBND", shown="51/QD-UBND"), papers.signer("Văn thư"))


def shadow_value_without_picture(pdf: bytes) -> bytes:
    return papers.signed(fill(pdf, "15/QD-UBND", shown=""), papers.signer("Văn thư"))


def sneaked_invisible(pdf: bytes) -> bytes:
    return papers.signed(pdf, papers.stranger())


def sneaked_visible(pdf: bytes) -> bytes:
    from signing import Stamp

    stamp = Stamp(box=(72, 300, 300, 380), lines=("Da duyet",), font=papers.serif_font())
    return papers.signed(pdf, papers.stranger(), stamp=stamp)


def replaced_signature(pdf: bytes) -> bytes:
    """The field deleted, and somebody of the house signs the rest: the earlier signature must not be forgotten."""
    return papers.signed(field_deleted(pdf), papers.signer("Trần Văn Thay"), field="ChuKyMoi")


# name → (attack, verdict, integrity); `None` where a reader may refuse the file in more than one way.
ATTACKS: dict[str, tuple[Attack, str | None]] = {
    "page content": (page_content, "modified"),
    "free text": (free_text, "modified"),
    "link": (link, "modified"),
    "open action": (open_action, "modified"),
    "font overwritten": (font_overwritten, "modified"),
    "field moved": (field_moved, "modified"),
    "page added": (page_added, "modified"),
    "field deleted": (field_deleted, "modified"),
    "value deleted": (value_deleted, "modified"),
    "signature replaced": (replaced_signature, "modified"),
    "trailing bytes": (trailing_bytes, None),
    "one more newline": (one_more_newline, "modified"),
    "loose object": (loose_object, "modified"),
    "loose object, long tail": (loose_object_long_tail, None),
    "loose object without end": (loose_object_without_end, None),
    "loose object under a signature": (loose_object_under_signature, "modified"),
    "bit in content": (bit_in_content, "broken"),
    "bit in signature": (bit_in_signature, "broken"),
    "container empty": (container_empty, "broken"),
    "container rubbish": (container_rubbish, "broken"),
    "range short": (range_short, "broken"),
    "range negative": (range_negative, "broken"),
    "range null": (range_null, "broken"),
    "range overlapping": (range_overlapping, "broken"),
    "range missing": (range_missing, "broken"),
    "wrapped": (wrapped, "broken"),
    "rewritten": (rewritten, "broken"),
    "truncated": (truncated, None),
    "junk before": (junk_before, None),
    "filled by nobody": (filled_by_nobody, "modified"),
    "shadow value": (shadow_value, "modified"),
    "shadow value without picture": (shadow_value_without_picture, "modified"),
    "sneaked, invisible": (sneaked_invisible, "intact"),
    "sneaked, visible": (sneaked_visible, "intact"),
}
