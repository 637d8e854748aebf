"""Decisions of signatures: who may do what, what may be signed, where the name stands, why a signature fails."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from server.core import texts
from server.core.access import Actor, Relation, Role
from server.core.errors import DomainError
from server.meetings.wire import Meeting
from server.signatures.rules import refusals as _refusals  # noqa: F401 - registers what may be said
from server.signatures.wire import ActKind, SigningRequest

REMARKS_CHARACTERS = 2000
PASSWORD_CHARACTERS = 1000
POST_CHARACTERS = 200

_DESK_AND_CHAIR = frozenset({Relation.SECRETARIAT, Relation.CHAIR})
_OFFICIAL = frozenset({Relation.OFFICIAL})
_CLERK = frozenset({Relation.CLERK})

PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "signatures.ask": frozenset({Relation.SECRETARIAT}),
    "signatures.inbox": frozenset({Relation.PERSON}),
    "signatures.read": _OFFICIAL | _DESK_AND_CHAIR,
    "signatures.sign": _OFFICIAL,
    "signatures.return": _OFFICIAL,
    "signatures.act": _OFFICIAL,
    "signatures.batch": frozenset({Relation.PERSON}),
    "signatures.open": frozenset({Relation.SECRETARIAT}),
    "signatures.steer": frozenset({Relation.SECRETARIAT}),
    "signatures.dossier": _OFFICIAL | _DESK_AND_CHAIR | _CLERK,
    "signatures.dossiers": _DESK_AND_CHAIR,
    "signatures.recall": frozenset({Relation.SECRETARIAT}),
    "signatures.delegate": frozenset({Relation.ADMINISTRATOR, Relation.SECRETARIAT}),
    "signatures.delegations": frozenset({Relation.ADMINISTRATOR, Relation.SECRETARIAT}),
    "signatures.verify": frozenset({Relation.PERSON}),
    "signatures.enrol": frozenset({Relation.ADMINISTRATOR}),
}

# ---- requests


def require_waiting(request: SigningRequest) -> None:
    """Raise what became of a request that waits no more."""
    if request.state != "waiting":
        raise DomainError(f"signatures.{request.state}")


def require_seen(request: SigningRequest, sha256: str) -> None:
    """Raise unless the bytes that were seen are exactly those that wait."""
    if request.sha256 != sha256.lower():
        raise DomainError("signatures.other_bytes")


def require_act(request: SigningRequest, *acts: ActKind) -> None:
    """Raise unless what a person is asked for is one of these acts."""
    if request.act not in acts:
        raise DomainError("signatures.other_act")


def require_open_to(signers: Iterable[str], official: tuple[str, str]) -> None:
    """Raise if an official (id, name) has signed the version that they are to sign."""
    if official[0] in signers:
        raise DomainError("signatures.already_signed", name=official[1])


def may_sign_for(actor: Actor, meeting: Meeting) -> bool:
    """Whether an actor is now one who signs papers of a meeting: its chair, or an official of its body."""
    return is_chair(actor.person_id, meeting) or actor.has(Role.OFFICIAL, meeting.body_id)


def is_chair(person_id: str, meeting: Meeting) -> bool:
    """Whether a person chairs the meeting."""
    return meeting.chair is not None and meeting.chair.id == person_id


def remarks(given: str) -> str:
    """Why a paper is given back, as it is kept; never empty."""
    text = texts.words(given)
    if not text:
        raise DomainError("signatures.no_remarks")
    if len(text) > REMARKS_CHARACTERS:
        raise DomainError("signatures.too_long", limit=REMARKS_CHARACTERS)
    return text


def line(given: str) -> str:
    """A post or a body as it is kept: one line, at most ``POST_CHARACTERS`` of it."""
    text = texts.line(given)
    if len(text) > POST_CHARACTERS:
        raise DomainError("signatures.too_long", limit=POST_CHARACTERS)
    return text


def inbox_order(requests: Sequence[SigningRequest]) -> tuple[SigningRequest, ...]:
    """Waiting ones first and the oldest of them on top; then the others, the newest first."""
    waiting = [each for each in requests if each.state == "waiting"]
    decided = [each for each in requests if each.state != "waiting"]
    return (*sorted(waiting, key=lambda each: each.id), *sorted(decided, key=lambda each: each.id, reverse=True))


# ---- names


def same_name(holder: str, name: str) -> bool:
    """Whether a certificate's holder has a person's name, but for case and spaces; marks must be the same."""
    return _line(holder) == _line(name)


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def folded(text: str) -> list[str]:
    """The letters of a text without spaces, marks and case: files store Vietnamese in many ways."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return [sign for sign in plain if not (sign.isspace() or unicodedata.combining(sign) or sign == "\u200b")]


def find_name(text: Sequence[str], name: str) -> list[tuple[int, int, bool]]:
    """Where a name stands in a page's characters: first and last index, and whether it has the line for itself."""
    letters = [(letter, index) for index, sign in enumerate(text) for letter in folded(sign)]
    wanted = folded(name)
    found: list[tuple[int, int, bool]] = []
    for start in range(len(letters) - len(wanted) + 1) if wanted else ():
        if all(letters[start + n][0] == letter for n, letter in enumerate(wanted)):
            first, last = letters[start][1], letters[start + len(wanted) - 1][1]
            found.append(
                (
                    first,
                    last,
                    _ends_line(text, range(first - 1, -1, -1)) and _ends_line(text, range(last + 1, len(text))),
                )
            )
    return found


def _ends_line(text: Sequence[str], indexes: Iterable[int]) -> bool:
    """Whether nothing but spaces stands between here and the line's end, in the direction of ``indexes``."""
    for index in indexes:
        if text[index] in "\r\n":
            return True
        if folded(text[index]):
            return False
    return True
