"""When a signature is proven to have existed: time stamps in it and after it, each believed only if it is proven."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from signing.trust import Judge

SKEW = timedelta(minutes=5)  # a claimed time this far behind its proof, or ahead of the check, contradicts it


class Token(NamedTuple):
    """A time stamp (RFC 3161).

    Attributes:
        time: what it says, UTC.
        signer: certificate of the authority; others: what came along.
        sound: it is about these bytes and its signature is right.
    """

    time: datetime
    signer: asn1_x509.Certificate
    others: tuple[asn1_x509.Certificate, ...]
    sound: bool


def read_token(signed: cms.SignedData, digest: Callable[[str], bytes]) -> Token:
    """What a time stamp says; `digest` gives the digest of what it should be about, by the named algorithm.

    Raises:
        Exception: of nearly any kind, if it is no time stamp.
    """
    content = signed["encap_content_info"]["content"]
    info = content.parsed
    imprint = info["message_imprint"]
    expected = digest(imprint["hash_algorithm"]["algorithm"].native)
    known, signer = extract_certificate_info(signed), extract_signer_info(signed)
    own = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    intact, valid = validate_sig_integrity(signer, known.signer_cert, "tst_info", own)
    sound = intact and valid and imprint["hashed_message"].native == expected
    return Token(info["gen_time"].native.astimezone(UTC), known.signer_cert, tuple(known.other_certs), sound)


def hashed(content: bytes) -> Callable[[str], bytes]:
    """`content`'s digest by the named algorithm."""
    return lambda algorithm: hashlib.new(algorithm, content).digest()


def stamp_in(signer: cms.SignerInfo) -> cms.SignedData | None:
    """The time stamp over a signature value that travels with it."""
    for attribute in signer["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token" and len(attribute["values"]):
            stamp: cms.SignedData = attribute["values"][0]["content"]
            return stamp
    return None


def token_of(embedded: Any) -> Token | None:  # noqa: ANN401  # the engine's view of a signature
    """The time stamp inside a signature, if it has one; one that cannot be read is unsound."""
    signed = stamp_in(embedded.signer_info)
    if signed is None:
        return None
    try:
        return read_token(signed, hashed(embedded.signer_info["signature"].native))
    except Exception:  # noqa: BLE001  # see read_token
        return Token(datetime.min.replace(tzinfo=UTC), embedded.signer_cert, (), sound=False)


def proven(token: Token, judge: Judge, at: datetime, later: Sequence[datetime]) -> tuple[str, ...]:
    """Why the token is not to be believed; nothing if it is: now, or when a later believed time stamp was made."""
    if not token.sound:
        return ("timestamp_invalid",)
    standing = None
    for moment in (at, *sorted(later)[:1]):
        standing = judge.judge(token.signer, token.others, "stamp", moment)
        if standing.trusted and standing.revocation == "good":
            return ()
    assert standing is not None  # `at` at least was tried
    return ("timestamp_untrusted", *(() if standing.trusted else standing.reasons))


def contradicts(claimed: datetime | None, stamped: datetime | None, at: datetime) -> bool:
    """Whether the signer claims a time after the proof of his signature, or after now."""
    return claimed is not None and claimed > min(stamped or at, at) + SKEW
