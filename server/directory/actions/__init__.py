"""Verbs of the directory: entering and finding (``entries``), posts (``postings``), spreadsheets (``importing``)."""

from server.directory.actions.entries import (
    AUDIT_STREAM,
    bodies,
    body_exists,
    body_names,
    change_body,
    change_person,
    create_body,
    create_body_txn,
    create_operator_txn,
    create_person,
    create_person_txn,
    people,
    person,
    record_txn,
    search,
)
from server.directory.actions.importing import import_file, make_template, settle_imports
from server.directory.actions.postings import (
    PostEnded,
    add_posting,
    end_posting,
    has_post_after,
    on_posts_ended,
)
from server.directory.wire import PersonView

__all__ = [
    "AUDIT_STREAM",
    "PersonView",
    "PostEnded",
    "add_posting",
    "bodies",
    "body_exists",
    "body_names",
    "change_body",
    "change_person",
    "create_body",
    "create_body_txn",
    "create_operator_txn",
    "create_person",
    "create_person_txn",
    "end_posting",
    "has_post_after",
    "import_file",
    "make_template",
    "on_posts_ended",
    "people",
    "person",
    "record_txn",
    "search",
    "settle_imports",
]
