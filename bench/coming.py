"""Files that come in over and over, sent by a process of its own that gives way to the server: elsewhere it is others'.

``python -m bench.coming URL TOKEN ITEM LOAD SECONDS`` sends until its input ends, then tells how often each status was
answered. ``Load`` tells what comes; SECONDS: in how many all files come once where they come evenly.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Literal, TypeAlias, cast
from urllib.parse import urlencode, urlsplit

from bench.gate import letter
from server.accounts.actions import COOKIE
from server.core.yielding import READING, give_way
from tests.support.corpus import CORPUS, EITHER, ROWS

Load: TypeAlias = Literal["over", "once", "bombs"]
"""All files over and over, as fast as they are answered; all of them once, evenly; those alone that would run away."""

SENDERS: Mapping[Load, int] = {"over": 4, "once": 4, "bombs": 32}
_BOMBS = {"refuse:bomb", "refuse:pixels", EITHER}


def files(load: Load) -> list[tuple[str, bytes]]:
    """What comes in, name and bytes: the corpus beside the checkout where one lies there, else a long letter."""
    wanted = [name for name, row in ROWS.items() if load != "bombs" or row["expected"] in _BOMBS]
    return [(name, (CORPUS / name).read_bytes()) for name in wanted] or [("thu.pdf", letter())]


@contextmanager
def coming(url: str, token: str, item: str, load: Load, seconds: float) -> Iterator[Counter[int]]:
    """Files come in to an item for as long as the block lasts; what was answered is counted at its end."""
    answers: Counter[int] = Counter()
    command = [sys.executable, "-m", "bench.coming", url, token, item, load, str(seconds)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield answers
        finally:
            told, _ = process.communicate()
            answers.update({int(status): count for status, count in json.loads(told).items()})


def ask(
    url: str, method: str, path: str, headers: dict[str, str], body: bytes | None = None, *, seconds: float = 120
) -> int:
    """The status of one request on a connection of its own, after all of its answer; 0 where none came."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return 0
    finally:
        connection.close()
    return answer.status


def signed_in(url: str, token: str) -> dict[str, str]:
    """The headers of a request from an app of ours."""
    return {"Cookie": f"{COOKIE}={token}", "Origin": url}


def main() -> None:
    """Bring files, several at once, one after another, over and over, until nobody listens any more."""
    url, token, item, kind, seconds = sys.argv[1:]
    load = cast("Load", kind)
    give_way(READING)
    answers: Counter[int] = Counter()
    all_of_them = files(load)
    pause, began = float(seconds) / len(all_of_them) if load == "once" else 0.0, time.monotonic()
    turns, turn, end = enumerate(itertools.cycle(all_of_them)), threading.Lock(), threading.Event()

    def send() -> None:
        while not end.is_set():
            with turn:
                number, (name, data) = next(turns)
            if end.wait(max(0.0, began + number * pause - time.monotonic())):
                return
            headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": str(uuid.uuid4())}
            path = f"/api/v1/items/{item}/incoming?{urlencode({'filename': name})}"
            answers[ask(url, "POST", path, signed_in(url, token) | headers, data)] += 1

    threads = [threading.Thread(target=send) for _ in range(SENDERS[load])]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    end.set()
    for thread in threads:
        thread.join()
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
