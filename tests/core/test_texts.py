"""What a text may hold, whatever way it comes: by every command, in any writing, and told in lines of a log."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from typing import Any

import msgspec
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from server.core import texts, wire
from server.core.wiregen import structs

# Marks of direction, controls, ends of lines, an escape of terminals, decomposed letters, letters of four bytes.
EVIL = (
    "<b>\"'&Vie\u0323\u0302t\u202egpj\u2066\u200f\u200b\ufeff\x00\x07\x1b[31m\x85\x9b\r\nBcc: x"
    "\u2028𠮷\U000e0041 👩\u200d🌾"
)
KEPT = "<b>\"'&Việtgpj[31m\n\nBcc: x\n𠮷 👩\u200d🌾"
ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
JOINERS = "\u200c\u200d"


def acts(sign: str) -> bool:
    """Whether a sign does something instead of being seen; said by Unicode's own categories, not by ours."""
    return unicodedata.category(sign) in ACTING and sign not in "\n\t" + JOINERS


# Signs that Unicode calls formats and that are seen: they stand around or under numbers and notes of some scripts.
VISIBLE = st.characters(whitelist_categories=["Cf"], min_codepoint=0x600, max_codepoint=0x10FFFF).filter(
    lambda sign: 0x2070 > ord(sign) >= 0x2000 or ord(sign) in {0xFEFF, 0x61C} or 0xFFF8 < ord(sign) < 0xFFFC
)
SIGNS = st.one_of(st.characters(exclude_categories=["Cf"]), VISIBLE, st.sampled_from(EVIL))


@given(st.text(SIGNS))
def test_a_text_keeps_what_is_seen_and_nothing_that_acts(given_text: str) -> None:
    kept = texts.seen(given_text)
    assert not any(map(acts, kept))
    assert unicodedata.is_normalized("NFC", kept)
    assert texts.seen(kept) == kept
    assert len(texts.line(given_text).splitlines()) <= 1
    assert texts.words(given_text) == kept.strip()


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])))
def test_what_people_write_stays_letter_by_letter(written: str) -> None:
    assert texts.seen(written) == unicodedata.normalize("NFC", written)


def test_a_hostile_text_is_itself_without_what_acts() -> None:
    assert texts.seen(EVIL) == KEPT
    assert texts.line(EVIL) == "<b>\"'&Việtgpj[31m Bcc: x 𠮷 👩\u200d🌾"
    assert texts.words(" \r\nmột\rhai\x0bba\t\n ") == "một\nhai\nba"


def _held(value: Any, name: str = "") -> list[tuple[str, str]]:
    """Every text of a message as JSON, with the name it stands under."""
    if isinstance(value, dict):
        return [pair for key, held in value.items() for pair in _held(held, key)]
    if isinstance(value, list):
        return [pair for held in value for pair in _held(held, name)]
    return [(name, value)] if isinstance(value, str) else []


def _texts_of(shape: type) -> dict[str, Any]:
    """The fields of a command that take any text, each with a hostile one."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(shape):
        for value in (EVIL, [EVIL]):
            with_it = msgspec.defstruct("One", [("field", field.type)])
            try:
                msgspec.convert({"field": value}, with_it)
            except msgspec.ValidationError:
                continue
            found[field.encode_name] = value
            break
    return found


COMMANDS = [each for each in structs() if issubclass(each, wire.Command) and _texts_of(each)]


@pytest.mark.parametrize("shape", COMMANDS, ids=lambda shape: shape.__name__)
def test_every_command_takes_texts_as_they_are_kept(shape: type) -> None:
    given_texts = _texts_of(shape)
    # Fields that take no text at all are left out: what is asked here is what becomes of those that do.
    only = msgspec.defstruct(
        "Only", [(f.name, f.type) for f in msgspec.structs.fields(shape) if f.encode_name in given_texts]
    )
    for raw in (json.dumps(given_texts).encode(), msgspec.json.encode(given_texts)):
        for name, text in _held(msgspec.to_builtins(wire.decode(raw, only))):
            assert text == (EVIL if name in {"password", "old", "new", "pin", "token"} else KEPT)


def test_there_are_commands_with_texts() -> None:
    assert len(COMMANDS) > 40


def test_what_holds_nothing_else_is_not_read_twice() -> None:
    for raw in (b'{"points":[1,2.5,-3]}', '{"title":"Tờ trình 𠮷"}'.encode(), b'{"note":"a\\nb \\"c\\""}'):
        assert texts.cleaned(raw) is raw


@pytest.mark.parametrize("raw", [b"[" * 200_000 + b'"\\u0007"', b'"\\ud800"', b'"\xff\\u0007"', b'{"a":"\\u0007"'])
def test_what_is_no_message_is_refused(raw: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        wire.decode(raw, dict)


def test_a_line_of_the_log_stays_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    structlog.get_logger("x").warning("a file", file=EVIL)
    (said,) = out.getvalue().splitlines()
    assert not {"\x07", "\u202e", "\x9b"} & set(said)
