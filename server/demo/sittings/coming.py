"""The meeting of next week: sent, answered by some, papers not all there, giấy mời and a plan waiting to be signed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from server.demo import cast
from server.demo.sittings import signing
from server.demo.sittings.desk import Desk, Point, Reply
from server.demo.stage import workday

if TYPE_CHECKING:
    from server.demo.making import PaperMaking
    from server.demo.stage import Stage

TITLE = "Ban Chỉ đạo chuyển đổi số: phiên thứ tư"
_SITES = ("Điểm cầu phường Bến Đá", "Điểm cầu xã Suối Cát", "Điểm cầu xã Cù Lao Giữa")
_POINTS = (
    Point("phong-hop", "Kế hoạch phòng họp không giấy tại cấp xã", 30, cast.SCIENCE),
    Point("duong-truyen", "Đường truyền của 31 xã chưa đạt 100 Mbps", 20, cast.SCIENCE),
    Point("tap-huan", "Tập huấn 126 lớp tại chỗ cho cán bộ cấp xã", 15, cast.HOME),
)
_MEMBERS = (
    cast.CHAIR, cast.MEMBER, cast.DEPUTY, cast.OFFICIAL, cast.FINANCE, cast.SCIENCE, cast.HOME, cast.BUILDING,
    "ha.cb", "vinh.qp", "nhung.lh",
)  # fmt: skip
_GUESTS = {"man.tq": _SITES[0], "binh.tl": _SITES[1], "diep.tn": _SITES[2]}
_REPLIES = (
    Reply(cast.CHAIR, 0.2),
    Reply(cast.SCIENCE, 0.4),
    Reply(cast.OFFICIAL, 0.5),
    Reply(cast.BUILDING, 2.0, "opened"),
    Reply(cast.FINANCE, 3.1),
    Reply(cast.MEMBER, 4.0, "delivered"),
    Reply("binh.tl", 4.5, "declined", "Trùng lịch tiếp công dân."),
    Reply("diep.tn", 6.0, "opened"),
)


async def play(stage: Stage, making: PaperMaking) -> str:
    """Prepare and send it, and put two papers on their way to a signature; returns its id."""
    start = workday(stage.now + timedelta(days=7), 14, step=1)
    stage.at(stage.now - timedelta(days=3))
    minutes = sum(point.minutes for point in _POINTS)
    desk = await Desk.create(stage, making, TITLE, start, minutes, sites=_SITES)
    await desk.seat(_MEMBERS, _GUESTS, sites=_GUESTS)
    await desk.plan(_POINTS)
    stage.at(stage.now - timedelta(hours=23))
    plan = await desk.publish("ke-hoach-phong-hop", "phong-hop")
    sent = stage.now - timedelta(hours=22)
    letter = await desk.invite(sent)
    await desk.hear(sent, _REPLIES)
    await signing.entrust(desk)
    await signing.send_round(desk, letter, plan)
    stage.at(stage.now)
    return desk.meeting.id
