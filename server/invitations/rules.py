"""Decisions of invitations: what an answer must hold, whom a change is mailed to. No I/O and no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from msgspec import structs

from server.core.access import Relation
from server.core.errors import DomainError, ErrorSpec, register
from server.invitations.wire import InvitationAnswer
from server.meetings.rules import words
from server.meetings.wire import Meeting, Participant, Person
from server.signatures.rules.delegating import signature_block

register(
    ErrorSpec("invitations.no_reason", 400, "Chưa gửi: cần ghi lý do vắng mặt."),
    ErrorSpec("invitations.no_substitute", 400, "Chưa gửi: cần chọn người dự thay trong danh bạ."),
    ErrorSpec("invitations.substitute_takes_part", 409, "Chưa gửi: người dự thay đã có trong thành phần dự họp."),
    ErrorSpec("invitations.substituted", 409, "Chưa ghi: người dự thay đã được chấp thuận."),
    ErrorSpec("invitations.no_guests", 409, "Chưa in: cuộc họp chưa có thành phần dự họp."),
    ErrorSpec(
        "invitations.not_issued", 409, "Chưa gửi: giấy mời đang trình ký, chưa phát hành. Phát hành xong rồi gửi."
    ),
    ErrorSpec("invitations.no_proposal", 409, "Chưa ghi: không có đề nghị dự thay đang chờ."),
)

Message = Literal["invited", "changed", "cancelled", "withdrawn"]

_DESK = frozenset({Relation.SECRETARIAT})
PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "invitations.send": _DESK,
    "invitations.print": _DESK,
    "invitations.decide": _DESK | {Relation.CHAIR},
    "invitations.answer": frozenset({Relation.PARTICIPANT}),
    "invitations.receive": frozenset({Relation.PARTICIPANT}),
}

# A mail server that does not answer is asked again after these seconds, then the mail has failed.
RETRY_SECONDS = (60, 300, 1800)
# A process that took mails has so long to send them before another may.
LEASE_SECONDS = 120

_MAILED_FIELDS = ("title", "starts_at", "ends_at", "place", "chair")


# How bodies sign their papers (Decree 30/2020/NĐ-CP, Appendix III): the letters that stand for the kind of body.
_SIGNS = (("ủy ban nhân dân", "UBND"), ("hội đồng nhân dân", "HĐND"), ("văn phòng", "VP"))
_PLACE = re.compile(r"(?:thành phố|tỉnh|xã|phường|đặc khu|thị trấn) (?P<place>[A-ZĐÀ-Ỹ].*)$")
# Bodies that decide together: who signs for them says so (TM.).
_COLLECTIVES = ("Ủy ban nhân dân", "Hội đồng nhân dân")
# A giấy mời names so many people; for more it names the bodies, and then only how many there are.
NAMED_GUESTS = 30


def symbol(body_name: str) -> str:
    """What follows the number of a giấy mời of this body: ``GM-UBND``."""
    return f"GM-{letters_of(body_name)}"


def letters_of(body_name: str) -> str:
    """The letters that stand for a body in the symbols of its papers: ``UBND``, else the first letters of its name."""
    folded = _folded(body_name)
    sign = next((sign for name, sign in _SIGNS if folded.startswith(name)), "")
    return sign or "".join(word[0] for word in body_name.split()).upper()[:6]


def place_of(body_name: str) -> str:
    """Where a body dates its papers: the name of its territory, empty where the body's name holds none."""
    found = _PLACE.search(body_name)
    return found["place"] if found else ""


def authority(body_name: str, post: str) -> tuple[str, ...]:
    """The lines above the signature of a body's giấy mời (Decree 30/2020, Annex I, II.7b).

    The head of a collective body signs for it (TM.), the deputy for the head (KT.), the chief of office by order of
    the head (TL.); whoever has another post signs in it.
    """
    collective = next((name for name in _COLLECTIVES if _folded(body_name).startswith(_folded(name))), "")
    head, deputy = "Chủ tịch", "Phó Chủ tịch"
    own = post.strip()
    if collective and _holds(own, head, body_name):
        return signature_block("TM.", collective, head)
    if collective and _holds(own, deputy, body_name):
        return signature_block("KT.", head, deputy, collective=collective)
    if collective and _folded(own).startswith("chánh văn phòng"):
        return signature_block("TL.", head, "Chánh Văn phòng")
    return (own,) if own else ()


def _holds(post: str, wanted: str, body_name: str) -> bool:
    """Whether a post is this one of this very body: alone, or with the body's name behind it."""
    return _folded(post) in {_folded(wanted), _folded(f"{wanted} {body_name}")}


def _folded(text: str) -> str:
    return " ".join(text.lower().replace("uỷ", "ủy").split())


def guests(participants: list[Participant]) -> list[str]:
    """The lines of those invited, without chair and secretary: people with their posts, or the bodies, or a count."""
    invited = [each for each in participants if each.role in {"member", "invitee"}]
    if len(invited) <= NAMED_GUESTS:
        return [", ".join(part for part in (each.person.name, each.person.title) if part) for each in invited]
    bodies = list(dict.fromkeys(each.body_name for each in invited if each.body_name))
    if len(bodies) <= NAMED_GUESTS:
        return [f"Đại biểu của {body}" for body in bodies]
    return [f"{len(invited)} đại biểu theo danh sách thành phần dự họp"]


def message_for(before: Meeting, after: Meeting) -> Message | None:
    """What those invited have to be told by mail of a change, if anything."""
    if before.state == "draft" or after.state in {"draft", "live", "ended"}:
        return None
    if after.state == "cancelled":
        return "cancelled"
    same = all(getattr(before, name) == getattr(after, name) for name in _MAILED_FIELDS)
    return None if same and before.state == after.state else "changed"


def calendar_method(message: str, meeting: Meeting) -> Literal["REQUEST", "CANCEL"]:
    """What a mail does to the calendar (RFC 5546 §3.2): an entry without a time to come is taken out."""
    gone = message in {"cancelled", "withdrawn"} or meeting.state in {"cancelled", "postponed"}
    return "CANCEL" if gone else "REQUEST"


def answered(own: Participant, command: InvitationAnswer, substitute: Person | None, at: str) -> Participant:
    """The participant with this answer. Raises what the answer lacks."""
    reason = words(command.reason)
    if command.answer == "declined" and not reason:
        raise DomainError("invitations.no_reason")
    if command.answer == "substitute" and (substitute is None or substitute.id == own.person.id):
        raise DomainError("invitations.no_substitute")
    return structs.replace(
        own,
        answer=command.answer,
        answered_at=at,
        reason="" if command.answer == "accepted" else reason,
        substitute=substitute if command.answer == "substitute" else None,
    )


def refused(absent: Participant) -> Participant:
    """The participant after a refused substitute: still expected, and yet to answer."""
    return structs.replace(absent, answer="none", answered_at=None, substitute=None)


def after_attempt(*, accepted: bool, attempts: int) -> tuple[Literal["sent", "queued", "failed"], int]:
    """What becomes of a mail, and after how many seconds it is tried again."""
    if accepted:
        return "sent", 0
    if attempts <= len(RETRY_SECONDS):
        return "queued", RETRY_SECONDS[attempts - 1]
    return "failed", 0
