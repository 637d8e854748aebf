"""Papers and keys for the signing tests, all made at test time: a form with number and date, persons, a font."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image

from signing import Stamp, sign
from signing.demo_pki import DemoPki, Identity, make_demo_pki
from signing.engine import complete
from signing.signers import KeySigner, Signer
from tests.support.parts import missing

PEM = Encoding.PEM
A4 = (595.0, 842.0)
BOX = (300.0, 120.0, 500.0, 220.0)
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
UPPER = "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY"
MARKED = (
    "ÀÁẢÃẠẰẮẲẴẶẦẤẨẪẬÈÉẺẼẸỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌỒỐỔỖỘỜỚỞỠỢÙÚỦŨỤỪỨỬỮỰỲÝỶỸỴ"
)  # fmt: skip
VIETNAMESE = tuple(c for c in dict.fromkeys(UPPER + MARKED + UPPER.lower() + MARKED.lower()) if not c.isascii())


@lru_cache
def serif_font() -> str:
    """A Times-metric font with all Vietnamese letters, as the system names it."""
    if found := shutil.which("fc-match"):
        asked = [found, "Liberation Serif:style=Regular", "--format", "%{file}"]
        path = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        if "LiberationSerif" in path and "liberation/" not in path:
            return path
    return missing("Liberation Serif 2 (fonts-liberation2)")


@lru_cache
def pki() -> DemoPki:
    return make_demo_pki()


def person(name: str = "Nguyễn Thị Ánh Tuyết", rsa_bits: int = 0) -> Identity:
    return _person(name, rsa_bits)


@lru_cache
def _person(name: str, rsa_bits: int) -> Identity:
    return pki().person(name, organisation="UBND thành phố", title="Chủ tịch", rsa_bits=rsa_bits)


def signer(name: str = "Nguyễn Thị Ánh Tuyết", rsa_bits: int = 0) -> Signer:
    one = person(name, rsa_bits)
    return KeySigner(one.private_key(), one.certificate, one.chain)


def stranger() -> Signer:
    """Somebody under another root who calls himself the same."""
    one = make_demo_pki().person("Nguyễn Thị Ánh Tuyết", organisation="UBND thành phố")
    return KeySigner(one.private_key(), one.certificate, one.chain)


def signed(pdf: bytes, by: Signer | None = None, *, field: str | None = None, stamp: Stamp | None = None) -> bytes:
    return complete(sign(pdf, by or signer(), field=field, stamp=stamp))


def plain(pages: int = 1, size: tuple[float, float] = A4) -> bytes:
    pdf = pikepdf.new()
    for number in range(pages):
        page = pdf.add_blank_page(page_size=size)
        page.contents_add(f"BT /F1 14 Tf 72 700 Td (To trinh, trang {number + 1}) Tj ET".encode())
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=_helvetica(pdf)))
    return _bytes(pdf)


def form() -> bytes:
    """One page with two text fields, SoVanBan and NgayBanHanh, empty, as a draft carries them."""
    pdf = pikepdf.open(io.BytesIO(plain()))
    page = pdf.pages[0]
    font = page.Resources.Font.F1
    fields = []
    for name, x in (("SoVanBan", 72), ("NgayBanHanh", 320)):
        field = pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=name, F=4,
            Rect=[x, 760, x + 120, 780], DA="/F1 11 Tf 0 g", P=page.obj,
        ))  # fmt: skip
        fields.append(field)
    page.Annots = pdf.make_indirect(pikepdf.Array(fields))
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array(fields), DR=resources))
    return _bytes(pdf)


def certified(pdf: bytes = b"") -> bytes:
    """Signed by its author with the word that nobody may change or sign it: a DocMDP certification."""
    from asn1crypto import x509 as asn1_x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner

    one, out = person(), io.BytesIO()
    engine = ExternalSigner(asn1_x509.Certificate.load(one.certificate), None, signature_value=72)
    meta = PdfSignatureMetadata(
        field_name="TacGia", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )  # fmt: skip
    complete(PdfSigner(meta, engine).async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf or plain())), output=out))
    return out.getvalue()


def _helvetica(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )


def _bytes(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def saved(pdf: pikepdf.Pdf) -> bytes:
    return _bytes(pdf)


def rendered(pdf: bytes, page: int = 0, scale: float = 2.0) -> Image.Image:
    """The page as a viewer draws it, signature included."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        picture: Image.Image = document[page].render(scale=scale, may_draw_forms=True).to_pil()
        return picture.convert("RGB")
