"""What comes in and is no paper yet: who brings it, who hears of it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from server.core.errors import DomainError
from server.documents import rules
from server.documents.actions import incoming
from server.documents.actions.incoming import Arrival, arrive
from server.documents.wire import ArrivalQuery, Incoming, IncomingPublish, Paper
from server.meetings import actions as meetings
from tests.documents.test_actions import restrict, upload
from tests.support import pdfs
from tests.support.house import resending
from tests.support.images import image
from tests.support.sitting import Watch

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from tests.documents.conftest import Stage


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(DomainError) as raised:
        yield
    assert raised.value.code == code


async def bring(
    core: Core, stage: Stage, data: bytes, filename: str = "anh.png", *, by: Actor | None = None, **query: object
) -> Incoming:
    arrival = Arrival(query=ArrivalQuery(filename=filename, **query), item_id=stage.item.id)  # type: ignore[arg-type]
    come = await arrive(core, arrival, pdfs.chunks(data), actor=by or stage.secretary)
    assert isinstance(come, Incoming)
    return come


def held(watch: Watch, stream: str) -> list[Incoming]:
    return [each for each in watch.states[stream].values() if isinstance(each, Incoming)]


async def test_a_pdf_is_a_paper_at_once(core: Core, stage: Stage, watch: Watch) -> None:
    arrival = Arrival(query=ArrivalQuery(filename="Tờ trình.pdf"), item_id=stage.item.id)
    paper = await arrive(core, arrival, pdfs.chunks(pdfs.pdf()), actor=stage.secretary)
    assert isinstance(paper, Paper)
    assert paper.title == "Tờ trình"
    assert f"i:{stage.item.id}" in await watch.check()
    assert held(watch, f"d:{stage.meeting.id}") == []


async def test_a_picture_waits_and_only_the_desk_hears_of_it(core: Core, stage: Stage, watch: Watch) -> None:
    come = await bring(core, stage, image(), "Sơ đồ.png", symbol="12/SĐ")
    assert (come.stage, come.files, come.format, come.title) == ("waiting", 1, "png", "Sơ đồ")
    assert await watch.check() == {f"d:{stage.meeting.id}"}
    assert held(watch, f"d:{stage.meeting.id}") == [come]


async def test_pictures_of_one_batch_become_one_when_all_are_there(core: Core, stage: Stage, watch: Watch) -> None:
    second = await bring(core, stage, image(words="2"), "b.png", batch="chung", part=2, parts=2)
    assert (second.stage, second.done, second.files) == ("arriving", 1, 2)
    first = await bring(core, stage, image(words="1"), "a.png", batch="chung", part=1, parts=2)
    assert (first.id, first.stage, first.filename) == (second.id, "waiting", "a.png")
    await watch.check()
    with refused("documents.batch_part"):
        await bring(core, stage, image(words="3"), "c.png", batch="chung", part=2, parts=2)
    with refused("documents.batch_kind"):
        await bring(core, stage, pdfs.pdf(), "d.pdf", batch="khác", part=1, parts=2)
    found = await incoming.look(core, first.id, actor=stage.secretary)
    assert found.filenames == ("a.png", "b.png")


async def test_the_same_command_sent_twice_brings_one(core: Core, stage: Stage, watch: Watch) -> None:
    who = resending(stage.secretary)
    assert await bring(core, stage, image(), by=who) == await bring(core, stage, image(), by=who)
    await watch.check()
    assert len(held(watch, f"d:{stage.meeting.id}")) == 1


async def test_what_is_brought_to_a_closed_item_is_told_to_who_brought_it(
    core: Core, stage: Stage, watch: Watch
) -> None:
    come = await bring(core, stage, image())
    await watch.check()
    await restrict(core, stage)
    await watch.check()
    desk, own = f"d:{stage.meeting.id}", f"u:{stage.secretary.person_id}"
    assert (held(watch, desk), held(watch, own)) == ([], [come])
    await restrict(core, stage, restricted=False)
    await watch.check()
    assert (held(watch, desk), held(watch, own)) == ([come], [])


async def test_nothing_is_published_before_it_is_ready_and_what_is_dropped_is_gone(
    core: Core, stage: Stage, watch: Watch
) -> None:
    come = await bring(core, stage, image())
    with refused("documents.not_ready"):
        await incoming.publish(core, come.id, IncomingPublish(), actor=stage.secretary)
    with refused("documents.not_ready"):
        await incoming.reach(core, come.id, actor=stage.secretary)
    with refused("denied"):
        await incoming.look(core, come.id, actor=stage.member)
    with refused("not_found"):
        await incoming.drop(core, come.id, actor=stage.stranger)
    await watch.check()
    await incoming.drop(core, come.id, actor=stage.secretary)
    await watch.check()
    assert held(watch, f"d:{stage.meeting.id}") == []
    with refused("not_found"):
        await incoming.retry(core, come.id, actor=stage.secretary)


async def test_an_item_is_not_removed_from_under_what_came_in(core: Core, stage: Stage) -> None:
    come = await bring(core, stage, image())
    with refused("documents.has_incoming"):
        await meetings.remove_item(core, stage.item.id, actor=stage.secretary)
    await incoming.drop(core, come.id, actor=stage.secretary)
    await meetings.remove_item(core, stage.item.id, actor=stage.secretary)


async def test_a_meeting_has_room_for_so_many(core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.documents.rules.MOST_INCOMING", 1)
    await bring(core, stage, image(words="1"))
    with refused("documents.too_many"):
        await bring(core, stage, image(words="2"))


async def test_where_there_is_no_libreoffice_the_sentence_says_so(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.documents.conversion.kinds.office_installed", lambda: False)
    with refused("documents.no_converter"):
        await bring(core, stage, b"{\\rtf1 abc}", "a.rtf")


async def test_the_next_version_of_a_paper_keeps_its_title(core: Core, stage: Stage) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    arrival = Arrival(query=ArrivalQuery(filename="khac.png"), paper_id=paper.id)
    come = await arrive(core, arrival, pdfs.chunks(image()), actor=stage.secretary)
    assert isinstance(come, Incoming)
    assert (come.paper_id, come.item_id, come.title) == (paper.id, stage.item.id, "")


# ---- rules


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\van thu\\Báo cáo.docx", "Báo cáo.docx"),
        ("../../etc/passwd.docx", "passwd.docx"),
        ("<b>\"đậm\"</b> & 'nháy'.docx", "b> & 'nháy'.docx"),
        ("gpj.\u202etxt.docx", "gpj.txt.docx"),
        ("dòng\nmới\x00.docx", "dòng mới.docx"),
        ("𠮷野😀.docx", "𠮷野😀.docx"),
        ("x" * 400 + ".docx", "x" * 250 + ".docx"),
    ],
)
def test_a_file_is_called_by_its_own_name_on_one_line(given: str, kept: str) -> None:
    assert rules.file_name(given) == kept


@pytest.mark.parametrize(
    ("given", "part", "there"), [(("i", 3), 0, set()), (("i", 3), 4, set()), (("i", 3), 2, {2}), (("j", 3), 1, set())]
)
def test_a_picture_that_does_not_fit_its_batch_is_refused(given: tuple[str, int], part: int, there: set[int]) -> None:
    with refused("documents.batch_part"):
        rules.require_part(("i", 3), given, part, there)
    rules.require_part(("i", 3), ("i", 3), 1, {2})
