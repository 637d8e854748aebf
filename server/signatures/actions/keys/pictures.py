"""Pictures of seals and signatures: taken in through the gate, shown as they are printed, changed without the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from server.core import access
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.signatures import store
from server.signatures.actions.keys import enrolling, holders
from server.signatures.child import pictures as child
from server.signatures.rules import keys as rules
from server.signatures.wire import PictureLooked

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.signatures.models import Key
    from server.signatures.wire import PictureLook, SealPicture, SignaturePicture, SigningKey


async def look(core: Core, body_id: str, command: PictureLook, *, actor: Actor) -> PictureLooked:
    """A picture as it would be kept, and how it stands on a paper of the body. Nothing is kept.

    Raises ``signatures.picture_…``, ``.seal_size``.
    """
    if command.picture == "seal":
        rules.require_seal_width(command.width_mm)

    def read(read: Read) -> tuple[str, str, Key | None]:
        access.require("signatures.seal_picture", access.relations(read, actor, "body", body_id))
        body = holders.name_of(read, holders.body(body_id))
        if not command.person_id:
            return body, "", None
        name = holders.name_of(read, holders.person(command.person_id))
        return body, name, store.key_of(read, holders.person(command.person_id))

    body, name, key = await core.db.read(read)
    picture = await enrolling.taken(core, command.image)
    under = await core.blobs.read(key.image_sha256) if key and key.image_sha256 and command.picture == "seal" else b""
    printed = await core.workers.run(
        child.printed, picture.png, command.picture, command.width_mm, under, (f"TM. {body}".upper(), ""), name,
        timeout=enrolling.PICTURE_SECONDS, memory_mib=enrolling.PICTURE_MEMORY_MIB,
    )  # fmt: skip
    return PictureLooked(image=picture.png, pixels=picture.pixels, printed=printed, printed_mm=child.STRIP_MM)


async def change_seal(core: Core, body_id: str, command: SealPicture, *, actor: Actor) -> SigningKey:
    """Another picture for a body's seal; who sealed with which one stays on record.

    Raises ``signatures.seal_size``, ``.picture_…``, ``.no_key``.
    """
    rules.require_seal_width(command.width_mm)
    return await _change(
        core, "signatures.seal_picture", holders.body(body_id), command.image, command.width_mm, actor
    )  # fmt: skip


async def change_signature(core: Core, person_id: str, command: SignaturePicture, *, actor: Actor) -> SigningKey:
    """Another picture of a person's handwritten signature. Raises ``signatures.picture_…``, ``.no_key``."""
    return await _change(core, "signatures.enrol", holders.person(person_id), command.image, None, actor)


async def _change(
    core: Core, verb: str, holder: str, image: bytes, width_mm: float | None, actor: Actor
) -> SigningKey:  # fmt: skip
    await core.db.read(lambda read: _require(read, verb, holder, actor))
    kept = await core.blobs.put((await enrolling.taken(core, image)).png)

    def txn(tx: Tx) -> SigningKey:
        _require(tx, verb, holder, actor)
        before = store.key_of(tx, holder)
        if before is None:
            raise DomainError("signatures.no_key")
        after = msgspec.structs.replace(
            before, id=new_id(), image_sha256=kept.sha256, image_width_mm=width_mm,
            enrolled_at=stamp(core.clock.now()), enrolled_by=actor.person_id,
        )  # fmt: skip
        store.replace_key_txn(tx, after)
        enrolling.record_txn(tx, enrolling.enrolled(after), actor)
        return holders.view(after)

    return await core.db.write(txn)


def _require(read: Read, verb: str, holder: str, actor: Actor) -> None:
    kind, _, owner = holder.partition(":")
    access.require(verb, access.relations(read, actor, "person" if kind == "person" else "body", owner))
    if kind == "person":
        directory.person(read, owner)
