"""Decisions of documents: who may do what, why a file is refused, what a paper is called, where it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from server.core import texts
from server.core.access import Relation
from server.core.errors import DomainError, ErrorSpec, register
from server.documents.models import Act, DeviceState, Findings, Marking

TITLE_CHARACTERS = 500
SYMBOL_CHARACTERS = 100
REASON_CHARACTERS = 2000
FILE_NAME_CHARACTERS = 255
# Files of one meeting that came in and were not published yet.
MOST_INCOMING = 100
# An operation is bounded by 64 KiB and a page takes about 50 bytes; longer papers give their table when asked.
INLINE_PAGES = 800
# The unseen mark of a copy; and how likely a mistake may be when somebody is named by it.
NUMBER_BITS = 64
MOST_CHANCE = 1e-6
_SPAN = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")

_DESK = frozenset({Relation.SECRETARIAT})
_READERS = _DESK | {
    Relation.CHAIR, Relation.PARTICIPANT, Relation.INVITEE, Relation.PRESENTER, Relation.OFFICIAL,
}  # fmt: skip
# Whose reading counts: the desk looks at every paper without being its reader.
_COUNTED = frozenset({Relation.CHAIR, Relation.PARTICIPANT, Relation.INVITEE})

PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "documents.upload": _DESK,
    "documents.edit": _DESK,
    "documents.recall": _DESK,
    "documents.read": _READERS,
    "documents.download": _READERS,
    "documents.readers": _DESK | {Relation.CHAIR},
    "documents.original": _DESK,
    # Each device tells of itself alone.
    "documents.hold": frozenset({Relation.PERSON}),
}

# Why the gate refuses a file: stable words (also what `phien check` prints) with status and sentence.
REASONS: Mapping[str, ErrorSpec] = {
    "empty": ErrorSpec(
        "documents.empty",
        422,
        "Chưa nhận: tệp rỗng, không có nội dung. Chọn lại tệp.",
    ),
    "type": ErrorSpec(
        "documents.type",
        415,
        "Chưa nhận: nội dung tệp không thuộc loại nhận được. Gửi PDF, Word, Excel, PowerPoint, OpenDocument hoặc ảnh.",
    ),
    "mismatch": ErrorSpec(
        "documents.mismatch",
        415,
        "Chưa nhận: nội dung tệp là {kind} nhưng tên tệp có đuôi khác. Đổi đuôi tên tệp cho đúng rồi gửi lại.",
    ),
    "corrupt": ErrorSpec(
        "documents.corrupt", 422, "Chưa nhận: tệp bị hỏng, không mở được. Lưu lại từ bản gốc rồi gửi."
    ),
    "password": ErrorSpec("documents.password", 422, "Chưa nhận: tệp có mật khẩu. Bỏ mật khẩu rồi gửi lại."),
    "encrypted": ErrorSpec(
        "documents.encrypted",
        422,
        "Chưa nhận: tệp PDF bị mã hóa hoặc bị khóa quyền in, sao chép. Xuất lại PDF không đặt khóa rồi gửi.",
    ),
    "too-large": ErrorSpec(
        "documents.too_large",
        413,
        "Chưa nhận: tệp lớn hơn {limit_mib} MB. Chia thành nhiều tệp, hoặc giảm cỡ ảnh trong tệp, rồi gửi.",
    ),
    "too-many-pages": ErrorSpec(
        "documents.too_many_pages",
        422,
        "Chưa nhận: tệp có {pages} trang, một tệp nhiều nhất {limit} trang. Chia thành nhiều tệp rồi gửi.",
    ),
    "no-pages": ErrorSpec(
        "documents.no_pages", 422, "Chưa nhận: tệp PDF không có trang nào. Xuất lại từ bản gốc rồi gửi."
    ),
    "page-size": ErrorSpec(
        "documents.page_size",
        422,
        "Chưa nhận: có trang dài hơn 5 mét, máy tính bảng không hiện được. Đặt lại khổ giấy rồi xuất lại PDF.",
    ),
    "pixels": ErrorSpec(
        "documents.pixels",
        422,
        "Chưa nhận: có ảnh quá lớn, máy tính bảng không hiện được. Quét hoặc lưu lại ảnh nhỏ hơn (300 dpi là"
        " đủ) rồi gửi.",
    ),
    "bomb": ErrorSpec(
        "documents.bomb", 422, "Chưa nhận: tệp cần quá nhiều bộ nhớ hoặc thời gian để mở. In lại ra PDF rồi gửi."
    ),
    "active": ErrorSpec(
        "documents.active",
        422,
        "Chưa nhận: tệp đã ký có lệnh tự chạy hoặc tệp đính kèm; gỡ ra thì mất chữ ký. Ký lại bản không có các"
        " nội dung đó.",
    ),
    "macro": ErrorSpec(
        "documents.macro",
        422,
        "Chưa nhận: tệp có macro (lệnh tự chạy). Lưu sang loại không có macro (.docx, .xlsx, .pptx) hoặc xuất"
        " ra PDF rồi gửi.",
    ),
    "dtd": ErrorSpec(
        "documents.dtd",
        422,
        "Chưa nhận: tệp đòi lấy dữ liệu từ nơi khác khi mở. Mở bằng Word hoặc Excel, lưu thành tệp mới rồi gửi.",
    ),
    "zip-path": ErrorSpec(
        "documents.zip_path",
        422,
        "Chưa nhận: tệp được đóng gói bất thường, có thể gây hại. Hỏi lại nơi gửi và xin bản PDF.",
    ),
}

register(
    *REASONS.values(),
    ErrorSpec("documents.pdf_only", 415, "Chưa nhận: chỗ này chỉ nhận PDF. Xuất văn bản ra PDF rồi gửi."),
    ErrorSpec(
        "documents.no_space",
        507,
        "Chưa nhận: máy chủ hết chỗ lưu; tệp trên máy này còn nguyên. Báo quản trị hệ thống rồi gửi lại sau.",
    ),
    ErrorSpec("documents.cut", 400, "Chưa nhận: đường truyền đứt giữa chừng, tệp chưa đủ. Gửi lại."),
    ErrorSpec(
        "documents.duplicate",
        409,
        "Chưa nhận: tệp này đã có trong nội dung, là “{title}”. Không cần gửi lại.",
    ),
    ErrorSpec("documents.current", 409, "Chưa khôi phục: bản này giống hệt bản đang dùng."),
    ErrorSpec("documents.recalled", 409, "Chưa ghi: tài liệu này đã thu hồi. Tải lên thành tài liệu mới."),
    ErrorSpec("documents.too_long", 400, "Chưa lưu: dài hơn {limit} ký tự."),
    ErrorSpec(
        "documents.no_title",
        400,
        "Chưa lưu: tài liệu chưa có tên. Nhập tên rồi lưu.",
    ),
    ErrorSpec("documents.no_page", 404, "Tài liệu không có trang {page}."),
    ErrorSpec("documents.no_revision", 404, "Chưa mở được bản đã ký: tệp này không giữ bản ấy để xem riêng."),
    ErrorSpec("documents.not_downloadable", 403, "Thư ký không cho tải tài liệu này về. Vẫn đọc được trên máy này."),
    ErrorSpec("documents.bad_pages", 400, "Chưa hiểu số trang “{given}”. Ghi như 3-5, 8; tài liệu có {count} trang."),
    ErrorSpec(
        "documents.no_converter",
        415,
        "Chưa nhận: máy chủ này không chuyển được tệp văn phòng vì chưa cài LibreOffice. Xuất ra PDF rồi gửi.",
    ),
    ErrorSpec("documents.batch_kind", 415, "Chưa nhận: chỉ ghép được ảnh thành một tài liệu. Gửi riêng tệp này."),
    ErrorSpec("documents.batch_part", 409, "Chưa nhận: ảnh thứ {part} không khớp bộ {parts} ảnh đang gửi. Chọn lại."),
    ErrorSpec(
        "documents.too_many", 429, "Chưa nhận: cuộc họp đang có {limit} tệp chưa phát hành. Phát hành hoặc bỏ bớt."
    ),
    ErrorSpec("documents.not_ready", 409, "Chưa được: tệp này chưa chuyển xong sang PDF. Chờ xong rồi xem lại."),
    ErrorSpec(
        "documents.has_incoming",
        409,
        "Chưa xóa: nội dung này còn {count} tệp chưa phát hành. Phát hành hoặc bỏ các tệp đó trước.",
    ),
    ErrorSpec("documents.meeting_ended", 409, "Chưa nhận: phiên họp đã kết thúc, hồ sơ không nhận thêm tài liệu."),
    ErrorSpec("documents.meeting_cancelled", 409, "Chưa nhận: cuộc họp đã hủy, không nhận thêm tài liệu."),
    ErrorSpec("documents.marking", 503, "Đang ghi tên người nhận vào tài liệu này. Mở lại sau ít giây."),
    ErrorSpec("documents.edition", 409, "Tài liệu này vừa được ghi lại. Mở lại tài liệu."),
    ErrorSpec("documents.has_papers", 409, "Chưa xóa: nội dung này còn {count} tài liệu. Thu hồi tài liệu trước."),
)


def refuse(findings: Findings, *, limit_pages: int, limit_bytes: int) -> None:
    """Raise the sentence for the gate's reason, if it has one."""
    if findings.reason is None:
        return
    spec = REASONS[findings.reason]
    if findings.reason == "too-many-pages":
        raise DomainError(spec.code, pages=findings.pages, limit=limit_pages)
    if findings.reason == "too-large":
        raise DomainError(spec.code, limit_mib=limit_bytes // (1024 * 1024))
    if findings.reason == "mismatch":
        raise DomainError(spec.code, kind=(findings.kind or "").upper())
    raise DomainError(spec.code)


def require_room(waiting: int) -> None:
    """Raise unless a meeting with so many unpublished files takes one more."""
    if waiting >= MOST_INCOMING:
        raise DomainError("documents.too_many", limit=MOST_INCOMING)


def require_part(begun: tuple[str, int], given: tuple[str, int], part: int, there: Collection[int]) -> None:
    """Raise unless ``part`` may join what was begun. Both: which item, and of how many files."""
    if begun != given or not 1 <= part <= given[1] or part in there:
        raise DomainError("documents.batch_part", part=part, parts=begun[1])


def file_name(given: str) -> str:
    """The name of a file as it is shown: one line, without folders."""
    return texts.line(given.replace("\\", "/").rpartition("/")[2])[-FILE_NAME_CHARACTERS:]


def require_open(state: str, *, signed: bool = False) -> None:
    """Raise unless a meeting in ``state`` takes papers; after its end only what was signed or came of it."""
    if state == "cancelled":
        raise DomainError("documents.meeting_cancelled")
    if state == "ended" and not signed:
        raise DomainError("documents.meeting_ended")


def title(given: str, filename: str) -> str:
    """A paper's title as it is kept: what was given, else the file's name without folder and ending."""
    text = texts.line(given) or texts.line(_stem(filename).replace("_", " "))
    if not text:
        raise DomainError("documents.no_title")
    return _bounded(text, TITLE_CHARACTERS)


def symbol(given: str) -> str:
    """A paper's number and symbol (số, ký hiệu) as it is kept; may be empty."""
    return _bounded(texts.line(given), SYMBOL_CHARACTERS)


def reason(given: str) -> str:
    """Why a paper is recalled, as it is kept."""
    return _bounded(texts.words(given), REASON_CHARACTERS)


def act_of(paper_is_new: bool) -> Act:  # noqa: FBT001 - the only thing that decides
    """What a publication is to those who read."""
    return "published" if paper_is_new else "replaced"


def moved(papers: Sequence[str], paper_id: str, position: int) -> list[str]:
    """The order of ``papers`` with one of them put to ``position`` (from 1), as near as there is room."""
    rest = [each for each in papers if each != paper_id]
    rest.insert(max(0, min(position - 1, len(rest))), paper_id)
    return rest


def may_take(downloadable: bool, relations: Iterable[Relation]) -> bool:  # noqa: FBT001 - a paper's own mark
    """Whether a paper may be taken away; who looks after it may always, since it is they who decide."""
    return downloadable or not _DESK.isdisjoint(relations)


def require_takable(downloadable: bool) -> None:  # noqa: FBT001 - the same, as it is for who asks
    """Raise ``documents.not_downloadable`` unless it may be taken away."""
    if not downloadable:
        raise DomainError("documents.not_downloadable")


def chosen_pages(given: str, count: int) -> tuple[int, ...]:
    """The pages that "3-5, 8" names, ascending and once each; none where nothing is given, which means all.

    Raises ``documents.bad_pages`` for what is no such list or names a page that is not there.
    """
    pages: set[int] = set()
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", given.strip()))):
        found = _SPAN.fullmatch(part)
        first = int(found[1]) if found else 0
        last = int(found[2] or first) if found else 0
        if not 1 <= first <= last <= count:
            raise DomainError("documents.bad_pages", given=given[:60], count=count)
        pages.update(range(first, last + 1))
    return tuple(sorted(pages))


def marking(*, marked: bool, untouchable: bool, prepared: bool | None) -> Marking:
    """How a version carries its reader's name. ``prepared``: None while that was not tried, False where it failed.

    ``untouchable``: signed, or about to be, so that nobody may be shown other bytes.
    """
    if not marked:
        return "none"
    if untouchable or prepared is False:
        return "screen"
    return "file" if prepared else "waiting"


def chance_of_nearness(wrong: int, count: int) -> float:
    """How likely, at most, a random number of 64 bits differs in ``wrong`` or fewer from one of ``count`` others."""
    near = sum(math.comb(NUMBER_BITS, bits) for bits in range(wrong + 1))
    return min(1.0, count * near / 2.0**NUMBER_BITS)


def is_counted(relations: Iterable[Relation]) -> bool:
    """Whether who stands like this to a paper is one of its readers."""
    return not _COUNTED.isdisjoint(relations)


def moved_on_device(before: Mapping[str, bool], held: Sequence[str]) -> tuple[list[str], list[str]]:
    """What a device has come to hold, and what it has no more.

    ``before``: the versions that it held or holds, by whether it holds them still.
    """
    now = dict.fromkeys(held)
    return [each for each in now if not before.get(each, False)], [each for each in before if each not in now]


def on_device(rows: Sequence[tuple[str, str | None, str | None]]) -> tuple[DeviceState, str]:
    """How a device stands to a paper, and since when.

    ``rows``: when each version was kept, purged, and became unreadable. One version that is still there decides.
    """
    holding = [kept for kept, purged, lost in rows if purged is None and lost is None]
    if holding:
        return "holding", min(holding)
    lost_at = [lost for _kept, purged, lost in rows if purged is None and lost is not None]
    if lost_at:
        return "unreadable", max(lost_at)
    return "purged", max(purged for _kept, purged, _lost in rows if purged is not None)


def _stem(filename: str) -> str:
    """The name of a file without folders and ending."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    return name.rpartition(".")[0] or name


def _bounded(text: str, limit: int) -> str:
    if len(text) > limit:
        raise DomainError("documents.too_long", limit=limit)
    return text
