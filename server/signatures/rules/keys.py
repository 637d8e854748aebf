"""Decisions about keys: what a seal measures, which key may sign what; why an enrolment is refused."""

from __future__ import annotations

from server.core.errors import DomainError, ErrorSpec, register

SEAL_WIDTHS_MM = (20, 50)

register(
    ErrorSpec(
        "signatures.store_gone",
        409,
        "Chưa mở được khóa: cấu hình không còn nơi giữ khóa “{name}”. Báo quản trị hệ thống.",
    ),
    ErrorSpec("signatures.seal_size", 422, "Chưa đăng ký: ảnh con dấu phải rộng từ {low} đến {high} mm."),
)


def require_seal_width(width_mm: float) -> None:
    """Raise unless a picture of a seal is about as wide as seals are (36 mm for most bodies)."""
    low, high = SEAL_WIDTHS_MM
    if not low <= width_mm <= high:
        raise DomainError("signatures.seal_size", low=low, high=high)
