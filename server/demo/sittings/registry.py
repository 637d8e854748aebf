"""What the registry clerk of the demo finds: series that go on from the book on paper, one paper for each act."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from server.demo import cast, making, neighbours
from server.demo.papers import following
from server.documents import actions as documents
from server.exchange import actions as exchange
from server.exchange.wire import ExchangeSend, OrganSet, ReceivedAnswer
from server.signatures import actions as signatures
from server.signatures.actions import copies, dossiers, issuing, number_book, numbering, opening, sealing
from server.signatures.actions.printing import print_official
from server.signatures.wire import Act, BookEnter, CopyMake, DossierIssue, DossierOpen, SeriesOpen, Sign, StepAsk

if TYPE_CHECKING:
    from datetime import datetime

    from server.core.access import Actor
    from server.demo.papers.following import Form
    from server.demo.sittings.desk import Desk
    from server.demo.stage import Stage
    from server.signatures.wire import Dossier, PaperKind

CLERK, _THEIRS = "hanh.ct", "hang.atb"
# Numbers that the year's book on paper had given when the registry began here.
_GIVEN: tuple[tuple[PaperKind, int], ...] = (("notice", 247), ("letter", 3180), ("decision", 1315), ("invitation", 400))
_ORGANS = {cast.CITY: "000.00.00.H99", "STC": "000.05.00.H99", "PBD": "000.31.00.H99"}
# Kind, item and text of what follows the sitting.
_DRAFTS: tuple[tuple[PaperKind, str, Form], ...] = (
    ("notice", "kt-xh", following.CONCLUSION),
    ("letter", "kt-xh", following.REMINDER),
    ("decision", "huong-tuyen", following.DECISION),
)
_SENT_TO = ("STC", "PBD")
_RECIPIENTS = "Thường trực HĐND thành phố; các sở, ban, ngành; UBND các xã, phường"


async def begin(stage: Stage) -> None:
    """Codes of bodies on the axis; the series go on after what was numbered on paper."""
    for code, organ in _ORGANS.items():
        await exchange.set_organ(stage.core, stage.bodies[code], OrganSet(organ_id=organ), actor=stage.administrator)
    for kind, last in _GIVEN:
        command = SeriesOpen(paper_kind=kind, last=last)
        await number_book.open_series(stage.core, stage.body, command, actor=stage.actor(CLERK))


async def bring_drafts(desk: Desk) -> None:
    """What is to be signed after the sitting lies in it before it ends: a meeting that has ended takes no papers."""
    core = desk.stage.core
    prints = [print_official(core, form.template, form.values, body_id=desk.stage.body) for _, _, form in _DRAFTS]
    for (key, item, form), printed in zip(_DRAFTS, await asyncio.gather(*prints), strict=True):
        desk.papers[key] = await documents.publish_bytes(
            core, desk.items[item], printed.pdf, form.letter.title, "paper", desk.secretary,
            symbol=form.letter.symbol, never_rewrite=True,
        )  # fmt: skip
    annex = await core.workers.run(making.print_form, following.TASKS.template, following.TASKS.values)
    await desk.put("nhiem-vu", "kt-xh", annex, following.TASKS.letter.title, "paper")


async def conclude(desk: Desk, password: str) -> None:
    """What the sitting concluded goes the whole way: signed, numbered, sealed, issued, copied, sent to two bodies."""
    stage = desk.stage
    core, clerk, ended = stage.core, stage.actor(CLERK), stage.core.clock.now()
    stage.at(ended + timedelta(days=1, hours=2))
    notice = await _signed(desk, "notice", cast.OFFICIAL, password)
    stage.at(ended + timedelta(days=1, hours=4))
    notice = await _sealed(stage, notice, password)
    command = DossierIssue(sha256=notice.sha256, recipients=_RECIPIENTS)
    notice = await issuing.issue(core, notice.id, command, actor=clerk)
    await copies.make_copy(core, notice.id, CopyMake(copy_kind="SAO Y", password=password), actor=clerk)
    send = ExchangeSend(bodies=tuple(stage.bodies[code] for code in _SENT_TO), password=password)
    await exchange.send(core, notice.id, send, actor=clerk)
    await neighbours.settle(stage)
    await _answer(stage, ended + timedelta(days=1, hours=6))


async def leave_waiting(desk: Desk, password: str) -> None:
    """A letter that waits for the seal and a decision that waits for its number; packages that arrived today."""
    stage = desk.stage
    stage.at(stage.now - timedelta(hours=2))
    letter = await _signed(desk, "letter", cast.OFFICIAL, password)
    await _signed(desk, "decision", cast.CHAIR, password)
    stage.at(stage.now - timedelta(minutes=70))
    on_paper = BookEnter(
        paper_kind="decision", title="Về việc nâng bậc lương trước thời hạn", signer="Chủ tịch Nguyễn Đăng Thụy",
        recipients="Sở Nội vụ; người có tên",
    )  # fmt: skip
    await number_book.enter(stage.core, stage.body, on_paper, actor=stage.actor(CLERK))
    await _numbered(stage, letter)
    await neighbours.write(stage, _ORGANS[cast.CITY])
    stage.at(stage.now)


# ---- one paper


async def _signed(desk: Desk, kind: PaperKind, signer: str, password: str) -> Dossier:
    """A draft put on its way by the desk, signed by the official."""
    stage = desk.stage
    core, official = stage.core, stage.actor(signer)
    chair = signer == cast.CHAIR
    sign = StepAsk(
        act="sign", rank=1, person_id=official.person_id, capacity="TM." if chair else "",
        acting_for="ỦY BAN NHÂN DÂN" if chair else "",
    )  # fmt: skip
    rest = (StepAsk(act="number", rank=2), StepAsk(act="seal", rank=3), StepAsk(act="issue", rank=4))
    command = DossierOpen(paper_kind=kind, steps=(sign, *rest))
    draft = await opening.open_dossier(core, desk.papers[kind].id, command, actor=desk.secretary)
    dossier = await opening.submit(core, draft.id, actor=desk.secretary)
    request = next(
        each for each in (await signatures.inbox(core, actor=official)).requests if each.dossier_id == dossier.id
    )
    await signatures.sign(core, request.id, Sign(sha256=request.sha256, password=password), actor=official)
    return await dossiers.view(core, dossier.id, actor=desk.secretary)


async def _numbered(stage: Stage, dossier: Dossier) -> Dossier:
    return await numbering.number(stage.core, dossier.id, Act(sha256=dossier.sha256), actor=stage.actor(CLERK))


async def _sealed(stage: Stage, dossier: Dossier, password: str) -> Dossier:
    numbered = await _numbered(stage, dossier)
    seal = Act(sha256=numbered.sha256, password=password)
    return await sealing.seal(stage.core, numbered.id, seal, actor=stage.actor(CLERK))


async def _answer(stage: Stage, at: datetime) -> None:
    """One of the two that it was sent to takes it in."""
    stage.at(at)
    theirs: Actor = stage.actor(_THEIRS)
    for came in (await exchange.arrivals(stage.core, actor=theirs)).incoming:
        await exchange.answer(stage.core, came.id, ReceivedAnswer(accept=True), actor=theirs)
    await neighbours.settle(stage)
