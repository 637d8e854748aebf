"""One socket over real connections: who comes in, what is held back, who is too slow, and how it ends."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from server.core.fanout import ConnectionRefused, Limits, Link
from tests.core.fanout_harness import ORIGIN, Recorder, joined, on_both_loops, opened, serving, until


@pytest.mark.parametrize("headers", [{"X-None": "1"}, {"Origin": "http://evil.test"}, {"Origin": "null"}])
async def test_a_missing_or_foreign_origin_is_refused(headers: dict[str, str]) -> None:
    async with serving(Recorder()) as (_, port):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with opened(port, headers):
                pass
    assert refused.value.status == 403


@pytest.mark.parametrize("query", ["EIO=4&transport=polling", "EIO=3&transport=websocket", "transport=websocket", ""])
async def test_only_websocket_and_protocol_4_are_served(query: str) -> None:
    async with serving(Recorder()) as (_, port), aiohttp.ClientSession() as session:
        for method in ("GET", "POST"):
            url = f"http://127.0.0.1:{port}/socket.io/?{query}"
            async with session.request(method, url, headers={"Origin": ORIGIN}) as answer:
                assert answer.status == (400 if method == "GET" else 405)


async def test_compression_is_never_negotiated() -> None:
    async with serving(Recorder()) as (_, port), opened(port, compress=15) as hand:
        assert not hand.ws.compress


async def test_open_tells_the_limits() -> None:
    async with serving(Recorder()) as (_, port), opened(port) as hand:
        greeting = json.loads((await hand.hear())[1:])
    assert greeting["upgrades"] == []
    assert (greeting["pingInterval"], greeting["pingTimeout"], greeting["maxPayload"]) == (10_000, 10_000, 524_288)


async def test_the_auth_of_connect_and_the_request_reach_the_hook() -> None:
    class Hooks(Recorder):
        async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
            await super().on_connect(link, auth, request)
            assert request.headers["Origin"] == ORIGIN

    hooks = Hooks()
    async with serving(hooks) as (seam, port), joined(port, {"proto": 1}):
        assert hooks.links[0].data == {"proto": 1}
        assert hooks.links[0].request is None
        assert seam.environ == {}


async def test_what_is_said_while_connecting_follows_the_answer() -> None:
    class Hooks(Recorder):
        async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
            await super().on_connect(link, auth, request)
            self.seam.fanout.broadcast("all", "a.first", b"1")
            await asyncio.sleep(0.01)
            self.seam.fanout.broadcast("all", "a.second", b"2")

    async with serving(Hooks()) as (_, port), joined(port) as hand:
        assert await hand.hear_event() == ("a.first", 1)
        assert await hand.hear_event() == ("a.second", 2)


async def test_a_refusal_carries_code_and_args_and_leaves_nothing_behind() -> None:
    class Hooks(Recorder):
        async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
            await super().on_connect(link, auth, request)
            raise ConnectionRefused("must_update", {"proto": 2})

    hooks = Hooks()
    async with serving(hooks) as (seam, port):
        async with opened(port) as hand:
            await hand.hear()
            await hand.say("40{}")
            refusal = {"message": "must_update", "data": {"code": "must_update", "args": {"proto": 2}}}
            assert json.loads((await hand.hear()).removeprefix("44")) == refusal
            assert await hand.hear() == ""
        await until(lambda: not seam.eio.sockets)
        assert (seam.fanout.links, seam.fanout._rooms, hooks.gone) == ({}, {}, [])


async def test_a_connect_hook_that_fails_refuses_with_internal(caplog: pytest.LogCaptureFixture) -> None:
    class Hooks(Recorder):
        async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
            raise RuntimeError("database away")

    async with serving(Hooks()) as (_, port), opened(port) as hand:
        await hand.hear()
        await hand.say("40")
        assert json.loads((await hand.hear())[2:])["message"] == "internal"
    assert "database away" in caplog.text


@pytest.mark.parametrize("packet", ['42["a.b",1]', "40/admin,{}", "4x", "9", "451-[]", "40{", "42[1]", "x"])
async def test_what_is_no_packet_ends_the_connection(packet: str) -> None:
    async with serving(Recorder()) as (seam, port), opened(port) as hand:
        await hand.hear()
        await hand.say(packet)
        assert await hand.hear() == ""
        await until(lambda: not seam.eio.sockets)


async def test_a_frame_over_the_limit_ends_the_connection() -> None:
    async with serving(Recorder()) as (_, port), joined(port) as hand:
        await hand.say('42["a.b","' + "x" * 524_288 + '"]')
        assert await hand.hear() == ""
        assert hand.ws.close_code == 1009


async def test_large_messages_pass_both_ways() -> None:
    text = "ờ" * 150_000
    async with serving(Recorder()) as (_, port), joined(port) as hand:
        await hand.say("421" + json.dumps(["a.b", text], ensure_ascii=False))
        assert json.loads((await hand.hear()).removeprefix("431")) == [text]


async def test_a_command_that_fails_is_acknowledged_as_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    class Hooks(Recorder):
        async def on_command(self, link: Link, name: str, data: msgspec.Raw) -> object:
            raise RuntimeError("never foreseen")

    async with serving(Hooks()) as (_, port), joined(port) as hand:
        await hand.say('425["a.b",1]')
        assert await hand.hear() == '435[{"error":{"code":"internal"}}]'
    assert "never foreseen" in caplog.text


async def test_commands_begin_in_order_and_one_that_waits_holds_up_no_other() -> None:
    class Hooks(Recorder):
        async def on_command(self, link: Link, name: str, data: msgspec.Raw) -> object:
            number = await super().on_command(link, name, data)
            if number == 0:
                await until(lambda: len(self.commands) == 20)
            return number

    hooks = Hooks()
    async with serving(hooks) as (_, port), joined(port) as hand:
        for number in range(20):
            await hand.say(f'42{number}["a.b",{number}]')
        answers = [await hand.hear() for _ in range(20)]
    assert [value for _, value in hooks.commands] == list(range(20))
    assert answers[-1] == "430[0]"


async def test_no_more_than_the_allowed_commands_run_at_once() -> None:
    gate = asyncio.Event()

    class Hooks(Recorder):
        async def on_command(self, link: Link, name: str, data: msgspec.Raw) -> object:
            value = await super().on_command(link, name, data)
            await gate.wait()
            return value

    hooks = Hooks()
    async with serving(hooks, Limits(in_flight=3)) as (_, port), joined(port) as hand:
        for number in range(10):
            await hand.say(f'42{number}["a.b",{number}]')
        await until(lambda: len(hooks.commands) == 3)
        await asyncio.sleep(0.05)
        assert len(hooks.commands) == 3
        gate.set()
        assert len({await hand.hear() for _ in range(10)}) == 10


async def test_the_rate_is_held_by_not_reading() -> None:
    hooks = Recorder()
    async with serving(hooks, Limits(rate=50, burst=10)) as (_, port), joined(port) as hand:
        start = asyncio.get_running_loop().time()
        for number in range(30):
            await hand.say(f'42{number}["a.b",{number}]')
        for _ in range(30):
            await hand.hear()
        assert asyncio.get_running_loop().time() - start > 0.35
    assert [value for _, value in hooks.commands] == list(range(30))


@asynccontextmanager
async def stalled(port: int) -> AsyncIterator[socket.socket]:
    """A client that was let in and then takes nothing more from its socket."""
    loop = asyncio.get_running_loop()
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        await loop.sock_connect(sock, ("127.0.0.1", port))
        head = f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nOrigin: {ORIGIN}\r\n"
        head += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        await loop.sock_sendall(sock, (head + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").encode())
        await loop.sock_sendall(sock, b"\x81\x84\0\0\0\x0040{}")  # masked with zeros
        yield sock


BODY = json.dumps("x" * 16_000).encode()


@on_both_loops
async def test_a_slow_reader_is_dropped_on_a_durable_frame_and_nobody_else_suffers() -> None:
    hooks = Recorder()
    async with serving(hooks) as (seam, port), joined(port) as hand, stalled(port):
        await until(lambda: len(seam.fanout.links) == 2)
        slow = hooks.links[1]
        for number in range(60):
            seam.fanout.broadcast("all", "a.b", b"[%d,%b]" % (number, BODY))
            name, (got, _) = await hand.hear_event()
            assert (name, got) == ("a.b", number)
            assert slow.buffered < 256 * 1024 + 2 * 16_100
        await until(lambda: hooks.gone == [slow])
        assert seam.fanout.tally.slow == 1
        assert list(seam.fanout.room("all")) == [hooks.links[0]]


@on_both_loops
async def test_a_slow_reader_loses_volatile_frames_and_stays() -> None:
    hooks = Recorder()
    async with serving(hooks) as (seam, port), stalled(port):
        await until(lambda: len(seam.fanout.links) == 1)
        for _ in range(60):
            seam.fanout.broadcast("all", "a.b", BODY, volatile=True)
            await asyncio.sleep(0)
        assert seam.fanout.tally.dropped > 10
        assert seam.fanout.tally.slow == 0
        assert 256 * 1024 < hooks.links[0].buffered < 256 * 1024 + 2 * 16_100
        assert list(seam.fanout.links) == [hooks.links[0].sid]


@on_both_loops
async def test_who_never_reads_its_connect_is_held_within_bounds() -> None:
    class Hooks(Recorder):
        async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
            await super().on_connect(link, auth, request)
            for _ in range(60):
                self.seam.fanout.broadcast("all", "a.b", BODY)

    hooks = Hooks()
    async with serving(hooks) as (seam, port), stalled(port):
        await until(lambda: bool(hooks.links))
        await until(lambda: not seam.eio.sockets)
        assert seam.fanout.tally.slow == 1


async def test_the_kernel_is_told_what_to_buffer_and_when_to_give_up() -> None:
    hooks = Recorder()
    async with serving(hooks) as (_, port), joined(port):
        sock = hooks.links[0]._transport.get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) in {128 * 1024, 256 * 1024}  # Linux doubles it
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000


@on_both_loops
async def test_after_a_kick_the_reason_arrives_and_then_nothing() -> None:
    hooks = Recorder()
    async with serving(hooks) as (seam, port), joined(port) as hand:
        link = hooks.links[0]
        seam.fanout.kick(link, "access_withdrawn")
        assert seam.fanout.broadcast("all", "a.b", b"1") == 0
        assert not link.send_frame(b"")
        assert await hand.hear_event() == ("fanout.kicked", {"code": "access_withdrawn"})
        assert [await hand.hear(), await hand.hear(), await hand.hear()] == ["41", "1", ""]
        await until(lambda: hooks.gone == [link])


async def test_goodbye_vanishing_and_close_each_tell_the_hook_once() -> None:
    hooks = Recorder()
    async with serving(hooks) as (seam, port):
        async with joined(port) as leaver:
            await leaver.say("41")
            assert await leaver.hear() == ""
        async with joined(port) as closer:
            await closer.say("1")
            assert await closer.hear() == ""
        async with joined(port):
            pass
        await until(lambda: not seam.eio.sockets)
        assert hooks.gone == hooks.links
        assert len(hooks.gone) == 3
        assert (seam.fanout.links, seam.fanout._rooms) == ({}, {})


async def test_the_rooms_are_still_known_when_the_hook_hears_of_the_end() -> None:
    rooms: list[list[str]] = []

    class Hooks(Recorder):
        def on_disconnect(self, link: Link) -> None:
            rooms.append(list(link.rooms))

    async with serving(Hooks()) as (seam, port):
        async with joined(port):
            pass
        await until(lambda: not seam.eio.sockets)
    assert rooms == [["all"]]


async def test_stopping_ends_all_in_a_way_that_brings_them_back() -> None:
    async with serving(Recorder()) as (seam, port), joined(port) as hand:
        await seam.shutdown()
        assert await hand.hear() == ""
        assert hand.ws.close_code == 1001


async def test_a_pong_is_presence_and_silence_is_the_end() -> None:
    hooks = Recorder()
    limits = Limits(ping_interval=0.2, ping_timeout=0.2)
    async with serving(hooks, limits) as (seam, port), joined(port) as alive, stalled(port):
        await until(lambda: len(hooks.links) == 2)
        present, silent = hooks.links
        hearing = asyncio.create_task(alive.hear())
        await until(lambda: len(hooks.pongs) >= 3)
        await until(lambda: hooks.gone == [silent])
        assert set(hooks.pongs) == {present}
        seam.fanout.broadcast("all", "a.b", b"1")
        assert await hearing == '42["a.b",1]'


async def test_who_never_says_connect_is_sent_away() -> None:
    limits = Limits(ping_interval=0.2, ping_timeout=5, connect_timeout=0.1)
    async with serving(Recorder(), limits) as (seam, port), opened(port) as hand:
        await hand.hear()
        assert await hand.hear() == ""
        await until(lambda: not seam.eio.sockets)


async def test_the_wheel_stops_with_the_last_link() -> None:
    async with serving(Recorder()) as (seam, port):
        async with joined(port):
            assert seam.eio.pulse._timer is not None
        await until(lambda: not seam.eio.sockets)
        pulse = seam.eio.pulse
        assert (pulse._timer, pulse._slot_of) == (None, {})


async def test_the_librarys_own_calls_stand_on_the_same_rooms() -> None:
    hooks = Recorder()
    async with serving(hooks) as (seam, port), joined(port) as one, joined(port) as two:
        first, second = hooks.links
        await seam.enter_room(first.sid, "inner")
        assert seam.rooms(first.sid) == ["all", "inner"]
        await seam.emit("a.b", ("x", 2), room="inner")
        await seam.emit("a.c", {"y": 1}, room=["inner", "all"], skip_sid=first.sid)
        await seam.leave_room(first.sid, "inner")
        assert list(seam.fanout.room("inner")) == []
        await seam.emit("a.d", None, to=second.sid)
        await seam.emit("a.e", 1)
        assert [await one.hear(), await one.hear()] == ['42["a.b","x",2]', '42["a.e",1]']
        assert [await two.hear(), await two.hear(), await two.hear()] == [
            '42["a.c",{"y":1}]',
            '42["a.d"]',
            '42["a.e",1]',
        ]
        call = asyncio.create_task(seam.call("a.f", 5, to=first.sid, timeout=5))
        assert await one.hear() == '421["a.f",5]'
        await one.say("431[6]")
        assert await call == 6
        await seam.close_room("all")
        assert list(seam.fanout.room("all")) == []
        await seam.disconnect(second.sid)
        assert await two.hear() == "41"


def test_the_logs_stay_quiet_about_clients_that_misbehave(caplog: pytest.LogCaptureFixture) -> None:
    async def misbehave() -> None:
        async with serving(Recorder()) as (seam, port):
            for packet in ("4x", "42[", "garbage", "9", "4", "40" + "[" * 100_000, "421[" * 2, "0"):
                async with opened(port) as hand:
                    await hand.hear()
                    await hand.say(packet)
                    await hand.hear()
            await until(lambda: not seam.eio.sockets)

    with caplog.at_level(logging.WARNING):
        asyncio.run(misbehave())
    assert caplog.text == ""
