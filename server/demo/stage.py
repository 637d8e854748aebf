"""Where the demo is played: a core whose clock is set to when each act happened, and the people who act."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive
from server.core.access import SYSTEM, Actor, Grant, Role
from server.core.clock import FakeClock
from server.core.mail import Mailer
from server.demo import cast
from server.directory import actions as directory
from server.directory.rules import HOUSE_ZONE
from server.directory.wire import BodyCreate, PersonCreate
from server.invitations import actions as invitations
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Tx
    from server.core.workers import Workers

MAIL_DOMAIN = "tangiang.example"
_ADMINISTRATOR = Actor(person_id=SYSTEM, device_id=SYSTEM, name=SYSTEM, grants=(Grant(Role.ADMINISTRATOR),))


class Stage:
    """The core to act through, at the hour that was set; ``now`` is the hour at which the demo is made."""

    def __init__(self, core: Core, workers: Workers, gate: Workers) -> None:
        self.now = core.clock.now().replace(microsecond=0)
        self._clock = FakeClock(self.now)
        mailer = Mailer(core.config.mail, clock=self._clock)
        self.core = dataclasses.replace(core, clock=self._clock, mailer=mailer, workers=workers, gate=gate)
        self.bodies: Mapping[str, str] = {}
        self.people: Mapping[str, str] = {}
        self._players = {player.user: player for player in cast.PLAYERS}

    @property
    def body(self) -> str:
        """The id of the city's People's Committee, which holds the meetings."""
        return self.bodies[cast.CITY]

    def at(self, moment: datetime) -> None:
        """Let it be this moment."""
        self._clock.set(moment)

    def actor(self, user: str) -> Actor:
        """Somebody, with what is granted to them."""
        player = self._players[user]
        return Actor(
            person_id=self.people[user], device_id="demo", name=player.name, grants=_grants(player, self.bodies)
        )

    @property
    def administrator(self) -> Actor:
        """Who enters the people."""
        return _ADMINISTRATOR

    async def people_the_city(self, password: str) -> None:
        """Enter bodies and people, give everybody an account with the same password, offer the one-tap roles."""
        self.at(self.now - timedelta(days=60))
        made = await self.core.db.write(self._enter_txn)
        self.bodies, self.people = made
        # Hashing takes 30 ms each; people who do not exist may share a hash.
        hashed = await accounts.of(self.core).hashing.make(password)
        await self.core.db.write(lambda tx: self._give_txn(tx, hashed))
        roles = [(role, self.people[user]) for role, user in cast.ROLES]
        await accounts.offer_demo_roles(self.core, roles)

    def _enter_txn(self, tx: Tx) -> tuple[dict[str, str], dict[str, str]]:
        bodies: dict[str, str] = {}
        for body in cast.BODIES:
            command = BodyCreate(
                code=body.code, name=body.name, short_name=body.short, tier=body.tier,
                parent_id=bodies.get(body.parent), valid_from=cast.SINCE,
            )  # fmt: skip
            bodies[body.code] = directory.create_body_txn(tx, command, actor=_ADMINISTRATOR).id
        people: dict[str, str] = {}
        for number, player in enumerate(cast.PLAYERS, start=1):
            person = PersonCreate(
                code=f"CB-{number:04d}", full_name=player.name, email=f"{player.user}@{MAIL_DOMAIN}",
                phone=f"0900 000 {number:03d}", body_id=bodies[player.body], title=player.title,
                valid_from=cast.SINCE,
            )  # fmt: skip
            people[player.user] = directory.create_person_txn(tx, person, actor=_ADMINISTRATOR).id
        return bodies, people

    def _give_txn(self, tx: Tx, hashed: str) -> None:
        for player in cast.PLAYERS:
            command = AccountGive(user=player.user, grants=_grants(player, self.bodies))
            person_id = self.people[player.user]
            accounts.give_txn(tx, person_id, command, password_hash=hashed, now=self.core.clock.now(), actor=SYSTEM)

    async def settle(self) -> None:
        """Do what the server does in the background: let people in, let their streams follow, send the mails."""
        for some in (invitations.invite_some, meetings.settle_some, invitations.mail_some):
            while await some(self.core):
                pass


def _grants(player: cast.Player, bodies: Mapping[str, str]) -> tuple[Grant, ...]:
    """The administrator's is for the house; the office works for the city, everybody else for their own body."""
    body = bodies[cast.CITY if player.body == cast.OFFICE else player.body]
    return tuple(Grant(role, None if role is Role.ADMINISTRATOR else body) for role in player.grants)


def workday(near: datetime, hour: int, minute: int = 0, *, step: int) -> datetime:
    """A moment in Viet Nam on the day of ``near`` or the next (``step`` 1, or -1: the last) that is no weekend."""
    day = near.astimezone(HOUSE_ZONE).date()
    while day.weekday() > 4:  # noqa: PLR2004 - Saturday is 5
        day += timedelta(days=step)
    return datetime.combine(day, time(hour, minute), HOUSE_ZONE)


def members() -> Iterable[cast.Player]:
    """Those who vote in the regular sitting."""
    return (player for player in cast.PLAYERS if player.part == "member")


def guests() -> Iterable[cast.Player]:
    """Those who are invited to it."""
    return (player for player in cast.PLAYERS if player.part == "guest")
