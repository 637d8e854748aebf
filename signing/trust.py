"""Whether a signer leads to a given root, and only to those: no system store, no network, nothing fetched."""

from collections.abc import Sequence
from datetime import UTC, datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext

from signing.algorithms import MIN_RSA_BITS
from signing.engine import complete

_WEAK_DIGESTS = frozenset({"md2", "md5", "sha1", "sha224"})
# Either use will do: authorities differ, and the engine's own default knows only the second.
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
_WHY = {
    "NO_CERTIFICATE_CHAIN_FOUND": "issuer_untrusted",
    "NO_SIGNING_CERTIFICATE_FOUND": "issuer_untrusted",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": "issuer_untrusted",
    "CHAIN_CONSTRAINTS_FAILURE": "certificate_wrong_purpose",
    "REVOKED_NO_POE": "certificate_revoked",
    "REVOKED_CA_NO_POE": "certificate_revoked",
    "REVOKED": "certificate_revoked",
    "CRYPTO_CONSTRAINTS_FAILURE": "weak_algorithm",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "weak_algorithm",
}


def trust(
    signature: EmbeddedPdfSignature, roots: Sequence[asn1_x509.Certificate], at: datetime
) -> tuple[bool, tuple[str, ...]]:
    """Whether this signature (or timestamp) leads to one of `roots` at `at`, and if not, why not."""
    if weak(signature):
        return False, ("weak_algorithm",)
    if not roots:
        return False, ("no_trust_roots",)
    context = ValidationContext(
        trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail", moment=at,
    )  # fmt: skip
    if signature.sig_object_type == "/DocTimeStamp":
        status: SignatureStatus = complete(async_validate_pdf_timestamp(signature, context, skip_diff=True))
    else:
        status = complete(
            async_validate_pdf_signature(signature, context, context, skip_diff=True, key_usage_settings=_USAGE)
        )
    if status.trusted:
        return True, ()
    return False, (_why_not(signature, status, at),)


def _why_not(signature: EmbeddedPdfSignature, status: SignatureStatus, at: datetime) -> str:
    if status.revoked:
        return "certificate_revoked"
    begin, end = validity(signature.signer_cert)
    if at > end:
        return "certificate_expired"
    if at < begin:
        return "certificate_not_yet_valid"
    problem = status.trust_problem_indic
    return _WHY.get(str(getattr(problem, "name", "")), "trust_unclear") if problem else "issuer_untrusted"


def validity(certificate: asn1_x509.Certificate) -> tuple[datetime, datetime]:
    """From when until when, UTC."""
    return certificate.not_valid_before.astimezone(UTC), certificate.not_valid_after.astimezone(UTC)


def weak(signature: EmbeddedPdfSignature) -> bool:
    """Digest or key too weak to prove anything today."""
    key = public_key(signature.signer_cert)
    small = isinstance(key, rsa.RSAPublicKey) and key.key_size < MIN_RSA_BITS
    return small or signature.md_algorithm in _WEAK_DIGESTS or signature.external_md_algorithm in _WEAK_DIGESTS


def public_key(certificate: asn1_x509.Certificate) -> object:
    """The certificate's key as `cryptography` sees it."""
    return x509.load_der_x509_certificate(certificate.dump()).public_key()


def algorithm_name(signature: EmbeddedPdfSignature) -> str:
    """E.g. "ecdsa-secp256r1-sha256", "rsa-pss-2048-sha256", "rsa-pkcs1-2048-sha256"."""
    key = public_key(signature.signer_cert)
    scheme = signature.signer_info["signature_algorithm"]["algorithm"].native
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ecdsa-{key.curve.name}-{signature.md_algorithm}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa-{'pss' if scheme == 'rsassa_pss' else 'pkcs1'}-{key.key_size}-{signature.md_algorithm}"
    return f"{scheme}-{signature.md_algorithm}"
