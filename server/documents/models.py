"""Values of documents: what the gate found in a file, and what a version is before it has a row."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Purpose = Literal["paper", "invitation", "agenda"]
# Printed: handed out on paper and taken back, since it may not be on this system; it has no version.
PaperState = Literal["published", "recalled", "printed"]
DeviceState = Literal["holding", "purged", "unreadable"]
# Độ mật: thường · Mật · Tối mật · Tuyệt mật. Only the first may be on this system.
Classification = Literal["normal", "confidential", "secret", "top-secret"]
Act = Literal["published", "replaced", "restored", "edited", "recalled", "recognised", "marked"]
# How a version carries the name of who reads it: not at all, in its bytes, on the screen alone; its copy is being made.
Marking = Literal["none", "file", "screen", "waiting"]

Size = tuple[float, float]
Box = tuple[float, float, float, float, int]
# Corners as one reads: upper left, upper right, lower left, lower right (x, y each), in points of user space.
Quad = tuple[float, float, float, float, float, float, float, float]

# A recognised word and its box (left, bottom, right, top) in points of user space.
Word = tuple[str, float, float, float, float]
ScanState = Literal["running", "done", "off"]
# What has come in and is no paper yet: not all of its files are there · queued · at work · to be looked at · in vain.
IncomingAct = Literal["arrived", "converting", "ready", "failed", "retried", "published", "dropped", "moved"]
IncomingStage = Literal["arriving", "waiting", "converting", "ready", "failed"]


class Bounds(Struct, frozen=True, kw_only=True):
    """What a file may be. Sources: OWASP ASVS 5.2; a page of 14,400 units is the format's own limit (ISO 32000)."""

    file_bytes: int = 200 * 1024 * 1024
    pages: int = 5_000
    side_points: float = 14_400.0
    # One image; a bilevel one (a fax, a scan of text) needs a fraction of the memory and may have more.
    image_pixels: int = 50_000_000
    bilevel_pixels: int = 200_000_000
    # What one stream of drawing commands, and all of them, may unpack to.
    stream_bytes: int = 64 * 1024 * 1024
    streams_bytes: int = 512 * 1024 * 1024
    # An archive of parts (.docx and its kin): how many, how much they unpack to, and how many times their size.
    zip_entries: int = 2_000
    zip_bytes: int = 256 * 1024 * 1024
    zip_ratio: int = 100
    # Of processor time; of wall time more, for the gate works when nothing else wants to.
    seconds: float = 10.0
    wall_seconds: float = 60.0
    memory_mib: int = 512


class Findings(Struct, frozen=True, kw_only=True):
    """What the gate found in a file.

    ``reason`` is None where it is accepted, else a stable word (``rules.REASONS``). ``rewritten``: the rendition to
    serve was written beside, without the ``active`` content named; else the file is served as it came.
    ``secret_mark``: the stamp of state secrecy found in its text (``Mật``, ``Tối mật``, ``Tuyệt mật``); empty where
    none is, or where there is no text to find it in.
    """

    reason: str | None = None
    kind: str | None = None
    pages: int = 0
    signed: bool = False
    has_text: bool = False
    rewritten: bool = False
    active: tuple[str, ...] = ()
    secret_mark: str = ""
    sizes: tuple[Size, ...] = ()
    boxes: tuple[Box, ...] = ()
    seconds: float = 0.0
    peak_mib: float = 0.0


class Rendition(Struct, frozen=True, kw_only=True):
    """Bytes that are safely stored and may become a version. ``source_…`` is of the file as it came."""

    sha256: str
    size: int
    source_sha256: str
    source_kind: str = "pdf"
    findings: Findings


class Source(Struct, frozen=True, kw_only=True):
    """A file that came in and passed the gate, stored as it came.

    ``kind``: ``pdf``, ``docx``, ``xlsx``, ``pptx``, ``odt``, ``ods``, ``odp``, ``doc``, ``xls``, ``ppt``, ``rtf``,
    ``png``, ``jpeg``, ``tiff``, ``gif``, ``webp``, ``bmp``. A PDF has its ``rendition`` already; everything else is
    converted first, and what becomes of it goes through the gate as a PDF.
    """

    sha256: str
    size: int
    kind: str
    findings: Findings
    rendition: Rendition | None = None


class Origin(Struct, frozen=True):
    """Which page (from 1) of the version before a page was; None: it is new. ``same``: it looks and reads as it did."""

    old: int | None
    same: bool


class Recognised(Struct, frozen=True):
    """The words that a machine read on one page, line by line.

    ``turn``: where a line runs in user space, degrees from the x axis against the clock (0, 90, 180, 270).
    """

    turn: int = 0
    lines: tuple[tuple[Word, ...], ...] = ()


class Places(Struct, frozen=True):
    """Where in a prepared copy a recipient's line and square begin, in bytes."""

    line: int
    mask: int


class Prepared(Struct, frozen=True):
    """A version made ready to carry names: its bytes, and where each recipient's own go."""

    sha256: str
    size: int
    places: Places


class Reading(Struct, frozen=True):
    """A number read from what a page looks like, and by how many deviations its squares stood out."""

    number: int
    strength: float
    page: int


class Copy(Struct, frozen=True, kw_only=True):
    """What one recipient's copy of a version carries: a number (16 hex digits), and the name and moment that show."""

    version_id: str
    person_id: str
    number: str
    name: str
    issued_at: str
