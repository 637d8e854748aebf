"""Keys of tablets in the demo: the city certifies them, and one waits for the registry clerk."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from server.demo import cast
from server.signatures.actions import add_root
from server.signatures.actions.keys import authorities, tablets
from server.signatures.wire import TabletKeyAsk
from signing.demo_pki import make_demo_pki, withdrawn

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.demo.stage import Stage


async def certify(core: Core, body_id: str, *, actor: Actor) -> None:
    """Give a body an authority of its own for tablets, under a root that the house trusts; its password is kept."""
    pki, password = await asyncio.to_thread(make_demo_pki, "Máy tính bảng (trình diễn)"), secrets.token_urlsafe(24)
    p12 = await asyncio.to_thread(pki.issuing.pkcs12, password)
    await authorities.name_file(core, body_id, p12, password, actor=actor)
    # What the issuing authority has revoked is told by its own list, made anew with each revocation.
    root = x509.load_der_x509_certificate(pki.root.certificate).public_bytes(Encoding.PEM)
    await add_root(core, f"tablets-{body_id}", root + withdrawn(pki.root))


async def play(stage: Stage) -> None:
    """The city certifies tablets; one of a member's waits. Its key is thrown away: nobody will sign with it."""
    await certify(stage.core, stage.body, actor=stage.administrator)
    who = stage.actor(cast.FINANCE)
    key = await asyncio.to_thread(ec.generate_private_key, ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who.name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    command = TabletKeyAsk(body_id=stage.body, request=request.public_bytes(Encoding.DER))
    await tablets.ask(stage.core, command, actor=who)
