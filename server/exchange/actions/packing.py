"""A sealed package made by whoever holds the key open in its process: as another house would, for the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.exchange.child import build_file, seal_file

if TYPE_CHECKING:
    from server.exchange.models import Enclosed, Package
    from signing.signers import Signer


def pack(target: str, package: Package, files: tuple[Enclosed, ...], signer: Signer) -> None:
    """Write a package to ``target``; runs in a child. Raises DomainError ``signing.…``, ``documents.too_large``."""
    from signing.engine import complete  # noqa: PLC0415 - the engine is heavy, and a server's start packs nothing

    half = build_file(target, package, files, signer.certificate, signer.chain, signer.algorithm)
    seal_file(target, half, signer.certificate, signer.algorithm, complete(signer.sign_raw(half.to_sign)))
