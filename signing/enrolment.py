"""A key made on a tablet becomes a signer: its request is put together here, signed there, and checked here."""

from asn1crypto import csr as asn1_csr
from asn1crypto import keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.asymmetric import ec

from signing.algorithms import load_request, webcrypto_to_der
from signing.errors import SigningError


def request_to_sign(public_key: bytes, name: str) -> bytes:
    """The certificate request (DER, still unsigned) that the tablet's key signs with SHA-256.

    Args:
        public_key: SubjectPublicKeyInfo, DER, as WebCrypto exports it ("spki"); P-256.
        name: the person's.

    Raises:
        SigningError: request_invalid.
    """
    try:
        info = keys.PublicKeyInfo.load(public_key, strict=True)
        fits = info["algorithm"]["parameters"].chosen.native == "secp256r1"
    except (ValueError, TypeError, KeyError) as why:
        raise SigningError("request_invalid") from why
    if not fits:
        raise SigningError("request_invalid")
    subject = x509.Name.build({"common_name": name})
    body = asn1_csr.CertificationRequestInfo(
        {"version": "v1", "subject": subject, "subject_pk_info": info, "attributes": []}
    )
    made: bytes = body.dump()
    return made


def signed_request(body: bytes, signature: bytes) -> bytes:
    """The whole request (DER), after it was checked that the key in it made `signature` (as WebCrypto gives it).

    Raises:
        SigningError: request_invalid.
    """
    try:
        request: bytes = asn1_csr.CertificationRequest({
            "certification_request_info": asn1_csr.CertificationRequestInfo.load(body, strict=True),
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": webcrypto_to_der(signature),
        }).dump()  # fmt: skip
    except (ValueError, TypeError) as why:
        raise SigningError("request_invalid") from why
    check_request(request)
    return request


def check_request(request: bytes) -> pyca.CertificateSigningRequest:
    """The request, if its own key signed it and is one that may sign papers. Its names prove nothing: a clerk does.

    Raises:
        SigningError: request_invalid.
    """
    parsed = load_request(request)
    key = parsed.public_key()
    if not parsed.is_signature_valid or not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise SigningError("request_invalid")
    return parsed
