"""The one exception that crosses an edge, and the register of its codes: HTTP status and text of each."""

from __future__ import annotations

from dataclasses import dataclass

from server.core import i18n


class DomainError(Exception):
    """Something that was asked for cannot be done, and the asker is to be told why.

    ``code`` is stable and registered (``meetings.not_found``); ``args_by_name`` fill the text's ``{places}`` and go to
    the client as they are, so nothing secret belongs in them.
    """

    def __init__(self, code: str, /, **args: object) -> None:
        super().__init__(code, args)
        self.code = code
        self.args_by_name: dict[str, object] = args

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.args_by_name.items())
        return f"{self.code}({shown})" if shown else self.code


@dataclass(frozen=True)
class ErrorSpec:
    """A code with its HTTP status and its Vietnamese source text; extraction finds the text by this name."""

    code: str
    status: int
    text: str


ERRORS: dict[str, ErrorSpec] = {}


def register(*specs: ErrorSpec) -> None:
    """Declare the codes of a feature, once, where they are raised. Declaring a code differently twice is a mistake."""
    for spec in specs:
        if ERRORS.setdefault(spec.code, spec) != spec:
            raise ValueError(f"error code declared twice: {spec.code}")


def status(code: str) -> int:
    """Tell the HTTP status of a code; 500 for one that nobody declared."""
    spec = ERRORS.get(code)
    return spec.status if spec else 500


def text(error: DomainError, lang: str) -> str:
    """Make the sentence for a person from the catalogue in ``lang`` (``vi``, ``en``)."""
    spec = ERRORS.get(error.code) or ERRORS["internal"]
    return i18n.text(lang, spec.text, **error.args_by_name)


register(
    ErrorSpec("invalid_input", 400, "Chưa nhận: dữ liệu gửi lên không đúng ({detail})."),
    ErrorSpec("unauthenticated", 401, "Chưa đăng nhập, hoặc lần đăng nhập trước đã hết hạn."),
    ErrorSpec("denied", 403, "Không có quyền làm việc này."),
    ErrorSpec("read_only", 403, "Chưa làm: máy mượn chỉ để đọc. Việc này làm trên máy của mình."),
    ErrorSpec("origin", 403, "Chưa nhận: yêu cầu không đến từ trang của hệ thống này."),
    ErrorSpec("not_found", 404, "Không tìm thấy, hoặc không có quyền xem."),
    ErrorSpec("closed", 409, "Chưa ghi: việc này đã đóng, không nhận thay đổi nữa."),
    ErrorSpec("conflict", 409, "Chưa ghi: nội dung đã khác trên máy chủ. Bản trên máy này còn nguyên."),
    ErrorSpec("gone", 410, "Đã thu hồi hoặc không còn lưu."),
    ErrorSpec("too_large", 413, "Chưa nhận: dữ liệu lớn hơn mức cho phép ({limit} byte)."),
    ErrorSpec("unsupported", 415, "Chưa nhận: loại này không được hỗ trợ ({name})."),
    ErrorSpec("must_update", 426, "Ứng dụng trên máy này đã cũ. Ghi chú còn trên máy; tải lại trang để dùng bản mới."),
    ErrorSpec("rate", 429, "Chưa nhận: quá nhiều lần trong thời gian ngắn. Thử lại sau {seconds} giây."),
    ErrorSpec("internal", 500, "Máy chủ gặp lỗi. Gửi lại cũng không bị ghi hai lần."),
)
