"""Opening the key of a person or of a body to sign with, wherever it lies."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from server.accounts.actions.backoff import Backoff
from server.core.db import Database
from server.core.errors import DomainError
from server.signatures import store
from server.signatures.actions.keys import files, holders

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.signatures.models import Key
    from signing.signers import Signer

# Five wrong passwords or PINs, then one waits.
ATTEMPTS = "5/minute;20/hour"
_WRONG = {"signing.p12_unreadable": "signatures.wrong_password", "signing.pin_wrong": "signing.pin_wrong"}


class _Door:
    """Secrets are tried one after another, so that many at once cannot pass the count of failures."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.backoff = Backoff(per_account=ATTEMPTS)


_doors: WeakKeyDictionary[Database, _Door] = WeakKeyDictionary()


async def signer_for(core: Core, holder: str, *, actor: Actor, secret: str) -> tuple[Key, Signer]:
    """The key that ``holder`` signs with now, and the signer that holds it open.

    Args:
        core: the house.
        holder: "person:<id>", or "body:<id>" for the body's seal.
        actor: who signs: that person, or a registry clerk of that body.
        secret: what opens the key: password of the file, PIN of token or service.

    Raises:
        DomainError: ``denied``, ``signatures.no_key``, ``.wrong_password`` or ``signing.pin_wrong`` (after five of
            them ``rate``), ``.key_changed``, ``signatures.file_keys_refused``, ``signing.…``.
    """
    holders.require_use(actor, holder)
    key = await core.db.read(lambda read: store.key_of(read, holder))
    if key is None:
        raise DomainError("signatures.no_key")
    door = _doors.setdefault(core.db, _Door())
    async with door.lock:
        await door.backoff.check(core, f"key:{holder}", "")
        try:
            signer = await _opened(core, key, secret)
        except DomainError as error:
            if error.code not in _WRONG:
                raise
            await door.backoff.failed(core, f"key:{holder}", "")
            raise DomainError(_WRONG[error.code]) from error
    if signer.certificate != key.certificate:
        raise DomainError("signatures.key_changed")
    return key, signer


async def _opened(core: Core, key: Key, secret: str) -> Signer:
    files.require_file_keys(core.config)
    try:
        p12 = await asyncio.to_thread((files.folder(core.config) / key.reference).read_bytes)
    except OSError as error:
        raise DomainError("signatures.no_key") from error
    return await files.load(p12, secret)
