"""Accounts: signing in and out, the devices of a person, access given and taken, and what is granted to whom.

A session is an opaque token in a cookie, stored hashed; who holds it is answered from memory (``actions.sessions``).
Passkeys (``actions.passkeys``) are another way to the same session; one-time passwords and single sign-on will join.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes, permissions, the way to know who asks, and the round over the sessions."""
    from server.accounts import actions, jobs, routes, rules  # noqa: PLC0415 - features load when the house is built
    from server.core import access  # noqa: PLC0415 - the same
    from server.directory import actions as directory  # noqa: PLC0415 - the same

    access.declare(rules.PERMISSIONS)
    directory.on_posts_ended(actions.posts_ended_txn)
    sessions = actions.of(house.core)
    house.authenticate = partial(actions.authenticate, house.core)
    house.on_connected.append(sessions.connected)
    house.on_gone.append(sessions.gone)
    house.routes += routes.routes.table
    if house.core.config.is_demo:
        house.routes += routes.demo_routes.table
    house.before_serving.append(sessions.loaded)
    house.background += [jobs.keep_sessions, jobs.keep_dates]
