"""WebKitGTK as the tests drive it: Safari's relative on a screen of its own, by the W3C's WebDriver."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import socket
import subprocess
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.e2e.browser import PATIENCE_MS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

ESCAPE = "\ue00c"  # the standard's code point for the key
# Where Debian keeps the browser that its driver starts.
_BROWSERS = "*/webkit2gtk-4.*/MiniBrowser"
_SCREEN = "1600x1400x24"
_PATIENCE = PATIENCE_MS / 1000
_LONGEST = aiohttp.ClientTimeout(total=2 * _PATIENCE)  # of one command
# What Safari has and Debian's build leaves switched off.
_LIKE_SAFARI = ("--features=+StorageAPI,+StorageAPIEstimate",)
# A screen without a graphics card, and root, under whom WebKit's own sandbox does not start.
_PLAIN = {
    "LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_DMABUF_RENDERER": "1", "NO_AT_BRIDGE": "1",
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "LANG": "C.UTF-8", "TZ": "Asia/Ho_Chi_Minh",
}  # fmt: skip
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the standard's name of an element's identifier
# What is seen, chosen by a selector and by words in its name or its text.
_FIND = """const [selector, words] = arguments;
return [...document.querySelectorAll(selector)].find((each) => each.checkVisibility({ visibilityProperty: true })
  && (each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent ?? each.textContent).includes(words)) ?? null;"""

# The driver waits for the next frame to be shown, which a page at rest never has: a dot that nobody sees moves.
_STIR = """const dot = document.body.appendChild(document.createElement("i"));
dot.style = "position: fixed; width: 1px; height: 1px; background: #808080";
dot.animate({ opacity: [0, 0.004] }, 2000).finished.then(() => { dot.remove(); });"""


def minibrowser() -> Path | None:
    """The browser beside the driver, or None where one of the parts is not installed."""
    if any(shutil.which(tool) is None for tool in ("WebKitWebDriver", "Xvfb")):
        return None
    return max(Path("/usr/lib").glob(_BROWSERS), default=None)


class WebKit:
    """One window. ``driver``: where the driver's session answers."""

    def __init__(self, http: aiohttp.ClientSession, driver: str) -> None:
        self._http, self._driver = http, driver

    async def goto(self, url: str) -> None:
        """To an address; ends when it is loaded."""
        await self._do("POST", "/url", url=url)

    async def reload(self) -> None:
        """The same address once more."""
        await self._do("POST", "/refresh")

    async def run(self, script: str, *given: Any) -> Any:
        """What the body of a function returns, awaited where it is a promise."""
        return await self._do("POST", "/execute/sync", script=script, args=given)

    async def until(self, expression: str, *given: Any) -> Any:
        """What a JavaScript expression is worth as soon as it is worth anything."""
        ends = time.monotonic() + _PATIENCE
        while not (found := await self.run(f"return {expression}", *given)):
            if time.monotonic() > ends:
                seen = await self.run("return document.body.innerText")
                raise AssertionError(f"never: {expression} {given}; the page says: {seen}")
            await asyncio.sleep(0.05)
        return found

    async def see(self, selector: str, words: str = "") -> dict[str, str]:
        """An element that is seen: by a selector, and words in its accessible name or its text."""
        found: dict[str, str] = await self.until(f"(() => {{ {_FIND} }})(...arguments)", selector, words)
        return found

    async def tap(self, selector: str, words: str = "") -> None:
        """A press on the middle of what is seen."""
        ends = time.monotonic() + _PATIENCE
        while True:
            found = await self.see(selector, words)
            try:
                await self._do("POST", f"/element/{found[_ELEMENT]}/click")
            except WebDriverError:  # it moved, or was drawn anew meanwhile
                if time.monotonic() > ends:
                    raise
                await asyncio.sleep(0.1)
            else:
                return

    async def type(self, label: str, words: str) -> None:
        """Letters into a field that is seen, by its label."""
        found = await self.see("input", label)
        await self._do("POST", f"/element/{found[_ELEMENT]}/value", text=words)

    async def press(self, *keys: str) -> None:
        """Keys one after the other, the way a keyboard does it; special ones by the standard's code points."""
        moves = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        await self._act({"type": "key", "id": "keys", "actions": moves})

    async def wheel(self, x: int, y: int, down: int) -> None:
        """Turn the wheel over a place of the window; ``down``: pixels."""
        turn = {"type": "scroll", "duration": 50, "origin": "viewport", "x": x, "y": y, "deltaX": 0, "deltaY": down}
        await self._act({"type": "wheel", "id": "wheel", "actions": [turn]})

    async def draw(self, points: Sequence[tuple[float, float]], kind: str = "mouse") -> None:
        """Down at the first point of the window, along all of them, up at the last."""
        moves: list[dict[str, Any]] = [
            {"type": "pointerMove", "duration": 16, "origin": "viewport", "x": round(x), "y": round(y)}
            for x, y in points
        ]
        moves.insert(1, {"type": "pointerDown", "button": 0})
        moves.append({"type": "pointerUp", "button": 0})
        await self._act({"type": "pointer", "id": kind, "parameters": {"pointerType": kind}, "actions": moves})

    async def size(self, size: tuple[int, int]) -> None:
        """Make the page itself so large; the browser's bars come on top."""
        bars = int(await self.run("return outerHeight - innerHeight"))
        await self._do("POST", "/window/rect", x=0, y=0, width=size[0], height=size[1] + bars)
        await self.until("innerWidth === arguments[0] && innerHeight === arguments[1]", *size)

    async def picture(self) -> bytes:
        """The page as it is seen, a PNG."""
        await self.run(_STIR)
        return base64.b64decode(await self._do("GET", "/screenshot"))

    async def _act(self, source: dict[str, Any]) -> None:
        await self._do("POST", "/actions", actions=[source])
        await self._do("DELETE", "/actions")

    async def _do(self, method: str, path: str, **sent: Any) -> Any:
        return await _ask(self._http, method, self._driver + path, sent)


class WebDriverError(Exception):
    """The driver refused: its code and its sentence."""


@asynccontextmanager
async def webkit(folder: Path) -> AsyncIterator[WebKit]:
    """A browser with a profile that nobody else has, on a screen of its own; ``folder``: for what it writes."""
    browser = minibrowser()
    assert browser is not None
    with _screen() as display, _driver(folder, display) as url:
        async with aiohttp.ClientSession() as http:
            wanted = {"binary": str(browser), "args": ["--automation", *_LIKE_SAFARI]}
            match = {"alwaysMatch": {"webkitgtk:browserOptions": wanted}}
            made = await _ask(http, "POST", f"{url}/session", {"capabilities": match}, patience=_PATIENCE)
            session = f"{url}/session/{made['sessionId']}"
            try:
                yield WebKit(http, session)
            finally:
                await _ask(http, "DELETE", session, {})


async def _ask(http: aiohttp.ClientSession, method: str, url: str, sent: Any, *, patience: float = 0) -> Any:
    """One command. ``patience``: seconds in which the driver may still be starting."""
    ends = time.monotonic() + patience
    while True:
        try:
            async with http.request(method, url, json=sent if method == "POST" else None, timeout=_LONGEST) as answer:
                value = (await answer.json(content_type=None))["value"]
                if answer.status != 200:
                    raise WebDriverError(f"{value['error']}: {value['message']}")
                return value
        except aiohttp.ClientConnectorError:
            if time.monotonic() > ends:
                raise
            await asyncio.sleep(0.1)


@contextmanager
def _screen() -> Iterator[str]:
    """A screen in memory; it takes the first number that is free and tells it."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", _SCREEN, "-nolisten", "tcp", "-noreset"]
    process = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        _end(process)


@contextmanager
def _driver(folder: Path, display: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, **_PLAIN, "DISPLAY": display, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        env.pop(name, None)
    with (folder / "webkit.txt").open("wb") as out:
        process = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"], env=env, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
