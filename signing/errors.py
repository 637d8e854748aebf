"""Why a signature could not be made: one error class with stable codes; texts belong to whoever shows them."""


class SigningError(Exception):
    """Signing was refused or failed; the file given in is untouched.

    Attributes:
        code: stable machine word, one of `CODES`.
        details: what the sentence about it needs (names, numbers), JSON-ready.
    """

    def __init__(self, code: str, **args: object) -> None:
        if code not in CODES:
            msg = f"undeclared signing error {code!r}"
            raise ValueError(msg)
        super().__init__(code)
        self.code = code
        self.details = args

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.details.items())
        return f"{self.code} ({details})" if details else self.code

    def __reduce__(self) -> tuple[object, ...]:
        # An error crosses from a worker process back to its caller: keep code and details.
        return _rebuild, (self.code, self.details)


def _rebuild(code: str, args: dict[str, object]) -> SigningError:
    return SigningError(code, **args)


CODES = frozenset({
    # the file
    "pdf_unreadable", "pdf_encrypted", "pdf_xfa", "pdf_hybrid", "pdf_trailing_bytes", "pdf_locked", "pdf_active",
    "pdf_attachments", "pdf_certified", "pdf_too_large", "not_approved",
    # a draft that is to become an official paper
    "pdf_foreign_signature", "page_not_a4", "font_not_embedded",
    # the place of the signature
    "field_taken", "field_not_signature", "field_without_box", "field_exists", "field_missing", "page_missing",
    "page_rotated", "box_outside_page",
    # what is drawn there
    "image_invalid", "image_too_large", "font_missing", "font_invalid", "glyph_missing", "stamp_text_too_long",
    "seal_too_large",
    # the key
    "p12_unreadable", "p12_incomplete", "certificate_unreadable", "certificate_expired", "certificate_not_yet_valid",
    "certificate_wrong_purpose", "key_unsupported", "key_too_weak", "issuer_untrusted", "certificate_revoked",
    "revocation_unknown", "key_in_file", "key_missing", "key_unreachable", "pin_wrong", "mechanism_missing",
    "service_refused", "request_invalid",
    # the services of the operator
    "tsa_missing", "tsa_unreachable", "tsa_refused", "tsa_mismatch", "tsa_untrusted", "clock_skew",
    # the second half of a deferred signature, or a file signed elsewhere
    "prepared_changed", "signature_mismatch", "signature_too_large", "upload_not_ours", "upload_unsigned",
    "upload_invalid",
})  # fmt: skip
