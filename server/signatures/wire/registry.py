"""Messages of the registry: numbers, the seal, issue, copies, the book."""

from __future__ import annotations

from typing import Literal, TypeAlias

from server.core.wire import Command, Event, View
from server.signatures.wire.kinds import PaperKind

CopyKind: TypeAlias = Literal["SAO Y", "SAO LỤC", "TRÍCH SAO"]


class NumberTaken(Event, tag="signatures.number_taken", frozen=True, kw_only=True):
    """A number of a series was given, or a series was let go on after what was numbered on paper (audit only)."""

    body_id: str
    paper_kind: PaperKind
    year: int
    symbol: str
    dossier_id: str | None


class NumberCodePut(Event, tag="signatures.number_code_put", frozen=True, kw_only=True):
    """Letters got a series of their own (audit only)."""

    body_id: str
    code: str


class CopyMade(Event, tag="signatures.copy_made", frozen=True, kw_only=True):
    """A copy of an issued paper was sealed (audit only)."""

    dossier_id: str
    copy_kind: CopyKind
    sha256: str


class DossierIssue(Command, frozen=True, kw_only=True):
    """Issue a sealed paper: ``sha256`` of the bytes seen; ``recipients`` as the book names them (nơi nhận)."""

    sha256: str
    recipients: str = ""


class AnnexSeal(Command, frozen=True, kw_only=True):
    """Seal a paper of the same item as an annex of an issued one; its bytes as seen, and what opens the seal's key."""

    sha256: str
    password: str


class CopyMake(Command, frozen=True, kw_only=True):
    """Make a sealed copy of an issued paper; ``pages`` from 1, for TRÍCH SAO alone."""

    copy_kind: CopyKind
    pages: tuple[int, ...] = ()
    password: str


class BookQuery(Command, frozen=True, kw_only=True):
    """What of the book is wanted: a year (this one by default), a kind, words of title, symbol, signer, recipients."""

    year: int | None = None
    paper_kind: PaperKind | None = None
    words: str = ""


class BookEnter(Command, frozen=True, kw_only=True):
    """Take the next number for a document on paper; ``notation`` as printed on it (empty: the body's own)."""

    paper_kind: PaperKind
    title: str
    signer: str
    recipients: str = ""
    notation: str = ""


class SeriesOpen(Command, frozen=True, kw_only=True):
    """Let a series of this year go on after ``last``, which was given in the book on paper."""

    paper_kind: PaperKind
    code: str = ""
    last: int


class NumberCodeSet(Command, frozen=True, kw_only=True):
    """Give letters (of a council, a board) a series of their own; ``citation``: by what rule."""

    name: str
    citation: str


class NumberCode(View, frozen=True, kw_only=True):
    """Letters with a series of their own."""

    code: str
    name: str
    citation: str


class BookEntry(View, frozen=True, kw_only=True):
    """A line of the book of issued papers (sổ văn bản đi).

    ``state``: of a dossier "reserved" until the number is on the paper, then the dossier's; "paper" for a document on
    paper, "opening" for all up to this number; "struck": the number was given and its paper never issued. ``title`` is
    empty of what was decided in a closed sitting, for who may not know of it.
    """

    id: str
    number: int
    symbol: str
    dated: str
    paper_kind: PaperKind
    code: str
    title: str
    signer: str
    recipients: str
    state: Literal["reserved", "paper", "opening", "struck", "numbered", "sealed", "issued", "delivered", "recalled"]
    reason: str
    dossier_id: str | None
    version_id: str | None


class NumberBook(View, frozen=True, kw_only=True):
    """A year of a body's book, in the order of kind, letters and number; ``years`` that the book has."""

    body_id: str
    body_name: str
    year: int
    years: tuple[int, ...]
    entries: tuple[BookEntry, ...]
    codes: tuple[NumberCode, ...]


class SeriesHead(View, frozen=True, kw_only=True):
    """How far a series of numbers has come: its last number and that one's date.

    ``opened``: up to which number the book on paper had given them; None where the series began here.
    """

    paper_kind: PaperKind
    code: str
    last: int
    dated: str
    opened: int | None


class NumberSeries(View, frozen=True, kw_only=True):
    """The series of a body in this year that have given numbers, by kind and letters; ``codes`` have their own."""

    body_id: str
    year: int
    series: tuple[SeriesHead, ...]
    codes: tuple[NumberCode, ...]


class Annex(View, frozen=True, kw_only=True):
    """A paper of the same item that can be, or was, signed as an annex (``sealed``)."""

    paper_id: str
    title: str
    version_id: str
    sha256: str
    pages: int
    size: int
    sealed: bool


class Annexes(View, frozen=True, kw_only=True):
    """The annexes of a numbered paper that lie in files of their own, in the order of the item."""

    annexes: tuple[Annex, ...]


class PaperCopy(View, frozen=True, kw_only=True):
    """A sealed copy of an issued paper; its bytes are asked for by its id."""

    id: str
    dossier_id: str
    copy_kind: CopyKind
    pages: tuple[int, ...]
    filename: str
    sha256: str
    size: int
    made_by_name: str
    made_at: str


class PaperCopies(View, frozen=True, kw_only=True):
    """Copies of an issued paper, the newest first."""

    copies: tuple[PaperCopy, ...]
