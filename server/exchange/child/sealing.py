"""The signature over a whole package (XML-DSig) as it is made: one, enveloped, over everything, for any key."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from server.exchange.child.elements import SIGNATURE
from signing.algorithms import Algorithm, algorithm_of, checked_signature

if TYPE_CHECKING:
    from collections.abc import Sequence

ENVELOPED = f"{SIGNATURE}enveloped-signature"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_DIGEST_NAMES = {name: uri for uri, name in DIGESTS.items()}
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
METHODS = {
    **{f"{_MORE}rsa-{one}": ("rsa-pkcs1", one) for one in _DIGEST_NAMES},
    **{f"{_MORE}ecdsa-{one}": ("ecdsa", one) for one in _DIGEST_NAMES},
    **{f"http://www.w3.org/2007/05/xmldsig-more#{one}-rsa-MGF1": ("rsa-pss", one) for one in _DIGEST_NAMES},
}
_METHOD_NAMES = {how: uri for uri, how in METHODS.items()}


def add_seal(
    parent: etree._Element, certificate: bytes, chain: Sequence[bytes], algorithm: str, place: str
) -> bytes:  # fmt: skip
    """Put the signature of the whole document into ``parent``; gives the bytes that the key signs.

    The text ``place`` stands where the value will, so that it can be written into the finished file. Nothing of the
    document may change afterwards. Raises SigningError for a key that must not sign.
    """
    how = algorithm_of(certificate, algorithm)
    digest = digest_of(parent.getroottree(), how.digest, EXCLUSIVE, [])
    made = etree.SubElement(parent, ds("Signature"), nsmap={"ds": SIGNATURE})
    info = etree.SubElement(made, ds("SignedInfo"))
    etree.SubElement(info, ds("CanonicalizationMethod"), Algorithm=EXCLUSIVE)
    etree.SubElement(info, ds("SignatureMethod"), Algorithm=_METHOD_NAMES[how.family, how.digest])
    reference = etree.SubElement(info, ds("Reference"), URI="")
    transforms = etree.SubElement(reference, ds("Transforms"))
    for one in (ENVELOPED, EXCLUSIVE):
        etree.SubElement(transforms, ds("Transform"), Algorithm=one)
    etree.SubElement(reference, ds("DigestMethod"), Algorithm=_DIGEST_NAMES[how.digest])
    etree.SubElement(reference, ds("DigestValue")).text = base64.b64encode(digest).decode()
    etree.SubElement(made, ds("SignatureValue")).text = place
    held = etree.SubElement(etree.SubElement(made, ds("KeyInfo")), ds("X509Data"))
    for der in (certificate, *chain):
        etree.SubElement(held, ds("X509Certificate")).text = base64.b64encode(der).decode()
    return canonical(info, [])


def value_of(certificate: bytes, algorithm: str, to_sign: bytes, signature: bytes) -> str:
    """The raw signature as XML-DSig writes it, after it was verified. Raises SigningError signature_mismatch."""
    how = algorithm_of(certificate, algorithm)
    raw = checked_signature(certificate, to_sign, signature, how)
    return base64.b64encode(_side_by_side(raw, how) if how.family == "ecdsa" else raw).decode()


def ds(name: str) -> str:
    """The name in the namespace of signatures."""
    return f"{{{SIGNATURE}}}{name}"


class _Hashing:
    """A file that keeps nothing but the digest: a canonical package is as large as the package."""

    def __init__(self, digest: str) -> None:
        self._made = hashlib.new(digest)

    def write(self, piece: bytes) -> int:
        self._made.update(piece)
        return len(piece)

    def digest(self) -> bytes:
        return self._made.digest()


def digest_of(tree: etree._ElementTree, digest: str, form: str, prefixes: list[str]) -> bytes:
    """The digest of a document in canonical form, EXCLUSIVE or the one that takes all prefixes."""
    sink = _Hashing(digest)
    exclusive = form == EXCLUSIVE
    tree.write_c14n(
        sink, exclusive=exclusive, with_comments=False, inclusive_ns_prefixes=prefixes or None if exclusive else None
    )
    return sink.digest()


def canonical(element: etree._Element, prefixes: list[str]) -> bytes:
    """An element in exclusive canonical form."""
    made: bytes = etree.tostring(
        element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=prefixes or None
    )
    return made


def _side_by_side(signature: bytes, how: Algorithm) -> bytes:
    return b"".join(one.to_bytes(how.coordinate, "big") for one in decode_dss_signature(signature))
