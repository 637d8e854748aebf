"""Verbs of signatures: ask, sign, return, withdraw, check, enrol keys.

Others use: ``enrol_pkcs12`` and ``add_root`` (the demo).
"""

from server.signatures.actions.asking import ask, give_back, inbox, reject, view, withdraw
from server.signatures.actions.batch import sign_batch
from server.signatures.actions.checking import check_upload, check_version
from server.signatures.actions.delegating import delegate, delegations, end_delegation
from server.signatures.actions.following import grants_changed, item_audience_changed, meeting_changed, version_changed
from server.signatures.actions.keys import enrol_pkcs12
from server.signatures.actions.recalling import recall
from server.signatures.actions.showing import pages_of_upload, pages_of_version, print_upload, print_version
from server.signatures.actions.signing import approve, initial, look_over, sign
from server.signatures.actions.standing import (
    desk_entities,
    official_entities,
    to_body,
    to_dossier,
    to_request,
    to_version,
)
from server.signatures.actions.trust import add_root

__all__ = [
    "add_root",
    "approve",
    "ask",
    "check_upload",
    "check_version",
    "delegate",
    "delegations",
    "desk_entities",
    "end_delegation",
    "enrol_pkcs12",
    "give_back",
    "grants_changed",
    "inbox",
    "initial",
    "item_audience_changed",
    "look_over",
    "meeting_changed",
    "official_entities",
    "pages_of_upload",
    "pages_of_version",
    "print_upload",
    "print_version",
    "recall",
    "reject",
    "sign",
    "sign_batch",
    "to_body",
    "to_dossier",
    "to_request",
    "to_version",
    "version_changed",
    "view",
    "withdraw",
]
