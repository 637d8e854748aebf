"""The CMS that goes into the hole of a signature (RFC 5652), put together from parts that are encoded already."""

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509

from signing.algorithms import Algorithm

_SEQUENCE, _SET, _OCTETS, _CONTEXT_0, _CONTEXT_1 = 0x30, 0x31, 0x04, 0xA0, 0xA1
_VERSION = core.Integer(1).dump()
_DATA = cms.ContentType("data").dump()
_SIGNED_DATA = cms.ContentType("signed_data").dump()
_TIME_STAMP = cms.CMSAttributeType("signature_time_stamp_token").dump()
_SHORT = 0x80


def container(
    certificate: bytes,
    chain: tuple[bytes, ...],
    attributes: bytes,
    signature: bytes,
    how: Algorithm,
    token: bytes = b"",
) -> bytes:
    """ContentInfo (DER) of one signature over detached data.

    General libraries encode such a structure several times over; since every part is known in its encoding, this is
    what costs least.

    Args:
        certificate: of the signer, DER; chain: those above, DER, put in as well.
        chain: see `certificate`.
        attributes: the signed attributes, DER, with the tag they are signed with (SET).
        signature: raw, as the CMS wants it.
        how: the signature's algorithm.
        token: time stamp over the signature (ContentInfo, DER), if there is one.
    """
    leaf = asn1_x509.Certificate.load(certificate)
    digest = algos.DigestAlgorithm({"algorithm": how.digest}).dump()
    stamp = _tagged(_CONTEXT_1, _tagged(_SEQUENCE, _TIME_STAMP, _tagged(_SET, token))) if token else b""
    signer = _tagged(
        _SEQUENCE,
        _VERSION,
        _tagged(_SEQUENCE, leaf.issuer.dump(), leaf["tbs_certificate"]["serial_number"].dump()),
        digest,
        bytes([_CONTEXT_0]) + attributes[1:],
        how.mechanism().dump(),
        _tagged(_OCTETS, signature),
        stamp,
    )
    signed = _tagged(
        _SEQUENCE,
        _VERSION,
        _tagged(_SET, digest),
        _tagged(_SEQUENCE, _DATA),
        _tagged(_CONTEXT_0, *sorted({certificate, *chain})),
        _tagged(_SET, signer),
    )
    return _tagged(_SEQUENCE, _SIGNED_DATA, _tagged(_CONTEXT_0, signed))


def _tagged(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    if size < _SHORT:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, _SHORT | len(length)]) + length + body
