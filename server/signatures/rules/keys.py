"""Decisions about keys: what a seal measures, what a tablet's key may sign; why a key is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from cryptography.x509 import Certificate, ExtensionNotFound, KeyUsage

from server.core.access import Relation
from server.core.errors import DomainError, ErrorSpec, register

if TYPE_CHECKING:
    from server.config_signing import StepUp
    from server.signatures.wire import ActKind, PaperKind, TabletKey

SEAL_WIDTHS_MM = (20, 50)
# A tablet is lost, sold or handed on within years; its certificate ends before.
CERTIFICATE_DAYS = 365
# Between the two halves of a signature: to look once more and touch, not to go for lunch.
SESSION_SECONDS = 600

PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "signatures.ask_key": frozenset({Relation.PERSON}),
    "signatures.body_keys": frozenset({Relation.CLERK, Relation.ADMINISTRATOR}),
    "signatures.certify": frozenset({Relation.CLERK, Relation.ADMINISTRATOR}),
    "signatures.key_stores": frozenset({Relation.ADMINISTRATOR}),
    # What the seal looks like is the registry clerk's, who keeps it; which key is the body's is the administrator's.
    "signatures.seal_picture": frozenset({Relation.CLERK, Relation.ADMINISTRATOR}),
    "signatures.revoke_key": frozenset({Relation.SELF, Relation.CLERK, Relation.ADMINISTRATOR}),
}

register(
    ErrorSpec(
        "signatures.store_gone",
        409,
        "Chưa mở được khóa: cấu hình không còn nơi giữ khóa “{name}”. Báo quản trị hệ thống.",
    ),
    ErrorSpec(
        "signatures.picture_unreadable",
        422,
        "Chưa nhận ảnh: tệp không phải ảnh PNG hoặc JPEG còn nguyên vẹn, hoặc lớn hơn {limit} triệu điểm ảnh.",
    ),
    ErrorSpec("signatures.picture_empty", 422, "Chưa nhận ảnh: không thấy nét mực nào trên nền giấy."),
    ErrorSpec(
        "signatures.picture_coarse",
        422,
        "Chưa nhận ảnh: nét mực chỉ có {pixels} điểm ảnh chiều ngang, in ra sẽ vỡ. Quét lại, cần từ {least} điểm ảnh.",
    ),
    ErrorSpec("signatures.seal_size", 422, "Chưa đăng ký: ảnh con dấu phải rộng từ {low} đến {high} mm."),
    ErrorSpec("signatures.no_authority", 409, "Chưa gửi: cơ quan này chưa có khóa để cấp chứng thư cho máy tính bảng."),
    ErrorSpec("signatures.key_taken", 409, "Chưa gửi: khóa này đã được dùng cho một yêu cầu khác. Tạo khóa mới."),
    ErrorSpec("signatures.key_decided", 409, "Chưa ghi: yêu cầu này đã được xử lý rồi."),
    ErrorSpec("signatures.key_own", 403, "Chưa duyệt: không tự duyệt khóa của chính mình. Nhờ văn thư khác."),
    ErrorSpec("signatures.key_not_valid", 409, "Chưa ký: khóa của máy này chưa được duyệt hoặc đã thu hồi."),
    ErrorSpec(
        "signatures.tablet_key_refused",
        403,
        "Chưa ký: khóa của máy tính bảng chỉ dùng để ký nháy và ký biên bản. Văn bản này phải ký bằng token, HSM hoặc"
        " ký số từ xa theo quy định về chữ ký số chuyên dùng công vụ.",
    ),
    ErrorSpec("signatures.step_up", 403, "Chưa ký: nhập mật khẩu tài khoản để xác nhận đúng người ký."),
    ErrorSpec("signatures.step_up_passkey", 403, "Chưa ký: cần khóa truy cập để xác nhận đúng người ký."),
    ErrorSpec("signatures.no_passkey", 409, "Chưa ký: cần khóa truy cập. Thêm một khóa ở mục Tài khoản trên máy này."),
    ErrorSpec("signatures.act_without_key", 409, "Chưa ký: bước này không dùng khóa ký."),
    ErrorSpec(
        "signatures.upload_other_signer", 422, "Chưa nhận: người ký trong tệp là “{signer}”, không phải “{name}”."
    ),
    ErrorSpec("signatures.session_gone", 409, "Chưa ký: lần ký này đã hết hạn. Bản gốc còn nguyên; mở lại rồi ký."),
    ErrorSpec("signatures.session_other", 409, "Chưa ký: lần ký này đã xong bằng một chữ ký khác."),
)


def require_seal_width(width_mm: float) -> None:
    """Raise unless a picture of a seal is about as wide as seals are (36 mm for most bodies)."""
    low, high = SEAL_WIDTHS_MM
    if not low <= width_mm <= high:
        raise DomainError("signatures.seal_size", low=low, high=high)


def may_sign(certificate: Certificate, now: datetime) -> bool:
    """Whether a certificate is in date and, where it says what for, for signatures."""
    try:
        usage = certificate.extensions.get_extension_for_class(KeyUsage).value
        signs = usage.digital_signature or usage.content_commitment
    except ExtensionNotFound:
        signs = True
    except ValueError:  # extensions that nobody can read
        return False
    return signs and certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc


def require_tablet_act(act: ActKind, kind: PaperKind, *, demo: bool) -> None:
    """Raise unless a tablet's key may do this act on this kind of paper.

    Officials sign with keys of the service for public duty, in token, HSM or remote (Decree 68/2024/NĐ-CP),
    so a key in a browser is for initials, for minutes that several sign, and for the demo.
    """
    if act not in {"initial", "sign"}:
        raise DomainError("signatures.act_without_key")
    if not (demo or act == "initial" or kind == "minutes"):
        raise DomainError("signatures.tablet_key_refused")


def require_decidable(key: TabletKey, clerk_id: str) -> None:
    """Raise unless a clerk may approve or refuse what a tablet asks for: it waits, and is somebody else's."""
    if key.state != "waiting":
        raise DomainError("signatures.key_decided")
    if key.person_id == clerk_id:
        raise DomainError("signatures.key_own")


def keyring(keys: list[TabletKey]) -> tuple[TabletKey, ...]:
    """Those that wait first, the oldest on top; then the others, the newest first."""
    waiting = [one for one in keys if one.state == "waiting"]
    others = [one for one in keys if one.state != "waiting"]
    return (*sorted(waiting, key=lambda one: one.id), *sorted(others, key=lambda one: one.id, reverse=True))


def asked_of(step_up: StepUp, *, has_passkey: bool) -> Literal["passkey", "password", "off"]:
    """What somebody shows before their tablet's key signs."""
    if step_up == "either":
        return "passkey" if has_passkey else "password"
    return step_up


def confirmation(nonce: bytes, sha256: str, to_sign: bytes) -> bytes:
    """The challenge that a passkey signs to confirm a signature: 32 bytes that name the paper and what is signed.

    ``sha256``: of the paper's bytes, hexadecimal. ``to_sign``: the signed attributes, which hold the digest of the
    prepared file. The nonce makes it another one each time.
    """
    paper, signed = bytes.fromhex(sha256), hashlib.sha256(to_sign).digest()
    return hashlib.sha256(b"phien/tablet-signing/1\n" + nonce + paper + signed).digest()
