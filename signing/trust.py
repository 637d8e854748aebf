"""Whether a certificate leads to a named root and was not withdrawn: no system store, nothing believed unproven."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
)

from signing.algorithms import MIN_RSA_BITS, may_sign
from signing.certificates import loaded, public_key, same
from signing.engine import complete
from signing.evidence import Evidence, Status, gather
from signing.roots import Anchors

Purpose = Literal["sign", "stamp"]
Revocation = Literal["good", "unknown", "revoked"]
_WEAK_DIGESTS = frozenset({"md2", "md5", "sha1", "sha224"})
_TOLERANCE = timedelta(seconds=60)  # between the clocks of authorities
_WHY: tuple[tuple[type[Exception], str], ...] = (
    (RevokedError, "certificate_revoked"),
    (InsufficientRevinfoError, "revocation_unknown"),
    (ExpiredError, "certificate_expired"),
    (NotYetValidError, "certificate_not_yet_valid"),
    (DisallowedAlgorithmError, "weak_algorithm"),
    (PathBuildingError, "issuer_untrusted"),
)


class Standing(NamedTuple):
    """What a certificate is worth at a moment.

    Attributes:
        trusted: it leads to a named root, was meant for this and was valid, and is not known to be withdrawn.
        revocation: "good" only if every certificate of the path is proven not to be withdrawn.
        reasons: codes from SIGNATURE_REASONS.
        status: the newest answer about it.
        path: the certificates from the root down to it; empty if it leads nowhere.
    """

    trusted: bool
    revocation: Revocation
    reasons: tuple[str, ...] = ()
    status: Status | None = None
    path: tuple[asn1_x509.Certificate, ...] = ()


class Judge:
    """Judges certificates for one file.

    Args:
        anchors: whom the caller trusts.
        evidence: what the file brings along.
        hosts: where certificates may be asked about over the network; none by default.
        seconds: for one question.
    """

    def __init__(
        self, anchors: Anchors, evidence: Evidence, hosts: Sequence[str] = (), seconds: float = 10.0
    ) -> None:  # fmt: skip
        self.anchors, self.embedded = anchors, evidence
        self._own, self._hosts, self._seconds = Evidence(anchors), tuple(hosts), seconds
        self._fresh: dict[bytes, Evidence] = {}
        self._contexts: dict[tuple[frozenset[asn1_x509.Certificate], Evidence | None, datetime], ValidationContext] = {}
        self._without_asking = _worth_trying(self._own, evidence)

    def judge(
        self,
        certificate: asn1_x509.Certificate,
        others: Sequence[asn1_x509.Certificate],
        purpose: Purpose,
        at: datetime,
    ) -> Standing:
        """What `certificate` is worth at `at`; `others` came along with it and may lead to a root."""
        if not self.anchors.certificates:
            return Standing(trusted=False, revocation="unknown", reasons=("no_trust_roots",))
        if not _fits(certificate, purpose):
            return Standing(trusted=False, revocation="unknown", reasons=("certificate_wrong_purpose",))
        certificate, pool = same(certificate), [same(one) for one in (*others, *self.embedded.certificates)]
        if not self._hosts and (known := self._at_once(certificate, pool, at)) is not None:
            return known
        found = self._walk(certificate, pool, None, at)
        if isinstance(found, str):
            return Standing(trusted=False, revocation="unknown", reasons=(found,))
        why, used = "revocation_unknown", self._own
        # What was asked just now comes first: an older answer in the file must not hide a withdrawal.
        for used in self._sources(certificate, found):
            result = self._walk(certificate, [*pool, *map(same, used.certificates)], used, at)
            if not isinstance(result, str):
                return Standing(trusted=True, revocation="good", status=used.about(certificate), path=found)
            why = result
            if why == "certificate_revoked":
                return Standing(False, "revoked", (why,), used.about(certificate), found)  # noqa: FBT003
        reasons = tuple(dict.fromkeys((why, "revocation_unknown")))
        return Standing(why == "revocation_unknown", "unknown", reasons, used.about(certificate), found)

    def _at_once(
        self, certificate: asn1_x509.Certificate, pool: Sequence[asn1_x509.Certificate], at: datetime
    ) -> Standing | None:
        """The usual case, in one walk: everything that has to be known is there."""
        used = next(iter(self._sources(certificate, ())), None)
        path = self._walk(certificate, [*pool, *map(same, used.certificates)], used, at) if used else ""
        if not used or isinstance(path, str):
            return None
        return Standing(trusted=True, revocation="good", status=used.about(certificate), path=path)

    def fresh(self, certificate: asn1_x509.Certificate, path: tuple[asn1_x509.Certificate, ...]) -> Evidence:
        """What the network says about the path, asked once."""
        if certificate.sha256 not in self._fresh:
            self._fresh[certificate.sha256] = gather(path, self._hosts, self._seconds)
        return self._fresh[certificate.sha256]

    def _sources(
        self, certificate: asn1_x509.Certificate, path: tuple[asn1_x509.Certificate, ...]
    ) -> list[Evidence]:  # fmt: skip
        if not self._hosts:
            return self._without_asking
        return _worth_trying(self._own.joined(self.fresh(certificate, path)), self.embedded)

    def _walk(
        self, certificate: asn1_x509.Certificate, pool: Sequence[asn1_x509.Certificate], evidence: Evidence | None,
        at: datetime,
    ) -> tuple[asn1_x509.Certificate, ...] | str:  # fmt: skip
        """The checked path, root first, or the code of what is wrong with it; without evidence nothing is asked."""
        context = self._context([one for one in dict.fromkeys(pool) if one is not certificate], evidence, at)
        try:
            path = complete(CertificateValidator(certificate, validation_context=context).async_validate_path())
        except Exception as why:  # noqa: BLE001  # odd certificates make the walk raise nearly anything
            return next((code for kind, code in _WHY if isinstance(why, kind)), "trust_unclear")
        return tuple(path)

    def _context(
        self, others: Sequence[asn1_x509.Certificate], evidence: Evidence | None, at: datetime
    ) -> ValidationContext:
        """One for all signers who bring the same authorities along, and are judged by the same answers."""
        key = frozenset(others), evidence, at
        if key not in self._contexts:
            self._contexts[key] = ValidationContext(
                trust_roots=list(self.anchors.certificates), other_certs=list(others), moment=at,
                crls=evidence.crls if evidence else [], ocsps=evidence.ocsps if evidence else [],
                revocation_mode="require" if evidence else "soft-fail", retroactive_revinfo=True,
                time_tolerance=_TOLERANCE, allow_fetching=False,
            )  # fmt: skip
        return self._contexts[key]


def _worth_trying(now: Evidence, embedded: Evidence) -> list[Evidence]:
    """What is known now, then that together with what the file brings; neither if it would say nothing."""
    sources = [now] if now.crls or now.ocsps else []
    return [*sources, now.joined(embedded)] if embedded.crls or embedded.ocsps else sources


def _fits(certificate: asn1_x509.Certificate, purpose: Purpose) -> bool:
    if purpose == "stamp":
        extended = certificate.extended_key_usage_value
        return extended is not None and "time_stamping" in extended.native
    return may_sign(loaded(certificate))


def validity(certificate: asn1_x509.Certificate) -> tuple[datetime, datetime]:
    """From when until when, UTC."""
    return certificate.not_valid_before.astimezone(UTC), certificate.not_valid_after.astimezone(UTC)


def weak(signature: EmbeddedPdfSignature) -> bool:
    """Digest or key too weak to prove anything today."""
    key = public_key(signature.signer_cert)
    small = isinstance(key, rsa.RSAPublicKey) and key.key_size < MIN_RSA_BITS
    return small or signature.md_algorithm in _WEAK_DIGESTS or signature.external_md_algorithm in _WEAK_DIGESTS


def algorithm_name(signature: EmbeddedPdfSignature) -> str:
    """E.g. "ecdsa-secp256r1-sha256", "rsa-pss-2048-sha256", "rsa-pkcs1-2048-sha256"."""
    key = public_key(signature.signer_cert)
    scheme = signature.signer_info["signature_algorithm"]["algorithm"].native
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ecdsa-{key.curve.name}-{signature.md_algorithm}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa-{'pss' if scheme == 'rsassa_pss' else 'pkcs1'}-{key.key_size}-{signature.md_algorithm}"
    return f"{scheme}-{signature.md_algorithm}"
