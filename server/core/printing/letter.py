"""What every paper of Decree 30/2020 has around its text: issuer, number, place, date, kind, recipients, signer."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: lines of authority and post ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), and the full name alone.

    The decree allows no title or degree before the name.
    """

    authority: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    r"""The frame of one paper, `doc` in the templates. Lines of `parent`, `issuer`, `subject`, `to` break at "\n".

    `symbol` is what follows the number ("GM-UBND"); an empty `number` or `dated` leaves room for the registry.
    `draft` is the word in the box under the number ("DỰ THẢO 3"). `inviter` begins the text of a giấy mời,
    `attached` is the line in brackets under the title of an annex. `fillable` leaves empty places for what comes after
    printing, to be made form fields: number, date, and `initials` (the first at the end of the text, the others beside
    "Lưu").
    """

    title: str
    issuer: str
    kind: str
    subject: str
    signer: Signer
    parent: str = ""
    symbol: str = ""
    number: str = ""
    place: str = ""
    dated: date | None = None
    to: str = ""
    recipients: tuple[str, ...] = ()
    draft: str = ""
    inviter: str = ""
    attached: str = ""
    fillable: bool = False
    initials: int = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a paper, or a heading on a line of its own; `lead` is its bold beginning ("Điều 1.")."""

    text: str
    lead: str = ""
    kind: Literal["text", "heading"] = "text"
