"""Sealing: the agency's signature with its red seal on a numbered paper, which closes it; and on annexes of their own.

The seal's key is opened for the one act of a clerk. The file is signed outside any transaction; the sealed file becomes
the paper's next version together with the dossier's act, or nothing has happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.core import failpoints
from server.core.errors import DomainError
from server.documents import actions as documents
from server.documents.wire import Paper
from server.signatures import store
from server.signatures.actions import dossiers, keys, making, registry, trust
from server.signatures.actions.signing import without_password
from server.signatures.child import finish_file
from server.signatures.child.sealing import ANNEX_FIELD, SealJob, prepare_seal
from server.signatures.models import Made
from server.signatures.rules import sealing as rules
from server.signatures.store import Signed
from server.signatures.wire import Annex, Annexes, AnnexSeal, Dossier

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.documents.models import Rendition
    from server.signatures.models import Key
    from server.signatures.wire import Act
    from signing.signers import Signer

# Where a test may end the process: the sealed file is stored but no version.
MADE = "sealing.made"


async def seal(core: Core, dossier_id: str, command: Act, *, actor: Actor) -> Dossier:
    """Seal a numbered paper with the body's seal.

    Raises ``signatures.seal_before_number``, ``.seal_no_image``, ``.seal_unsound`` (the file is not what the book
    says), ``.other_bytes``, ``.not_your_turn``, what ``keys.signer_for`` raises, ``signing.…``.
    """
    actor = without_password(actor, "seal", dossier_id, command.sha256)
    done = await core.answered(actor, Dossier)
    if done is not None:
        return done
    dossier, known = await core.db.read(lambda read: _look(read, actor, dossier_id))
    rules.require_numbered(dossier)
    registry.require_turn(dossier, "seal", actor)
    registry.require_seen(dossier, command.sha256)
    key, signer = await keys.signer_for(core, keys.body(dossier.body_id), actor=actor, secret=command.password)
    if key.image_sha256 is None:
        raise DomainError("signatures.seal_no_image")
    job = await job_of(
        core, key, signer, what="seal", image=await core.blobs.read(key.image_sha256), width_mm=key.image_width_mm,
        over=rules.official_field(known.fields), number=dossier.number, dated=dossier.dated, known=known.fields,
    )  # fmt: skip
    rendition, fields = await _sealed(core, dossier.sha256, job, signer)
    failpoints.hit(MADE)
    return await core.perform(
        lambda tx: _seal_txn(core, tx, actor, dossier_id, command.sha256, rendition, fields),
        actor=actor, returns=Dossier,
    )  # fmt: skip


def _look(read: Read, actor: Actor, dossier_id: str) -> tuple[Dossier, Signed]:
    dossier = dossiers.find(read, actor, "signatures.seal", dossier_id)
    return dossier, store.signed(read, dossier.version_id) or Signed()


def _seal_txn(
    core: Core, tx: Tx, actor: Actor, dossier_id: str, seen: str, rendition: Rendition, fields: tuple[str, ...]
) -> Dossier:
    dossier, _meeting, _item = dossiers.hold_txn(tx, actor, "signatures.seal", dossier_id)
    step = registry.require_turn(dossier, "seal", actor)
    made = Made(rendition=rendition, base_sha256=seen.lower(), fields=fields)
    return dossiers.advance_txn(core, tx, actor, dossier, step.id, made=made)


async def job_of(core: Core, key: Key, signer: Signer, **said: Any) -> SealJob:  # noqa: ANN401 - SealJob's own fields
    """What a child needs to prepare the agency's signature now."""
    return SealJob(
        certificate=key.certificate, chain=key.chain, algorithm=signer.algorithm, at=core.clock.now().isoformat(),
        level=core.config.signing.level, authorities=await trust.for_signing(core), **said,
    )  # fmt: skip


async def _sealed(core: Core, sha256: str, job: SealJob, signer: Signer) -> tuple[Rendition, tuple[str, ...]]:
    async with making.folder(core) as folder, core.blobs.as_file(sha256) as source:
        fields = await sign_file(core, str(source), f"{folder}/sealed.pdf", job, signer, sha256)
        return await making.admit(core, f"{folder}/sealed.pdf"), fields


async def sign_file(
    core: Core, source: str, target: str, job: SealJob, signer: Signer, sha256: str = ""
) -> tuple[str, ...]:
    """The file with the agency's signature in ``target``, and all its signed fields; ``sha256`` of the source."""
    prepared = f"{target}.prepared"
    half = await core.workers.run(
        prepare_seal, source, prepared, job, timeout=making.SECONDS, memory_mib=making.MEMORY_MIB
    )
    if sha256 and half.base_sha256 != sha256:
        raise DomainError("blobs.corrupt", sha256=sha256)
    signature = await signer.sign_raw(half.to_sign)
    return await core.workers.run(
        finish_file, prepared, target, signature, job.authorities,
        timeout=making.SECONDS, memory_mib=making.MEMORY_MIB,
    )  # fmt: skip


# ---- annexes


async def seal_annex(core: Core, dossier_id: str, paper_id: str, command: AnnexSeal, *, actor: Actor) -> Paper:
    """Sign a paper of the same item as an annex of a numbered one: number, symbol and signing time on its first page.

    Raises ``signatures.not_an_annex``, ``.seal_before_number``, ``.other_bytes``, and what opening the key raises.
    """
    actor = without_password(actor, "annex", dossier_id, paper_id, command.sha256)
    done = await core.answered(actor, Paper)
    if done is not None:
        return done
    dossier = await core.db.read(lambda read: _annex(read, actor, dossier_id, paper_id, command.sha256))
    key, signer = await keys.signer_for(core, keys.body(dossier.body_id), actor=actor, secret=command.password)
    job = await job_of(core, key, signer, what="annex", symbol=dossier.symbol)
    rendition, fields = await _sealed(core, command.sha256.lower(), job, signer)

    def txn(tx: Tx) -> Paper:
        dossiers.hold_txn(tx, actor, "signatures.seal", dossier_id)
        documents.lock_txn(tx, paper_id)
        held = _annex(tx, actor, dossier_id, paper_id, command.sha256)
        wanted = documents.Wanted(item_id=held.item_id, paper_id=paper_id)
        paper = documents.publish_txn(core, tx, wanted, rendition, actor)
        if paper.version is not None:
            store.enter_txn(tx, paper.version.id, Signed(fields=fields))
        return paper

    return await core.perform(txn, actor=actor, returns=Paper)


async def annexes(core: Core, dossier_id: str, *, actor: Actor) -> Annexes:
    """Papers of the same item that can be, or were, signed as annexes. Raises ``signatures.seal_before_number``."""

    def read(read: Read) -> Annexes:
        dossier = dossiers.find(read, actor, "signatures.seal", dossier_id)
        rules.require_numbered(dossier)
        return Annexes(annexes=annexes_of(read, dossier))

    return await core.db.read(read)


def annexes_of(read: Read, dossier: Dossier) -> tuple[Annex, ...]:
    """The same, for who has asked for permission."""
    found = []
    for paper in documents.papers_of(read, dossier.item_id):
        version = paper.version
        if version is None or paper.id == dossier.paper_id or paper.purpose != "paper":
            continue
        known = store.signed(read, version.id)
        sealed = known is not None and ANNEX_FIELD in known.fields
        if sealed or not version.signed:
            found.append(Annex(
                paper_id=paper.id, title=paper.title, version_id=version.id, sha256=version.sha256,
                pages=version.pages, size=version.size, sealed=sealed,
            ))  # fmt: skip
    return tuple(found)


def _annex(read: Read, actor: Actor, dossier_id: str, paper_id: str, seen: str) -> Dossier:
    dossier = dossiers.find(read, actor, "signatures.seal", dossier_id)
    rules.require_annex(dossier, documents.load(read, paper_id), seen)
    return dossier
