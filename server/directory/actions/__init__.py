"""Verbs of the directory: entering and finding (``entries``), taking over a spreadsheet (``importing``)."""

from server.directory.actions.entries import (
    AUDIT_STREAM,
    bodies,
    body_exists,
    body_names,
    change_person,
    create_body,
    create_body_txn,
    create_operator_txn,
    create_person,
    create_person_txn,
    end_posting,
    people,
    person,
    record_txn,
    search,
)
from server.directory.actions.importing import import_file, make_template, settle_imports
from server.directory.wire import PersonView

__all__ = [
    "AUDIT_STREAM",
    "PersonView",
    "bodies",
    "body_exists",
    "body_names",
    "change_person",
    "create_body",
    "create_body_txn",
    "create_operator_txn",
    "create_person",
    "create_person_txn",
    "end_posting",
    "import_file",
    "make_template",
    "people",
    "person",
    "record_txn",
    "search",
    "settle_imports",
]
