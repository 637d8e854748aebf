"""A paper on its way through the office: fields and locks prepared, signed, numbered, sealed."""

from __future__ import annotations

import io

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field

from signing.signers import Signer
from tests.signing import attacks, papers


def draft() -> bytes:
    """Two numbers to fill, a place for the official that leaves them open, one for the seal that closes everything."""
    writer = IncrementalPdfFileWriter(io.BytesIO(papers.form()))
    numbers = ["SoVanBan", "NgayBanHanh"]
    append_signature_field(
        writer, SigFieldSpec("NguoiKy", field_mdp_spec=FieldMDPSpec(FieldMDPAction.EXCLUDE, [*numbers, "ConDau"]))
    )
    seal = FieldMDPSpec(FieldMDPAction.ALL)
    append_signature_field(writer, SigFieldSpec("ConDau", field_mdp_spec=seal, doc_mdp_update_value=MDPPerm.NO_CHANGES))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def numbered(official: Signer | None = None) -> bytes:
    paper = papers.signed(draft(), official, field="NguoiKy")
    return attacks.fill(attacks.fill(paper, "15/QD-UBND"), "22", name="NgayBanHanh")


def sealed(official: Signer | None = None, seal: Signer | None = None) -> bytes:
    return papers.signed(numbered(official), seal or papers.signer("Con dấu UBND"), field="ConDau")
