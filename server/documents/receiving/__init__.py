"""Decisions about files on their way in: how large, how many, for how long, and what is never taken at all."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, Literal

import msgspec

from server.core import texts
from server.core.errors import DomainError, ErrorSpec, register
from server.documents.models import Classification
from server.documents.wire import UploadMeta

MIB = 1024 * 1024
# What is told to be received is durable; this much is written at a time, and so at most this much is sent twice.
PART_BYTES = 2 * MIB
# A line that breaks leaves a short part; one that breaks so often is no line.
PARTS_MOST = 5_000
# Begun and not finished, by one person.
UNDER_WAY_MOST = 200
PRINTED: Literal["printed"] = "printed"
# After the last byte that came.
EXPIRES_SECONDS = 3 * 24 * 3600
# The RFC's own names; a checksum is of one request's bytes.
CHECKSUMS = {"sha1": 20, "sha256": 32}

_SHA256 = re.compile(r"[0-9a-f]{64}")

register(
    ErrorSpec("uploads.version", 412, "Chưa nhận: máy gửi không nói giao thức tus 1.0.0."),
    ErrorSpec("uploads.length", 400, "Chưa nhận: thiếu độ dài của tệp (Upload-Length)."),
    ErrorSpec("uploads.content_type", 415, "Chưa nhận: phần gửi lên phải là application/offset+octet-stream."),
    ErrorSpec("uploads.offset", 409, "Chưa nhận: máy chủ đã có {received} byte, phần gửi lên bắt đầu ở chỗ khác."),
    ErrorSpec("uploads.beyond", 413, "Chưa nhận: dữ liệu dài hơn tệp đã báo ({size} byte)."),
    ErrorSpec("uploads.checksum", 460, "Chưa nhận: phần gửi lên bị sai trên đường truyền. Sẽ gửi lại phần đó."),
    ErrorSpec("uploads.checksum_algorithm", 400, "Chưa nhận: không biết cách tính mã kiểm “{name}”."),
    ErrorSpec("uploads.expired", 410, "Lần gửi này đã quá hạn và đã được xóa. Gửi lại tệp từ đầu."),
    ErrorSpec("uploads.unfinished", 409, "Chưa nhận: tệp mới đến {received} trên {size} byte. Gửi tiếp phần còn lại."),
    ErrorSpec("uploads.damaged", 422, "Chưa nhận: tệp đến nơi không giống tệp đã chọn. Gửi lại từ đầu."),
    ErrorSpec("uploads.torn", 429, "Chưa nhận: đường truyền đứt quá nhiều lần. Gửi lại từ đầu khi mạng ổn hơn."),
    ErrorSpec("uploads.too_many", 429, "Chưa nhận: đang có {count} tệp gửi dở. Gửi tiếp hoặc bỏ bớt rồi thêm tệp mới."),
    ErrorSpec(
        "uploads.person_quota",
        413,
        "Chưa nhận: đã gửi {taken_mib} MB cho cuộc họp này, mỗi người nhiều nhất {limit_mib} MB. Giảm cỡ ảnh"
        " trong tệp, hoặc bỏ tệp gửi dở.",
    ),
    ErrorSpec(
        "uploads.meeting_quota",
        413,
        "Chưa nhận: tài liệu của cuộc họp đã chiếm {taken_mib} MB, nhiều nhất {limit_mib} MB. Báo quản trị hệ"
        " thống nếu cần thêm chỗ.",
    ),
    ErrorSpec(
        "documents.classified",
        422,
        "Không nhận: tài liệu có độ mật không được đưa lên hệ thống này, và chưa có gì được gửi hay lưu. Phát bản giấy"
        " và thu hồi sau họp.",
    ),
    ErrorSpec(
        "documents.secret_mark",
        422,
        "Chưa phát hành: trong văn bản có dấu “{mark}”. Nếu là bí mật nhà nước, xóa ngay và phát bản giấy; nếu không"
        " phải, thư ký xác nhận và ghi lý do.",
    ),
    ErrorSpec("documents.not_secretary", 403, "Chưa ghi nhận: chỉ thư ký cuộc họp xác nhận được tài liệu có dấu mật."),
    ErrorSpec("documents.stamp_reason", 422, "Chưa ghi nhận: cần ghi vì sao tài liệu này không mật."),
    ErrorSpec("documents.superseded", 409, "Chưa ghi nhận: tài liệu đã có bản khác. Xem lại bản đang dùng."),
    ErrorSpec("documents.printed", 409, "Chưa nhận: tài liệu này phát bản giấy, không đưa tệp lên hệ thống."),
    ErrorSpec(
        "documents.duplicate_elsewhere",
        409,
        "Tệp này đã có: “{title}”, ở nội dung “{item}”, cuộc họp “{meeting}”. Vẫn thêm vào đây được.",
    ),
)


def require_unclassified(classification: Classification) -> None:
    """Raise ``documents.classified`` for whatever is a state secret: Law 117/2025/QH15, article 5.2."""
    if classification != "normal":
        raise DomainError("documents.classified")


def require_size(size: int, limit: int) -> None:
    """Raise unless a file of ``size`` bytes may begin."""
    if size == 0:
        raise DomainError("documents.empty")
    if size > limit:
        raise DomainError("documents.too_large", limit_mib=limit // MIB)


def require_room(size: int, *, person: tuple[int, int], meeting: tuple[int, int]) -> None:
    """Raise unless ``size`` more bytes fit. Both pairs: bytes taken, bytes allowed."""
    for code, (taken, limit) in (("uploads.person_quota", person), ("uploads.meeting_quota", meeting)):
        if taken + size > limit:
            raise DomainError(code, taken_mib=-(-taken // MIB), limit_mib=limit // MIB)


def metadata(header: str) -> UploadMeta:
    """What the header ``Upload-Metadata`` says: names, each with base64 of a UTF-8 value, between commas.

    Raises ``invalid_input`` for what is not written so, and for names that are not known here.
    """
    values: dict[str, Any] = {}
    for pair in filter(None, (each.strip() for each in header.split(","))):
        name, _, encoded = pair.partition(" ")
        try:
            value = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise DomainError("invalid_input", detail="Upload-Metadata") from error
        if name in values:
            raise DomainError("invalid_input", detail="Upload-Metadata")
        values[name] = texts.seen(value)
    try:
        found = msgspec.convert(values, UploadMeta, strict=False)
    except msgspec.ValidationError as error:
        raise DomainError("invalid_input", detail=str(error)) from error
    if found.sha256 and _SHA256.fullmatch(found.sha256) is None:
        raise DomainError("invalid_input", detail="sha256")
    return found


def checksum(header: str | None) -> tuple[str, bytes] | None:
    """Algorithm and digest that ``Upload-Checksum`` says, or None where nothing is said."""
    if header is None:
        return None
    name, _, encoded = header.strip().partition(" ")
    if name not in CHECKSUMS:
        raise DomainError("uploads.checksum_algorithm", name=name[:20])
    try:
        digest = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise DomainError("invalid_input", detail="Upload-Checksum") from error
    if len(digest) != CHECKSUMS[name]:
        raise DomainError("invalid_input", detail="Upload-Checksum")
    return name, digest


# Refusals that another try may get around: room on the disk, a free child, an answer to a question.
_PASSING = frozenset({"documents.no_space", "documents.duplicate_elsewhere", "documents.cut"})


def is_final(code: str) -> bool:
    """Whether a file that was refused so is refused for good."""
    return code == "uploads.damaged" or (code.startswith("documents.") and code not in _PASSING)
