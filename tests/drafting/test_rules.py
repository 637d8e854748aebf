"""What a paper begins with, what it lacks, and how text and meeting go on beside each other."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from server.core.errors import DomainError
from server.drafting import rules
from server.drafting.actions.page import page_of
from server.drafting.rules.beginning import Facts, Topic, attendance, begun
from server.drafting.rules.merging import refilled
from server.drafting.wire import Attendee, DraftKind, DraftPart, DraftText, HeldSitting, Signatory
from server.meetings.wire import Participant, Person

CHAIR = Person(id="c", name="Nguyễn Đăng Thụy", title="Chủ tịch")
SECRETARY = Person(id="s", name="Ngô Phương Dung", title="Chuyên viên")
FACTS = Facts(
    title="Phiên họp thường kỳ tháng 11", body_name="Ủy ban nhân dân thành phố Tân Giang", place="Phòng họp số 1",
    starts_at="2026-11-27T01:00:00Z", ends_at="2026-11-27T04:20:00Z", day="ngày 27 tháng 11 năm 2026", chair=CHAIR,
    secretary=SECRETARY, attendance=(Attendee(person_id="1", name="Trần Văn Lâm", state="present"),),
    topics=(
        Topic(id="i1", title="Báo cáo kinh tế", presenter="Lê Văn Bình, Giám đốc"), Topic(id="i2", title="Thu chi"),
    ),
)  # fmt: skip


def seat(number: int, **changed: Any) -> Participant:
    plain = Participant(
        id=str(number), person=Person(id=f"p{number}", name=f"Người {number}", title="Ủy viên"), body_name="Sở",
        role="member", scope="speak", voting_right=False, on_behalf_of=None, substitute_for=None, site_id=None,
        position=number, sent_at=None, mail="none", delivered_at=None, opened_at=None, answer="none",
        answered_at=None, reason="", substitute=None,
    )  # fmt: skip
    return structs.replace(plain, **changed)


def whole(kind: DraftKind) -> DraftText:
    """A text that lacks nothing."""
    text = begun(kind, FACTS)
    parts = tuple(structs.replace(part, text=part.text or "Giao Sở Tài chính.") for part in text.parts)
    return structs.replace(text, subject=text.subject or "Về việc thu chi", parts=parts, to=("Sở Tài chính",))


# ---- beginning


def test_minutes_begin_with_what_the_meeting_knows() -> None:
    text = begun("minutes", FACTS)
    assert (text.symbol, text.place, text.subject) == ("BB-UBND", "", "Phiên họp thường kỳ tháng 11")
    assert text.sitting.chair == "Nguyễn Đăng Thụy, Chủ tịch"
    assert (text.signer.name, text.signer.lines) == ("Nguyễn Đăng Thụy", ("CHỦ TỌA",))
    assert (text.secretary.name, text.secretary.lines) == ("Ngô Phương Dung", ("THƯ KÝ",))
    assert [(part.heading, part.text) for part in text.parts] == [
        ("Báo cáo kinh tế", "Lê Văn Bình, Giám đốc trình bày."), ("Thu chi", ""),
    ]  # fmt: skip
    rules.require_complete("minutes", text)


def test_a_notice_begins_with_the_day_and_the_chair() -> None:
    text = begun("notice", FACTS)
    assert text.subject == (
        "Kết luận của Chủ tịch Ủy ban nhân dân thành phố Tân Giang tại phiên họp thường kỳ tháng 11"
    )
    assert text.parts[0].text == (
        "Ngày 27 tháng 11 năm 2026, Nguyễn Đăng Thụy, Chủ tịch chủ trì phiên họp thường kỳ tháng 11 và kết luận:"
    )
    assert [part.heading for part in text.parts[1:]] == ["Về báo cáo kinh tế", "Về thu chi"]
    assert text.signer.lines == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")


def test_nobody_guesses_what_is_decided() -> None:
    text = begun("decision", FACTS)
    assert (text.subject, text.power) == ("", "Chủ tịch Ủy ban nhân dân thành phố Tân Giang")
    assert text.basis == ("Căn cứ kết quả phiên họp thường kỳ tháng 11 ngày 27 tháng 11 năm 2026",)
    assert text.signer.lines == ("CHỦ TỊCH",)  # the head decides, not the body
    resolution = begun("resolution", FACTS)
    assert resolution.power == "Ủy ban nhân dân thành phố Tân Giang"
    assert resolution.signer.lines == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    with pytest.raises(DomainError, match="no_subject"):
        rules.require_complete("decision", text)


def test_attendance_is_what_was_answered_and_nothing_more() -> None:
    seats = [
        seat(1, answer="accepted"), seat(2, answer="declined", reason="công tác"), seat(3),
        seat(4, answer="substitute"), seat(5, substitute_for="4", answer="accepted"), seat(6, role="chair"),
    ]  # fmt: skip
    assert [(each.person_id, each.state, each.note) for each in attendance(seats)] == [
        ("p1", "present", ""), ("p2", "absent", "công tác"), ("p3", "unknown", ""),
        ("p4", "absent", "cử Người 5 dự thay"), ("p5", "present", "dự thay Người 4"),
    ]  # fmt: skip


def test_a_whole_city_is_told_by_its_number() -> None:
    (line,) = attendance([seat(number, answer="accepted") for number in range(301)])
    assert line.name.startswith("301 đại biểu")


# ---- what it lacks


@pytest.mark.parametrize(
    ("kind", "changed", "code"),
    [
        ("notice", {"subject": " "}, "no_subject"),
        ("notice", {"issuer": ""}, "no_issuer"),
        ("notice", {"parts": (DraftPart(id="1", text="\n"),)}, "no_text"),
        ("notice", {"signer": Signatory(lines=("CHỦ TỊCH",))}, "no_signer"),
        ("decision", {"power": ""}, "no_power"),
        ("letter", {"to": (" ",)}, "no_recipient"),
        ("minutes", {"secretary": Signatory()}, "no_secretary"),
        ("minutes", {"sitting": HeldSitting(chair="A", secretary="B")}, "no_time"),
    ],
)
def test_what_is_lacking_is_said(kind: DraftKind, changed: dict[str, Any], code: str) -> None:
    rules.require_complete(kind, whole(kind))
    with pytest.raises(DomainError, match=f"drafting.{code}"):
        rules.require_complete(kind, structs.replace(whole(kind), **changed))


def test_minutes_need_their_end_and_who_was_there() -> None:
    text = whole("minutes")
    early = structs.replace(text.sitting, ends_at="2026-11-27T00:59:00Z")
    with pytest.raises(DomainError, match="ends_before_start"):
        rules.require_complete("minutes", structs.replace(text, sitting=early))
    unclear = structs.replace(text.sitting, attendance=(Attendee(name="A"), Attendee(name="B", state="absent")))
    with pytest.raises(DomainError) as refused:
        rules.require_complete("minutes", structs.replace(text, sitting=unclear))
    assert (refused.value.code, refused.value.args_by_name) == ("drafting.attendance", {"count": 1})


# ---- going on


def test_what_was_written_stays_and_what_the_meeting_changed_is_taken_over() -> None:
    before = begun("minutes", FACTS)
    written = structs.replace(
        before, subject="Phiên họp tháng Mười một",
        parts=(
            structs.replace(before.parts[0], text="Đã thảo luận."), before.parts[1],
            DraftPart(id="x", text="Kết luận."),
        ),
        sitting=structs.replace(
            before.sitting, place="Hội trường",
            attendance=(structs.replace(before.sitting.attendance[0], state="absent", note="ốm"),),
        ),
    )  # fmt: skip
    later = structs.replace(
        FACTS, ends_at="2026-11-27T05:00:00Z",
        attendance=(*FACTS.attendance, Attendee(person_id="2", name="Lý Thu Thảo", state="present")),
        topics=(structs.replace(FACTS.topics[0], title="Báo cáo kinh tế – xã hội"), Topic(id="i3", title="Nhân sự")),
    )  # fmt: skip
    text = refilled(written, before, begun("minutes", later))
    assert (text.subject, text.sitting.place) == ("Phiên họp tháng Mười một", "Hội trường")
    assert text.sitting.ends_at == "2026-11-27T05:00:00Z"
    assert [(each.name, each.state) for each in text.sitting.attendance] == [
        ("Trần Văn Lâm", "absent"), ("Lý Thu Thảo", "present"),
    ]  # fmt: skip
    assert [(part.heading, part.text) for part in text.parts] == [
        ("Báo cáo kinh tế – xã hội", "Đã thảo luận."), ("Nhân sự", ""), ("", "Kết luận."),
    ]  # fmt: skip


def test_an_item_that_is_gone_keeps_what_was_written_of_it() -> None:
    before = begun("notice", FACTS)
    parts = (*before.parts[:2], structs.replace(before.parts[2], text="Giao Sở Tài chính."))
    now = begun("notice", structs.replace(FACTS, topics=()))
    text = refilled(structs.replace(before, parts=parts), before, now)
    assert [part.heading for part in text.parts] == ["", "Về thu chi"]


def test_nothing_new_changes_nothing() -> None:
    before = begun("minutes", FACTS)
    written = structs.replace(before, sitting=structs.replace(before.sitting, attendance=()))
    assert refilled(written, before, before) == written


# ---- on the page


def test_articles_are_numbered_and_paragraphs_follow() -> None:
    text = structs.replace(
        whole("decision"),
        parts=(
            DraftPart(id="a", text="Thành lập Tổ công tác.\n\n1. Tổ trưởng;\n2. Tổ viên."), DraftPart(id="b"),
            DraftPart(id="c", heading="Hiệu lực", text="Từ ngày ký."),
        ),
    )  # fmt: skip
    template, values = page_of("decision", text)
    assert template == "print/decision.html"
    assert [(block.lead, block.text, block.kind) for block in values["articles"]] == [
        ("Điều 1.", "Thành lập Tổ công tác.", "text"), ("", "1. Tổ trưởng;", "text"), ("", "2. Tổ viên.", "text"),
        ("", "Điều 2. Hiệu lực", "heading"), ("", "Từ ngày ký.", "text"),
    ]  # fmt: skip


def test_parts_without_a_number_are_not_counted() -> None:
    parts = (
        DraftPart(id="a", text="Mở đầu:", numbered=False),
        DraftPart(id="b", text="Một."),
        DraftPart(id="c", heading="Hai"),
    )
    _, values = page_of("notice", structs.replace(whole("notice"), parts=parts))
    assert [block.text for block in values["blocks"]] == ["Mở đầu:", "1. Một.", "2. Hai"]


def test_who_was_absent_stands_apart_with_the_reason() -> None:
    rows = (
        Attendee(name="Trần Văn Lâm", state="present"), Attendee(name="Lý Thu Thảo", state="absent", note="công tác"),
    )  # fmt: skip
    text = whole("minutes")
    _, values = page_of("minutes", structs.replace(text, sitting=structs.replace(text.sitting, attendance=rows)))
    assert values["sitting"]["present"] == ["Trần Văn Lâm"]
    assert values["sitting"]["absent"] == ["Lý Thu Thảo (công tác)"]


def test_a_letter_says_what_it_is_about() -> None:
    text = structs.replace(whole("letter"), subject="chuẩn bị tài liệu")
    assert rules.title_of("letter", text) == "Công văn V/v chuẩn bị tài liệu"
    assert page_of("letter", text)[1]["doc"].to == "Sở Tài chính"
