"""What was made quick answers as the engine does: hex strings, also odd and cut ones, and names of certificates."""

import io

import pytest
from asn1crypto import keys, x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyhanko.pdf_utils.misc import PdfReadError, read_until_delimiter

from signing import quicker


@pytest.mark.parametrize(
    "text", [b"<>", b"<0A1b>", b"<0 A\n1\tb>", b"<0A1>", b"<" + b"5a" * 9000 + b">", b"<FEFF00410042>"]
)
def test_a_hex_string_is_read_as_by_the_engine(text: bytes) -> None:
    ours, theirs = io.BytesIO(b"xx" + text + b" /Next"), io.BytesIO(b"xx" + text + b" /Next")
    ours.seek(2)
    theirs.seek(2)
    one, other = quicker._read_hex_string_at_once(ours), quicker._read_hex_string(theirs)
    assert (type(one), one) == (type(other), other)
    assert ours.read() == theirs.read() == b" /Next"


@pytest.mark.parametrize("text", [b"<0G>", b"<0A", b"<0%a\n1>"])
def test_an_odd_one_is_left_to_the_engine(text: bytes) -> None:
    """A comment inside is skipped; a foreign letter and an end without a bracket are refused."""
    ours, theirs = io.BytesIO(text), io.BytesIO(text)
    try:
        expected = quicker._read_hex_string(theirs)
    except PdfReadError:
        with pytest.raises(PdfReadError):
            quicker._read_hex_string_at_once(ours)
    else:
        assert quicker._read_hex_string_at_once(ours) == expected


@pytest.mark.parametrize("text", [b"Type", b"", b"A#42c", b"F1.2+3_4-5", b"Adobe.PPKLite"])
def test_a_key_is_read_as_by_the_engine(text: bytes) -> None:
    one, other = quicker._decode_name_at_once(text), quicker._decode_name(text)
    assert (type(one), one) == (type(other), other)


@pytest.mark.parametrize("text", [b"Ten\xc3\xaa", b"A#4", b"A#zz"])
def test_an_odd_key_is_left_to_the_engine(text: bytes) -> None:
    with pytest.raises(PdfReadError):
        quicker._decode_name_at_once(text)


@pytest.mark.parametrize("text", [b"Type/Sig", b"Type Sig", b"A[0]", b"x" * 60 + b">>", b"to the end", b"end", b""])
def test_a_token_ends_where_the_engine_ends_it(text: bytes) -> None:
    ours, theirs = io.BytesIO(text), io.BytesIO(text)
    assert quicker._read_until_delimiter_at_once(ours) == read_until_delimiter(theirs)
    assert ours.tell() == theirs.tell()


def name(**parts: str) -> x509.RDNSequence:
    built: x509.RDNSequence = x509.Name.build(parts).chosen
    return x509.RDNSequence.load(built.dump())


def test_names_are_compared_as_the_standard_says() -> None:
    quicker.quicken()
    one = name(common_name="Đỗ Khắc  Tuyên", organization_name="UBND")
    assert one == name(common_name="đỗ khắc tuyên", organization_name="UBND")
    assert one.hashable == name(common_name="ĐỖ KHẮC TUYÊN", organization_name="ubnd").hashable
    assert one != name(common_name="Đỗ Khắc Tuyển", organization_name="UBND")
    assert one != name(common_name="Đỗ Khắc Tuyên")
    assert one != "Đỗ Khắc Tuyên"


def test_names_of_a_large_file_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quicker, "_MOST_NAMES", 3)
    quicker.quicken()
    for number in range(9):
        assert name(common_name=f"Người {number}") == name(common_name=f"Người {number}")
    assert len(quicker._compared) <= 3
    large = name(common_name="A" * 5000)
    assert large == name(common_name="a" * 5000)
    assert large.contents not in quicker._compared


def checked(signature: bytes, data: bytes, key: ec.EllipticCurvePublicKey, digest: str = "sha256") -> None:
    info = keys.PublicKeyInfo.load(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    quicker._check_signature_once(signature, data, info, SignedDigestAlgorithm({"algorithm": f"{digest}_ecdsa"}))


def test_a_signature_that_was_right_once_proves_nothing_else() -> None:
    """Other data, another key, another algorithm, another signature: looked at each time, before and afterwards."""
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    right = key.sign(b"data", ec.ECDSA(hashes.SHA256()))
    another = other.sign(b"data", ec.ECDSA(hashes.SHA256()))
    wrong: list[tuple[bytes, bytes, ec.EllipticCurvePublicKey, str]] = [
        (right, b"Data", key.public_key(), "sha256"), (right, b"data", other.public_key(), "sha256"),
        (right, b"data", key.public_key(), "sha384"), (another, b"data", key.public_key(), "sha256"),
        (right[:-1] + bytes([right[-1] ^ 1]), b"data", key.public_key(), "sha256"),
        (right + b"d", b"ata", key.public_key(), "sha256"),
    ]  # fmt: skip
    for _ in range(3):
        for given in wrong:
            with pytest.raises(InvalidSignature):
                checked(*given)
        checked(right, b"data", key.public_key())


def test_what_was_found_right_is_not_kept_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quicker, "_MOST_PROVEN", 3)
    key = ec.generate_private_key(ec.SECP256R1())
    for number in range(9):
        data = b"%d" % number
        checked(key.sign(data, ec.ECDSA(hashes.SHA256())), data, key.public_key())
    assert len(quicker._proven) <= 3
