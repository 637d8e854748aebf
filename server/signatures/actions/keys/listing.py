"""What a body signs with, to be looked at: its seal and its authority, where they lie, whether they can be reached."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from server.core import access, errors
from server.core.errors import DomainError
from server.signatures import store
from server.signatures.actions.keys import holders, opening
from server.signatures.wire import BodyKey, BodyKeys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.signatures.models import Key, KeyKind

_KEPT: Mapping[KeyKind, Literal["file", "token", "service"]] = {"pkcs12": "file", "pkcs11": "token", "csc": "service"}
# A device that is gone may be waited for long; a list is not.
SECONDS = 8.0


async def of_body(core: Core, body_id: str, *, actor: Actor) -> BodyKeys:
    """The keys of a body, for its registry clerk and for administrators; never what opens them."""

    def read(read: Read) -> tuple[str, Key | None, Key | None]:
        access.require("signatures.body_keys", access.relations(read, actor, "body", body_id))
        name = holders.name_of(read, holders.body(body_id))
        return name, store.key_of(read, holders.body(body_id)), store.key_of(read, holders.authority(body_id))

    name, seal, authority = await core.db.read(read)
    shown = await asyncio.gather(_shown(core, seal, actor.lang), _shown(core, authority, actor.lang))
    signing = core.config.signing
    return BodyKeys(
        body_id=body_id, body_name=name, seal=shown[0], authority=shown[1], level=signing.level,
        time_stamps=urlsplit(signing.tsa).hostname or "" if signing.tsa else "",
    )  # fmt: skip


async def _shown(core: Core, key: Key | None, lang: str) -> BodyKey | None:
    if key is None:
        return None
    said, why = holders.view(key), await _why_not(core, key, lang)
    place, _, name = key.reference.partition("/") if key.kind != "pkcs12" else ("", "", "")
    return BodyKey(
        holder=said.holder, issuer=said.issuer, serial=said.serial, valid_from=said.valid_from,
        valid_until=said.valid_until, kept=_KEPT[key.kind], place=place, name=name, enrolled_at=key.enrolled_at,
        reachable=not why, why=why, width_mm=key.image_width_mm if key.image_sha256 else None,
    )  # fmt: skip


async def _why_not(core: Core, key: Key, lang: str) -> str:
    """Why a key cannot be reached, in a sentence; empty where it can."""
    try:
        async with asyncio.timeout(SECONDS):
            await opening.reach(core, key)
    except DomainError as error:
        return errors.text(error, lang)
    except TimeoutError:
        return errors.text(DomainError("signing.key_unreachable"), lang)
    return ""
