"""The demo: a made-up city with its people, three meetings and real-looking papers, seeded by acts and served.

Everything in it is done as people would do it, by the features' own actions; nothing is written past them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def run(*, data: Path, host: str, port: int, https: bool, ready_file: Path | None) -> int:
    """Seed ``data`` where it is not yet, then serve it until Ctrl-C; the exit status, 2 for what cannot be done.

    A ``host`` that is not loopback is served by HTTPS, whatever ``https`` says. Port 0 takes a free one.
    """
    from server.demo import start  # noqa: PLC0415 - the papers are of use without all that seeding needs

    return start.run(data=data, host=host, port=port, https=https, ready_file=ready_file)
