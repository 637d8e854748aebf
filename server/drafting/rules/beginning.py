"""What a paper begins with: the text that a meeting's facts make, by kind. Pure; it invents nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from server.drafting.rules import DECIDING
from server.drafting.wire import Attendance, Attendee, DraftKind, DraftPart, DraftText, HeldSitting, Signatory
from server.invitations.rules import authority, letters_of, place_of
from server.meetings.wire import Participant, Person
from server.signatures.rules.numbering import LETTERS

# More are told by their number, with a list of their own.
MOST_NAMED = 300
_KEPT = "Lưu: VT"
_ALL = "Như thành phần dự họp"


class Topic(Struct, frozen=True, kw_only=True):
    """An agenda item as everybody may read it in a paper, and who presented it ("Lê Văn Bình, Giám đốc Sở …")."""

    id: str
    title: str
    presenter: str = ""


class Facts(Struct, frozen=True, kw_only=True):
    """What a meeting knows; moments are ISO 8601, of the sitting itself once it was held, else as planned.

    ``day``: of its start, in words ("ngày 27 tháng 11 năm 2026").
    """

    title: str
    body_name: str
    starts_at: str
    day: str
    ends_at: str | None
    place: str
    chair: Person | None
    secretary: Person | None
    attendance: tuple[Attendee, ...]
    topics: tuple[Topic, ...]


def begun(kind: DraftKind, facts: Facts) -> DraftText:
    """The text of a paper as the facts alone make it; what nobody knows stays empty."""
    letters = letters_of(facts.body_name)
    text = DraftText(
        subject=_subject(kind, facts), symbol="-".join(part for part in (LETTERS[kind], letters) if part),
        place=place_of(facts.body_name), issuer=facts.body_name, recipients=(_ALL, _KEPT),
        signer=_signatory(facts.chair, authority(facts.body_name, facts.chair.title if facts.chair else "")),
        parts=tuple(_parts(kind, facts)),
    )  # fmt: skip
    if kind == "minutes":
        return _minutes(text, facts)
    if kind in DECIDING:
        basis = f"Căn cứ kết quả {_inside(facts.title)} {facts.day}"
        power = _power(kind, facts)
        signer = text.signer if power == facts.body_name else _without_collective(text.signer)
        return structs.replace(text, power=power, signer=signer, basis=(basis,))
    return structs.replace(text, recipients=("Như trên", _KEPT)) if kind == "letter" else text


def _minutes(text: DraftText, facts: Facts) -> DraftText:
    sitting = HeldSitting(
        starts_at=facts.starts_at, ends_at=facts.ends_at, place=facts.place, attendance=facts.attendance,
        chair=named(facts.chair), secretary=named(facts.secretary),
    )  # fmt: skip
    return structs.replace(
        text, place="", sitting=sitting, signer=_signatory(facts.chair, ("CHỦ TỌA",)),
        secretary=_signatory(facts.secretary, ("THƯ KÝ",)), recipients=("Thành phần dự họp", _KEPT),
    )  # fmt: skip


def _signatory(person: Person | None, lines: tuple[str, ...]) -> Signatory:
    if person is None:
        return Signatory(lines=lines)
    return Signatory(name=person.name, lines=lines, person_id=person.id)


def _without_collective(one: Signatory) -> Signatory:
    """Who decides as the head of a body, or for the head, does not sign for the body itself."""
    return structs.replace(one, lines=tuple(line for line in one.lines if not line.startswith("TM.")))


def _subject(kind: DraftKind, facts: Facts) -> str:
    if kind == "minutes":
        return facts.title
    if kind == "notice":
        return f"Kết luận của {_head(facts)} tại {_inside(facts.title)}"
    return ""  # what is decided or asked for is nobody's to guess


def _head(facts: Facts) -> str:
    """The chair's post with the body's name where it has none: "Chủ tịch Ủy ban nhân dân thành phố"."""
    post = facts.chair.title if facts.chair else ""
    alone = post.lower() in {"chủ tịch", "phó chủ tịch"}
    return f"{post} {facts.body_name}" if alone else post or "chủ tọa"


def _power(kind: DraftKind, facts: Facts) -> str:
    if kind == "decision" and facts.chair is not None and "chủ tịch" in facts.chair.title.lower():
        return f"Chủ tịch {facts.body_name}"
    return facts.body_name


def _parts(kind: DraftKind, facts: Facts) -> Iterable[DraftPart]:
    """Minutes and notices: a part for each agenda item; the others begin with one that is empty."""
    if kind == "notice":
        yield DraftPart(id="opening", text=_opening(facts), numbered=False)
    for topic in facts.topics if kind in {"minutes", "notice"} else ():
        heard = f"{topic.presenter} trình bày." if kind == "minutes" and topic.presenter else ""
        yield DraftPart(id=topic.id, item_id=topic.id, heading=_heading(kind, topic), text=heard)
    if kind not in {"minutes", "notice"}:
        yield DraftPart(id="first", numbered=kind in DECIDING)


def _heading(kind: DraftKind, topic: Topic) -> str:
    return f"Về {_inside(topic.title)}" if kind == "notice" else topic.title


def _opening(facts: Facts) -> str:
    day = f"{facts.day[0].upper()}{facts.day[1:]}"
    return f"{day}, {named(facts.chair) or 'chủ tọa'} chủ trì {_inside(facts.title)} và kết luận:"


def _inside(title: str) -> str:
    """A title inside a sentence: its first letter small, unless its first word is all capitals."""
    first = title.split(" ", 1)[0]
    return title if first.isupper() and len(first) > 1 else f"{title[:1].lower()}{title[1:]}"


def named(person: Person | None) -> str:
    """A person as papers name them: "Trần Văn Lâm, Giám đốc Sở Y tế"."""
    return ", ".join(part for part in (person.name, person.title) if part) if person else ""


# ---- who was there


def attendance(participants: Sequence[Participant]) -> tuple[Attendee, ...]:
    """Those invited, without chair and secretary, as they answered: who has not answered is not known to be there.

    An absence has its reason or its substitute behind the name, a substitute whom they stand in for.
    """
    called = [each for each in participants if each.role in {"member", "invitee"}]
    if len(called) > MOST_NAMED:
        coming = sum(_state(each) == "present" for each in called)
        return (Attendee(name=f"{coming} đại biểu nhận lời dự, theo danh sách kèm theo"),)
    stand_ins = {each.substitute_for: each.person.name for each in called if each.substitute_for}
    names = {each.id: each.person.name for each in participants}
    return tuple(
        Attendee(
            person_id=each.person.id, name=named(each.person)[:500],
            state="absent" if each.id in stand_ins else _state(each), note=_note(each, stand_ins, names)[:500],
        )
        for each in called
    )  # fmt: skip


def _state(each: Participant) -> Attendance:
    if each.answer == "accepted":
        return "present"
    return "absent" if each.answer == "declined" else "unknown"


def _note(each: Participant, stand_ins: dict[str, str], names: dict[str, str]) -> str:
    if each.id in stand_ins:
        return f"cử {stand_ins[each.id]} dự thay"
    if each.substitute_for and each.substitute_for in names:
        return f"dự thay {names[each.substitute_for]}"
    return each.reason if each.answer == "declined" else ""
