"""PDF signatures as a library: make them, look at them closely; no idea of the web, imports nothing of the server."""

from signing.errors import SigningError
from signing.pades import Prepared, finish, prepare, sign
from signing.report import Report, SignatureReport
from signing.signers import KeySigner, Signer, load_pkcs12
from signing.stamp import Stamp
from signing.verify import verify

__all__ = [
    "KeySigner",
    "Prepared",
    "Report",
    "SignatureReport",
    "Signer",
    "SigningError",
    "Stamp",
    "finish",
    "load_pkcs12",
    "prepare",
    "sign",
    "verify",
]
