"""Keys: enrolling a PKCS#12 file for demo and tests, and opening it to sign.

A key in a file is as safe as the file; whoever copies it and guesses the password signs in that person's name. So it
is refused except in the demo and where the operator says that this is a trial. Keys that cannot be copied (token,
HSM, remote signing) are what real signing needs; they sign through the same ``signing.Signer``.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from cryptography import x509
from cryptography.x509.oid import NameOID

from server.accounts.actions.backoff import Backoff
from server.core import access, journal
from server.core.db import Database
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.signatures import rules, store
from server.signatures.child import check_image, refused_as_domain_error
from server.signatures.models import Key
from server.signatures.wire import KeyEnrolled, SigningKey
from signing import SigningError
from signing.signers import KeySigner, load_pkcs12

if TYPE_CHECKING:
    from server.config import Config
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx

AUDIT_STREAM = "x:signatures"
# Five wrong passwords, then one waits.
ATTEMPTS = "5/minute;20/hour"


class _Door:
    """Passwords are tried one after another, so that many at once cannot pass the count of failures."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.backoff = Backoff(per_account=ATTEMPTS)


_doors: WeakKeyDictionary[Database, _Door] = WeakKeyDictionary()


async def enrol_pkcs12(
    core: Core, person_id: str, p12: bytes, password: str, image: bytes | None, *, actor: Actor
) -> SigningKey:
    """Enrol a key for a person; the one before ends. ``image``: PNG of the handwritten signature, transparent.

    Raises ``signatures.file_keys_refused``, ``signatures.other_name``, ``signing.…``.
    """
    require_file_keys(core.config)
    name = await core.db.read(lambda read: _name_of(read, actor, person_id))
    signer = await _load(p12, password)
    holder = common_name(x509.load_der_x509_certificate(signer.certificate).subject)
    if not rules.same_name(holder, name):
        raise DomainError("signatures.other_name", holder=holder, name=name)
    picture = None
    if image is not None:
        await core.workers.run(check_image, image)
        picture = (await core.blobs.put(image)).sha256
    key_id = new_id()
    key = Key(
        id=key_id, person_id=person_id, certificate=signer.certificate, chain=signer.chain, file=f"{key_id}.p12",
        image_sha256=picture, enrolled_at=stamp(core.clock.now()), enrolled_by=actor.person_id,
    )  # fmt: skip
    path = folder(core.config) / key.file
    await asyncio.to_thread(_write, path, p12)
    try:
        ended = await core.db.write(lambda tx: _enrol_txn(tx, key, actor))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if ended is not None:
        (folder(core.config) / ended.file).unlink(missing_ok=True)
    return view(key)


def _name_of(read: Read, actor: Actor, person_id: str) -> str:
    access.require("signatures.enrol", access.relations(read, actor, "person", person_id))
    return directory.person(read, person_id).full_name


def _enrol_txn(tx: Tx, key: Key, actor: Actor) -> Key | None:
    """Without a receipt, which would keep a fast hash of the password; to enrol again is only to replace."""
    access.require("signatures.enrol", access.relations(tx, actor, "person", key.person_id))
    before = store.key_of(tx, key.person_id)
    store.replace_key_txn(tx, key)
    journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
    event = KeyEnrolled(person_id=key.person_id, fingerprint=hashlib.sha256(key.certificate).hexdigest())
    journal.append(tx, AUDIT_STREAM, event, actor=actor.person_id)
    return before


async def open_key(core: Core, person_id: str, password: str) -> tuple[Key, KeySigner]:
    """A person's key, opened by its password.

    Raises ``signatures.no_key``, ``.wrong_password`` (after five of them ``rate``), ``.key_changed``.
    """
    require_file_keys(core.config)
    key = await core.db.read(lambda read: store.key_of(read, person_id))
    if key is None:
        raise DomainError("signatures.no_key")
    door = _doors.setdefault(core.db, _Door())
    async with door.lock:
        await door.backoff.check(core, f"key:{person_id}", "")
        try:
            p12 = await asyncio.to_thread((folder(core.config) / key.file).read_bytes)
            signer = await _load(p12, password)
        except OSError as error:
            raise DomainError("signatures.no_key") from error
        except DomainError as error:
            if error.code != "signing.p12_unreadable":
                raise
            await door.backoff.failed(core, f"key:{person_id}", "")
            raise DomainError("signatures.wrong_password") from error
    if signer.certificate != key.certificate:
        raise DomainError("signatures.key_changed")
    return key, signer


def require_file_keys(config: Config) -> None:
    """Raise unless keys in files may be used here: in the demo, or where the operator runs a trial."""
    if not (config.is_demo or config.allow_file_keys):
        raise DomainError("signatures.file_keys_refused")


def folder(config: Config) -> Path:
    """Where key files lie: beside the sealing key, in no backup, read by nobody but the server."""
    return config.data_dir / "keys" / "signing"


def view(key: Key) -> SigningKey:
    """A key as people see it."""
    certificate = x509.load_der_x509_certificate(key.certificate)
    return SigningKey(
        person_id=key.person_id,
        holder=common_name(certificate.subject),
        issuer=common_name(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        valid_from=stamp(certificate.not_valid_before_utc),
        valid_until=stamp(certificate.not_valid_after_utc),
        image=key.image_sha256 is not None,
    )


def common_name(name: x509.Name) -> str:
    """The common name of a certificate's subject or issuer; empty if it has none."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


async def _load(p12: bytes, password: str) -> KeySigner:
    try:
        return await asyncio.to_thread(load_pkcs12, p12, password[: rules.PASSWORD_CHARACTERS])
    except SigningError as why:
        raise refused_as_domain_error(why) from why


def _write(path: Path, data: bytes) -> None:
    """The whole file, durable and readable by its owner alone from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
