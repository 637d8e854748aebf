"""What the signature of a package is worth: believed narrowly.

Much that XML-DSig allows is how signatures are forged: parts referred to by name, transforms, several references. Here
a signature is over the document (URI ""), transformed by "enveloped" and a canonical form alone, or it is none.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from server.exchange.child.sealing import DIGESTS, ENVELOPED, EXCLUSIVE, METHODS, canonical, digest_of, ds
from server.exchange.models import Seal, Verdict
from signing.algorithms import algorithm_of, load_certificate, webcrypto_to_der
from signing.errors import SigningError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
}  # fmt: skip
_DER = Encoding.DER
# What a signature may stand in, from its parent to the root.
_HEADER = ("edXMLHeader", "edXMLEnvelope", "edXML")
_PLACES = {_HEADER, _HEADER[1:], _HEADER[2:], ("Header", "Envelope")}
_MOST_CERTIFICATES = 10
_AGAINST = frozenset({
    "certificate_revoked", "certificate_expired", "certificate_not_yet_valid", "certificate_wrong_purpose",
    "weak_algorithm",
})  # fmt: skip


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    """A signature that proves nothing; its text is a word of ``rules.REASONS``."""


class Trust(NamedTuple):
    """Whom this house trusts (PEM), and where certificates may be asked about."""

    roots: tuple[bytes, ...]
    hosts: tuple[str, ...] = ()
    seconds: float = 10.0


class _Claim(NamedTuple):
    """What a signature says of itself."""

    signed_info: bytes
    form: str
    prefixes: list[str]
    digest: tuple[str, bytes]
    method: tuple[str, str]
    value: bytes
    certificates: list[x509.Certificate]


def judge_seal(root: etree._Element, trust: Trust, at: datetime) -> Seal:
    """What the signature of a package is worth at a moment; the tree has no signature afterwards."""
    found = [one for one in root.iter(ds("Signature")) if len(one)]
    if not found:
        return Seal(verdict="unclear", present=False, reasons=("unsigned",))
    try:
        if len(found) > 1 or not _in_place(found[0]):
            raise _Wrong("signature_misplaced")  # noqa: TRY301 - told like the others
        claim = _claim(found[0])
        leaf = _verified(claim)
        _take_out(found[0])
        if digest_of(root.getroottree(), claim.digest[0], claim.form, claim.prefixes) != claim.digest[1]:
            raise _Wrong("digest_wrong")  # noqa: TRY301 - the same
    except _Wrong as why:
        return Seal(verdict="invalid", reasons=(str(why),))
    verdict, reasons = _standing(leaf, claim.certificates, trust, at)
    return Seal(
        verdict=verdict, reasons=reasons, algorithm="-".join(claim.method),
        signer=_common_name(leaf.subject), issuer=_common_name(leaf.issuer),
    )  # fmt: skip


def _in_place(signature: etree._Element) -> bool:
    above = tuple(etree.QName(one).localname for one in signature.iterancestors())
    return above in _PLACES


def _claim(signature: etree._Element) -> _Claim:
    info, value, held = (_only(signature, name) for name in ("SignedInfo", "SignatureValue", "KeyInfo"))
    references = info.findall(ds("Reference"))
    if len(references) != 1 or references[0].get("URI") != "":
        raise _Wrong("signature_partial")
    form, prefixes = _transforms(references[0])
    form_of_info = _only(info, "CanonicalizationMethod")
    method = METHODS.get(_only(info, "SignatureMethod").get("Algorithm", ""))
    digest = DIGESTS.get(_only(references[0], "DigestMethod").get("Algorithm", ""))
    if method is None or digest is None or form_of_info.get("Algorithm") != EXCLUSIVE:
        raise _Wrong("algorithm_refused")
    return _Claim(
        signed_info=canonical(info, _prefixes(form_of_info)), form=form, prefixes=prefixes,
        digest=(digest, _decoded(_only(references[0], "DigestValue"))), method=method, value=_decoded(value),
        certificates=_certificates(held),
    )  # fmt: skip


def _transforms(reference: etree._Element) -> tuple[str, list[str]]:
    """The canonical form, if there is nothing but "enveloped" and one of the two forms."""
    given = [one for holder in reference.findall(ds("Transforms")) for one in holder]
    names = [one.get("Algorithm") for one in given]
    if names == [ENVELOPED]:
        return _INCLUSIVE, []
    if names not in ([ENVELOPED, EXCLUSIVE], [ENVELOPED, _INCLUSIVE]):
        raise _Wrong("signature_partial")
    return str(names[1]), _prefixes(given[1])


def _prefixes(method: etree._Element) -> list[str]:
    listed = method.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
    return listed.get("PrefixList", "").split() if listed is not None else []


def _certificates(held: etree._Element) -> list[x509.Certificate]:
    found = [_decoded(one) for one in held.iter(ds("X509Certificate"))][:_MOST_CERTIFICATES]
    try:
        return [load_certificate(der) for der in found]
    except SigningError as why:
        raise _Wrong("signature_malformed") from why


def _verified(claim: _Claim) -> x509.Certificate:
    """The certificate whose key made the signature; senders put the chain in either order."""
    for certificate in claim.certificates:
        try:
            algorithm_of(certificate.public_bytes(_DER))
            _verify(certificate.public_key(), claim)
        except (InvalidSignature, _Other):
            continue
        except SigningError as why:
            raise _Wrong("algorithm_refused") from why
        return certificate
    raise _Wrong("signature_wrong")


class _Other(Exception):  # noqa: N818 - never leaves this module
    """A key of another kind than the signature's."""


def _verify(key: object, claim: _Claim) -> None:
    family, digest = claim.method
    made = _HASHES[digest]
    if isinstance(key, rsa.RSAPublicKey) and family == "rsa-pkcs1":
        key.verify(claim.value, claim.signed_info, padding.PKCS1v15(), made)
    elif isinstance(key, rsa.RSAPublicKey) and family == "rsa-pss":
        salted = padding.PSS(mgf=padding.MGF1(made), salt_length=made.digest_size)
        key.verify(claim.value, claim.signed_info, salted, made)
    elif isinstance(key, ec.EllipticCurvePublicKey) and family == "ecdsa":
        if len(claim.value) != 2 * ((key.key_size + 7) // 8):
            raise InvalidSignature
        key.verify(webcrypto_to_der(claim.value), claim.signed_info, ec.ECDSA(made))
    else:
        raise _Other


def _standing(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], trust: Trust, at: datetime
) -> tuple[Verdict, tuple[str, ...]]:
    from asn1crypto import x509 as asn1_x509  # noqa: PLC0415 - for children only, like what judges

    from signing.evidence import Evidence  # noqa: PLC0415 - the same
    from signing.roots import load_anchors  # noqa: PLC0415 - the same
    from signing.trust import Judge  # noqa: PLC0415 - the same

    parsed: list[Any] = [asn1_x509.Certificate.load(one.public_bytes(_DER)) for one in (leaf, *others)]
    standing = Judge(load_anchors(trust.roots), Evidence(), trust.hosts, trust.seconds).judge(
        parsed[0], parsed[1:], "sign", at
    )
    if standing.trusted and standing.revocation == "good":
        return "valid", ()
    return ("invalid" if _AGAINST & set(standing.reasons) else "unclear"), standing.reasons


def _take_out(signature: etree._Element) -> None:
    """Remove the element alone: the text behind it belongs to what is above."""
    above, before = signature.getparent(), signature.getprevious()
    assert above is not None
    if before is not None:
        before.tail = (before.tail or "") + (signature.tail or "")
    else:
        above.text = (above.text or "") + (signature.tail or "")
    above.remove(signature)


def _only(above: etree._Element, name: str) -> etree._Element:
    found = above.findall(ds(name))
    if len(found) != 1:
        raise _Wrong("signature_malformed")
    one: etree._Element = found[0]
    return one


def _decoded(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except ValueError as why:
        raise _Wrong("signature_malformed") from why


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""
