"""The book of issued papers from its template; runs in a child process."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from server.signatures.rules.registry import STRUCK
from server.signatures.wire import NumberBook

# As a Vietnamese book says them; Decree 30/2020/NĐ-CP, Annex III.
KINDS = {
    "invitation": "Giấy mời", "notice": "Thông báo", "minutes": "Biên bản", "decision": "Quyết định",
    "resolution": "Nghị quyết", "letter": "Công văn", "other": "Văn bản khác",
}  # fmt: skip
STATES = {
    "reserved": "Đang ghi số", "paper": "Bản giấy", "opening": "Đến số này ghi ở sổ giấy", "struck": "Bỏ số",
    "numbered": "Đã cấp số", "sealed": "Đã đóng dấu", "issued": "Đã phát hành", "delivered": "Đã đến nơi nhận",
    "recalled": "Đã thu hồi",
}  # fmt: skip


def render(book: str, at: str) -> bytes:
    """The PDF of ``print/number-book.html``; ``book``: a NumberBook as JSON, ``at``: when. Raises PrintingError."""
    from server.core.printing.render import render_pdf  # noqa: PLC0415 - WeasyPrint is for children only

    read = msgspec.json.decode(book, type=NumberBook)
    lines = [
        {
            "symbol": each.symbol, "dated": date.fromisoformat(each.dated), "kind": KINDS[each.paper_kind],
            "title": each.title, "signer": each.signer, "recipients": each.recipients, "state": STATES[each.state],
            "struck": each.state in STRUCK,
        }
        for each in read.entries
    ]  # fmt: skip
    values = {"body_name": read.body_name, "year": read.year, "lines": lines, "at": datetime.fromisoformat(at)}
    return render_pdf("print/number-book.html", values)
