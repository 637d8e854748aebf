"""Keys behind one door: ``signer_for(core, holder, actor=…, secret=…)``, wherever the key lies.

A holder is "person:<id>", or "body:<id>" for the body's seal.
"""

from server.signatures.actions.keys.enrolling import enrol_pkcs12, enrol_seal, enrol_stored
from server.signatures.actions.keys.files import folder, require_file_keys
from server.signatures.actions.keys.holders import body, person, view
from server.signatures.actions.keys.opening import signer_for

__all__ = [
    "body",
    "enrol_pkcs12",
    "enrol_seal",
    "enrol_stored",
    "folder",
    "person",
    "require_file_keys",
    "signer_for",
    "view",
]
