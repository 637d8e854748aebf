"""Papers of the demo on their way to being issued: keys, a seal, who signs for whom, two dossiers part-way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from server.core.printing.fonts import times_font
from server.core.wire import stamp
from server.demo import cast
from server.signatures import actions as signatures
from server.signatures.actions import keys, opening
from server.signatures.wire import Act, DelegationGive, DossierOpen, StepAsk
from signing.demo_ink import draw_signature
from signing.demo_pki import make_demo_pki
from signing.demo_seal import draw_seal

if TYPE_CHECKING:
    from server.demo.sittings.desk import Desk
    from server.demo.stage import Stage
    from server.documents.wire import Paper
    from server.signatures.wire import Dossier

_SEAL_MM = 36.0
_CITY = next(body.name for body in cast.BODIES if body.code == cast.CITY)
# Who wrote the letter, and whose plan it is: they initial before anybody signs.
_WRITER, _PLANNER = "thu.ma", cast.SCIENCE


async def give_keys(stage: Stage, password: str) -> None:
    """Give chair and official a key, and the city its seal, all under the demo's password; from the stage's hour on."""
    since = stage.core.clock.now() - timedelta(days=1)
    pki = make_demo_pki(f"{_CITY} (trình diễn)", start=since)
    await signatures.add_root(stage.core, "demo", pki.root_pem)
    for user in (cast.OFFICIAL, cast.CHAIR):
        name = stage.actor(user).name
        key = pki.person(name, organisation=_CITY, email=f"{user}@tangiang.example", start=since)
        await signatures.enrol_pkcs12(
            stage.core, stage.people[user], key.pkcs12(password), password, draw_signature(name),
            actor=stage.administrator,
        )  # fmt: skip
    seal = pki.person(_CITY, organisation=_CITY, start=since).pkcs12(password)
    await keys.enrol_seal(
        stage.core, stage.body, seal, password, draw_seal(_CITY, font=str(times_font().bold)), width_mm=_SEAL_MM,
        actor=stage.administrator,
    )  # fmt: skip


async def entrust(desk: Desk) -> None:
    """A deputy signs for the chair what informs, not what decides."""
    stage = desk.stage
    command = DelegationGive(
        from_id=stage.people[cast.CHAIR], to_id=stage.people[cast.DEPUTY], capacity="KT.", acting_for="CHỦ TỊCH",
        valid_from=stamp(stage.now - timedelta(days=30)), valid_until=stamp(stage.now + timedelta(days=180)),
        kinds=("notice", "letter"),
    )  # fmt: skip
    await signatures.delegate(stage.core, stage.body, command, actor=desk.secretary)


async def send_round(desk: Desk, letter: Paper, plan: Paper) -> None:
    """The giấy mời waits for the official, and a plan for the chair: both are initialled."""
    stage = desk.stage
    stage.at(stage.now - timedelta(hours=3))
    whole = (
        StepAsk(act="check", rank=1),
        StepAsk(act="initial", rank=2, person_id=stage.people[_WRITER]),
        StepAsk(act="sign", rank=3, person_id=stage.people[cast.OFFICIAL]),
        StepAsk(act="number", rank=4),
        StepAsk(act="seal", rank=5),
        StepAsk(act="issue", rank=6),
    )
    first = await _open(desk, letter, DossierOpen(paper_kind="invitation", steps=whole))
    short = (
        StepAsk(act="initial", rank=1, person_id=stage.people[_PLANNER]),
        StepAsk(
            act="sign", rank=2, person_id=stage.people[cast.CHAIR], capacity="TM.", acting_for="ỦY BAN NHÂN DÂN"
        ),
    )  # fmt: skip
    second = await _open(desk, plan, DossierOpen(paper_kind="other", steps=short))
    stage.at(stage.now - timedelta(hours=2))
    await _initial(desk, first, _WRITER)
    await _initial(desk, second, _PLANNER)


async def _open(desk: Desk, paper: Paper, command: DossierOpen) -> Dossier:
    core = desk.stage.core
    draft = await opening.open_dossier(core, paper.id, command, actor=desk.secretary)
    return await opening.submit(core, draft.id, actor=desk.secretary)


async def _initial(desk: Desk, dossier: Dossier, user: str) -> None:
    stage, actor = desk.stage, desk.stage.actor(user)
    inbox = await signatures.inbox(stage.core, actor=actor)
    request = next(each for each in inbox.requests if each.dossier_id == dossier.id)
    await signatures.initial(stage.core, request.id, Act(sha256=request.sha256), actor=actor)
