"""What is declared is what is: every message is used, generated files are fresh, old clients are told, tables match."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest
import socketio
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url

from server.app import HOUSE
from server.cli import main
from server.core import wire, wiregen
from server.core.db import metadata
from server.core.db.database import sync_url
from server.core.sockets import CORE_COMMANDS, Handshake
from server.core.wiregen import structs
from server.features import FEATURES

if TYPE_CHECKING:
    from tests.support.house import Server

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "server"


def made() -> set[str]:
    """The names of all that is called like a class somewhere under ``server``, outside of the declarations."""
    found = set()
    for path in SERVER.rglob("*.py"):
        if path.name != "wire.py" and path.parent.name != "wire" and "demo" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    found.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
    return found


def test_every_event_and_every_entity_is_made_by_somebody() -> None:
    declared = {each.__name__ for each in structs() if issubclass(each, (wire.Event, wire.Entity))}
    assert len(declared) > 20
    assert declared - made() == {"Event", "Entity"} & declared


async def test_every_command_is_taken_by_a_route_or_the_socket(server: Server) -> None:
    house = server.app[HOUSE]
    taken: set[Any] = {Handshake, *(command.shape for command in (*house.commands, *CORE_COMMANDS.table))}
    taken |= {shape for route in house.routes for shape in (route.body, route.query) if shape is not None}
    elsewhere = {"DemoSignIn", "UploadMeta"}  # the demo's own; what an upload says of itself in a header
    declared = {each for each in structs() if issubclass(each, wire.Command) and each is not wire.Command}
    assert {each.__name__ for each in declared - taken} == elsewhere


async def test_every_view_is_answered_by_a_route_or_the_socket(server: Server) -> None:
    answered = {each.__name__ for each in structs() if issubclass(each, wire.View) and each is not wire.View}
    named = {route.returns.__name__ for route in server.app[HOUSE].routes if isinstance(route.returns, type)}
    assert answered - named - made() == set()


def test_names_on_the_wire_are_said_once_and_begin_with_their_feature() -> None:
    events = [each for each in structs() if issubclass(each, wire.Event) and each is not wire.Event]
    tags = [str(each.__struct_config__.tag) for each in events]
    assert len(set(tags)) == len(tags)
    for event, tag in zip(events, tags, strict=True):
        assert tag.partition(".")[0] in FEATURES
        assert f"{event.__module__}.".startswith(f"server.{tag.partition('.')[0]}.wire.")
    kinds = [each.__struct_config__.tag for each in structs() if issubclass(each, wire.Entity)]
    assert len(set(kinds)) == len(kinds)


def test_generated_files_are_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["wire", "--check"]) == 0


def test_a_stale_file_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "clients" / "wire").mkdir(parents=True)
    for name in ("wire.ts", "wire.schema.json"):
        fresh = (ROOT / "clients" / "wire" / name).read_text(encoding="utf-8")
        (tmp_path / "clients" / "wire" / name).write_text(fresh + " ", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["wire", "--check"]) == 1


def test_migrations_make_the_tables_that_the_code_knows(database_url: str) -> None:
    engine = create_engine(sync_url(make_url(database_url)))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


@pytest.mark.parametrize("proto", [wire.PROTOCOL - 1, wire.PROTOCOL + 1])
async def test_another_protocol_is_told_to_update(server: Server, proto: int) -> None:
    async with aiohttp.ClientSession() as session:
        io = socketio.AsyncClient(reconnection=False, http_session=session)
        refused: list[Any] = []
        io.on("connect_error", refused.append)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await io.connect(
                server.url, headers={"Origin": server.url}, auth={"proto": proto}, transports=["websocket"]
            )
    assert refused[0]["message"] == "must_update"
    assert refused[0]["data"] == {"code": "must_update", "args": {"proto": wire.PROTOCOL}}


def test_two_messages_of_one_name_are_refused() -> None:
    first, second = (msgspec.defstruct("Twice", [("n", int)], module=name) for name in ("server.a", "server.b"))
    with pytest.raises(TypeError, match=r"Twice: in server\.a and server\.b"):
        wiregen.require_own_names([first, first, second])
