"""Texts in the reader's language: Vietnamese is the source, every other language a catalogue in ``server/locale``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE = "vi"
LANGUAGES = ("vi", "en")
LOCALE_ROOT = Path(__file__).resolve().parents[1] / "locale"

_PLACE = re.compile(r"\{(\w+)\}")


def _(source: str) -> str:
    """Mark a Vietnamese text for extraction; ``text`` translates it where it is shown."""
    return source


def text(lang: str, source: str, /, **args: object) -> str:
    """Put ``source`` into ``lang`` and fill its ``{places}``; a place without an argument stays as it is.

    A text without translation comes back in Vietnamese; ``phien locale --check`` keeps that from being released.
    """
    translated = source if lang == SOURCE else catalogue(lang).get(source, source)
    return _PLACE.sub(lambda place: str(args.get(place[1], place[0])), translated)


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Source text → text in ``lang``, read once from the catalogue; empty for a language that we do not have."""
    path = po_path(lang)
    if lang not in LANGUAGES or not path.is_file():
        return {}
    with path.open("rb") as file:
        messages = read_po(file, locale=lang)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string and not m.fuzzy}


def po_path(lang: str) -> Path:
    """The catalogue file of a language."""
    return LOCALE_ROOT / f"{lang}.po"


def preferred(accept_language: str | None) -> str:
    """Choose a language of ours by an ``Accept-Language`` header (RFC 9110 §12.5.4); Vietnamese where none fits."""
    best, weight = SOURCE, 0.0
    for choice in (accept_language or "").split(","):
        tag, _sep, quality = choice.partition(";")
        lang = tag.strip().lower().partition("-")[0]
        wanted = _quality(quality)
        if lang in LANGUAGES and wanted > weight:
            best, weight = lang, wanted
    return best


def _quality(parameter: str) -> float:
    name, _sep, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
