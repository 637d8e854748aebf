"""Copies of issued papers: SAO Y, SAO LỤC, TRÍCH SAO, each a new file under the agency's signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import access
from server.core.access import Relation
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.signatures.actions import dossiers, keys, making, registry, sealing
from server.signatures.actions.signing import without_password
from server.signatures.child.registry import copy_file
from server.signatures.rules import sealing as rules
from server.signatures.store import copies as store
from server.signatures.store.copies import Copied
from server.signatures.wire import CopyMade, CopyMake, PaperCopies, PaperCopy

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.blobs import BlobRef
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.signatures.wire import Dossier


async def make_copy(core: Core, dossier_id: str, command: CopyMake, *, actor: Actor) -> PaperCopy:
    """Make a sealed copy: looks as the issued paper looks, claims no signature but the agency's own.

    A file that is closed by its seal cannot take another signature, so the copy is a new file (Decree 30/2020/NĐ-CP,
    Article 25 and Annex I, Part II). Raises ``signatures.not_issued``, ``.copy_pages``, what opening the key raises.
    """
    actor = without_password(actor, "copy", dossier_id, command.copy_kind, *map(str, command.pages))
    done = await core.answered(actor, PaperCopy)
    if done is not None:
        return done
    dossier, agency = await core.db.read(lambda read: _copyable(read, actor, dossier_id))
    pages = rules.copied_pages(command.copy_kind, command.pages, dossier.pages)
    key, signer = await keys.signer_for(core, keys.body(dossier.body_id), actor=actor, secret=command.password)
    job = await sealing.job_of(core, key, signer, what="copy", copy_kind=command.copy_kind, agency=agency)
    async with making.folder(core) as folder, core.blobs.as_file(dossier.sha256) as source:
        plain, target = f"{folder}/plain.pdf", f"{folder}/copy.pdf"
        await core.workers.run(
            copy_file, str(source), plain, list(pages), timeout=making.SECONDS, memory_mib=making.MEMORY_MIB
        )
        await sealing.sign_file(core, plain, target, job, signer)
        kept = await core.blobs.put_stream(making.pieces(target), max_bytes=core.config.limits.file_bytes)
    made = _made(dossier, command, pages, kept, actor, stamp(core.clock.now()))

    def txn(tx: Tx) -> PaperCopy:
        _copyable(tx, actor, dossier_id)
        store.insert_copy_txn(tx, made)
        event = CopyMade(dossier_id=dossier_id, copy_kind=made.copy_kind, sha256=made.sha256)
        registry.record_txn(tx, event, actor)
        return view(made)

    return await core.perform(txn, actor=actor, returns=PaperCopy)


def _copyable(read: Read, actor: Actor, dossier_id: str) -> tuple[Dossier, str]:
    dossier = dossiers.find(read, actor, "signatures.copy", dossier_id)
    rules.require_copyable(dossier)
    return dossier, directory.body_names(read, [dossier.body_id]).get(dossier.body_id, dossier.body_name)


def _made(dossier: Dossier, command: CopyMake, pages: tuple[int, ...], kept: BlobRef, actor: Actor, at: str) -> Copied:
    name = f"{command.copy_kind} {dossier.symbol.replace('/', '-')}".strip()
    return Copied(
        id=new_id(), dossier_id=dossier.id, copy_kind=command.copy_kind, pages=pages, filename=f"{name}.pdf",
        sha256=kept.sha256, size=kept.size, made_by=actor.person_id, made_by_name=actor.name, made_at=at,
    )  # fmt: skip


async def copies(core: Core, dossier_id: str, *, actor: Actor) -> PaperCopies:
    """The copies of an issued paper, the newest first."""

    def read(read: Read) -> PaperCopies:
        dossiers.find(read, actor, "signatures.copies", dossier_id)
        return PaperCopies(copies=tuple(view(each) for each in store.copies_of(read, dossier_id)))

    return await core.db.read(read)


async def copy_bytes(core: Core, copy_id: str, *, actor: Actor) -> tuple[PaperCopy, bytes]:
    """A copy and its file. Raises ``not_found``."""

    def read(read: Read) -> Copied:
        made = store.copy(read, copy_id)
        if made is None:
            raise DomainError("not_found")
        dossiers.find(read, actor, "signatures.copies", made.dossier_id)
        return made

    made = await core.db.read(read)
    return view(made), await core.blobs.read(made.sha256)


def to_copy(read: Read, actor: Actor, copy_id: str) -> set[Relation]:
    """Relations to a copy: those to its paper's dossier."""
    made = store.copy(read, copy_id)
    return set() if made is None else set(access.relations(read, actor, "dossier", made.dossier_id))


def view(made: Copied) -> PaperCopy:
    """A copy as people see it."""
    return PaperCopy(
        id=made.id, dossier_id=made.dossier_id, copy_kind=made.copy_kind, pages=made.pages, filename=made.filename,
        sha256=made.sha256, size=made.size, made_by_name=made.made_by_name, made_at=made.made_at,
    )  # fmt: skip
