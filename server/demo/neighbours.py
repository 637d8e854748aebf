"""Bodies beyond the demo's city: what they send comes over the axis, sealed by their own keys."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from server.core.printing.render import render_pdf
from server.core.printing.words import local
from server.demo.papers import following
from server.exchange import actions as exchange
from server.exchange.models import (
    Code,
    DocumentType,
    Enclosed,
    MessageHeader,
    Organ,
    OtherInfo,
    Package,
    Promulgation,
    SignerInfo,
)
from server.exchange.rules import day_of, document_id
from server.signatures import actions as signatures
from signing.demo_pki import Identity, make_demo_pki

if TYPE_CHECKING:
    from server.demo.stage import Stage

NAME, _ORGAN = "Ủy ban nhân dân tỉnh Sơn Hà", "000.00.00.H98"
# Whose authority nobody here knows.
_STRANGER, _STRANGE_ORGAN = "Ban Quản lý khu công nghiệp Đông Sơn", "000.12.00.H97"
# A busy machine may take ten times what an idle one does.
_SECONDS = 60.0
_SIGNER = SignerInfo(competence="TL.", position="Chánh Văn phòng", full_name="Lâm Quý Dương")


async def settle(stage: Stage) -> None:
    """Let the axis carry what waits, as the server does in the background; and the answers to it."""
    axis = _axis(stage)
    for _ in range(2):
        while await exchange.deliver_some(stage.core, axis):
            pass
        await exchange.receive_some(stage.core, axis)


async def write(stage: Stage, to: str) -> None:
    """Two packages for the body of this code: one from a neighbour, one under an authority that is not trusted here."""
    known, unknown = make_demo_pki(f"{NAME} (trình diễn)"), make_demo_pki(_STRANGER)
    await signatures.add_root(stage.core, "neighbour", known.root_pem)
    for organ_id, name, pki, code, subject in (
        (_STRANGE_ORGAN, _STRANGER, unknown, "88/BQL-ĐT", "Đề nghị làm việc về đất khu công nghiệp"),
        (_ORGAN, NAME, known, "512/UBND-KSTT", "Đề nghị phối hợp khảo sát mô hình phòng họp không giấy"),
    ):
        today = local(stage.core.clock.now()).date()
        package = _package(Organ(organ_id=organ_id, organ_name=name), to, code, subject, today)
        with tempfile.TemporaryDirectory(dir=stage.core.config.data_dir) as folder:
            target = Path(folder) / "package.edxml"
            await stage.core.workers.run(pack, str(target), package, pki.person(name), timeout=_SECONDS)
            await _axis(stage).send(target, organ_id, to)
    await settle(stage)


def pack(target: str, package: Package, identity: Identity) -> None:
    """The letter signed, in a sealed package at ``target``; runs in a child."""
    from signing import sign  # noqa: PLC0415 - pyHanko is for children only
    from signing.engine import complete  # noqa: PLC0415 - the same
    from signing.signers import KeySigner  # noqa: PLC0415 - the same

    signer = KeySigner(identity.private_key(), identity.certificate, identity.chain)
    message, head = package.message, package.message.code
    doc = replace(
        following.LETTER.letter, issuer=message.sender.organ_name, number=head.code_number,
        symbol=head.code_notation, dated=day_of(message.promulgation_info.promulgation_date),
        subject=f"{message.subject[:1].lower()}{message.subject[1:]}",
    )  # fmt: skip
    letter = Path(f"{target}.pdf")
    printed = render_pdf(following.LETTER.template, {**following.LETTER.values, "doc": doc})
    letter.write_bytes(complete(sign(printed, signer)))
    enclosed = Enclosed(path=str(letter), name=f"{head.code_number}-{head.code_notation}.pdf")
    exchange.pack(target, package, (enclosed,), signer)


def _package(sender: Organ, to: str, symbol: str, subject: str, day: date) -> Package:
    number, _, notation = symbol.partition("/")
    return Package(
        message=MessageHeader(
            sender=sender, to=(Organ(organ_id=to, organ_name="Ủy ban nhân dân thành phố Tân Giang"),),
            code=Code(code_number=number, code_notation=notation),
            promulgation_info=Promulgation(place="Sơn Hà", promulgation_date=f"{day:%Y/%m/%d}"),
            document_type=DocumentType(type="2", type_name="Công văn"), subject=subject, signer_info=_SIGNER,
            other_info=OtherInfo(priority="0", page_amount="1"),
            document_id=document_id(sender.organ_id, day, number, notation),
        )
    )  # fmt: skip


def _axis(stage: Stage) -> exchange.FolderAxis:
    folder = stage.core.config.axis_folder
    assert folder is not None  # the demo's configuration names one
    return exchange.FolderAxis(folder)
