"""LibreOffice behind walls: Vietnamese in embedded fonts, nothing fetched, nothing run, killed when it overruns."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import openpyxl
import pytest
import pytest_asyncio

from server.core import sandbox, texts
from server.core.errors import DomainError
from server.documents.conversion import office as office_module
from server.documents.conversion.office import Office, programs
from server.documents.intake.words import read_words
from tests.core.test_sandbox import packets_seen_by
from tests.support import pdfs
from tests.support.images import image
from tests.support.office import docx, field, linked_picture, packed, pages
from tests.support.parts import need

if TYPE_CHECKING:
    from server.core.sandbox import Wall

pytestmark = pytest.mark.asyncio(loop_scope="module")

# All 134 letters of Vietnamese beyond ASCII, and đ.
LETTERS = "".join(
    letter + letter.upper() for letter in "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
)
CANARY = "CHIM-HOANG-YEN-7391"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    need("soffice")
    made = Office(tmp_path_factory.mktemp("office"))
    yield made
    await made.close()


async def converted(office: Office, tmp_path: Path, data: bytes, kind: str = "docx") -> str:
    """Converts ``data`` to ``made.pdf`` and returns its text."""
    source = tmp_path / "source"
    source.write_bytes(data)
    await office.convert(source, kind, tmp_path / "made.pdf")
    return told("pdftotext", "-layout", str(tmp_path / "made.pdf"), "-")


def below(pid: int) -> Iterator[tuple[int, str]]:
    """All processes under one: id and name."""
    for thread in Path(f"/proc/{pid}/task").iterdir():  # each thread has children of its own
        for each in (thread / "children").read_text(encoding="ascii").split():
            yield int(each), Path(f"/proc/{each}/comm").read_text(encoding="ascii").strip()
            yield from below(int(each))


def told(*argv: str) -> str:
    return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=30).stdout


async def test_times_new_roman_becomes_an_embedded_liberation_serif_with_every_letter(
    office: Office, tmp_path: Path
) -> None:
    text = await converted(office, tmp_path, docx(["Cộng hòa xã hội chủ nghĩa Việt Nam", *LETTERS.split("đ")]))
    assert set(LETTERS) - set(text) <= {"đ"}
    assert "Cộng hòa xã hội chủ nghĩa Việt Nam" in text
    fonts = told("pdffonts", str(tmp_path / "made.pdf")).splitlines()[2:]
    assert fonts
    assert all("LiberationSerif" in line and " yes yes yes " in line for line in fonts), fonts


@pytest.mark.parametrize(("kind", "writer"), [
    ("odt", "writer8"), ("doc", "MS Word 97"), ("rtf", "Rich Text Format"), ("ods", "calc8"),
    ("xls", "MS Excel 97"), ("odp", "impress8"), ("ppt", "MS PowerPoint 97"), ("xlsx", "Calc MS Excel 2007 XML"),
    ("pptx", "Impress MS PowerPoint 2007 XML"),
])  # fmt: skip
async def test_every_kind_of_office_paper_is_read(office: Office, tmp_path: Path, kind: str, writer: str) -> None:
    seed = {
        "ods": ("csv", b"Ma,So\nngan sach,12\n"), "xls": ("csv", b"Ma,So\nngan sach,12\n"),
        "xlsx": ("csv", b"Ma,So\nngan sach,12\n"), "odp": ("fodp", FLAT_SLIDE), "ppt": ("fodp", FLAT_SLIDE),
        "pptx": ("fodp", FLAT_SLIDE),
    }.get(kind, ("txt", b"ngan sach 12"))  # fmt: skip
    given = tmp_path / f"seed.{seed[0]}"
    given.write_bytes(seed[1])
    argv = [
        "soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to",
        f"{kind}:{writer}", "--outdir", str(tmp_path), str(given),
    ]  # fmt: skip
    subprocess.run(argv, check=True, capture_output=True, timeout=60)
    assert "ngan sach" in await converted(office, tmp_path, (tmp_path / f"seed.{kind}").read_bytes(), kind)


# Markup, quotes, a formula that is text, letters of four bytes, decomposed ones, marks of direction.
HOSTILE = '<script>x</script>"\'&amp; =HYPERLINK("http://x") \u202eMau\u202c \u2067gio\u2069 Vie\u0323\u0302t 𠮷'


async def test_hostile_cells_are_text_on_the_page_and_in_the_words_of_it(office: Office, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = HOSTILE, "=1+1"
    book.active["A1"].data_type = book.active["A2"].data_type = "s"
    for kind, data in (("xlsx", _saved(book)), ("docx", docx([HOSTILE, "=1+1"]))):
        await converted(office, tmp_path, data, kind)
        (words,) = msgspec.json.decode(read_words(str(tmp_path / "made.pdf")), type=tuple[str])
        kept = "".join(words.split())
        for part in ("<script>x</script>\"'&amp;", '=HYPERLINK("http://x")', "Việt", "𠮷", "=1+1"):
            assert part in kept, (kind, part)
        assert texts.seen(words) == words, kind
        assert not any(link in (tmp_path / "made.pdf").read_bytes() for link in (b"/URI", b"/JavaScript"))


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Listener:
    """Counts who comes."""

    def __init__(self) -> None:
        self.came = 0
        self.url = ""

    def heard(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    server = await asyncio.start_server(listener.heard, "127.0.0.1", 0)
    listener.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield listener


def hostile(url: str, canary: Path) -> Iterator[tuple[str, bytes]]:
    """Files that ask for something outside of themselves, by the name of how."""
    for name, target in (("http", f"{url}/a.png"), ("file", canary.with_suffix(".png").as_uri())):
        yield f"picture {name}", docx(["vo hai"], inner=linked_picture("rId9"), links={"rId9": ("image", target)})
    yield "template", docx(["vo hai"], template=f"{url}/mau.dotx")
    yield "template file", docx(["vo hai"], template=canary.as_uri())
    for field_of in (f'INCLUDETEXT "{canary}"', f'INCLUDETEXT "{url}/a.txt"', f'INCLUDEPICTURE "{url}/a.png" \\d'):
        yield field_of, docx(["vo hai"], inner=field(field_of))
    yield "dde", docx(["vo hai"], inner=field(f'DDEAUTO soffice "{canary}" all'))
    yield "frame", docx(["vo hai"], inner='<w:altChunk r:id="rId8"/>', links={"rId8": ("aFChunk", f"{url}/phan.html")})
    yield "dtd", packed({
        **unpacked(docx(["vo hai"])),
        "word/document.xml": (
            f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "{canary.as_uri()}"><!ENTITY y SYSTEM "{url}/y">]>'
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            "<w:t>vo hai &x; &y;</w:t></w:r></w:p></w:body></w:document>"
        ),
    })  # fmt: skip


def unpacked(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("wall", ["bubblewrap", "limits"])
async def test_nothing_outside_a_file_is_fetched_or_shown(
    tmp_path: Path, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("soffice")
    if wall == "bubblewrap" and sandbox.wall() != wall:
        pytest.skip("no bubblewrap here")  # a kernel may forbid it; the weaker walls are tried by the other case
    # Without walls the profile alone has to hold; with them it does not have to.
    monkeypatch.setattr(sandbox, "wall", lambda: wall)
    canary = tmp_path / "canary.txt"
    canary.write_text(CANARY, encoding="utf-8")
    canary.with_suffix(".png").write_bytes(image("PNG", (192, 192)))
    office = Office(tmp_path / "office")
    try:
        async with listening() as listener:
            await converted(office, tmp_path, docx(["vo hai"]))
            assert (apart(tmp_path / "office") != []) == (wall == "bubblewrap")
            for name, data in hostile(listener.url, canary):
                (tmp_path / "made.pdf").write_bytes(pdfs.pdf())
                with suppress(DomainError):  # refused is as good
                    assert CANARY not in await converted(office, tmp_path, data), name
                assert " 192   192 " not in told("pdfimages", "-list", str(tmp_path / "made.pdf")), name
                assert listener.came == 0, name
                # Who could not open a file is ended; who could has sent nothing in its own network.
                assert {packets_seen_by(pid) for pid in apart(tmp_path / "office")} <= {0}, name
    finally:
        await office.close()


async def test_an_instance_that_overruns_is_killed_with_all_it_started_and_the_next_one_is_fresh(
    tmp_path: Path,
) -> None:
    need("soffice")
    office = Office(tmp_path / "office", seconds=0.05)
    with pytest.raises(DomainError, match=r"documents\.convert_timeout"):
        await converted(office, tmp_path, pages(40))
    assert processes_of(tmp_path / "office") == []
    assert list((tmp_path / "office").iterdir()) == []
    office._seconds = 60.0
    assert "vo hai" in await converted(office, tmp_path, docx(["vo hai"]))
    assert processes_of(tmp_path / "office") != []
    await office.close()
    assert processes_of(tmp_path / "office") == []


async def test_what_cannot_be_opened_is_told_so(office: Office, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match=r"documents\.not_converted"):
        await converted(office, tmp_path, b"PK\x03\x04 and nothing else")


async def test_libreoffice_runs_when_nobody_else_wants_to(office: Office, tmp_path: Path) -> None:
    await converted(office, tmp_path, docx(["mot"]))
    assert office._warm is not None
    policies = {name: os.sched_getscheduler(pid) for pid, name in below(office._warm._process.pid)}
    assert policies["soffice.bin"] == os.SCHED_IDLE


async def test_an_instance_serves_many_and_is_then_replaced(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await converted(office, tmp_path, docx(["mot"]))
    first = office._warm
    await converted(office, tmp_path, docx(["hai"]))
    assert office._warm is first
    monkeypatch.setattr(office_module, "FILES_PER_INSTANCE", 1)
    await converted(office, tmp_path, docx(["ba"]))
    assert office._warm is None
    assert "bon" in await converted(office, tmp_path, docx(["bon"]))


async def test_one_that_rests_long_is_ended(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await converted(office, tmp_path, docx(["mot"]))
    await office.rest()
    assert office._warm is not None
    monkeypatch.setattr(office_module, "IDLE_SECONDS", -1.0)
    await office.rest()
    assert office._warm is None


async def test_where_no_interpreter_speaks_to_libreoffice_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert programs.__wrapped__() is None


def apart(folder: Path) -> list[int]:
    """Those of them that have a network of their own."""
    ours = Path("/proc/self/ns/net").readlink()
    return [pid for pid in processes_of(folder) if Path(f"/proc/{pid}/ns/net").readlink() != ours]


def processes_of(folder: Path) -> list[int]:
    """Whoever was started with a path in this folder."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit() and int(each.name) != os.getpid():
            try:
                words = (each / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in words:
                found.append(int(each.name))
    return found


FLAT_SLIDE = b"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body><office:presentation>
<draw:page draw:name="mot"><draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm" svg:height="5cm"><draw:text-box>
<text:p>ngan sach</text:p></draw:text-box></draw:frame></draw:page></office:presentation></office:body>
</office:document>"""
