"""Blobs in an S3-compatible store, through obstore."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import ObjectStore, from_url

from server.core.blobs_store import Incoming, unlink_older
from server.core.errors import DomainError

# Which of the two obstore raises depends on the store behind it.
_INCOMING = "phien-incoming-"
_MISSING = (NotFoundError, FileNotFoundError)


class RemoteStore:
    """``ab/cdef…`` under the prefix, the same names as on a local disk, so that one can be copied to the other."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def from_url(cls, url: str, options: Mapping[str, str]) -> RemoteStore:
        """Open ``s3://bucket/prefix`` with obstore's options (``endpoint``, ``region``, ``access_key_id`` …)."""
        config: Any = dict(options)  # obstore types its known keys; ours come from the operator's file
        return cls(from_url(url, config=config))

    def local_path(self, sha256: str) -> Path | None:  # noqa: ARG002 - the answer is the same for every blob
        """Never on this machine."""
        return None

    @contextlib.asynccontextmanager
    async def incoming(self) -> AsyncIterator[Incoming]:
        """A local temporary file: the name of the object is known only when all bytes are hashed."""
        with tempfile.NamedTemporaryFile(prefix=_INCOMING) as file:
            yield Incoming(file, Path(file.name))

    async def keep(self, incoming: Incoming, sha256: str) -> None:
        """Upload, in parts where large; the store acknowledges only what is durable."""
        await obstore.put_async(self._store, _key(sha256), incoming.path)

    async def read_range(self, sha256: str, begin: int, end: int) -> bytes:
        """One ranged request."""
        size = await self.size(sha256)
        if begin >= size:
            return b""
        data = await obstore.get_range_async(self._store, _key(sha256), start=begin, end=min(end, size))
        return data.to_bytes()

    async def iterate(self, sha256: str, piece_bytes: int) -> AsyncIterator[bytes]:
        """One request, streamed."""
        try:
            answer = await obstore.get_async(self._store, _key(sha256))
        except _MISSING as error:
            raise DomainError("not_found") from error
        async for piece in answer.stream(min_chunk_size=piece_bytes):
            yield bytes(piece)

    async def size(self, sha256: str) -> int:
        """The size that the store tells."""
        try:
            return (await obstore.head_async(self._store, _key(sha256)))["size"]
        except _MISSING as error:
            raise DomainError("not_found") from error

    async def delete(self, sha256: str) -> None:
        """Delete; S3 answers the same for a missing object."""
        with contextlib.suppress(*_MISSING):
            await obstore.delete_async(self._store, _key(sha256))

    async def stored(self, older_than_seconds: float) -> AsyncIterator[str]:
        """List page by page."""
        before = datetime.now(UTC) - timedelta(seconds=older_than_seconds)
        async for page in obstore.list(self._store):
            for entry in page:
                if entry["last_modified"] <= before:
                    yield entry["path"].replace("/", "")

    async def sweep(self, older_than_seconds: float) -> None:
        """Unlink the temporary files in a thread."""
        await asyncio.to_thread(unlink_older, Path(tempfile.gettempdir()), f"{_INCOMING}*", older_than_seconds)


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:]}"
