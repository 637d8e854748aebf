"""State secrets stay out: what says so is refused, a stamp in the text holds a paper, a printed one keeps its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from sqlalchemy import select

from server.core.access import Role
from server.core.errors import DomainError
from server.core.journal.tables import operation
from server.documents import actions
from server.documents.actions import incoming, publishing
from server.documents.wire import (
    ArrivalQuery,
    Incoming,
    IncomingPublish,
    Paper,
    PaperEdit,
    PaperRecall,
    PlaceholderCreate,
    UploadMeta,
    UploadQuery,
)
from tests.support import pdfs
from tests.support.house import actor

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from tests.documents.conftest import Stage
    from tests.support.sitting import Watch

STAMPED = "TỐI MẬT"


async def bring(core: Core, stage: Stage, data: bytes, *, by: Actor | None = None, **query: str) -> Paper | Incoming:
    arrival = incoming.Arrival(query=ArrivalQuery(filename="a.pdf", **query), item_id=stage.item.id)  # type: ignore[arg-type]
    return await incoming.arrive(core, arrival, pdfs.chunks(data), actor=by or stage.secretary)


async def code(attempt: object) -> str:
    with pytest.raises(DomainError) as raised:
        await attempt  # type: ignore[misc]
    return raised.value.code


async def test_a_stamp_in_the_text_holds_the_paper_until_the_secretary_lets_it_through(
    core: Core, stage: Stage, watch: Watch
) -> None:
    clerk = actor(stage.stranger.person_id, Role.CLERK, body=stage.people.body)
    held = await bring(core, stage, pdfs.pdf(change=pdfs.reads_as(STAMPED)), by=clerk)
    assert isinstance(held, Incoming)
    assert (held.stage, held.secret_mark, held.pages) == ("ready", "Tối mật", 1)
    assert await watch.check() == {f"d:{stage.meeting.id}"}
    assert await actions.of_item(core, stage.item.id, actor=stage.member) == structs.replace(
        await actions.of_item(core, stage.item.id, actor=stage.secretary), papers=()
    )

    why = IncomingPublish(override="Trích dẫn quy định, không phải văn bản mật")
    assert await code(incoming.publish(core, held.id, IncomingPublish(), actor=clerk)) == "documents.secret_mark"
    assert await code(incoming.publish(core, held.id, why, actor=clerk)) == "documents.not_secretary"
    blank = IncomingPublish(override="  ")
    assert await code(incoming.publish(core, held.id, blank, actor=stage.secretary)) == "documents.secret_mark"

    paper = await incoming.publish(core, held.id, why, actor=stage.secretary)
    assert paper.version is not None
    (told,) = (await actions.versions(core, paper.id, actor=stage.secretary)).overrides
    assert (told.version_id, told.secret_mark, told.person) == (paper.version.id, "Tối mật", stage.secretary.name)
    assert told.reason == why.override
    assert (await actions.versions(core, paper.id, actor=stage.member)).overrides == ()
    log = await core.db.read(lambda read: read.rows(select(operation).where(operation.c.stream == "x:documents")))
    assert [row.actor for row in log] == [stage.secretary.person_id]
    assert "mark_overridden" in log[0].body.decode()
    await watch.check()


async def test_a_stamp_keeps_a_paper_from_the_short_way_too(core: Core, stage: Stage) -> None:
    query = UploadQuery(filename="a.pdf")
    attempt = actions.upload(
        core, stage.item.id, query, pdfs.chunks(pdfs.pdf(change=pdfs.reads_as(STAMPED))), actor=stage.secretary
    )
    assert await code(attempt) == "documents.secret_mark"
    assert (await actions.of_item(core, stage.item.id, actor=stage.secretary)).papers == ()


async def test_the_very_same_paper_without_a_stamp_is_published_at_once(core: Core, stage: Stage) -> None:
    assert isinstance(await bring(core, stage, pdfs.pdf("TỜ TRÌNH")), Paper)


@pytest.mark.parametrize("level", ["confidential", "secret", "top-secret"])
async def test_what_is_said_to_be_classified_is_not_even_read(core: Core, stage: Stage, level: str) -> None:
    touched = []

    async def chunks() -> object:
        touched.append(1)
        yield b"%PDF-"

    arrival = incoming.Arrival(query=ArrivalQuery(filename="a.pdf", classification=level), item_id=stage.item.id)  # type: ignore[arg-type]
    attempt = incoming.arrive(core, arrival, chunks(), actor=stage.secretary)  # type: ignore[arg-type]
    assert await code(attempt) == "documents.classified"
    assert touched == []


async def test_a_printed_paper_has_its_place_and_never_a_file(core: Core, stage: Stage, watch: Watch) -> None:
    title = PlaceholderCreate(title="Tài liệu phát bản giấy, thu hồi sau họp")
    paper = await actions.place_printed(core, stage.item.id, title, actor=stage.secretary)
    assert (paper.state, paper.version, paper.versions, paper.title) == ("printed", None, 0, title.title)
    assert await watch.check() == {f"i:{stage.item.id}"}
    assert (await actions.of_item(core, stage.item.id, actor=stage.member)).papers == (paper,)

    query = UploadQuery(filename="a.pdf")
    attempt = actions.upload_version(core, paper.id, query, pdfs.chunks(pdfs.pdf()), actor=stage.secretary)
    assert await code(attempt) == "documents.printed"
    place = actions.Place(paper_id=paper.id)
    meta = UploadMeta(filename="a.pdf")
    assert await code(actions.begin(core, place, meta, 5, actor=stage.secretary)) == "documents.printed"
    with pytest.raises(DomainError):
        publishing.published(paper)

    renamed = await actions.edit(core, paper.id, PaperEdit(title="Phụ lục phát giấy"), actor=stage.secretary)
    assert (renamed.title, renamed.state) == ("Phụ lục phát giấy", "printed")
    taken = await actions.recall(core, paper.id, PaperRecall(), actor=stage.secretary)
    assert taken.state == "recalled"
    await watch.check()


async def test_only_the_desk_places_printed_papers(core: Core, stage: Stage) -> None:
    title = PlaceholderCreate(title="Phát giấy")
    assert await code(actions.place_printed(core, stage.item.id, title, actor=stage.member)) == "denied"
    assert await code(actions.place_printed(core, stage.item.id, title, actor=stage.stranger)) == "not_found"
    blank = PlaceholderCreate(title=" ")
    assert await code(actions.place_printed(core, stage.item.id, blank, actor=stage.secretary)) == "documents.no_title"


async def test_names_of_any_characters_are_kept_as_text_of_one_line(core: Core, stage: Stage) -> None:
    evil = "<img src=x onerror=alert(1)>\"'\u202egpj.exe\u0000\u0007\n𠮷 \\..\\.."
    paper = await bring(core, stage, pdfs.pdf(), title=evil, symbol=evil[:60])
    assert isinstance(paper, Paper)
    for text in (paper.title, paper.symbol):
        assert "\u0000" not in text
        assert "\u0007" not in text
        assert "\n" not in text
        assert "\u202e" not in text
        assert text.startswith("<img src=x onerror=alert(1)>\"'")
    assert "𠮷" in paper.title
    assert [each.title for each in (await actions.of_item(core, stage.item.id, actor=stage.member)).papers] == [
        paper.title
    ]
