"""What leaves with a paper, a list of marks or a meeting's pack: never another's private notes, nor a closed item."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING

import msgspec
import pikepdf
import pytest

from tests.contract.rows import READING_VERSION
from tests.support.parts import need
from tests.support.world import DESK, INSIDE, SITTING

if TYPE_CHECKING:
    from tests.contract.asking import Asker
    from tests.support.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERYTHING = {"own": "true", "shared": "true"}


def unpacked(pdf: bytes) -> str:
    """All that a PDF says: every stream unpacked, every string of an annotation, and the words as they are read."""
    found: list[bytes] = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found += [obj.read_bytes() for obj in opened.objects if isinstance(obj, pikepdf.Stream)]
        for page in opened.pages:
            for note in page.obj.get("/Annots", []):
                found += [str(value).encode() for key, value in note.items() if key in {"/Contents", "/T", "/NM"}]
    read = subprocess.run([need("pdftotext"), "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return b"\n".join(found).decode("utf-8", "replace") + "\n" + " ".join(read.decode().split())


def pack_of(told: bytes) -> tuple[list[dict[str, object]], bytes]:
    """The lines before a pack, and its bytes."""
    steps, rest = [], told
    while True:
        line, _, rest = rest.partition(b"\n")
        steps.append(msgspec.json.decode(line))
        if steps[-1]["type"] != "step":
            return steps, rest


@pytest.mark.parametrize("place", ["open", "closed", "recalled", "other"])
async def test_a_copy_holds_nobody_elses_private_notes(world: World, asker: Asker, place: str) -> None:
    spot = world.spots[place]
    for name in sorted(READING_VERSION[place]):
        path = f"/api/v1/versions/{spot.version}"
        copied = await asker.raw(name, f"{path}/copy", EVERYTHING)
        assert copied[:5] == b"%PDF-", (name, place)
        told = unpacked(copied)
        assert not world.leaks(name, told), (name, place)
        listed = (await asker.raw(name, f"{path}/xfdf", EVERYTHING)).decode()
        assert not world.leaks(name, listed), (name, place)
        own = [each.text for each in world.secrets if each.text.startswith("ghi riêng") and each.knows == {name}]
        if name == spot.owner and place != "recalled":
            assert any(text in told and text in listed for text in own), (name, place)


async def test_only_what_was_asked_goes_along(world: World, asker: Asker) -> None:
    spot = world.spots["open"]
    path = f"/api/v1/versions/{spot.version}/xfdf"
    neither, own, shared = [
        (await asker.raw(spot.owner, path, query)).decode() for query in ({}, {"own": "true"}, {"shared": "true"})
    ]
    assert ("ghi riêng" in neither, "ý kiến chung" in neither) == (False, False)
    assert ("ghi riêng" in own, "ý kiến chung" in own) == (True, False)
    assert ("ghi riêng" in shared, "ý kiến chung" in shared) == (False, True)


async def test_a_pack_holds_what_one_may_read(world: World, asker: Asker) -> None:
    spot = world.spots["open"]
    for name in sorted(SITTING):
        told = await asker.raw(name, f"/api/v1/meetings/{spot.meeting}/pack", {}, body={"own": True, "shared": True})
        steps, pdf = pack_of(told)
        assert [step["type"] for step in steps[:-1]] == ["step"] * (len(steps) - 1)
        assert steps[-1] == {"type": "ready", "size": len(pdf), "pages": steps[-1]["pages"], "left_out": []}
        text = unpacked(pdf)
        assert not world.leaks(name, text), name
        assert "SECRET-BYTES-001" in text
        assert ("Công tác nhân sự" in text) == (name in INSIDE), name
        assert ("Phần họp kín" in text) == (name not in INSIDE), name


async def test_what_is_switched_off_is_read_and_not_taken(world: World, asker: Asker) -> None:
    spot = world.spots["open"]
    paper, version = f"/api/v1/papers/{spot.paper}", f"/api/v1/versions/{spot.version}"
    try:
        await asker.ask("own", "PATCH", paper, body={"downloadable": False})
        for way in ("content", "download", "copy", "xfdf"):
            answer = await asker.ask("member", "GET", f"{version}/{way}")
            assert (answer.status, answer.code) == (403, "documents.not_downloadable"), way
        ranged = await asker.ask("member", "GET", f"{version}/content", headers={"Range": "bytes=0-99"})
        assert ranged.status == 206
        steps, pdf = pack_of(await asker.raw("member", f"/api/v1/meetings/{spot.meeting}/pack", {}, body={}))
        title = next(each.text for each in world.secrets if each.text.startswith("Tờ trình mật số 001"))
        assert steps[-1]["left_out"] == [title]
        assert "SECRET-BYTES-001" not in unpacked(pdf)
        assert f"{title}: thư ký không cho tải về" in unpacked(pdf)
        for name in DESK:
            assert (await asker.ask(name, "GET", f"{version}/download")).status == 200
    finally:
        await asker.ask("own", "PATCH", paper, body={"downloadable": True})
    assert (await asker.ask("member", "GET", f"{version}/download")).status == 200


async def test_the_original_goes_unchanged(world: World, asker: Asker) -> None:
    spot = world.spots["open"]
    held = await asker.raw("member", f"/api/v1/versions/{spot.version}/content", {})
    assert await asker.raw("member", f"/api/v1/versions/{spot.version}/download", {}) == held


@pytest.mark.parametrize("given", ["0", "3", "2-1", "1-9", "một", "1--2", "9999999"])
async def test_pages_that_are_none_are_told(world: World, asker: Asker, given: str) -> None:
    spot = world.spots["open"]
    answer = await asker.ask("member", "GET", f"/api/v1/versions/{spot.version}/copy", params={"pages": given})
    assert (answer.status, answer.code) == (400, "documents.bad_pages")


async def test_a_page_of_ours_may_frame_what_is_printed_and_no_other_page(world: World, asker: Asker) -> None:
    spot = world.spots["open"]
    for way, how in (("copy", {"inline": "true"}), ("content", {})):
        answer = await asker.ask("member", "GET", f"/api/v1/versions/{spot.version}/{way}", params=how)
        head = answer.told.partition(b"%PDF-")[0].decode()
        assert "frame-ancestors 'self'" in head, way
        assert "inline; filename*=" in head, way
        assert "no-store" in head, way
