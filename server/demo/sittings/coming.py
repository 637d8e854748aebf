"""The meeting of next week: sent, answered by some, its papers not all there, its giấy mời waiting for a signature."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from server.demo import cast
from server.demo.sittings.desk import Desk, Point, Reply
from server.demo.stage import workday
from server.signatures import actions as signatures
from server.signatures.wire import SigningAsk
from signing.demo_ink import draw_signature
from signing.demo_pki import make_demo_pki

if TYPE_CHECKING:
    from server.demo.making import PaperMaking
    from server.demo.stage import Stage
    from server.documents.wire import Paper

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


async def play(stage: Stage, making: PaperMaking, password: str) -> str:
    """Prepare and send it, and ask for the signature; returns its id."""
    start = workday(stage.now + timedelta(days=7), 14, step=1)
    stage.at(stage.now - timedelta(days=3))
    minutes = sum(point.minutes for point in _POINTS)
    desk = await Desk.create(stage, making, TITLE, start, minutes, sites=_SITES)
    await desk.seat(_MEMBERS, _GUESTS, sites=_GUESTS)
    await desk.plan(_POINTS)
    stage.at(stage.now - timedelta(hours=23))
    await desk.publish("ke-hoach-phong-hop", "phong-hop")
    sent = stage.now - timedelta(hours=22)
    letter = await desk.invite(sent)
    await desk.hear(sent, _REPLIES)
    await _ask(desk, letter, password)
    stage.at(stage.now)
    return desk.meeting.id


async def _ask(desk: Desk, letter: Paper, password: str) -> None:
    """Give chair and official a key under the demo's password, and put the giấy mời before the official."""
    stage = desk.stage
    pki = make_demo_pki("UBND thành phố Tân Giang (trình diễn)")
    await signatures.add_root(stage.core, "demo", pki.root_pem)
    for user in (cast.OFFICIAL, cast.CHAIR):
        name = stage.actor(user).name
        key = pki.person(name, organisation="UBND thành phố Tân Giang", email=f"{user}@tangiang.example")
        await signatures.enrol_pkcs12(
            stage.core, stage.people[user], key.pkcs12(password), password, draw_signature(name),
            actor=stage.administrator,
        )  # fmt: skip
    stage.at(stage.now - timedelta(hours=2))
    asked = SigningAsk(official_id=stage.people[cast.OFFICIAL])
    await signatures.ask(stage.core, letter.id, asked, actor=desk.secretary)
