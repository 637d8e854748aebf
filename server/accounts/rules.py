"""Pure decisions of accounts: who may do what, what a good password is, how long a sign-in lasts, which grants hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from server.accounts.models import DatedGrant
from server.config import Sessions
from server.core.access import Grant, Relation, Role
from server.core.errors import DomainError, ErrorSpec, register
from server.core.i18n import LANGUAGES
from server.core.wire import stamp

PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "accounts.self": frozenset({Relation.PERSON}),
    "accounts.manage": frozenset({Relation.ADMINISTRATOR}),
}

register(
    ErrorSpec("accounts.refused", 401, "Chưa đăng nhập: tên đăng nhập hoặc mật khẩu không đúng."),
    ErrorSpec("accounts.code_refused", 401, "Chưa đăng nhập: mã đã dùng, đã hết hạn hoặc không đúng."),
    ErrorSpec("accounts.wrong_password", 403, "Chưa đổi mật khẩu: mật khẩu cũ không đúng."),
    ErrorSpec("accounts.not_confirmed", 403, "Chưa làm: mật khẩu tài khoản không đúng."),
    ErrorSpec("accounts.no_password", 409, "Chưa làm: tài khoản chưa có mật khẩu. Đặt mật khẩu ở mục Tài khoản trước."),
    ErrorSpec("accounts.weak_password", 400, "Chưa đổi mật khẩu: cần từ {least} đến {most} ký tự, không dễ đoán."),
    ErrorSpec("accounts.bad_user", 400, "Chưa ghi: tên đăng nhập gồm 3–64 chữ thường không dấu, số hoặc dấu . _ @ -"),
    ErrorSpec("accounts.user_taken", 409, "Chưa ghi: tên đăng nhập “{user}” đã có người dùng."),
    ErrorSpec("accounts.has_access", 409, "Chưa ghi: người này đã có quyền truy cập."),
    ErrorSpec("accounts.no_body", 409, "Chưa ghi: không có đơn vị được giao quyền."),
    ErrorSpec("accounts.whole_house", 409, "Chưa ghi: quyền quản trị không giới hạn trong một đơn vị."),
    ErrorSpec("accounts.last_administrator", 409, "Chưa ghi: hệ thống phải còn ít nhất một người quản trị."),
    ErrorSpec("accounts.administrator_exists", 409, "Đã có người quản trị. Quyền mới do người đó giao."),
    ErrorSpec("accounts.bad_language", 400, "Chưa ghi: không có ngôn ngữ “{lang}”."),
    ErrorSpec("accounts.lending_waits", 409, "Chờ bấm cho vào trên máy kia."),
    ErrorSpec(
        "accounts.lending_over", 401, "Chưa đăng nhập: mã đã dùng, đã hết hạn hoặc đã bị hủy. Tạo mã mới ở máy kia."
    ),
    ErrorSpec(
        "accounts.no_passkeys_here",
        409,
        "Chưa làm: khóa truy cập cần địa chỉ https có tên miền. Người quản trị đặt địa chỉ đó ở public_url.",
    ),
    ErrorSpec(
        "accounts.passkey_late", 401, "Chưa làm: lần hỏi khóa truy cập này đã dùng hoặc quá 5 phút. Làm lại từ đầu."
    ),
    ErrorSpec(
        "accounts.passkey_refused",
        401,
        "Chưa làm: máy chủ không nhận khóa truy cập này. Vào bằng mật khẩu, rồi thêm khóa ở mục Tài khoản.",
    ),
    ErrorSpec(
        "accounts.passkey_copied",
        401,
        "Chưa làm: khóa truy cập này có dấu hiệu bị sao chép. Vào bằng mật khẩu, xóa khóa rồi thêm khóa mới.",
    ),
    ErrorSpec("accounts.passkey_known", 409, "Chưa thêm: khóa truy cập này đã có trong một tài khoản."),
)

PASSWORD_LEAST = 10
# A bound, so that nobody makes the hash work on megabytes.
PASSWORD_MOST = 256
_DISTINCT_LEAST = 5
GRANTS_MOST = 50
DEVICE_NAME_LENGTH = 100
PASSKEYS_MOST = 20
# How long a browser may take to show a passkey: somebody looks for the finger, or for the telephone that holds it.
PASSKEY_SECONDS = 300
# To hold one device before the other, and to compare the number.
LENDING_SECONDS = 120
# How long a borrowed device reads (a day of sitting), and after how many seconds without use it ends; screens say so.
BORROWED = (timedelta(hours=8), 2 * 3600)
_USER = re.compile(r"[a-z0-9][a-z0-9._@-]{2,63}")


def user_key(user: str) -> str:
    """A user name as it is compared and stored: NFKC, lower case, no space around."""
    return unicodedata.normalize("NFKC", user).strip().lower()


def check_user(user: str) -> str:
    """A new user name as stored. Raises ``accounts.bad_user``."""
    user = user_key(user)
    if not _USER.fullmatch(user):
        raise DomainError("accounts.bad_user")
    return user


def check_password(password: str, user: str) -> None:
    """Raise ``accounts.weak_password`` for one that is too short, too long, the user's name or a few signs repeated."""
    lowered = password.lower()
    if (
        not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST
        or len(set(lowered)) < _DISTINCT_LEAST
        or (user and user in lowered)
    ):
        raise DomainError("accounts.weak_password", least=PASSWORD_LEAST, most=PASSWORD_MOST)


def check_language(lang: str) -> str:
    """A language of ours. Raises ``accounts.bad_language``."""
    if lang not in LANGUAGES:
        raise DomainError("accounts.bad_language", lang=lang[:20])
    return lang


def check_grants(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Grants without repetition. Raises ``accounts.whole_house``, or ``too_large`` above 50."""
    unique = tuple(dict.fromkeys(grants))
    if len(unique) > GRANTS_MOST:
        raise DomainError("too_large", limit=GRANTS_MOST)
    if any(grant.role is Role.ADMINISTRATOR and grant.body_id is not None for grant in unique):
        raise DomainError("accounts.whole_house")
    return unique


def device_name(name: str) -> str:
    """A device's name as stored."""
    shown = "".join(each for each in name if unicodedata.category(each)[0] != "C")
    return unicodedata.normalize("NFC", " ".join(shown.split()))[:DEVICE_NAME_LENGTH]


def is_administrator(grants: Iterable[Grant]) -> bool:
    """Whether one of the grants administers the house."""
    return any(grant.role is Role.ADMINISTRATOR for grant in grants)


def home(grants: Iterable[Grant]) -> str:
    """The app in which a person begins: ``desk`` for secretaries, clerks and administrators, else ``tablet``."""
    at_desk = {Role.ADMINISTRATOR, Role.SECRETARY, Role.CLERK}
    return "desk" if any(grant.role in at_desk for grant in grants) else "tablet"


def lifetime(grants: Iterable[Grant], sessions: Sessions) -> tuple[timedelta, int]:
    """How long a new sign-in lasts, and after how many seconds without use it ends."""
    if is_administrator(grants):
        return timedelta(seconds=sessions.administrator_seconds), sessions.administrator_idle_seconds
    return timedelta(seconds=sessions.leader_seconds), sessions.leader_idle_seconds


def in_force(grants: Iterable[DatedGrant], now: datetime) -> tuple[Grant, ...]:
    """The grants that hold at a moment."""
    at = stamp(now)
    return tuple(
        each.grant for each in grants if each.valid_from <= at and (each.valid_to is None or at < each.valid_to)
    )


def next_change(grants: Iterable[DatedGrant], now: datetime) -> str | None:
    """The first moment after ``now`` at which a grant begins or ends, ISO, or None."""
    at = stamp(now)
    moments = [moment for each in grants for moment in (each.valid_from, each.valid_to) if moment is not None]
    return min((moment for moment in moments if moment > at), default=None)


def lasts(*, now: datetime, seen: datetime, expires: datetime, idle_seconds: int) -> bool:
    """Whether a session is still good: before its end, and not left unused for too long."""
    return now < expires and now - seen < timedelta(seconds=idle_seconds)
