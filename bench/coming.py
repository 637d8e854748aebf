"""Files that come in over and over, sent by a process of its own that gives way to the server: elsewhere it is others'.

``python -m bench.coming URL TOKEN ITEM LOAD SECONDS`` sends until its input ends, then tells how often each status was
answered, and which files of the corpus had another verdict than its manifest expects. ``Load`` tells what comes;
SECONDS: in how many all files come once where they come evenly.
"""

from __future__ import annotations

import http.client
import itertools
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Literal, TypeAlias, cast
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import Struct, field

from bench.gate import letter
from server.accounts.actions import COOKIE
from server.core.yielding import READING, give_way
from tests.support.corpus import CORPUS, EITHER, ROWS

Load: TypeAlias = Literal["once", "over", "bombs"]
"""All files once, evenly; over and over, as fast as they are answered; those alone that would run away."""

SENDERS: Mapping[Load, int] = {"once": 4, "over": 4, "bombs": 32}
# The last of them is answered before the turn is over.
_SPREAD = 0.9
_BOMBS = {"refuse:bomb", "refuse:pixels", EITHER}


def files(load: Load) -> list[tuple[str, bytes]]:
    """What comes in, name and bytes: the corpus beside the checkout where one lies there, else a long letter."""
    wanted = [name for name, row in ROWS.items() if load != "bombs" or row["expected"] in _BOMBS]
    return [(name, (CORPUS / name).read_bytes()) for name in wanted] or [("thu.pdf", letter())]


class Came(Struct):
    """How often each status was answered; how many first answers were compared with the manifest, and the wrong."""

    statuses: dict[int, int] = field(default_factory=dict)
    judged: int = 0
    wrong: list[str] = field(default_factory=list)


@contextmanager
def coming(url: str, token: str, item: str, load: Load, seconds: float) -> Iterator[Came]:
    """Files come in to an item for as long as the block lasts; what was answered is told at its end."""
    came = Came()
    command = [sys.executable, "-m", "bench.coming", url, token, item, load, str(seconds)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield came
        finally:
            told, _ = process.communicate()
            found = msgspec.json.decode(told, type=Came)
            came.statuses, came.judged, came.wrong = found.statuses, found.judged, found.wrong


def ask(
    url: str, method: str, path: str, headers: dict[str, str], body: bytes | None = None, *, seconds: float = 120
) -> tuple[int, bytes]:
    """The status of one request on a connection of its own, and all of its answer; 0 where none came."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()


def signed_in(url: str, token: str) -> dict[str, str]:
    """The headers of a request from an app of ours."""
    return {"Cookie": f"{COOKIE}={token}", "Origin": url}


def _fault(name: str, status: int, answer: bytes) -> str:
    """What is wrong with the first answer to a file of the corpus; empty where it is the one that is expected."""
    if http.client.OK <= status < http.client.MULTIPLE_CHOICES:
        found = "accept"
    else:
        said = msgspec.json.decode(answer) if answer else {}
        found = f"refuse:{said.get('error', {}).get('code', status).removeprefix('documents.').replace('_', '-')}"
    expected = ROWS[name]["expected"]
    right = found == expected or (expected == EITHER and 0 < status < http.client.INTERNAL_SERVER_ERROR)
    return "" if right else f"{name}: {found}"


def main() -> None:
    """Bring files, several at once, one after another, over and over, until nobody listens any more."""
    url, token, item, kind, seconds = sys.argv[1:]
    load = cast("Load", kind)
    give_way(READING)
    came = Came()
    all_of_them = files(load)
    pause, began = _SPREAD * float(seconds) / len(all_of_them) if load == "once" else 0.0, time.monotonic()
    turns, turn, end = enumerate(itertools.cycle(all_of_them)), threading.Lock(), threading.Event()

    def send() -> None:
        while not end.is_set():
            with turn:
                number, (name, data) = next(turns)
            if end.wait(max(0.0, began + number * pause - time.monotonic())):
                return
            headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": str(uuid.uuid4())}
            path = f"/api/v1/items/{item}/incoming?{urlencode({'filename': name})}"
            status, answer = ask(url, "POST", path, signed_in(url, token) | headers, data)
            came.statuses[status] = came.statuses.get(status, 0) + 1
            if number < len(all_of_them) and name in ROWS and load != "bombs":
                came.judged += 1
                came.wrong += filter(None, [_fault(name, status, answer)])

    threads = [threading.Thread(target=send) for _ in range(SENDERS[load])]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    end.set()
    for thread in threads:
        thread.join()
    print(msgspec.json.encode(came).decode())


if __name__ == "__main__":
    main()
