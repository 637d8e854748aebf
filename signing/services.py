"""The services an operator names: whom to trust, who stamps the time, where certificates may be asked about."""

import secrets
from datetime import UTC, datetime

import msgspec
from asn1crypto import cms, core, tsp

from signing.errors import SigningError
from signing.network import UnreachableError, fetch, host_of
from signing.times import read_token

_GRANTED = frozenset({"granted", "granted_with_mods"})


class _Answer(core.Sequence):  # type: ignore[misc]  # untyped
    """TimeStampResp of RFC 3161; the library's own cannot read a refusal, which has no token."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]  # noqa: RUF012


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """What signing and verifying may use; nothing else is ever asked, whatever a file or certificate says.

    Attributes:
        roots: trust roots (PEM or DER) of signers, time stamps and responders; lists of withdrawn certificates (PEM).
        tsa: address of the time stamp authority (RFC 3161 over HTTP); needed from level B-T.
        tsa_token: bearer token, if it wants one.
        hosts: "host" or "host:port" that OCSP and CRL addresses in certificates may lead to.
        seconds: for one request.
        skew: seconds that the authority's clock and ours may differ.
    """

    roots: tuple[bytes, ...] = ()
    tsa: str = ""
    tsa_token: str = ""
    hosts: tuple[str, ...] = ()
    seconds: float = 10.0
    skew: float = 300.0

    def __repr__(self) -> str:
        return f"Services(tsa={self.tsa!r}, hosts={self.hosts!r})"  # never the token


def stamp_time(services: Services, digest: bytes, algorithm: str = "sha256") -> cms.ContentInfo:
    """A time stamp over `digest`, checked: its imprint, its nonce, its signature, and its time against our clock.

    Raises:
        SigningError: tsa_missing, tsa_unreachable, tsa_refused, tsa_mismatch, clock_skew.
    """
    if not services.tsa:
        raise SigningError("tsa_missing")
    nonce = secrets.randbits(63)
    question = tsp.TimeStampReq({
        "version": 1, "nonce": nonce, "cert_req": True,
        "message_imprint": {
            "hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest,
        },
    })  # fmt: skip
    try:
        raw = fetch(
            services.tsa, {host_of(services.tsa)}, body=question.dump(), kind="application/timestamp-query",
            accept="application/timestamp-reply", token=services.tsa_token, seconds=services.seconds, limit=1024 * 1024,
        )  # fmt: skip
    except UnreachableError as why:
        raise SigningError("tsa_unreachable", host=host_of(services.tsa), why=why.why) from why
    try:
        token = _granted(raw)
        stamp = read_token(token["content"], lambda name: digest if name == algorithm else b"")
        same = token["content"]["encap_content_info"]["content"].parsed["nonce"].native == nonce
    except SigningError:
        raise
    except Exception as why:  # no time stamp at all: parsers answer with many classes
        raise SigningError("tsa_mismatch") from why
    if not stamp.sound or not same:
        raise SigningError("tsa_mismatch")
    off = abs((datetime.now(UTC) - stamp.time).total_seconds())
    if off > services.skew:
        raise SigningError("clock_skew", seconds=round(off))
    return token


def _granted(raw: bytes) -> cms.ContentInfo:
    answer = _Answer.load(raw, strict=True)
    status = str(answer["status"]["status"].native)
    if status not in _GRANTED:
        raise SigningError("tsa_refused", status=status)
    token: cms.ContentInfo = answer["time_stamp_token"]
    return token
