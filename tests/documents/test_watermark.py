"""Recipients' copies: whose name they carry, that nobody gets another's, and how the unseen mark is read again."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING, Any

import aiohttp
import pikepdf
import pypdf
import pypdfium2
import pytest
from msgspec import structs
from PIL import Image
from sqlalchemy import func, select

from server.core.errors import DomainError
from server.core.journal.tables import operation
from server.documents import actions, rules
from server.documents.actions import marking, thumbnails
from server.documents.models import Places
from server.documents.store import marks
from server.documents.watermark import make_ready, read_marks
from server.documents.watermark.line import BYTES, line
from server.documents.watermark.pattern import BITS, CELLS, SYNC, number_of, tile
from server.documents.watermark.splice import Patch, patches, spliced
from server.documents.wire import PaperRecall
from server.meetings import actions as meetings
from server.meetings.wire import MeetingEdit
from tests.documents.conftest import set_stage
from tests.support import pdfs
from tests.support.house import actor
from tests.support.parts import need
from tests.support.sitting_clients import Client, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from server.core.access import Actor
    from server.core.context import Core
    from server.documents.wire import Paper
    from tests.documents.conftest import Stage
    from tests.support.house import Server

NUMBER = 0x0123_4567_89AB_CDEF
NAME = "Nguyễn Thị Đặng Quỳnh Hương"


# ---- the marks themselves


def test_a_square_says_its_number_also_where_a_quarter_of_it_is_lost() -> None:
    for number in (0, NUMBER, 2**BITS - 1):
        packed = tile(number)
        light = [1.0 if packed[cell // 8] & 0x80 >> cell % 8 else -1.0 for cell in range(CELLS)]
        assert number_of(light) == number
        assert all(light[cell] == sign for cell, sign in enumerate(SYNC) if sign)
        assert number_of([0.0 if cell % 4 == 0 else value for cell, value in enumerate(light)]) == number


def test_every_line_is_as_long_as_any_other() -> None:
    for name in ("", "A", NAME, "Ngọc " * 40, "山田太郎", "e\u0302\u0301"):
        assert len(line(name, "07:05, 01/02/2027")) == BYTES
    said = bytes.fromhex(line("Ngọc " * 40, "07:05, 01/02/2027").decode()).decode("utf-16-be").strip()
    assert said.startswith("Ngọc Ngọc")
    assert said.endswith("… · 07:05, 01/02/2027")
    assert "????" in bytes.fromhex(line("山田太郎", "").decode()).decode("utf-16-be")


def test_marks_fall_in_the_same_places_however_a_file_is_cut_into_ranges() -> None:
    data, own = bytes(100), (Patch(10, b"abcdef"), Patch(40, b"xyz"))
    whole = spliced(data, 0, own)
    assert whole[10:16] == b"abcdef"
    assert whole[40:43] == b"xyz"
    assert whole.count(0) == 91
    for step in (1, 3, 7, 41):
        assert b"".join(spliced(data[at : at + step], at, own) for at in range(0, 100, step)) == whole


def test_a_number_read_with_too_many_errors_names_nobody() -> None:
    assert rules.chance_of_nearness(0, 500_000) < rules.MOST_CHANCE
    assert rules.chance_of_nearness(6, 100_000) < rules.MOST_CHANCE < rules.chance_of_nearness(14, 1)


# ---- reading them again


def page(turn: int = 0) -> Callable[[pikepdf.Pdf], None]:
    """An A4 page with print, and drawing that leaves its state open."""

    def change(made: pikepdf.Pdf) -> None:
        words = "\n".join(
            f"BT /F1 12 Tf 60 {780 - 20 * at} Td (Dieu {at}. Ke hoach dau tu cong nam 2027 cua thanh pho) Tj ET"
            for at in range(34)
        )
        for each in made.pages:
            each.obj.MediaBox = pikepdf.Array([0, 0, 595, 842])
            each.obj.Contents = made.make_stream(f"q 1 0 0 1 5 5 cm {words}".encode())
            each.obj.Rotate = turn
        made.pages[0].obj.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F1=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                )
            )
        )

    return change


def marked(folder: Path, turn: int = 0) -> Path:
    source, prepared, own = folder / "a.pdf", folder / "prepared.pdf", folder / "own.pdf"
    source.write_bytes(pdfs.pdf(change=page(turn)))
    places = make_ready(str(source), str(prepared))
    assert places is not None
    own.write_bytes(spliced(prepared.read_bytes(), 0, patches(places, NUMBER, NAME, "14:05, 22/11/2026")))
    return own


def drawn(path: Path, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    image: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    document.close()
    return image


def resaved_by_pikepdf(source: Path, target: Path) -> None:
    with pikepdf.open(source) as made:
        made.save(target, recompress_flate=True, linearize=True)


def resaved_by_pypdf(source: Path, target: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=source)
    for each in writer.pages:
        each.compress_content_streams()
    writer.write(target)


def resaved_by_qpdf(source: Path, target: Path) -> None:
    pikepdf.Job(["qpdf", "--qdf", "--object-streams=disable", str(source), str(target)]).run()


def printed_again(source: Path, target: Path) -> None:
    need("pdftocairo")
    subprocess.run(["pdftocairo", "-pdf", str(source), str(target)], check=True)


def as_jpeg(source: Path, target: Path) -> None:
    drawn(source, 150).save(target.with_suffix(".jpg"), quality=50)


def as_small_jpeg(source: Path, target: Path) -> None:
    drawn(source, 100).save(target.with_suffix(".jpg"), quality=75)


def as_picture_by_night(source: Path, target: Path) -> None:
    drawn(source, 150).point([255 - value for value in range(256)] * 3).save(target.with_suffix(".png"))


def as_part_of_a_screen(source: Path, target: Path) -> None:
    drawn(source, 130).crop((120, 200, 980, 1150)).save(target.with_suffix(".jpg"), quality=80)


@pytest.mark.parametrize(
    "spread",
    [resaved_by_pikepdf, resaved_by_pypdf, resaved_by_qpdf, printed_again, as_jpeg, as_small_jpeg, as_picture_by_night],
)
def test_the_unseen_mark_is_read_from_what_became_of_a_copy(
    tmp_path: Path, spread: Callable[[Path, Path], None]
) -> None:
    spread(marked(tmp_path), tmp_path / "found.pdf")
    (found,) = tmp_path.glob("found.*")
    assert [each.number for each in read_marks(str(found))] == [NUMBER]


@pytest.mark.slow
def test_the_unseen_mark_is_read_from_a_part_of_a_page_in_any_size(tmp_path: Path) -> None:
    as_part_of_a_screen(marked(tmp_path), tmp_path / "found.pdf")
    assert read_marks(str(tmp_path / "found.jpg"))[0].number == NUMBER


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_marks_stand_upright_on_turned_pages(tmp_path: Path, turn: int) -> None:
    own = marked(tmp_path, turn)
    assert read_marks(str(own))[0].number == NUMBER
    document = pypdfium2.PdfDocument(own)
    assert NAME in document[0].get_textpage().get_text_range()
    document.close()


def test_an_unmarked_file_of_digits_is_prepared_without_a_change_to_its_words(tmp_path: Path) -> None:
    own = marked(tmp_path)
    with pikepdf.open(own) as made:
        assert not made.check_pdf_syntax()
    document = pypdfium2.PdfDocument(own)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "Dieu 33." in text
    assert f"{NAME} · 14:05, 22/11/2026" in text


# ---- whose copy


async def set_watermark(core: Core, stage: Stage, *, on: bool) -> None:
    await meetings.edit(core, stage.meeting.id, MeetingEdit(watermark=on), actor=stage.secretary)


async def publish(core: Core, stage: Stage, **given: Any) -> Paper:
    data = pdfs.pdf(pages=2, change=page())
    return await actions.publish_bytes(core, stage.item.id, data, "Tờ trình", "paper", stage.secretary, **given)


async def ready(core: Core, stage: Stage) -> Paper:
    """A paper whose copies carry names."""
    await set_watermark(core, stage, on=True)
    paper = await publish(core, stage)
    assert paper.version is not None
    assert paper.version.mark == "waiting"
    assert await actions.prepare_ahead(core) == 1
    listed = await actions.of_item(core, stage.item.id, actor=stage.member)
    return listed.papers[0]


async def bytes_for(core: Core, paper: Paper, who: Actor) -> tuple[str, bytes]:
    """The entity tag and the whole bytes of one's copy."""
    assert paper.version is not None
    served = await actions.read_bytes(core, paper.version.id, actor=who)
    return served.etag, served.own(await core.blobs.read(served.sha256), 0)


def words_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    text: str = document[0].get_textpage().get_text_range()
    document.close()
    return text


def named(who: Actor, name: str) -> Actor:
    return structs.replace(who, name=name)


async def test_everybody_gets_a_copy_of_their_own_and_always_the_same(core: Core, stage: Stage) -> None:
    paper = await ready(core, stage)
    assert paper.version is not None
    assert paper.version.mark == "file"
    assert paper.version.edition
    chair, member = named(stage.chair, "Trần Văn Đức"), named(stage.member, NAME)
    first, chairs = await bytes_for(core, paper, chair), await bytes_for(core, paper, chair)
    other = await bytes_for(core, paper, member)
    assert first == chairs
    assert first[0] != other[0]
    assert len(first[1]) == len(other[1]) == paper.version.size
    assert "Trần Văn Đức" in words_of(first[1])
    assert NAME not in words_of(first[1])
    assert NAME in words_of(other[1])
    assert "Trần Văn Đức" not in words_of(other[1])
    copies = await core.db.read(
        lambda read: [marks.copy_of(read, paper.version.id, who.person_id) for who in (chair, member)]  # type: ignore[union-attr]
    )
    assert copies[0] is not None
    assert copies[1] is not None
    assert tile(int(copies[0].number, 16)).hex().encode() in first[1]
    assert tile(int(copies[0].number, 16)).hex().encode() not in other[1]
    # Whatever one is called later, and after a restart, the bytes stay.
    marking._known.clear()
    assert await bytes_for(core, paper, named(stage.chair, "Đổi Tên")) == first


async def test_the_secretariat_reads_a_marked_copy_and_takes_the_original_plain(core: Core, stage: Stage) -> None:
    paper = await ready(core, stage)
    assert paper.version is not None
    secretary = named(stage.secretary, "Lê Thị Thư Ký")
    assert "Lê Thị Thư Ký" in words_of((await bytes_for(core, paper, secretary))[1])
    original = await actions.original(core, paper.version.id, actor=secretary)
    assert marking.plain(original).patches == ()


async def test_who_may_not_read_gets_no_copy_and_a_recalled_paper_none(core: Core, stage: Stage) -> None:
    paper = await ready(core, stage)
    await bytes_for(core, paper, stage.member)
    with pytest.raises(DomainError, match="not_found"):
        await bytes_for(core, paper, stage.stranger)
    await actions.recall(core, paper.id, PaperRecall(), actor=stage.secretary)
    with pytest.raises(DomainError, match="gone"):
        await bytes_for(core, paper, stage.member)


async def test_names_are_switched_off_and_on_for_papers_that_are_there(core: Core, stage: Stage) -> None:
    paper = await ready(core, stage)
    with_name = await bytes_for(core, paper, stage.member)
    await set_watermark(core, stage, on=False)
    plain = (await actions.of_item(core, stage.item.id, actor=stage.member)).papers[0]
    assert plain.version is not None
    assert (plain.version.mark, plain.version.edition) == ("none", "")
    etag, data = await bytes_for(core, plain, stage.member)
    assert etag == f'"{plain.version.sha256}"'
    assert len(data) == plain.version.size
    await set_watermark(core, stage, on=True)
    again = (await actions.of_item(core, stage.item.id, actor=stage.member)).papers[0]
    assert again == paper
    assert await bytes_for(core, again, stage.member) == with_name


async def test_nothing_is_served_plain_while_copies_are_being_made(core: Core, stage: Stage) -> None:
    await set_watermark(core, stage, on=True)
    paper = await publish(core, stage)
    with pytest.raises(DomainError, match=r"documents\.marking"):
        await bytes_for(core, paper, stage.member)


async def test_a_paper_that_is_signed_or_to_be_signed_is_served_as_it_is(core: Core, stage: Stage) -> None:
    paper = await ready(core, stage)
    version = paper.version
    assert version is not None
    await core.db.write(lambda tx: actions.serve_exact_txn(tx, version.id, actor=stage.secretary))
    now = (await actions.of_item(core, stage.item.id, actor=stage.member)).papers[0]
    assert now.version is not None
    assert now.version.mark == "screen"
    assert (await bytes_for(core, now, stage.member))[1] == await core.blobs.read(version.sha256)
    signed = await actions.publish_bytes(
        core, stage.item.id, pdfs.pdf(change=pdfs.sign_badly), "Đã ký", "paper", stage.secretary
    )
    assert signed.version is not None
    assert (signed.version.signed, signed.version.mark) == (True, "screen")


async def test_pictures_of_pages_carry_the_name_of_who_asks(core: Core, stage: Stage) -> None:
    """Of a paper that waits, of one whose file carries names, and of one whose file may not."""
    await set_watermark(core, stage, on=True)
    paper = await publish(core, stage)
    version = paper.version
    assert version is not None
    chair, member = named(stage.chair, "Trần Văn Đức"), named(stage.member, NAME)
    waiting = await actions.thumbnail(core, version.id, 1, actor=member)
    await actions.prepare_ahead(core)
    assert await actions.thumbnail(core, version.id, 1, actor=member) == waiting
    others = await actions.thumbnail(core, version.id, 1, actor=chair)
    await core.db.write(lambda tx: actions.serve_exact_txn(tx, version.id, actor=stage.secretary))
    assert await actions.thumbnail(core, version.id, 1, actor=member) == waiting
    await set_watermark(core, stage, on=False)
    plain = await actions.thumbnail(core, version.id, 1, actor=member)
    assert plain == await actions.thumbnail(core, version.id, 1, actor=chair)
    assert len({tag for tag, _picture in (waiting, others, plain)}) == 3
    sheets = [Image.open(io.BytesIO(picture)).convert("L").tobytes() for _tag, picture in (plain, waiting, others)]
    assert len({len(sheet) for sheet in sheets}) == 1
    # Between the lines of print, where a bare page is white, each reader's has other strokes.
    white = [at for at, value in enumerate(sheets[0]) if value > 250]
    strokes = [frozenset(at for at in white if sheet[at] < 225) for sheet in sheets[1:]]
    assert all(len(each) > len(white) // 40 for each in strokes)
    assert len(strokes[0] & strokes[1]) < len(strokes[0]) // 2


async def test_pictures_with_names_are_remembered_and_the_oldest_forgotten(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = await ready(core, stage)
    assert paper.version is not None
    monkeypatch.setattr(thumbnails, "MOST_NAMED", 1)
    real, runs = core.workers.run, list[object]()

    async def run(*args: Any, **options: Any) -> Any:
        runs.append(args)
        return await real(*args, **options)

    monkeypatch.setattr(core.workers, "run", run)
    for page_number in (1, 1, 2, 1):
        await actions.thumbnail(core, paper.version.id, page_number, actor=stage.member)
    assert len(runs) == 3


async def test_a_file_for_a_child_is_the_readers_own_copy(core: Core, stage: Stage) -> None:
    paper = await ready(core, stage)
    assert paper.version is not None
    held = await actions.take(core, paper.version.id, actor=stage.member)
    async with actions.as_file(core, held, actor=named(stage.member, NAME)) as path:
        data = path.read_bytes()
    assert not path.exists()
    assert NAME in words_of(data)


async def test_a_copy_that_got_about_names_its_recipient(core: Core, stage: Stage, tmp_path: Path) -> None:
    paper = await ready(core, stage)
    await bytes_for(core, paper, named(stage.chair, "Trần Văn Đức"))
    found = tmp_path / "found.pdf"
    found.write_bytes((await bytes_for(core, paper, named(stage.member, NAME)))[1])
    as_jpeg(found, found)
    traced = await actions.trace(core, found.with_suffix(".jpg"))
    assert traced is not None
    assert (traced.person_id, traced.name) == (stage.member.person_id, NAME)
    assert (traced.paper, traced.no, traced.wrong) == (paper.title, 1, 0)


async def test_a_mark_of_another_house_names_nobody(core: Core, stage: Stage, tmp_path: Path) -> None:
    await bytes_for(core, await ready(core, stage), stage.member)
    assert await actions.trace(core, marked(tmp_path)) is None


async def test_giving_out_a_copy_is_in_the_audit_once(core: Core, stage: Stage) -> None:
    paper = await ready(core, stage)
    for who in (stage.member, stage.member, actor(stage.member.person_id), stage.chair):
        await bytes_for(core, paper, who)
    issued = select(func.count()).select_from(operation).where(operation.c.stream == marking.AUDIT_STREAM)
    assert await core.db.read(lambda read: read.scalar(issued)) == 2


def test_a_mark_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(pdfs.pdf(change=page()))
    places = make_ready(str(source), str(target))
    assert isinstance(places, Places)
    data = io.BytesIO(target.read_bytes())
    data.seek(places.mask)
    assert bytes.fromhex(data.read(256).decode())
    source.write_bytes(b"%PDF-1.7 and nothing else")
    assert make_ready(str(source), str(target)) is None


# ---- over HTTP


async def test_ranges_tags_and_conditions_are_each_readers_own(server: Server) -> None:
    stage = await set_stage(server.core)
    paper = await ready(server.core, stage)
    version = paper.version
    assert version is not None
    path = f"{server.url}/api/v1/versions/{version.id}/content"
    people = [await sign_in(server, who.person_id) for who in (stage.member, stage.chair)]
    async with aiohttp.ClientSession() as http:

        async def ask(who: Client, query: str = "", **headers: str) -> tuple[int, str, bytes]:
            async with http.get(path + query, headers={**who.headers, **headers}) as answer:
                return answer.status, answer.headers.get("ETag", ""), await answer.read()

        wholes = [await ask(who) for who in people]
        assert [status for status, _, _ in wholes] == [200, 200]
        (_, tag, mine), (_, others_tag, theirs) = wholes
        assert tag != others_tag
        assert mine != theirs
        step = 997
        parts = [
            (await ask(people[0], Range=f"bytes={at}-{min(at + step, version.size) - 1}"))[2]
            for at in range(0, version.size, step)
        ]
        assert b"".join(parts) == mine
        assert (await ask(people[0], **{"If-None-Match": tag}))[0] == 304
        assert (await ask(people[0], **{"If-None-Match": others_tag}))[0] == 200
        # Half a file that goes on with another's bytes is begun anew with one's own.
        assert await ask(people[0], Range="bytes=5-", **{"If-Range": others_tag}) == (200, tag, mine)
        assert (await ask(people[0], "?edition=", Range="bytes=0-9"))[0] == 409
        assert (await ask(people[0], f"?edition={version.edition}", Range="bytes=0-9"))[0] == 206
