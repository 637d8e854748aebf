"""Making a PAdES signature: prepare, sign the attributes, finish; `sign` does the three in one go."""

import asyncio
import dataclasses
import errno
import hashlib
import io
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from hmac import compare_digest
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar, overload

import msgspec
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner

from signing.algorithms import Algorithm, algorithm_of, check_certificate, checked_signature
from signing.container import container
from signing.contents import refuse_active
from signing.engine import complete
from signing.errors import SigningError
from signing.files import PIECE, Source, copied, digest_without, opened, sha256, size_of
from signing.levels import TOKEN_BYTES, extend_in_place, prove, stamped
from signing.preflight import open_for_signing, place, refuse_locked
from signing.report import Level
from signing.services import Services
from signing.signers import Signer
from signing.stamp import Stamp, StampStyle

T = TypeVar("T")
_CMS_OVERHEAD = 1536  # signed attributes, algorithm names and the raw signature, in bytes, with room to spare


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A file with the hole for a signature, and what the key has to sign; JSON-ready, so it may wait in a table.

    Attributes:
        pdf: the file, complete but for the signature; empty where it lies in `path`.
        path: where it lies, if it was prepared into a file.
        to_sign: DER signed attributes; the key signs exactly these bytes.
        field: name of the signature field.
        algorithm: how, e.g. "ecdsa-sha256".
        base_sha256: hex digest of the file that was given in.
        digest: digest of `pdf` without the hole.
        start, end: the hole, from its "<" to after its ">".
        certificate, chain: of the signer, DER.
        level: PAdES level it shall have.
    """

    pdf: bytes = b""
    path: str = ""
    to_sign: bytes
    field: str
    algorithm: str
    base_sha256: str
    digest: bytes
    start: int
    end: int
    certificate: bytes
    chain: tuple[bytes, ...]
    level: Level = "B-B"


class Runner(Protocol):
    """Where the computing part of `sign` runs: a thread by default, a worker process of the caller's if given."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Run `work` (picklable when its arguments are) and give its result."""


async def sign(
    pdf: bytes,
    signer: Signer,
    *,
    field: str | None = None,
    stamp: Stamp | None = None,
    reason: str = "",
    location: str = "",
    at: datetime | None = None,
    level: Level = "B-B",
    services: Services | None = None,
    run: Runner = asyncio.to_thread,
) -> bytes:
    """The file with one more signature, as an incremental update: the bytes given in are its beginning, unchanged.

    Args:
        pdf: the whole file.
        signer: whose key signs.
        field: empty signature field to use, or name of a new one; None takes the next free name.
        stamp: what is seen on the page; None makes an invisible signature.
        reason: why, as the signature dictionary says it.
        location: where, likewise.
        at: claimed time, aware; now by default.
        level: PAdES level; from B-T on, `services` are needed.
        services: time stamps, and where certificates are asked about. With them the signer's certificate is proven
            before anything is signed, at any level.
        run: see `Runner`.

    Raises:
        SigningError: see `prepare` and `finish`.
    """
    half = await run(
        partial(
            prepare,
            pdf,
            certificate=signer.certificate,
            chain=signer.chain,
            field=field,
            stamp=stamp,
            reason=reason,
            location=location,
            at=at,
            level=level,
            services=services,
            algorithm=signer.algorithm,
        )
    )
    signature = await signer.sign_raw(half.to_sign)
    return await run(partial(finish, half, signature, services=services))


def prepare(
    pdf: Source,
    *,
    into: PathLike[str] | None = None,
    certificate: bytes,
    chain: Sequence[bytes] = (),
    field: str | None = None,
    stamp: Stamp | None = None,
    reason: str = "",
    location: str = "",
    at: datetime | None = None,
    level: Level = "B-B",
    services: Services | None = None,
    algorithm: str = "",
    approved_sha256: str = "",
    attachments: bool = False,
) -> Prepared:
    """First half: everything but the key's work. Made for a worker process; asks only what `services` name.

    A file that is given by its path, to be prepared `into` another one, is never held in memory.

    Takes what `sign` takes, and instead of a signer its `certificate` (DER), `chain` (the issuers up to the root, DER;
    they are embedded) and `algorithm` (by default the one that belongs to the certificate's key). With
    `approved_sha256` (hex) only that very file is signed; `attachments` says that files inside it were declared.

    Raises:
        SigningError: any code but prepared_changed, signature_mismatch and signature_too_large.
    """
    base = sha256(pdf)
    if approved_sha256 and not compare_digest(base, approved_sha256.lower()):
        raise SigningError("not_approved")
    moment = at or datetime.now(UTC)
    how = algorithm_of(certificate, algorithm)
    check_certificate(certificate, moment)
    if level != "B-B" and (services is None or not services.tsa):
        raise SigningError("tsa_missing")
    if services is not None:
        prove(certificate, tuple(chain), services, datetime.now(UTC))
    external = _external(certificate, how)
    meta = PdfSignatureMetadata(
        md_algorithm=how.digest,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
    )
    style: Any = StampStyle(stamp) if stamp else _Unseen()
    token = TOKEN_BYTES if level != "B-B" else 0
    room = 2 * (len(certificate) + sum(map(len, chain)) + _CMS_OVERHEAD + token)
    with opened(pdf) as given:
        writer = open_for_signing(given)
        try:
            name, new_field = place(writer.prev, field, stamp)
            refuse_locked(writer.prev, name)
            refuse_active(given, attachments=attachments)
            meta = dataclasses.replace(meta, field_name=name)
            engine = PdfSigner(meta, external, stamp_style=style, new_field_spec=new_field)
            session = engine.init_signing_session(writer)
            session.system_time = moment
            waiting = session.prepare_tbs_document(None, bytes_reserved=room)
            with copied(pdf, into) as out:
                hole, _ = waiting.digest_tbs_document(output=out, chunk_size=PIECE)
                made = out.getvalue() if isinstance(out, io.BytesIO) else b""
        except SigningError:
            raise
        except Exception as why:  # a file damaged in its pages or form: the parser finds out only here
            if isinstance(why, OSError) and why.errno != errno.EINVAL:  # a place before the file's beginning
                raise
            raise SigningError("pdf_unreadable") from why
    unsigned = _attributes(certificate, how)
    to_sign = unsigned.replace(_placeholder(how), hole.document_digest)
    return Prepared(
        pdf=made, path=os.fspath(into) if into else "", to_sign=to_sign, field=name, algorithm=how.name,
        base_sha256=base, digest=hole.document_digest,
        start=hole.reserved_region_start, end=hole.reserved_region_end,
        certificate=certificate, chain=tuple(chain), level=level,
    )  # fmt: skip


@overload
def finish(prepared: Prepared, signature: bytes, *, services: Services | None = None) -> bytes: ...
@overload
def finish(prepared: Prepared, signature: bytes, *, services: Services | None = None, into: PathLike[str]) -> None: ...
def finish(
    prepared: Prepared, signature: bytes, *, services: Services | None = None, into: PathLike[str] | None = None
) -> bytes | None:
    """Second half: put the raw signature of `prepared.to_sign` into the hole; at level B-B same input, same file.

    The file is hashed again and the signature verified first: the engine below would embed anything. From level B-T on
    `services` are asked; if one of them does not answer, there is no signed file. With `into` the signed file is
    written there, whole or not at all, and not held in memory; what was prepared stays as it is.

    Raises:
        SigningError: prepared_changed (its bytes are not those that were prepared), signature_mismatch,
            signature_too_large; from level B-T on also those of the services.
    """
    algorithm, attributes = _check_unchanged(prepared)
    raw = checked_signature(prepared.certificate, prepared.to_sign, signature, algorithm)
    named = services or Services()
    token = stamped(raw, named, algorithm.digest) if prepared.level != "B-B" else b""
    content = container(prepared.certificate, prepared.chain, attributes, raw, algorithm, token)
    room = prepared.end - prepared.start - 2
    if 2 * len(content) > room:
        raise SigningError("signature_too_large", size=len(content), room=room // 2)
    with copied(_where(prepared), into) as out:
        out.seek(prepared.start + 1)
        out.write(content.hex().encode())
        if prepared.level in {"B-LT", "B-LTA"}:
            extend_in_place(out, named, prepared.level)
        return out.getvalue() if isinstance(out, io.BytesIO) else None


def _where(prepared: Prepared) -> Source:
    return Path(prepared.path) if prepared.path else prepared.pdf


def _check_unchanged(prepared: Prepared) -> tuple[Algorithm, bytes]:
    """How it is signed and the attributes, if file, hole and attributes still belong together."""
    try:
        algorithm = algorithm_of(prepared.certificate, prepared.algorithm)
    except SigningError as why:
        raise SigningError("prepared_changed") from why
    try:
        with opened(_where(prepared)) as file:
            fits = _is_hole(file, prepared.start, prepared.end)
            digest = digest_without(algorithm.digest, file, prepared.start, prepared.end)
    except OSError as why:
        raise SigningError("prepared_changed") from why
    if not fits or not compare_digest(digest, prepared.digest):
        raise SigningError("prepared_changed")
    try:
        attributes = cms.CMSAttributes.load(prepared.to_sign, strict=True)
        promised = {one["type"].native: one["values"][0].native for one in attributes}["message_digest"]
    except (ValueError, KeyError, TypeError, IndexError) as why:
        raise SigningError("prepared_changed") from why
    if not compare_digest(promised, digest):
        raise SigningError("prepared_changed")
    return algorithm, prepared.to_sign


def _is_hole(file: BinaryIO, start: int, end: int) -> bool:
    if not 0 < start < end <= size_of(file):
        return False
    file.seek(start)
    hole = file.read(end - start)
    return hole[:1] == b"<" and hole[-1:] == b">" and not hole[1:-1].strip(b"0")


class _Unseen:
    """No appearance: without it the engine would draw its own picture into a visible field."""

    def create_stamp(self, *_: object) -> None:
        return None


def _external(certificate: bytes, how: Algorithm) -> ExternalSigner:
    return ExternalSigner(
        asn1_x509.Certificate.load(certificate),
        None,
        signature_value=512,
        signature_mechanism=how.mechanism(),
    )


@lru_cache(maxsize=256)
def _attributes(certificate: bytes, how: Algorithm) -> bytes:
    """The signed attributes of this key with a placeholder for the digest: nothing else in them ever changes.

    The digest stands behind its name and length, so that it does not change their order either.
    """
    external = _external(certificate, how)
    made: bytes = complete(external.signed_attrs(_placeholder(how), how.digest, use_pades=True)).dump()
    return made


def _placeholder(how: Algorithm) -> bytes:
    return hashlib.sha512(b"digest of the document").digest()[: how.hash().digest_size]
