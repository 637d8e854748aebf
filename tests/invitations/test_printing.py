"""The giấy mời: printed from the meeting, kept among its papers, attached to the mail; and how its lines are made."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from pypdf import PdfReader

from server.core.clock import FakeClock
from server.core.errors import DomainError
from server.directory import actions as directory
from server.documents import actions as documents
from server.invitations import actions, jobs, rules
from server.invitations.wire import InvitationPrint, InvitationSend
from server.meetings import actions as meetings
from server.meetings.wire import MeetingEdit, Participant, Person
from tests.support.house import actor
from tests.support.sitting import People, Watch, add_item, draft, invite

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from tests.support.sitting_mail import Sink


def seat(number: int, *, body: str = "Sở Tài chính", role: str = "member") -> Participant:
    return Participant(
        id=str(number),
        person=Person(id=f"p{number}", name=f"Người {number}", title="Ủy viên"),
        body_name=body,
        role=role,  # type: ignore[arg-type]
        scope="speak",
        voting_right=False,
        on_behalf_of=None,
        substitute_for=None,
        site_id=None,
        position=number,
        sent_at=None,
        mail="none",
        delivered_at=None,
        opened_at=None,
        answer="none",
        answered_at=None,
        reason="",
        substitute=None,
    )


def test_guests_are_named_then_counted_by_body_then_counted() -> None:
    few = [seat(1), seat(2, role="chair"), structs.replace(seat(3), person=Person(id="p3", name="Người 3", title=""))]
    assert rules.guests(few) == ["Người 1, Ủy viên", "Người 3"]
    many = [seat(number, body=f"Sở {number % 2}") for number in range(40)]
    assert rules.guests(many) == ["Đại biểu của Sở 0", "Đại biểu của Sở 1"]
    whole_city = [seat(number, body=f"Xã {number}") for number in range(40)]
    assert rules.guests(whole_city) == ["40 đại biểu theo danh sách thành phần dự họp"]


@pytest.mark.parametrize(
    ("body", "symbol", "place"),
    [
        ("Ủy ban nhân dân thành phố Tân Giang", "GM-UBND", "Tân Giang"),
        ("Hội đồng nhân dân xã Đông Hòa", "GM-HĐND", "Đông Hòa"),
        ("Sở Tài chính", "GM-STC", ""),
    ],
)
def test_symbol_and_place_come_from_the_body(body: str, symbol: str, place: str) -> None:
    assert (rules.symbol(body), rules.place_of(body)) == (symbol, place)


@pytest.mark.parametrize(
    ("body", "post", "lines"),
    [
        ("Ủy ban nhân dân thành phố Tân Giang", "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("Uỷ ban nhân dân xã Đông Hòa", "Chủ tịch Ủy ban nhân dân xã Đông Hòa", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (
            "Ủy ban nhân dân thành phố Tân Giang",
            "Phó Chủ tịch",
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ),
        ("Ủy ban nhân dân thành phố Tân Giang", "Chánh Văn phòng UBND", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
        ("Ủy ban nhân dân thành phố Tân Giang", "Chủ tịch UBND xã Suối Cát", ("Chủ tịch UBND xã Suối Cát",)),
        ("Sở Tài chính", "Giám đốc", ("Giám đốc",)),
        ("Sở Tài chính", "", ()),
    ],
)
def test_who_signs_says_for_whom(body: str, post: str, lines: tuple[str, ...]) -> None:
    assert rules.authority(body, post) == lines


async def test_the_printed_paper_has_its_fields_and_keeps_its_bytes(
    house: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await invite(house, await draft(house, people, secretary), people.members[:3], secretary=secretary)
    paper = await actions.print_invitation(house, meeting.id, InvitationPrint(), actor=secretary)
    assert paper.version is not None
    pdf = await house.blobs.read(paper.version.sha256)
    fields = PdfReader(BytesIO(pdf)).get_fields() or {}
    assert {name: str(field["/FT"]) for name, field in fields.items()} == {
        "KyNhay1": "/Sig", "KyNhay2": "/Sig", "ChuKy": "/Sig", "So": "/Tx", "NgayThang": "/Tx", "ConDau": "/Sig",
    }  # fmt: skip


async def test_the_printed_paper_is_among_the_papers_and_goes_with_the_mail(
    house: Core, people: People, secretary: Actor, watch: Watch, sink: Sink
) -> None:
    meeting = await invite(house, await draft(house, people, secretary), people.members[:3], secretary=secretary)
    await add_item(house, meeting, "Báo cáo kinh tế – xã hội", secretary=secretary)
    await add_item(house, meeting, "Kỷ luật cán bộ", secretary=secretary, restricted=True)
    first = await actions.print_invitation(house, meeting.id, InvitationPrint(), actor=secretary)
    await watch.check()
    second = await actions.print_invitation(
        house, meeting.id, InvitationPrint(place="Hà Nội", signer_id=people.members[0]), actor=secretary
    )
    await watch.check()
    assert (first.purpose, second.id, second.versions) == ("invitation", first.id, 2)
    await actions.send(house, meeting.id, InvitationSend(), actor=secretary)
    await jobs.settle(house)
    (mail,) = sink.to("n2@tangiang.example")
    attached = next(part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf")
    text = " ".join(PdfReader(BytesIO(attached.get_content())).pages[0].extract_text().split())
    for part in ("GM-UBND", "Hà Nội", "Báo cáo kinh tế – xã hội", "Phần họp kín", "08 giờ 00", "Người 2, Ủy viên 2"):
        assert part in text, part
    assert "Kỷ luật" not in text
    own = await actions.own(house, meeting.id, actor=actor(people.members[0]))
    assert own.paper_id == first.id
    assert second.version is not None
    await documents.reach(house, second.version.id, actor=actor(people.members[0]))


async def test_the_mail_takes_along_its_readers_own_copy(
    house: Core, people: People, secretary: Actor, sink: Sink
) -> None:
    meeting = await invite(house, await draft(house, people, secretary), people.members[:3], secretary=secretary)
    await meetings.edit(house, meeting.id, MeetingEdit(watermark=True), actor=secretary)
    await actions.print_invitation(house, meeting.id, InvitationPrint(), actor=secretary)
    await actions.send(house, meeting.id, InvitationSend(), actor=secretary)
    await jobs.settle(house)
    assert sink.mails == []  # nobody's copy is made ready yet, and nobody is sent a plain one
    await documents.prepare_ahead(house)
    assert isinstance(house.clock, FakeClock)
    house.clock.advance(rules.RETRY_SECONDS[0] + 1)
    await jobs.settle(house)
    readers = list(await house.db.read(lambda read: directory.people(read, set(people.members[:3])).values()))
    assert len(readers) == 3
    for reader in readers:
        (mail,) = sink.to(reader.email or "")
        (pdf,) = (part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf")
        text = PdfReader(BytesIO(pdf.get_content())).pages[0].extract_text()
        assert [each.full_name for each in readers if f"{each.full_name} · " in text] == [reader.full_name]


async def test_printing_needs_guests_and_is_for_the_secretariat(house: Core, people: People, secretary: Actor) -> None:
    meeting = await draft(house, people, secretary)
    with pytest.raises(DomainError, match="no_guests"):
        await actions.print_invitation(house, meeting.id, InvitationPrint(), actor=secretary)
    await invite(house, meeting, people.members[:1], secretary=secretary)
    with pytest.raises(DomainError, match="denied"):
        await actions.print_invitation(house, meeting.id, InvitationPrint(), actor=actor(people.chair))
    with pytest.raises(DomainError, match="not_found"):
        await actions.print_invitation(house, meeting.id, InvitationPrint(), actor=actor(people.members[0]))
    with pytest.raises(DomainError, match="unknown_person"):
        await actions.print_invitation(house, meeting.id, InvitationPrint(signer_id="nobody"), actor=secretary)
    assert (await meetings.view(house, meeting.id, actor=secretary)).meeting.state == "draft"
