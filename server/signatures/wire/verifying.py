"""Messages of checking: what was found of a paper, pages then and now."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from server.core.wire import Command, View
from signing import Report


class RegisterLine(Struct, frozen=True, kw_only=True):
    """One thing that the register says of a file, and what the file says; ``found`` empty: it says nothing."""

    what: Literal["file", "signer", "fields", "seal", "number", "date"]
    expected: str
    found: str
    agrees: bool


class Verification(View, frozen=True, kw_only=True):
    """What a check of a paper found, with the document verdict.

    ``register``: line by line beside what the register says; empty where it knows nothing of the version. ``symbol``:
    number and notation that the register gave it.
    """

    report: Report
    register: tuple[RegisterLine, ...] = ()
    symbol: str = ""


class PageThenQuery(Command, frozen=True, kw_only=True):
    """Which page (from 1), as it was in the first ``length`` bytes of the file: a signature's ``signed_bytes``."""

    length: int
    page: int


class ReportQuery(Command, frozen=True, kw_only=True):
    """The name of the file that is sent, as the printed report is to call it."""

    name: str = ""


class PagePair(View, frozen=True, kw_only=True):
    """A page as somebody signed it and as it is now, both WebP; None where that version has no such page.

    ``changed``: left, top, right, bottom of what differs, as parts of the page; None where nothing does.
    """

    page: int
    before: bytes | None
    after: bytes | None
    changed: tuple[float, float, float, float] | None
