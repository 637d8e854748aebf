"""Words of dossiers: kinds of act and of paper, in what capacity somebody signs, what state a thing is in."""

from __future__ import annotations

from typing import Literal, TypeAlias

ActKind: TypeAlias = Literal["check", "initial", "approve", "sign", "number", "seal", "issue"]

# How a signer stands for another (Decree 30/2020, Annex I): for the collective body, for the head, by order, by
# authority, as acting head; "" is in one's own name.
Capacity: TypeAlias = Literal["", "TM.", "KT.", "TL.", "TUQ.", "Q."]

# Giấy mời, thông báo, biên bản, quyết định, nghị quyết, công văn.
PaperKind: TypeAlias = Literal["invitation", "notice", "minutes", "decision", "resolution", "letter", "other"]

DossierState: TypeAlias = Literal[
    "draft", "checking", "initialling", "approving", "signing", "signed", "numbered", "sealed", "issued", "delivered",
    "returned", "rejected", "replaced", "recalled",
]  # fmt: skip

StepState: TypeAlias = Literal["pending", "waiting", "done", "returned", "rejected", "withdrawn"]
