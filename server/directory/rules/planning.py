"""The plan of an import: what each row changes, found without touching anything.

A row names a body, or a body and a person with a post in it. Empty cells leave things as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.directory.models import ImportLine, Known, Plan
from server.directory.rules.outcomes import Outcomes, changed
from server.directory.rules.planning_bodies import BodyPlan
from server.directory.rules.planning_people import PeoplePlan


def plan_import(lines: Sequence[ImportLine], known: Known, *, today: str, new_id: Callable[[], str]) -> Plan:
    """What ``lines`` change in ``known``; new things begin ``today`` (ISO) where the file does not say when.

    Every row has one outcome. A plan with a refused row is for reading only.
    """
    outcomes = Outcomes()
    bodies = BodyPlan(known, outcomes, today, new_id)
    bodies.take(lines)
    people = PeoplePlan(known, bodies, outcomes, today, new_id)
    people.take(lines)
    return Plan(
        rows=tuple(outcomes.rows[line.row] for line in lines),
        new_bodies=bodies.new_by_descent(),
        changed_bodies=changed(bodies.before, bodies.after),
        new_people=tuple(each for code, each in people.after.items() if code not in people.before),
        changed_people=changed(people.before, people.after),
        new_postings=tuple(each for key, each in people.postings.items() if key not in people.postings_before),
        changed_postings=changed(people.postings_before, people.postings),
    )
