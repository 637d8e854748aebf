"""The meeting that was: the regular sitting of October, held to its end, with what people noted on its papers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from server.core.printing import Letter
from server.demo import cast
from server.demo.ink import Mark, draw
from server.demo.papers import people as signers
from server.demo.sittings import registry
from server.demo.sittings.desk import Desk, Point, Reply
from server.demo.sittings.programme import programme
from server.demo.stage import members, workday
from server.live import actions as sitting
from server.live.wire import CurrentItem

if TYPE_CHECKING:
    from server.demo.making import PaperMaking
    from server.demo.stage import Stage

TITLE = "Phiên họp UBND thành phố thường kỳ tháng 10/2026"
_POINTS = (
    Point("kt-xh", "Tình hình kinh tế – xã hội 10 tháng, nhiệm vụ tháng 11", 30, cast.FINANCE),
    Point("khung-von", "Định hướng phân bổ kế hoạch đầu tư công năm 2027", 30, cast.FINANCE),
    Point("thi-diem", "Kết quả thí điểm phòng họp không giấy tại 22 xã, phường", 20, cast.SCIENCE),
    Point("rac-thai", "Dự thảo quy định mức hỗ trợ thu gom rác thải sinh hoạt nông thôn", 20, cast.FARMING),
    Point("huong-tuyen", "Hướng tuyến đường Bến Đá – Phú Lâm", 30, cast.BUILDING),
    Point("bien-ban", "Thông qua biên bản phiên họp", 10, cast.OFFICIAL),
)
_ABSENT = {"yen.th": "Đi công tác.", "an.lq": "Nghỉ phép."}
_LETTER = Letter(
    title="Chương trình phiên họp thường kỳ tháng 10/2026",
    issuer=signers.CITY,
    kind="Chương trình",
    subject="Phiên họp Ủy ban nhân dân thành phố\nthường kỳ tháng 10 năm 2026",
    signer=signers.OFFICE,
    place=signers.PLACE,
    recipients=("Như thành phần mời", "Lưu: VT, TH"),
)


async def play(stage: Stage, making: PaperMaking) -> Desk:
    """Hold it from beginning to end."""
    start = workday(stage.now - timedelta(days=28), 8, step=-1)
    stage.at(start - timedelta(days=8))
    desk = await Desk.create(stage, making, TITLE, start, sum(point.minutes for point in _POINTS))
    users = [player.user for player in members()]
    await desk.seat(users, ["bach.mx", "man.tq"])
    await desk.plan(_POINTS)
    agenda = await making.printed(_LETTER, programme(stage, _POINTS, start))
    await desk.put("chuong-trinh", "", agenda, "Chương trình phiên họp", "agenda")
    sent = start - timedelta(days=4)
    await desk.invite(sent, mail=False)
    await desk.hear(sent, _replies(users))
    await _sit(desk, users)
    return desk


def _replies(users: list[str]) -> list[Reply]:
    return [
        Reply(user, 0.3 + place, "declined" if user in _ABSENT else "accepted", _ABSENT.get(user, ""))
        for place, user in enumerate([*users, "bach.mx", "man.tq"])
    ]


async def _sit(desk: Desk, users: list[str]) -> None:
    stage, core, meeting_id = desk.stage, desk.stage.core, desk.meeting.id
    start = workday(stage.now - timedelta(days=28), 8, step=-1)
    at = start + timedelta(minutes=3)
    stage.at(at)
    await sitting.start(core, meeting_id, actor=desk.secretary)
    for point in _POINTS:
        stage.at(at)
        await sitting.move(core, meeting_id, CurrentItem(item_id=desk.items[point.key]), actor=desk.secretary)
        if point.key == "bien-ban":
            await _approve(desk, users)
        at += timedelta(minutes=point.minutes)
    stage.at(at)
    await registry.bring_drafts(desk)
    await sitting.end(core, meeting_id, actor=desk.secretary)


async def _approve(desk: Desk, users: list[str]) -> None:
    """The minutes come during the sitting, and are read with a pen."""
    stage = desk.stage
    minutes = await desk.publish("bien-ban-thang-10")
    here = [user for user in users if user not in _ABSENT]
    await desk.receive(here, "bien-ban-thang-10", opened=here)
    await draw(
        stage, minutes, cast.MEMBER,
        [Mark("underline", 1, "ngày 20 tháng 11"), Mark("note", 1, "ngày 20 tháng 11", "Đã thống nhất 25 tháng 11.")],
    )  # fmt: skip
    await draw(stage, minutes, cast.BUILDING, [Mark("highlight", 2, "dùng cát nghiền"), Mark("bar", 2, "37 hộ dân")])
    await draw(stage, minutes, "uan.tc", [Mark("circle", 2, "126 xã, phường")])
    await draw(stage, minutes, cast.CHAIR, [Mark("underline", 2, "ít nhất 2 khu đất")], private=True)
