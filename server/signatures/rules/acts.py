"""The order of acts: which step of a dossier is whose turn, and what the dossier is after each act. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec import Struct

from server.core.errors import DomainError, ErrorSpec, register
from server.core.i18n import _

if TYPE_CHECKING:
    from server.signatures.wire import ActKind, Dossier, DossierState, Finding, Step

STEPS: Final = 20

# The order in which acts follow each other (Decree 30/2020/NĐ-CP, Articles 10 to 19); only "sign" must be there.
ORDER: Final[tuple[ActKind, ...]] = ("check", "initial", "approve", "sign", "number", "seal", "issue")
_DOING: Final[Mapping[str, DossierState]] = {
    "check": "checking", "initial": "initialling", "approve": "approving", "sign": "signing",
}  # fmt: skip
_DONE: Final[Mapping[str, DossierState]] = {
    "sign": "signed", "number": "numbered", "seal": "sealed", "issue": "issued",
}  # fmt: skip
# Acts of a registry clerk: of one by name, or of any clerk of the body.
CLERKS: Final = frozenset({"number", "seal", "issue"})
# Who is asked for these may give the paper back; a number that is used cannot be given back.
_RETURNABLE: Final = frozenset({"check", "initial", "approve", "sign", "number"})
_REJECTABLE: Final = frozenset({"approve", "sign"})
# These look at the bytes and leave them as they are.
_READING: Final = frozenset({"check", "approve"})
# A clerk of the body sees what has come this far.
WITH_CLERKS: Final = frozenset({"signed", "numbered", "sealed", "issued", "delivered", "recalled"})

register(
    ErrorSpec("signatures.steps_no_signer", 400, "Chưa lập hồ sơ: cần ít nhất một bước ký."),
    ErrorSpec("signatures.steps_many", 400, "Chưa lập hồ sơ: quá {limit} bước."),
    ErrorSpec(
        "signatures.steps_order",
        400,
        "Chưa lập hồ sơ: các bước phải theo thứ tự kiểm tra, ký nháy, duyệt, ký, cấp số, đóng dấu, phát hành.",
    ),
    ErrorSpec("signatures.steps_person", 400, "Chưa lập hồ sơ: chọn người cho từng bước ký nháy, duyệt và ký."),
    ErrorSpec("signatures.steps_twice", 400, "Chưa lập hồ sơ: {name} có hai bước giống nhau."),
    ErrorSpec("signatures.steps_single", 400, "Chưa lập hồ sơ: cấp số, đóng dấu và phát hành chỉ làm một lần."),
    ErrorSpec("signatures.clerk_by_name", 400, "Chưa lập hồ sơ: nội dung họp kín, phải chọn văn thư cho từng bước."),
    ErrorSpec("signatures.not_your_turn", 409, "Chưa ghi: chưa đến lượt bước này, hoặc bước này đã xong."),
    ErrorSpec("signatures.not_your_step", 403, "Chưa ghi: bước này của người khác."),
    ErrorSpec("signatures.bytes_frozen", 409, "Chưa ghi: tệp khác bản đã duyệt. Bản đã duyệt còn nguyên; mở lại."),
    ErrorSpec("signatures.not_in_state", 409, "Chưa ghi: hồ sơ không còn ở bước cho phép việc này. Mở lại hồ sơ."),
    ErrorSpec("signatures.no_way_back", 409, "Chưa ghi: văn bản đã ký hoặc đã cấp số, không rút về được nữa."),
)


class Content(Struct, frozen=True, kw_only=True):
    """Bytes of a paper: its version, their SHA-256 and pages."""

    version_id: str
    sha256: str
    pages: int


class Number(Struct, frozen=True, kw_only=True):
    """What a registry clerk gave a paper: number, symbol ("15/GM-UBND") and the day, ISO 8601."""

    number: int
    symbol: str
    dated: str


class Hand(Struct, frozen=True, kw_only=True):
    """Who acts: a person, and whether a registry clerk of the body now. ``at``: when, as it goes over the wire."""

    person_id: str
    name: str
    at: str
    clerk: bool = False


# ---- opening


def require_steps(steps: Sequence[Step]) -> None:
    """Raise unless these steps are a way that ends: in the order of acts, each with its person, signed by somebody."""
    if len(steps) > STEPS:
        raise DomainError("signatures.steps_many", limit=STEPS)
    if not any(step.act == "sign" for step in steps):
        raise DomainError("signatures.steps_no_signer")
    for earlier, later in pairwise(sorted(steps, key=_place)):
        # A rank is one kind of act, and no later kind comes at or before it.
        if earlier.act != later.act and earlier.rank >= later.rank:
            raise DomainError("signatures.steps_order")
    seen: set[tuple[str, str]] = set()
    for step in steps:
        if not step.person_id and step.act in {"initial", "approve", "sign"}:
            raise DomainError("signatures.steps_person")
        key = (step.act, "" if step.act in CLERKS else step.person_id)
        if key in seen:
            single = step.act in CLERKS
            raise (
                DomainError("signatures.steps_single")
                if single
                else DomainError("signatures.steps_twice", name=step.person_name)
            )
        seen.add(key)


def require_named(steps: Iterable[Step]) -> None:
    """Raise unless every step of a closed item's paper has its person: not all clerks of the body may know of it."""
    if any(step.act in CLERKS and not step.person_id for step in steps):
        raise DomainError("signatures.clerk_by_name")


def _place(step: Step) -> tuple[int, int]:
    return ORDER.index(step.act), step.rank


# ---- the way forward


def submitted(dossier: Dossier, at: str, findings: tuple[Finding, ...] = ()) -> Dossier:
    """The draft sets out; findings of its format keep it a draft, and are told. Raises ``signatures.not_in_state``."""
    require_draft(dossier)
    if findings:
        return msgspec.structs.replace(dossier, findings=findings)
    return _onward(msgspec.structs.replace(dossier, findings=(), remarks=""), at)


def require_draft(dossier: Dossier) -> None:
    """Raise ``signatures.not_in_state`` unless a dossier waits to be sent on its way."""
    if dossier.state != "draft":
        raise DomainError("signatures.not_in_state")


def step_of(dossier: Dossier, step_id: str) -> Step:
    """A step. Raises ``not_found``."""
    for step in dossier.steps:
        if step.id == step_id:
            return step
    raise DomainError("not_found")


def require_turn(dossier: Dossier, step_id: str, hand: Hand) -> Step:
    """The step, if it waits and is this hand's. Raises ``signatures.not_your_turn``, ``.not_your_step``."""
    step = step_of(dossier, step_id)
    own = hand.person_id == step.person_id if step.person_id else hand.clerk and step.act in CLERKS
    if not own:
        raise DomainError("signatures.not_your_step")
    if step.state != "waiting":
        raise DomainError("signatures.not_your_turn")
    return step


def done(
    dossier: Dossier,
    step_id: str,
    hand: Hand,
    *,
    content: Content | None = None,
    base_sha256: str = "",
    number: Number | None = None,
) -> Dossier:
    """The dossier after an act; where the act was the last of its rank, the next rank waits.

    ``content``: the version that the act made by appending to ``base_sha256``, which must be the bytes that the
    dossier stands at. Raises as ``require_turn``, and ``signatures.bytes_frozen``.
    """
    step = require_turn(dossier, step_id, hand)
    if content is not None and (step.act in _READING or base_sha256 != dossier.sha256):
        raise DomainError("signatures.bytes_frozen")
    seen = content or Content(version_id=dossier.version_id, sha256=dossier.sha256, pages=dossier.pages)
    after = msgspec.structs.replace(
        step, state="done", done_at=hand.at, version_id=seen.version_id, sha256=seen.sha256, person_id=hand.person_id,
        person_name=hand.name or step.person_name,
    )  # fmt: skip
    frozen = dossier.approved_sha256
    if step.act == "approve" or (step.act == "sign" and not frozen):
        frozen = dossier.sha256
    moved = msgspec.structs.replace(
        dossier, steps=_with(dossier, after), version_id=seen.version_id, sha256=seen.sha256, pages=seen.pages,
        approved_sha256=frozen,
    )  # fmt: skip
    if number is not None:
        moved = msgspec.structs.replace(moved, number=number.number, symbol=number.symbol, dated=number.dated)
    return _onward(moved, hand.at)


def delivered(dossier: Dossier) -> Dossier:
    """Every recipient has the issued paper. Raises ``signatures.not_in_state``."""
    if dossier.state != "issued":
        raise DomainError("signatures.not_in_state")
    return msgspec.structs.replace(dossier, state="delivered")


# ---- side ways


def returned(dossier: Dossier, step_id: str, hand: Hand, remarks: str) -> Dossier:
    """Given back with remarks: it waits for a new version."""
    return _refused(dossier, step_id, hand, remarks, "returned")


def rejected(dossier: Dossier, step_id: str, hand: Hand, remarks: str) -> Dossier:
    """Refused by who approves or signs: the dossier ends."""
    ended = _refused(dossier, step_id, hand, remarks, "rejected")
    return msgspec.structs.replace(ended, closed_at=hand.at)


def withdrawn(dossier: Dossier) -> Dossier:
    """Taken back by the desk before anybody signed: a draft again. Raises ``signatures.no_way_back``."""
    if not is_open(dossier) or dossier.state in WITH_CLERKS or any(_made_signature(step) for step in dossier.steps):
        raise DomainError("signatures.no_way_back")
    content = Content(version_id=dossier.version_id, sha256=dossier.sha256, pages=dossier.pages)
    return restarted(dossier, content)


def restarted(dossier: Dossier, content: Content) -> Dossier:
    """A draft on these bytes, every step before it. Raises ``signatures.not_in_state`` of one that has ended."""
    if not is_open(dossier):
        raise DomainError("signatures.not_in_state")
    steps = tuple(
        msgspec.structs.replace(step, state="pending", remarks="", done_at=None, version_id=None, sha256="")
        for step in dossier.steps
    )
    return msgspec.structs.replace(
        dossier, state="draft", steps=steps, version_id=content.version_id, sha256=content.sha256,
        pages=content.pages, approved_sha256="", findings=(),
    )  # fmt: skip


def replaced(dossier: Dossier, at: str) -> Dossier:
    """Another version or another dossier takes its place. Raises ``signatures.not_in_state`` of one that has ended."""
    if not is_open(dossier):
        raise DomainError("signatures.not_in_state")
    return msgspec.structs.replace(_stopped(dossier), state="replaced", closed_at=at)


def recalled(dossier: Dossier, at: str, remarks: str) -> Dossier:
    """Taken back after it was issued; its number stays used. Raises ``signatures.not_in_state``."""
    if dossier.state not in {"issued", "delivered"}:
        raise DomainError("signatures.not_in_state")
    return msgspec.structs.replace(dossier, state="recalled", closed_at=at, remarks=remarks)


def version_came(dossier: Dossier, content: Content | None, at: str) -> Dossier:
    """What somebody else's new version of the paper makes of an open dossier; None: the paper was recalled.

    A draft, and one that was returned, go on with the new version; one under way ends.
    """
    if content is not None and dossier.state in {"draft", "returned"}:
        return restarted(dossier, content)
    return replaced(dossier, at)


# ---- looking


def is_open(dossier: Dossier) -> bool:
    """Whether acts are still to come."""
    return dossier.closed_at is None


def under_way(dossier: Dossier) -> bool:
    """Whether somebody's act is awaited."""
    return is_open(dossier) and dossier.state not in {"draft", "returned"}


def waiting(dossier: Dossier) -> tuple[Step, ...]:
    """The steps whose turn it is."""
    return tuple(step for step in dossier.steps if step.state == "waiting")


def awaited(dossier: Dossier) -> str:
    """Whose act is awaited, by name; the registry's where no clerk was named."""
    return ", ".join(step.person_name or _("văn thư") for step in waiting(dossier))


def people(dossier: Dossier) -> frozenset[str]:
    """The persons who have a step."""
    return frozenset(step.person_id for step in dossier.steps if step.person_id)


# ---- inside


def _refused(
    dossier: Dossier, step_id: str, hand: Hand, remarks: str, state: Literal["returned", "rejected"]
) -> Dossier:
    step = require_turn(dossier, step_id, hand)
    if step.act not in (_RETURNABLE if state == "returned" else _REJECTABLE):
        raise DomainError("signatures.no_way_back")
    after = msgspec.structs.replace(
        step, state=state, remarks=remarks, done_at=hand.at, version_id=dossier.version_id, sha256=dossier.sha256
    )
    told = msgspec.structs.replace(dossier, state=state, steps=_with(dossier, after), remarks=remarks)
    return _stopped(told)


def _stopped(dossier: Dossier) -> Dossier:
    """Nobody is asked any more."""
    steps = (
        msgspec.structs.replace(step, state="withdrawn") if step.state == "waiting" else step
        for step in dossier.steps
    )  # fmt: skip
    return msgspec.structs.replace(dossier, steps=tuple(steps))


def _onward(dossier: Dossier, at: str) -> Dossier:
    """The next rank waits once nothing of this one does; checks by nobody but the machine are done as they come."""
    if not waiting(dossier):
        ranks = sorted({step.rank for step in dossier.steps if step.state == "pending"})
        steps = _set_out(dossier, ranks[0], at) if ranks else dossier.steps
        dossier = msgspec.structs.replace(dossier, steps=steps, closed_at=None if ranks else at)
        if ranks and not waiting(dossier):
            return _onward(dossier, at)
    return msgspec.structs.replace(dossier, state=_state(dossier.steps))


def _set_out(dossier: Dossier, rank: int, at: str) -> tuple[Step, ...]:
    here = {"version_id": dossier.version_id, "sha256": dossier.sha256}
    return tuple(
        step
        if step.rank != rank or step.state != "pending"
        else msgspec.structs.replace(step, state="waiting")
        if step.person_id or step.act in CLERKS
        else msgspec.structs.replace(step, state="done", done_at=at, **here)
        for step in dossier.steps
    )


def _state(steps: Iterable[Step]) -> DossierState:
    order = sorted(steps, key=_place)
    following = next((step.act for step in order if step.state != "done"), "")
    return _DOING.get(following) or _DONE[[step.act for step in order if step.state == "done"][-1]]


def _with(dossier: Dossier, changed: Step) -> tuple[Step, ...]:
    return tuple(changed if step.id == changed.id else step for step in dossier.steps)


def _made_signature(step: Step) -> bool:
    return step.act == "sign" and step.state == "done"
