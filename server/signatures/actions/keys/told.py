"""A signer whose failures are told as the house tells them: DomainError, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.signatures.child import refused_as_domain_error
from signing import SigningError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from signing.signers import Signer


class ToldSigner:
    """Another signer, with its refusals as ``signing.…``."""

    def __init__(self, inner: Signer) -> None:
        self._inner = inner
        self.certificate, self.chain, self.algorithm = inner.certificate, inner.chain, inner.algorithm

    def __repr__(self) -> str:
        return f"ToldSigner({self._inner!r})"

    async def sign_raw(self, attributes: bytes) -> bytes:
        """See ``signing.signers.Signer``. Raises DomainError ``signing.…``."""
        return (await self.sign_batch([attributes]))[0]

    async def sign_batch(self, attributes: Sequence[bytes]) -> list[bytes]:
        """Several papers; a remote service authorises them at once. Raises DomainError ``signing.…``."""
        from signing.csc import RemoteSigner  # noqa: PLC0415 - loaded only where a service is in use

        try:
            if isinstance(self._inner, RemoteSigner):
                return await self._inner.sign_batch(attributes)
            return [await self._inner.sign_raw(one) for one in attributes]
        except SigningError as why:
            raise refused_as_domain_error(why) from why
