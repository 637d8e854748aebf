"""Messages of fields that are placed on a paper by hand."""

from __future__ import annotations

from msgspec import Struct

from server.core.wire import Command, View


class FieldPlace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field of a paper: page from 0, box x1, y1, x2, y2 in points, the page's own coordinates.

    Names are those of printed papers: ChuKy, KyNhay1 and on, So, NgayThang, ConDau.
    """

    name: str
    page: int
    box: tuple[float, float, float, float]


class FieldsPlace(Command, frozen=True, kw_only=True):
    """Place fields on a draft's paper: ``sha256`` of the bytes that were seen."""

    sha256: str
    fields: tuple[FieldPlace, ...]


class FieldsThere(View, frozen=True, kw_only=True):
    """The fields of a dossier's paper that wait to be filled, and the official names that its steps still miss."""

    fields: tuple[FieldPlace, ...]
    missing: tuple[str, ...]
