"""Keys behind one address: `open_key` gives the signer for a file, a token or a remote service."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from signing.errors import SigningError
from signing.signers import Signer, load_pkcs12


def open_key(
    address: str, secret: str = "", *, token: str = "", production: bool = True, legacy_rsa: bool = False
) -> Signer:
    """The signer that an address names.

    Args:
        address: one of
            "pkcs12:/path/key.p12" - a key in a file, for demo and tests;
            "pkcs11:token=LABEL;object=LABEL?module-path=/path/lib.so" - a token or HSM (RFC 7512);
            "csc:https://host/csc/v2?credential=ID" - a remote signing service.
            A tablet has no address: its key signs by itself between `prepare` and `finish`.
        secret: password of the file, PIN of token or service.
        token: bearer token of the remote service.
        production: refuse keys in files, which anybody who can copy the file has.
        legacy_rsa: sign by RSA PKCS#1 v1.5 instead of PSS; only for a device that knows nothing else.

    Raises:
        ValueError: not such an address.
        SigningError: key_in_file, p12_unreadable, key_unreachable, pin_wrong, key_missing, …
    """
    kind, _, rest = address.partition(":")
    if kind == "pkcs12":
        if production:
            raise SigningError("key_in_file")
        return load_pkcs12(Path(rest).read_bytes(), secret, legacy_rsa=legacy_rsa)
    if kind == "pkcs11":
        return _token(rest, secret, legacy_rsa=legacy_rsa)
    if kind == "csc":
        return _remote(rest, secret, token, legacy_rsa=legacy_rsa)
    raise ValueError("no key address: pkcs12:…, pkcs11:… or csc:…")


def _token(rest: str, pin: str, *, legacy_rsa: bool) -> Signer:
    from signing.pkcs11 import TokenSigner  # noqa: PLC0415 - a library of the system, wanted only here

    path, _, query = rest.partition("?")
    named = dict(part.partition("=")[::2] for part in path.split(";"))
    module = parse_qs(query).get("module-path", [""])[0]
    if not (named.get("token") and named.get("object") and module):
        raise ValueError("a token's address names token, object and module-path")
    return TokenSigner(module, unquote(named["token"]), unquote(named["object"]), pin, legacy_rsa=legacy_rsa)


def _remote(rest: str, pin: str, token: str, *, legacy_rsa: bool) -> Signer:
    from signing.csc import RemoteSigner  # noqa: PLC0415 - wanted only here

    parts = urlsplit(rest)
    credential = parse_qs(parts.query).get("credential", [""])[0]
    if not (parts.hostname and credential):
        raise ValueError("a service's address names host and credential")
    return RemoteSigner(f"{parts.scheme}://{parts.netloc}{parts.path}", credential, token, pin, legacy_rsa=legacy_rsa)
