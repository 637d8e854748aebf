"""Verbs of signatures: ask, sign, return, withdraw, check, enrol keys.

Others use: ``enrol_pkcs12`` and ``add_root`` (the demo).
"""

from server.signatures.actions.asking import ask, give_back, inbox, view, withdraw
from server.signatures.actions.checking import check_upload, check_version
from server.signatures.actions.following import grants_changed, item_audience_changed, meeting_changed, version_changed
from server.signatures.actions.keys import enrol_pkcs12
from server.signatures.actions.signing import sign
from server.signatures.actions.standing import desk_entities, official_entities, to_request, to_version
from server.signatures.actions.trust import add_root

__all__ = [
    "add_root",
    "ask",
    "check_upload",
    "check_version",
    "desk_entities",
    "enrol_pkcs12",
    "give_back",
    "grants_changed",
    "inbox",
    "item_audience_changed",
    "meeting_changed",
    "official_entities",
    "sign",
    "to_request",
    "to_version",
    "version_changed",
    "view",
    "withdraw",
]
