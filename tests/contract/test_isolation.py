"""Every operation and every socket command × everybody, at every place: who may, who may not, and what each is told.

Walks the route table and the command table of the running application: one without a row in ``rows.py`` fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
import pytest_asyncio

from server.app import HOUSE
from server.core.sockets import CORE_COMMANDS
from tests.contract.asking import Answer, routes
from tests.contract.rows import ALL, COMMANDS, PRIVATE_PUSH, ROWS, SEES, Row
from tests.support.sitting_clients import connected
from tests.support.world import NOBODY, PEOPLE, SCREEN, Spot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.contract.asking import Asker
    from tests.support.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What the application serves beside its table: pages without anybody's data, the API's description, the socket.
UNTABLED = {
    *("/", "/healthz", "/tablet", "/tablet/{path}", "/desk", "/desk/{path}"),
    *("/api/v1/openapi.json", "/socket.io/"),
}


async def test_every_operation_and_command_has_a_row_and_every_row_one(world: World) -> None:
    assert set(ROWS) == set(routes(world))
    house = world.server.app[HOUSE]
    assert set(COMMANDS) == {command.name for command in (*house.commands, *CORE_COMMANDS.table)}


async def test_nothing_is_served_beside_the_table(world: World) -> None:
    served = {resource.canonical for resource in world.server.app.router.resources()}
    assert served - UNTABLED == {route.path for route in routes(world).values()}


async def walk(
    world: World, row: Row, place: str, everybody: frozenset[str], attempt: Callable[[str, Spot], Awaitable[Answer]]
) -> None:
    """Those who may not, then those who may; what a place hides must look like a place that is not there."""
    spot = world.spots[place]
    may = row.who[place]
    assert may <= everybody
    for name in sorted(everybody - may):
        answer = await attempt(name, spot)
        assert answer.code in row.refusals, (name, place, answer)
        assert not world.leaks(name, answer.told), (name, place, answer)
        if name not in SEES[place] | row.sees:
            nothing = await attempt(name, Spot.nowhere())
            assert answer == nothing, f"{name} can tell {place} from nothing"
    for name in sorted(may):
        answer = await attempt(name, spot)
        assert answer.status < 500, (name, place, answer)
        assert answer.code not in row.refusals, (name, place, answer)
        assert not world.leaks(name, answer.told), (name, place, answer)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def sockets(world: World) -> AsyncIterator[None]:
    """Everybody's socket, in the rooms of the items that they may hear."""
    async with connected(*(world.clients[name] for name in (*PEOPLE, SCREEN))):
        for name in (*PEOPLE, SCREEN):
            for spot in world.spots.values():
                await world.clients[name].say("stream.join", stream=f"i:{spot.item}")
        yield


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("sockets")
async def test_command(world: World, command: str) -> None:
    row = COMMANDS[command]
    for place in row.who:
        await walk(world, row, place, frozenset({*PEOPLE, SCREEN}), saying(world, command, row))


def saying(world: World, command: str, row: Row) -> Callable[[str, Spot], Awaitable[Answer]]:
    """Ways to say a command by somebody's socket, at a place."""

    async def say(name: str, spot: Spot) -> Answer:
        answer = await world.clients[name].say(command, **row.body(world, spot))
        code = answer["error"]["code"] if "error" in answer else ""
        return Answer(200, code, msgspec.json.encode(answer), answer)

    return say


@pytest.mark.usefixtures("sockets")
@pytest.mark.parametrize("place", ["open", "closed", "other"])
async def test_nobody_writes_into_private_notes_of_another(world: World, asker: Asker, place: str) -> None:
    row = Row(who={place: frozenset({world.spots[place].owner})}, body=PRIVATE_PUSH)
    route = routes(world)["annotations.push"]
    await walk(world, row, place, ALL, lambda name, spot: asker.row(name, route, row, spot))
    say = saying(world, "annotations.push", row)
    await walk(world, row, place, frozenset(PEOPLE), say)
    # Not even those who see the paper can tell that somebody has written on it.
    for name in sorted(SEES[place] - row.who[place]):
        assert await say(name, world.spots[place]) == await say(name, Spot.nowhere())


@pytest.mark.parametrize("operation", ROWS)
async def test_operation(world: World, asker: Asker, operation: str) -> None:
    row, route = ROWS[operation], routes(world)[operation]
    for place in row.who:
        await walk(world, row, place, ALL, lambda name, spot: asker.row(name, route, row, spot))


async def test_private_notes_of_others_look_the_same_as_none(world: World, asker: Asker) -> None:
    spot = world.spots["open"]
    answer = await asker.ask("colleague", "GET", f"/api/v1/versions/{spot.version}/annotations")
    texts = {each["body"]["text"] for each in answer.body["annotations"]}
    assert {text.partition(" (")[0] for text in texts} == {"ý kiến chung của A"}


async def test_a_wrong_session_is_nobody(world: World, asker: Asker) -> None:
    route = routes(world)["meetings.list_meetings"]
    headers = {"Cookie": "__Host-phien=" + "x" * 43}
    answer = await asker.ask(NOBODY, route.method, route.path, headers=headers)
    assert answer.code == "unauthenticated"
