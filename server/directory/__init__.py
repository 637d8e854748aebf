"""The directory: public bodies and their tiers, posts, people, and their import from a spreadsheet.

Everything in it is dated: a body, a tier and a posting have a first and a last day. A person's stream ``u:<person>``
is opened here, when the person is entered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add the routes, the permissions, who a person is to an actor, and the background work."""
    from server.core import access, journal  # noqa: PLC0415 - features load when the house is built
    from server.directory import jobs, routes, rules  # noqa: PLC0415 - the same

    access.declare(rules.PERMISSIONS)
    access.relate("person", rules.relation_to_person)
    journal.provide("u", lambda _read, _stream, _after: ())
    house.routes += routes.routes.table
    house.background.append(jobs.run)
