"""What bodies and people sign with, to be looked at: where each key lies, whether a body's can be reached."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from server.core import access, errors
from server.core.errors import DomainError
from server.directory import actions as directory
from server.signatures import store
from server.signatures.actions.keys import holders, opening
from server.signatures.wire import BodyKey, BodyKeys, PeopleKeys, PersonKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.directory.wire import PersonView
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


async def of_people(core: Core, *, actor: Actor) -> PeopleKeys:
    """Who has a key to sign with, for administrators; whether each can be reached is not asked."""

    def read(read: Read) -> list[tuple[Key, PersonView]]:
        access.require("signatures.key_stores", access.relations(read, actor, "person", actor.person_id))
        held = {key.owner_id: key for key in store.person_keys(read)}
        people = directory.people(read, held)
        return [(held[one], people[one]) for one in held if one in people]

    found = await core.db.read(read)
    return PeopleKeys(
        keys=tuple(_of_person(key, one) for key, one in sorted(found, key=lambda each: _by_name(each[1])))
    )


def _by_name(person: PersonView) -> list[str]:
    """As Vietnamese lists are sorted: by the given name, then the rest."""
    words = person.full_name.split()
    return [*words[-1:], *words[:-1]]


def _of_person(key: Key, person: PersonView) -> PersonKey:
    said = holders.view(key)
    place, _, name = key.reference.partition("/") if key.kind != "pkcs12" else ("", "", "")
    post = person.postings[0] if person.postings else None
    return PersonKey(
        person_id=person.id, person_name=person.full_name, title=f"{post.title}, {post.body_name}" if post else "",
        body_id=post.body_id if post else "", holder=said.holder, issuer=said.issuer, valid_from=said.valid_from,
        valid_until=said.valid_until, kept=_KEPT[key.kind], place=place, name=name, enrolled_at=key.enrolled_at,
        image=said.image,
    )  # fmt: skip
