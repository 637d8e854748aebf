"""Values of signatures: where a signature is drawn, what a child needs to prepare one, what came of it."""

from __future__ import annotations

from msgspec import Struct


class Place(Struct, frozen=True, kw_only=True):
    """A box on a page (index from 0), x1, y1, x2, y2 in points, lower left and upper right corner."""

    page: int
    box: tuple[float, float, float, float]


class Key(Struct, frozen=True, kw_only=True):
    """A person's enrolled key: certificates in DER, ``file`` below the folder of keys, the picture's SHA-256."""

    id: str
    person_id: str
    certificate: bytes
    chain: tuple[bytes, ...]
    file: str
    image_sha256: str | None
    enrolled_at: str
    enrolled_by: str


class Job(Struct, frozen=True, kw_only=True):
    """What a child needs to prepare a signature: whose it is, the certificates, what is drawn. ``at`` is ISO 8601."""

    name: str
    certificate: bytes
    chain: tuple[bytes, ...]
    image: bytes
    at: str


class Half(Struct, frozen=True, kw_only=True):
    """A prepared signature: what the key has to sign, and the SHA-256 of the file that it was prepared from."""

    to_sign: bytes
    base_sha256: str
