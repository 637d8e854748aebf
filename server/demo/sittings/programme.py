"""The values of a printed programme (``print/agenda.html``) from the points of an agenda."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server.demo.sittings.desk import Point
    from server.demo.stage import Stage


def programme(stage: Stage, points: Sequence[Point], start: datetime) -> dict[str, Any]:
    """Each point with its hour and who presents it."""
    rows, at = [], start
    for number, point in enumerate(points, start=1):
        rows.append(
            {
                "start": at,
                "minutes": point.minutes,
                "title": f"{number}. {point.title}",
                "who": stage.actor(point.presenter).name,
                "closed": bool(point.invited),
            }
        )
        at += timedelta(minutes=point.minutes)
    return {
        "meeting": {
            "start": start,
            "place": "Phòng họp số 1, trụ sở Ủy ban nhân dân thành phố Tân Giang",
            "chair": "ông Nguyễn Đăng Thụy, Chủ tịch Ủy ban nhân dân thành phố",
        },
        "rows": rows,
        "notes": ["Trình bày không quá 7 phút, phát biểu không quá 5 phút"],
    }
