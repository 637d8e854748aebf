"""Acts on papers: what they write, who hears of it, and that streams and snapshots agree after each."""

from __future__ import annotations

import asyncio
import errno
import os
import time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from server.core import journal
from server.core.access import Role
from server.core.db import Read, Tx
from server.core.errors import DomainError
from server.documents import actions
from server.documents.actions import guard, hooks, keeping, thumbnails
from server.documents.intake import folder_of
from server.documents.store import papers as store
from server.documents.store import versions
from server.documents.store.tables import paper_version
from server.documents.store.versions import Held
from server.documents.wire import ArrivalQuery, Paper, PaperEdit, PaperRecall, UploadQuery, Version
from server.live import actions as live
from server.meetings import actions as meetings
from server.meetings.wire import ItemEdit, MeetingCancel, ParticipantInput, ParticipantsSet
from tests.support import pdfs
from tests.support.house import actor, resending
from tests.support.images import image
from tests.support.sitting import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.core.access import Actor
    from server.core.context import Core
    from tests.documents.conftest import Stage


async def refused(code: str, act: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        await act
    assert caught.value.code == code
    return caught.value


async def upload(core: Core, stage: Stage, data: bytes, name: str = "Tờ trình.pdf", **given: Any) -> Paper:
    query = UploadQuery(filename=name, **given)
    return await actions.upload(core, stage.item.id, query, pdfs.chunks(data), actor=stage.secretary)


async def replace(core: Core, stage: Stage, paper: Paper, data: bytes, **given: Any) -> Paper:
    query = UploadQuery(filename="b.pdf", **given)
    return await actions.upload_version(core, paper.id, query, pdfs.chunks(data), actor=stage.secretary)


def current(paper: Paper) -> Version:
    assert paper.version is not None
    return paper.version


async def audience(core: Core, stream: str) -> frozenset[str]:
    def read(read: Read) -> frozenset[str]:
        return journal.members(read, journal.audience_of(read, stream))

    return await core.db.read(read)


async def versions_stored(core: Core) -> int:
    return await core.db.read(lambda read: int(read.scalar(select(func.count()).select_from(paper_version)) or 0))


async def restrict(core: Core, stage: Stage, *invitees: str, restricted: bool = True) -> None:
    change = ItemEdit(restricted=restricted, invitees=invitees)
    await meetings.edit_item(core, stage.item.id, change, actor=stage.secretary)


# ---- publishing


async def test_an_upload_is_a_version_that_every_reader_hears_of(core: Core, stage: Stage, watch: Watch) -> None:
    paper = await upload(core, stage, pdfs.pdf(pages=3), symbol="12/TTr-UBND")
    assert await watch.check() == {f"i:{stage.item.id}"}
    assert (paper.title, paper.symbol, paper.position, paper.state) == ("Tờ trình", "12/TTr-UBND", 1, "published")
    version = current(paper)
    assert (version.no, version.pages, version.sizes) == (1, 3, ((595, 842),) * 3)
    assert await core.blobs.size(version.sha256) == version.size
    assert await audience(core, f"s:{version.id}") == await audience(core, f"i:{stage.item.id}")
    assert stage.people.members[0] in await audience(core, f"s:{version.id}")
    assert (await actions.of_item(core, stage.item.id, actor=stage.member)).papers == (paper,)


async def test_publishing_asks_little_of_the_one_writer(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody's strokes wait behind it, and what SQLAlchemy puts together anew costs several times what it does."""
    asked: list[object] = []

    def noted(self: Tx, statement: Any, params: Any = None) -> Any:
        asked.append(statement)
        return Read.execute(self, statement, params)

    monkeypatch.setattr(Tx, "execute", noted)
    await upload(core, stage, pdfs.pdf())
    assert len(asked) <= 11, [str(each) for each in asked]


async def test_a_replaced_paper_keeps_its_old_version_readable(core: Core, stage: Stage, watch: Watch) -> None:
    first = await upload(core, stage, pdfs.pdf("one"))
    second = await replace(core, stage, first, pdfs.pdf("two"))
    assert await watch.check() == {f"i:{stage.item.id}"}
    assert (second.id, second.versions, current(second).no, second.title) == (first.id, 2, 2, first.title)
    listed = await actions.versions(core, first.id, actor=stage.member)
    assert [version.no for version in listed.versions] == [2, 1]
    held = await actions.reach(core, current(first).id, actor=stage.member)
    assert held.sha256 == current(first).sha256 != current(second).sha256
    renamed = await replace(core, stage, first, pdfs.pdf("three"), title="Tờ trình (sửa)")
    assert (renamed.title, renamed.versions) == ("Tờ trình (sửa)", 3)


async def test_only_the_secretariat_of_the_item_publishes(core: Core, stage: Stage) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    read: list[bytes] = []

    async def never() -> AsyncIterator[bytes]:
        read.append(b"")
        yield pdfs.pdf("other")

    query = UploadQuery(filename="a.pdf")
    elsewhere = actor(stage.people.members[2], Role.SECRETARY, body="elsewhere")
    for who, code in ((stage.chair, "denied"), (stage.member, "denied"), (elsewhere, "not_found")):
        await refused(code, actions.upload(core, stage.item.id, query, never(), actor=who))
        await refused(code, actions.upload_version(core, paper.id, query, never(), actor=who))
        await refused(code, actions.edit(core, paper.id, PaperEdit(title="x"), actor=who))
        await refused(code, actions.recall(core, paper.id, PaperRecall(), actor=who))
    assert not read  # nobody's bytes are taken in before that is known
    await refused("not_found", actions.upload(core, "nothing", query, never(), actor=stage.secretary))
    await refused("not_found", actions.upload_version(core, "nothing", query, never(), actor=stage.secretary))


async def test_a_refused_file_leaves_no_paper_and_no_event(core: Core, stage: Stage, watch: Watch) -> None:
    for name, data, code in (
        ("a.pdf", b"", "documents.empty"),
        ("a.pdf", b"<html>", "documents.type"),
        ("a.docx", pdfs.pdf(), "documents.mismatch"),
        ("a.pdf", pdfs.pdf()[:300], "documents.corrupt"),
        ("a.pdf", pdfs.pdf(change=pdfs.add_image(20_000, 20_000, 8)), "documents.pixels"),
    ):
        await refused(code, upload(core, stage, data, name))
    assert await watch.check() == set()
    assert await versions_stored(core) == 0
    assert list(folder_of(core.config).iterdir()) == []


async def test_what_does_not_come_in_is_never_brought_to_the_disk(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sync is one that a stroke's own may wait behind, and the next file comes for nothing."""
    await upload(core, stage, pdfs.pdf())
    kept = sorted(await core.blobs.orphans([], older_than_seconds=-1))
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    await refused("documents.corrupt", upload(core, stage, pdfs.pdf()[:300]))
    await refused("documents.duplicate", upload(core, stage, pdfs.pdf(), "Khác.pdf"))
    await refused("documents.pdf_only", upload(core, stage, image("PNG"), "a.png"))
    for arrival, data, code in (
        (ArrivalQuery(filename="a.zip"), b"PK\5\6" + bytes(18), "documents.type"),
        (ArrivalQuery(filename="a.pdf"), pdfs.pdf(), "documents.duplicate"),
        (ArrivalQuery(filename="a.pdf", batch="b", part=1, parts=2), pdfs.pdf("b"), "documents.batch_kind"),
    ):
        what = actions.Arrival(query=arrival, item_id=stage.item.id)
        await refused(code, actions.arrive(core, what, pdfs.chunks(data), actor=stage.secretary))
    assert synced == []
    assert sorted(await core.blobs.orphans([], older_than_seconds=-1)) == kept
    assert list((core.config.data_dir / "blobs" / ".incoming").iterdir()) == []


async def test_the_same_file_twice_in_an_item_is_refused_by_name(core: Core, stage: Stage, watch: Watch) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    error = await refused("documents.duplicate", upload(core, stage, pdfs.pdf(), "Khác.pdf"))
    assert error.args_by_name == {"title": "Tờ trình"}
    await refused("documents.duplicate", replace(core, stage, paper, pdfs.pdf()))
    await watch.check()
    await actions.recall(core, paper.id, PaperRecall(), actor=stage.secretary)
    again = await upload(core, stage, pdfs.pdf(), "Khác.pdf")  # what was recalled may come again, as a new paper
    assert again.id != paper.id


async def test_a_resent_upload_is_done_once_and_another_file_under_its_key_is_a_conflict(
    core: Core, stage: Stage, watch: Watch
) -> None:
    who, query = resending(stage.secretary), UploadQuery(filename="a.pdf")
    first = await actions.upload(core, stage.item.id, query, pdfs.chunks(pdfs.pdf()), actor=who)
    again = await actions.upload(core, stage.item.id, query, pdfs.chunks(pdfs.pdf()), actor=who)
    assert again == first
    assert await versions_stored(core) == 1
    other = pdfs.chunks(pdfs.pdf("other"))
    await refused("conflict", actions.upload(core, stage.item.id, query, other, actor=who))
    await watch.check()


async def test_uploads_at_the_same_moment_all_arrive_and_the_same_file_once(
    core: Core, stage: Stage, watch: Watch
) -> None:
    made = [pdfs.pdf(f"n{number}") for number in range(3)] + [pdfs.pdf("n0")]
    told = await asyncio.gather(
        *(upload(core, stage, data, f"{n}.pdf") for n, data in enumerate(made)), return_exceptions=True
    )
    errors = [each for each in told if isinstance(each, DomainError)]
    assert [error.code for error in errors] == ["documents.duplicate"]
    listed = (await actions.of_item(core, stage.item.id, actor=stage.member)).papers
    assert [paper.position for paper in listed] == [1, 2, 3]
    await watch.check()


async def test_ended_and_cancelled_meetings_take_no_papers_but_signed_ones(core: Core, stage: Stage) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    await live.start(core, stage.meeting.id, actor=stage.secretary)
    await replace(core, stage, paper, pdfs.pdf("during the sitting"))
    await live.end(core, stage.meeting.id, actor=stage.secretary)
    await refused("documents.meeting_ended", upload(core, stage, pdfs.pdf("late")))
    await refused("documents.meeting_ended", replace(core, stage, paper, pdfs.pdf("late")))
    await refused("documents.meeting_ended", actions.edit(core, paper.id, PaperEdit(title="x"), actor=stage.secretary))
    signed = await actions.publish_bytes(
        core, stage.item.id, pdfs.pdf(change=pdfs.sign_badly), "", "paper", stage.chair, paper_id=paper.id
    )
    assert current(signed).signed
    assert (await actions.recall(core, paper.id, PaperRecall(), actor=stage.secretary)).state == "recalled"


async def test_a_cancelled_meeting_takes_nothing(core: Core, stage: Stage) -> None:
    await meetings.cancel(core, stage.meeting.id, MeetingCancel(), actor=stage.secretary)
    await refused("documents.meeting_cancelled", upload(core, stage, pdfs.pdf()))


async def test_own_papers_pass_the_same_gate_and_may_keep_their_bytes(core: Core, stage: Stage, watch: Watch) -> None:
    data = pdfs.pdf("printed")

    async def publish(data: bytes, **given: Any) -> Paper:
        return await actions.publish_bytes(
            core, stage.item.id, data, "Giấy mời", "invitation", stage.secretary, **given
        )

    paper = await publish(data, never_rewrite=True)
    assert await core.blobs.read(current(paper).sha256) == data
    assert paper.purpose == "invitation"
    await watch.check()
    assert await publish(data, paper_id=paper.id, never_rewrite=True) == paper  # nothing new, nothing said
    assert await watch.check() == set()
    following = await publish(pdfs.pdf("printed again"), paper_id=paper.id)
    assert (following.id, following.versions) == (paper.id, 2)
    await refused("documents.active", publish(pdfs.pdf(change=pdfs.add_everything_active), never_rewrite=True))
    cleaned = await publish(pdfs.pdf(change=pdfs.add_everything_active))
    assert b"app.alert" not in await core.blobs.read(current(cleaned).sha256)
    await watch.check()


async def test_other_features_hear_of_another_version(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        hooks, "version_changed", [lambda _tx, _who, paper: heard.append((paper.id, paper.version is None))]
    )
    paper = await upload(core, stage, pdfs.pdf())
    await replace(core, stage, paper, pdfs.pdf("two"))
    await actions.recall(core, paper.id, PaperRecall(), actor=stage.secretary)
    assert heard == [(paper.id, False), (paper.id, False), (paper.id, True)]


async def test_a_full_disk_and_a_cut_line_are_told_and_leave_nothing(
    core: Core, stage: Stage, watch: Watch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def cut() -> AsyncIterator[bytes]:
        yield pdfs.pdf()[:200]
        raise DomainError("documents.cut")

    query = UploadQuery(filename="a.pdf")
    await refused("documents.cut", actions.upload(core, stage.item.id, query, cut(), actor=stage.secretary))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        await refused("documents.no_space", upload(core, stage, pdfs.pdf()))
    left = [path for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()]
    assert left == []
    assert await watch.check() == set()
    await upload(core, stage, pdfs.pdf())  # and when there is room again it comes in


async def test_a_paper_of_very_many_pages_gives_its_table_only_when_asked(
    core: Core, stage: Stage, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "INLINE_PAGES", 4)
    paper = await upload(core, stage, pdfs.pdf(pages=5))
    assert (current(paper).pages, current(paper).sizes, current(paper).boxes) == (5, (), ())
    whole = await actions.version(core, current(paper).id, actor=stage.member)
    assert len(whole.sizes) == len(whole.boxes) == 5
    await watch.check()


# ---- changing


async def test_edits_reach_every_reader_and_move_the_others(core: Core, stage: Stage, watch: Watch) -> None:
    made = [await upload(core, stage, pdfs.pdf(name), f"{name}.pdf") for name in "abc"]
    await watch.check()
    edit = PaperEdit(title="C mới", symbol="7/BC", position=1, downloadable=False)
    moved = await actions.edit(core, made[2].id, edit, actor=stage.secretary)
    assert await watch.check() == {f"i:{stage.item.id}"}
    assert (moved.title, moved.symbol, moved.position, moved.downloadable) == ("C mới", "7/BC", 1, False)
    listed = (await actions.of_item(core, stage.item.id, actor=stage.member)).papers
    assert [(each.title, each.position) for each in listed] == [("C mới", 1), ("a", 2), ("b", 3)]
    await refused("documents.no_title", actions.edit(core, made[0].id, PaperEdit(title=" "), actor=stage.secretary))
    await watch.check()


async def test_a_recalled_paper_is_gone_at_once_for_all_but_the_secretariat(
    core: Core, stage: Stage, watch: Watch
) -> None:
    paper = await upload(core, stage, pdfs.pdf("one"))
    first = current(paper).id
    second = current(await replace(core, stage, paper, pdfs.pdf("two"))).id
    await actions.reach(core, second, actor=stage.member)  # the answer is now remembered
    await watch.check()
    recalled = await actions.recall(core, paper.id, PaperRecall(reason="Nhầm phụ lục"), actor=stage.secretary)
    assert await watch.check() == {f"i:{stage.item.id}"}
    assert (recalled.state, recalled.version, recalled.versions) == ("recalled", None, 2)
    for version in (first, second):
        await refused("gone", actions.reach(core, version, actor=stage.member))
        await refused("gone", actions.version(core, version, actor=stage.chair))
        await refused("not_found", actions.reach(core, version, actor=stage.stranger))
        assert (await actions.reach(core, version, actor=stage.secretary)).state == "recalled"
        assert await audience(core, f"s:{version}") == frozenset()
    await refused("gone", actions.versions(core, paper.id, actor=stage.member))
    await refused("gone", actions.mark(core, second, "opened", actor=stage.member))
    await refused("documents.recalled", replace(core, stage, paper, pdfs.pdf("three")))
    await refused("documents.recalled", actions.edit(core, paper.id, PaperEdit(title="x"), actor=stage.secretary))
    assert await actions.recall(core, paper.id, PaperRecall(), actor=stage.secretary) == recalled
    assert await watch.check() == set()


async def test_a_recall_names_every_version_to_purge(core: Core, stage: Stage) -> None:
    paper = await upload(core, stage, pdfs.pdf("one"))
    second = await replace(core, stage, paper, pdfs.pdf("two"))
    await actions.recall(core, paper.id, PaperRecall(), actor=stage.secretary)
    page = await core.db.read(lambda read: journal.catch_up(read, f"i:{stage.item.id}", stage.member.person_id, 0))
    assert page.mode == "snapshot"
    page = await core.db.read(
        lambda read: journal.catch_up(read, f"i:{stage.item.id}", stage.member.person_id, page.head - 1)
    )
    last = bytes(page.ops[-1]).decode()
    assert "documents.recalled" in last
    assert current(paper).id in last
    assert current(second).id in last


async def test_an_item_with_papers_is_not_removed_from_under_them(core: Core, stage: Stage, watch: Watch) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    await refused("documents.has_papers", meetings.remove_item(core, stage.item.id, actor=stage.secretary))
    await actions.recall(core, paper.id, PaperRecall(), actor=stage.secretary)
    await watch.check()
    await meetings.remove_item(core, stage.item.id, actor=stage.secretary)
    await refused("not_found", actions.reach(core, current(paper).id, actor=stage.secretary))


# ---- who may read


async def test_a_stranger_and_a_draft_s_participants_see_nothing(core: Core, stage: Stage) -> None:
    version = current(await upload(core, stage, pdfs.pdf())).id
    for act in (actions.reach, actions.version, actions.readers):
        await refused("not_found", act(core, version, actor=stage.stranger))
    await refused("not_found", actions.of_item(core, stage.item.id, actor=stage.stranger))
    await refused("not_found", actions.thumbnail(core, version, 1, actor=stage.stranger))
    await refused("not_found", actions.reach(core, "nothing", actor=stage.secretary))


async def test_closing_an_item_ends_access_to_its_papers_at_once(core: Core, stage: Stage, watch: Watch) -> None:
    version = current(await upload(core, stage, pdfs.pdf())).id
    other = actor(stage.people.members[1])
    for who in (stage.member, other):
        await actions.reach(core, version, actor=who)
        await actions.mark(core, version, "opened", actor=who)
    await watch.check()
    await restrict(core, stage, stage.people.members[0])
    assert f"d:{stage.meeting.id}" in await watch.check()  # the whole desk may not know of a closed item's papers
    await actions.reach(core, version, actor=stage.member)
    await refused("not_found", actions.reach(core, version, actor=other))
    assert other.person_id not in await audience(core, f"s:{version}")
    await actions.mark(core, version, "received", actor=stage.chair)
    assert f"d:{stage.meeting.id}" not in await watch.check()
    await restrict(core, stage, restricted=False)
    assert f"d:{stage.meeting.id}" in await watch.check()
    await actions.reach(core, version, actor=other)
    assert other.person_id in await audience(core, f"s:{version}")


async def test_who_no_longer_takes_part_no_longer_reads(core: Core, stage: Stage) -> None:
    version = current(await upload(core, stage, pdfs.pdf())).id
    await actions.reach(core, version, actor=stage.member)
    left = ParticipantsSet(participants=(ParticipantInput(person_id=stage.people.members[1]),))
    await meetings.set_participants(core, stage.meeting.id, left, actor=stage.secretary)
    await refused("not_found", actions.reach(core, version, actor=stage.member))


async def test_an_answer_is_remembered_for_a_second_and_no_longer(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = current(await upload(core, stage, pdfs.pdf())).id
    asked: list[str] = []
    real = guard.check

    def counting(read: Read, who: Actor, version_id: str, verb: str = "documents.read") -> Held:
        asked.append(version_id)
        return real(read, who, version_id, verb)

    monkeypatch.setattr(guard, "check", counting)
    for _ in range(50):
        await actions.reach(core, version, actor=stage.member)
    assert len(asked) == 1
    await actions.reach(core, version, actor=stage.chair)  # an answer is one person's
    assert len(asked) == 2
    real_clock = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real_clock() + guard.SECONDS + 0.1)
    await actions.reach(core, version, actor=stage.member)
    assert len(asked) == 3


async def test_an_answer_that_was_overtaken_by_a_change_is_not_remembered() -> None:
    answers = guard.Answers()
    held = Held(
        id="v", paper_id="p", meeting_id="m", item_id="i", title="", state="published", downloadable=True, sha256="",
        size=1, pages=1,
    )  # fmt: skip
    key = ("who", (), "v")
    asked_at = answers.generation
    answers.heed([guard.Withdrawn()])
    answers.put(key, held, asked_at)
    assert answers.get(key) is None
    answers.put(key, held, answers.generation)
    assert answers.get(key) == held


# ---- readings


async def test_readings_are_counted_once_for_readers_and_not_for_the_desk(
    core: Core, stage: Stage, watch: Watch
) -> None:
    clerk = actor(stage.people.members[2], Role.CLERK, body=stage.people.body)
    version = current(await upload(core, stage, pdfs.pdf())).id
    await watch.check()
    received = await actions.mark(core, version, "received", actor=stage.member)
    assert received.received_at is not None
    assert received.opened_at is None
    assert await watch.check() == {f"d:{stage.meeting.id}", f"u:{stage.member.person_id}"}
    opened = await actions.mark(core, version, "opened", actor=stage.member)
    assert (opened.received_at, opened.opened_at is None) == (received.received_at, False)
    assert await watch.check() == {f"d:{stage.meeting.id}", f"u:{stage.member.person_id}"}
    assert await actions.mark(core, version, "received", actor=stage.member) == opened
    assert await watch.check() == set()
    await actions.mark(core, version, "opened", actor=clerk)
    assert await watch.check() == {f"u:{clerk.person_id}"}
    state = watch.states[f"d:{stage.meeting.id}"]["reading", version]
    assert (state.received, state.opened) == (1, 1)  # type: ignore[attr-defined]


async def test_readers_are_for_the_desk_and_the_chair(core: Core, stage: Stage) -> None:
    version = current(await upload(core, stage, pdfs.pdf())).id
    await actions.mark(core, version, "opened", actor=stage.member)
    for who in (stage.secretary, stage.chair):
        listed = (await actions.readers(core, version, actor=who)).readers
        assert {each.person_id for each in listed} == set(stage.people.all[:4])
        opened = [each.person_id for each in listed if each.opened_at]
        assert opened == [stage.member.person_id]
    await refused("denied", actions.readers(core, version, actor=stage.member))


# ---- bytes


async def test_a_picture_is_drawn_once_however_many_ask(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploaded = current(await upload(core, stage, pdfs.pdf(pages=2)))
    version, content = uploaded.id, uploaded.sha256
    runs: list[object] = []
    real = core.readers.run

    async def run(*args: Any, **options: Any) -> Any:
        runs.append(args)
        return await real(*args, **options)

    monkeypatch.setattr(core.readers, "run", run)
    drawn = await asyncio.gather(*(actions.thumbnail(core, version, 2, actor=stage.member) for _ in range(8)))
    assert len(set(drawn)) == 1
    assert drawn[0][1][:3] == b"\xff\xd8\xff"
    assert await actions.thumbnail(core, version, 2, actor=stage.chair) == drawn[0]
    assert len(runs) == 1
    await refused("documents.no_page", actions.thumbnail(core, version, 3, actor=stage.member))
    await refused("documents.no_page", actions.thumbnail(core, version, 0, actor=stage.member))
    kept = await core.db.read(lambda read: store.picture(read, content, 2))
    assert kept is not None
    await core.blobs.delete(kept)  # a lost picture is drawn again
    assert await actions.thumbnail(core, version, 2, actor=stage.member) == drawn[0]
    monkeypatch.setattr(thumbnails, "MOST_WAITING", 0)
    await refused("worker_busy", actions.thumbnail(core, version, 1, actor=stage.member))


@pytest.mark.parametrize(
    ("page", "pages", "together"),
    [(1, 30, (1, 1)), (2, 40, (2, 17)), (17, 40, (2, 17)), (18, 40, (18, 33)), (40, 40, (34, 40))],
)
def test_a_strip_is_drawn_by_sixteens_and_the_first_page_of_a_list_by_itself(
    page: int, pages: int, together: tuple[int, int]
) -> None:
    assert thumbnails.strip(page, pages) == together


async def test_the_neighbours_in_a_strip_are_there_when_they_are_asked_for(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = current(await upload(core, stage, pdfs.pdf(pages=4))).id
    third = await actions.thumbnail(core, version, 3, actor=stage.member)
    monkeypatch.setattr(core.readers, "run", None)  # nothing is drawn a second time
    others = [await actions.thumbnail(core, version, page, actor=stage.member) for page in (2, 4)]
    assert len({third[1], *(picture for _, picture in others)}) == 3


async def test_a_page_behind_those_that_take_long_is_drawn_for_itself(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = current(await upload(core, stage, pdfs.pdf(pages=4))).id
    real, begun = core.readers.run, []

    async def run(*args: Any, **options: Any) -> Any:
        begun.append(args[2])
        return (await real(*args, **options))[:1]

    monkeypatch.setattr(core.readers, "run", run)
    fourth = await actions.thumbnail(core, version, 4, actor=stage.member)
    second = await actions.thumbnail(core, version, 2, actor=stage.member)
    assert begun == [2, 4]
    assert fourth[1] != second[1]


async def test_what_nothing_refers_to_is_collected_and_nothing_else(core: Core, stage: Stage) -> None:
    paper = await upload(core, stage, pdfs.pdf(), "a.pdf")
    version = current(paper)
    _content, picture = await actions.thumbnail(core, version.id, 1, actor=stage.member)
    orphan = await core.blobs.put(b"left by a refused upload")
    mine = await core.blobs.put(b"another feature's")
    leftover = folder_of(core.config) / "killed"
    leftover.mkdir(parents=True)
    actions.refer(_others := (lambda _read: [mine.sha256]))
    try:
        assert await actions.collect(core) == 0  # all of it is young
        assert await actions.collect(core, older_than_seconds=-1) == 1  # the orphan; the file as it came is kept
    finally:
        keeping._others.remove(_others)
    assert not await core.blobs.exists(orphan.sha256)
    assert await core.blobs.exists(mine.sha256)
    assert await core.blobs.exists(version.sha256)
    assert not leftover.exists()
    assert (await actions.thumbnail(core, version.id, 1, actor=stage.member))[1] == picture
