"""From a draft's fields to what the templates of ``print/`` take: the letter around the text, and its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from server.core.printing import Block, Letter, Signer
from server.drafting.rules import DECIDING, NAMES, moment, title_of
from server.drafting.wire import Attendee, DraftKind, DraftPart, DraftText, Signatory

# Where nothing is known yet, a preview shows a place to be filled in.
_OPEN = "…"


def page_of(kind: DraftKind, text: DraftText) -> tuple[str, dict[str, Any]]:
    """The template and its values. What is still missing is shown as "…", so that every draft can be looked at."""
    values: dict[str, Any] = {"doc": _letter(kind, text)}
    if kind in DECIDING:
        values |= {"power": text.power.strip() or _OPEN, "basis": _lines(text.basis)}
        values["articles"] = _blocks(text.parts, "Điều {}.")
    else:
        values["blocks"] = _blocks(text.parts, "{}.")
    if kind == "minutes":
        values |= {"secretary": _signer(text.secretary), "sitting": _sitting(text)}
        values["others"] = tuple(_signer(each) for each in text.others if each.name.strip())
    return f"print/{kind}.html", values


def _letter(kind: DraftKind, text: DraftText) -> Letter:
    return Letter(
        title=title_of(kind, text), kind=NAMES[kind], subject=_line(text.subject) or _OPEN, issuer=_line(text.issuer),
        parent=_line(text.parent), signer=_signer(text.signer), symbol=_line(text.symbol),
        place="" if kind == "minutes" else _line(text.place), recipients=tuple(_lines(text.recipients)),
        to="\n".join(_lines(text.to)) or _OPEN if kind == "letter" else "",
    )  # fmt: skip


def _signer(one: Signatory) -> Signer:
    return Signer(tuple(_lines(one.lines)), _line(one.name))


def _sitting(text: DraftText) -> dict[str, Any]:
    sitting = text.sitting
    return {
        "start": moment(sitting.starts_at), "end": moment(sitting.ends_at), "place": _line(sitting.place) or _OPEN,
        "present": [_attendee(each) for each in sitting.attendance if each.state != "absent"] or [_OPEN],
        "absent": [_attendee(each) for each in sitting.attendance if each.state == "absent"],
        "chair": _line(sitting.chair) or _OPEN, "secretary": _line(sitting.secretary) or _OPEN,
    }  # fmt: skip


def _attendee(each: Attendee) -> str:
    note = _line(each.note).rstrip(".;") or ("chưa rõ" if each.state == "unknown" else "")
    return f"{_line(each.name)} ({note})" if note else _line(each.name)


def _blocks(parts: Iterable[DraftPart], number: str) -> tuple[Block, ...]:
    found = [block for nth, part in _counted(parts) for block in _of_part(part, number.format(nth) if nth else "")]
    return tuple(found) or (Block(_OPEN),)


def _counted(parts: Iterable[DraftPart]) -> Iterator[tuple[int, DraftPart]]:
    """Parts that say something, each with its number, 0 for none."""
    nth = 0
    for part in parts:
        if part.heading.strip() or part.text.strip():
            nth += part.numbered
            yield (nth if part.numbered else 0), part


def _of_part(part: DraftPart, lead: str) -> Iterator[Block]:
    """A heading stands on its own line, with the number; without one the number begins the first paragraph."""
    heading, paragraphs = _line(part.heading), _lines(part.text.splitlines())
    if heading:
        yield Block(f"{lead} {heading}".strip(), kind="heading")
    elif lead and paragraphs:
        article = lead.startswith("Điều")
        first = paragraphs.pop(0)
        yield Block(first, lead=lead) if article else Block(f"{lead} {first}")
    for paragraph in paragraphs:
        yield Block(paragraph)


def _lines(lines: Iterable[str]) -> list[str]:
    return [line for line in map(_line, lines) if line]


def _line(text: str) -> str:
    return " ".join(text.split())
