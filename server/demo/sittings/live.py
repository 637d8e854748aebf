"""The meeting of now: the regular sitting of November, in its second item, with a closed one ahead."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from server.demo import cast
from server.demo.ink import Mark, draw
from server.demo.papers import PAPERS
from server.demo.sittings.desk import Desk, Point, Reply
from server.demo.stage import guests, members, workday
from server.invitations import actions as invitations
from server.invitations.wire import SubstituteDecision
from server.live import actions as sitting
from server.live.wire import CurrentItem, Present, PresenterChange
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.demo.making import PaperMaking
    from server.demo.stage import Stage

TITLE = "Phiên họp UBND thành phố thường kỳ tháng 11/2026"
_SITE = "Điểm cầu phường Bến Đá"
_POINTS = (
    Point(
        "kt-xh",
        "Báo cáo tình hình kinh tế – xã hội 11 tháng, nhiệm vụ trọng tâm tháng 12",
        25,
        cast.FINANCE,
        ("Nhiệm vụ trọng tâm tháng 12.",),
    ),
    Point(
        "dau-tu-cong",
        "Dự thảo Nghị quyết phân bổ kế hoạch đầu tư công năm 2027",
        20,
        cast.FINANCE,
        ("Tổng mức 8.420 tỷ đồng và cơ cấu nguồn vốn.", "Danh mục 23 dự án khởi công mới."),
    ),
    Point("phong-hop", "Kế hoạch phòng họp không giấy tại cấp xã, giai đoạn 2027–2028", 15, cast.SCIENCE),
    Point("rac-thai", "Quy định mức hỗ trợ thu gom, xử lý rác thải sinh hoạt nông thôn", 15, cast.FARMING),
    Point("ben-da-phu-lam", "Chủ trương cải tạo tuyến đường Bến Đá – Phú Lâm", 20, cast.BUILDING),
    Point(
        "nhan-su", "Công tác nhân sự", 8, cast.HOME,
        invited=(cast.CHAIR, cast.DEPUTY, cast.HOME, cast.OFFICIAL),
    ),
    Point("bien-ban", "Thông qua biên bản phiên họp tháng 10/2026", 7, cast.OFFICIAL),
)  # fmt: skip
_SILENT = ("son.vh", "thao.ltt", "vinh.qp", "tung.ms", "linh.hm", "quyen.dl")
_ELSEWHERE = (
    Reply(cast.FARMING, 5.2, "substitute", "Đi công tác ngoài thành phố.", "kien.pd"),
    Reply("yen.th", 23.0, "declined", "Dự hội nghị của Bộ Y tế."),
    Reply("son.vh", 36.0, "opened"),
    Reply("vinh.qp", 3.0, "opened"),
    Reply("thao.ltt", 1.0, "delivered"),
    Reply("linh.hm", 2.0, "delivered"),
)
_SECOND = "dau-tu-cong"
_PROPOSAL = "to-trinh-dau-tu-cong"


async def play(stage: Stage, making: PaperMaking) -> str:
    """Prepare, send, and hold the sitting up to now; returns its id."""
    start = stage.now - timedelta(minutes=41)
    stage.at(start - timedelta(days=9))
    desk = await Desk.create(stage, making, TITLE, start, sum(point.minutes for point in _POINTS), sites=(_SITE,))
    everybody = [player.user for player in (*members(), *guests())]
    await desk.seat(
        [player.user for player in members()], [player.user for player in guests()], sites={"man.tq": _SITE}
    )
    await desk.plan(_POINTS)
    sent = workday(start - timedelta(days=4), 9, 15, step=-1)
    await desk.invite(sent)
    await desk.hear(sent, [*_replies(everybody), *_ELSEWHERE])
    await _decide(desk, sent + timedelta(hours=6))
    stage.at(sent + timedelta(hours=24))
    await _publish(desk)
    await _read(desk, everybody, start)
    await _sit(desk, start)
    return desk.meeting.id


def _replies(users: list[str]) -> list[Reply]:
    others = {reply.user for reply in _ELSEWHERE} | set(_SILENT)
    return [Reply(user, 0.05 + 0.4 * place) for place, user in enumerate(users) if user not in others]


async def _decide(desk: Desk, at: datetime) -> None:
    """The chair agreed to the substitute, so the secretary accepts him."""
    desk.stage.at(at)
    found = await meetings.view(desk.stage.core, desk.meeting.id, actor=desk.secretary)
    absent = next(each for each in found.participants if each.person.id == desk.stage.people[cast.FARMING])
    decision = SubstituteDecision(accept=True)
    await invitations.decide(desk.stage.core, desk.meeting.id, absent.id, decision, actor=desk.secretary)
    await desk.stage.settle()


async def _publish(desk: Desk) -> None:
    """Items side by side, papers of one item in their order."""
    by_item: dict[str, list[str]] = {}
    for paper in PAPERS:
        by_item.setdefault(paper.item, []).append(paper.key)

    drafts: list[str] = []

    async def fill(keys: list[str]) -> None:
        for key in keys:
            if await desk.publish_draft(key):
                drafts.append(key)
            else:
                await desk.publish(key)

    await asyncio.gather(*(fill(keys) for keys in by_item.values()))
    desk.stage.at(desk.stage.core.clock.now() + timedelta(hours=20))
    for key in drafts:
        await desk.replace(key)


async def _read(desk: Desk, everybody: list[str], start: datetime) -> None:
    """Tablets have the papers before the sitting; most people have opened those of the first items."""
    desk.stage.at(start - timedelta(hours=12))
    here = [user for user in everybody if user not in {cast.FARMING, "yen.th"}]
    await desk.receive(here, "chuong-trinh", opened=here[:-3])
    await desk.receive(here, "bao-cao-kt-xh", opened=here[:-4])
    await desk.receive(here, _PROPOSAL, opened=here[:-3])
    await desk.receive(here, "du-thao-nghi-quyet", opened=here[:15])
    await desk.receive(here[:22], "phu-luc-64-du-an", opened=here[:6])
    await desk.receive([cast.CHAIR, cast.DEPUTY], "to-trinh-nhan-su", opened=[cast.CHAIR])


async def _sit(desk: Desk, start: datetime) -> None:
    stage, core, meeting_id = desk.stage, desk.stage.core, desk.meeting.id
    finance = PresenterChange(person_id=stage.people[cast.FINANCE])
    stage.at(start)
    await sitting.start(core, meeting_id, actor=desk.secretary)
    await sitting.move(core, meeting_id, CurrentItem(item_id=desk.items["kt-xh"]), actor=desk.secretary)
    await sitting.set_presenter(core, meeting_id, finance, actor=desk.secretary)
    await _note_first(desk, start)
    stage.at(stage.now - timedelta(minutes=13, seconds=42))
    await sitting.move(core, meeting_id, CurrentItem(item_id=desk.items[_SECOND]), actor=desk.secretary)
    await sitting.set_presenter(core, meeting_id, finance, actor=desk.secretary)
    version = desk.papers[_PROPOSAL].version
    assert version is not None  # published above
    shown = Present(item_id=desk.items[_SECOND], version_id=version.id, page=1)
    await sitting.present(core, shown, actor=stage.actor(cast.FINANCE))
    await _note_second(desk)
    stage.at(stage.now)


async def _note_first(desk: Desk, start: datetime) -> None:
    report = desk.papers["bao-cao-kt-xh"]
    desk.stage.at(start + timedelta(minutes=9))
    await draw(desk.stage, report, cast.MEMBER, [Mark("underline", 2, "giảm 1,2%"), Mark("bar", 2, "412 ha lúa")])
    desk.stage.at(start + timedelta(minutes=16))
    await draw(desk.stage, report, "man.tq", [Mark("note", 2, "2.316 hộ", "Bến Đá còn 41 hộ chưa nhận hỗ trợ.")])


async def _note_second(desk: Desk) -> None:
    stage, proposal, draft = desk.stage, desk.papers[_PROPOSAL], desk.papers["du-thao-nghi-quyet"]
    ago = stage.now
    stage.at(ago - timedelta(minutes=11))
    await draw(stage, proposal, cast.BUILDING, [Mark("underline", 1, "80% diện tích")])
    stage.at(ago - timedelta(minutes=9))
    await draw(stage, proposal, cast.MEMBER, [Mark("highlight", 1, "41 dự án chuyển tiếp")])
    stage.at(ago - timedelta(minutes=8))
    await draw(
        stage, proposal, "bach.mx",
        [Mark("circle", 1, "23 dự án"), Mark("note", 1, "23 dự án", "Ban đã thẩm tra 21; 2 dự án còn thiếu mặt bằng.")],
    )  # fmt: skip
    stage.at(ago - timedelta(minutes=6))
    await draw(stage, draft, cast.MEMBER, [Mark("underline", 2, "5% tổng vốn"), Mark("bar", 2, "dưới 30% kế hoạch")])
    await draw(
        stage, proposal, cast.CHAIR,
        [
            Mark("circle", 1, "8.420 tỷ đồng"), Mark("highlight", 1, "tăng 6,3%"),
            Mark("note", 1, "5% tổng vốn", "Hỏi rõ: dự phòng 421 tỷ đã trừ vốn kéo dài chưa?"),
        ],
        private=True,
    )  # fmt: skip
    await draw(stage, draft, cast.CHAIR, [Mark("bar", 2, "Không dùng vốn đầu tư công")], private=True)
    await draw(stage, proposal, cast.MEMBER, [Mark("underline", 1, "trường học, trạm y tế")], private=True)
