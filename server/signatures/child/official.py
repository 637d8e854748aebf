"""Official papers as they are printed for signing: the marked places of a page become form fields with their locks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from server.signatures.rules.format import INITIAL_FIELD, MEMBER_FIELD, SECRETARY_FIELD, SIGNATURE_FIELD
from server.signatures.rules.numbering import DATE_FIELD, NUMBER_FIELD, SEAL_FIELD
from signing import Field

if TYPE_CHECKING:
    from server.core.printing import Letter
    from server.core.printing.render import Box

LEFT_OPEN = (NUMBER_FIELD, DATE_FIELD, SEAL_FIELD)
"""What the official's signature leaves open: the registry numbers, dates and seals what was signed."""


class Printed(Struct, frozen=True, kw_only=True):
    """A paper that waits for its first signature: the fields are in the PDF already."""

    pdf: bytes
    fields: tuple[Field, ...]


def print_paper(template: str, context: dict[str, Any], seal_mm: float) -> Printed:
    """Print a template with its fields, and room for a seal that is ``seal_mm`` wide.

    Raises PrintingError; DomainError ``signing.…``.
    """
    from server.core.printing.render import render_with_boxes  # noqa: PLC0415 - WeasyPrint is for children only
    from server.signatures.child import told  # noqa: PLC0415 - the package imports its parts late
    from signing import add_fields  # noqa: PLC0415 - pyHanko is for children only

    doc = replace(context["doc"], fillable=True)
    paper = render_with_boxes(template, {**context, "doc": doc})
    fields = fields_of(paper.boxes, doc, seal_mm)
    return Printed(pdf=told(add_fields, paper.pdf, fields), fields=fields)


def fields_of(boxes: Mapping[str, Box], doc: Letter, seal_mm: float) -> tuple[Field, ...]:
    """The form fields for the marked places of a page, signatures in the order in which they are made.

    Number and date are fields only where the page left them empty. Minutes are signed by several who wait for nobody:
    the chair's signature leaves open the secretary's and the members', so that any order is valid. All other papers
    are closed by the official's but for `LEFT_OPEN`, and every paper is closed by the seal.
    """
    from signing.appearances import seal_room  # noqa: PLC0415 - fontTools is for children only

    fields = [
        _field(f"{INITIAL_FIELD}{nth}", boxes[f"initial-{nth}"])
        for nth in range(1, doc.initials + 1)
        if f"initial-{nth}" in boxes
    ]
    beside = list(_beside(boxes))
    fields += beside
    open_to = (*LEFT_OPEN, *(field.name for field in beside))
    fields.append(_field(SIGNATURE_FIELD, boxes["signature"], leaves=open_to))
    if "number" in boxes and not doc.number:
        fields.append(_field(NUMBER_FIELD, boxes["number"], kind="text", align="right"))
    if "date" in boxes and not doc.dated:
        fields.append(_field(DATE_FIELD, boxes["date"], kind="text"))
    official = fields[[field.name for field in fields].index(SIGNATURE_FIELD)]
    assert official.box is not None  # made from a box
    room = seal_room(official.box, seal_mm)
    return (*fields, Field(name=SEAL_FIELD, box=room, page=official.page, leaves=(), closes=True))


def _beside(boxes: Mapping[str, Box]) -> Iterator[Field]:
    """The signatures beside the official's: the secretary's and the members' of minutes. They lock nothing."""
    if "signature-left" in boxes:
        yield _field(SECRETARY_FIELD, boxes["signature-left"])
    for nth in count(1):
        if f"signature-more-{nth}" not in boxes:
            return
        yield _field(f"{MEMBER_FIELD}{nth}", boxes[f"signature-more-{nth}"])


def _field(
    name: str,
    box: Box,
    *,
    kind: Literal["signature", "text"] = "signature",
    align: Literal["left", "right"] = "left",
    leaves: tuple[str, ...] | None = None,
) -> Field:
    edges = (box.x, box.y, box.x + box.width, box.y + box.height)
    return Field(name=name, box=edges, page=box.page, kind=kind, align=align, leaves=leaves)
