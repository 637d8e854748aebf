"""A model of sync: one server, some tablets, a network that loses, repeats and reorders (tablet.md §2.6).

The server's decisions are the real rules; a tablet is the reducer that ``clients/kit/sync/log.ts`` also is. Each tablet
keeps a trace of what reached it, so that the same traffic can be replayed through the TypeScript.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import msgspec

from server.annotations import rules
from server.annotations.models import Standing
from server.annotations.wire import Body, Delete, Highlight, Ink, Note, Put, Shape, Text

Json = dict[str, Any]
BODIES: tuple[Body, ...] = (
    Ink(color="#000000", w=1.0, pts=(0, 0, 0)),
    Highlight(color="#ffe38a", quads=((0, 9, 9, 9, 0, 0, 9, 0),), style="underline"),
    Shape(shape="arrow", color="#000000", w=2, x1=0, y1=0, x2=10, y2=10),
    Note(x=0, y=0, text=""),
    Text(x=0, y=0, width=100, size=12, color="#000000", text="…"),
)
_DRAWN = BODIES[:3]
_WORDS = tuple(body for body in BODIES if isinstance(body, Note | Text))


class Faults:
    """Mistakes that a correct system must not make; a test of the tests switches them on."""

    no_dedupe = False
    no_gap_buffer = False
    read_before_room = False
    resume_off_by_one = False
    fork_dropped = False


@dataclass
class Server:
    """The log, the rows and the receipts of one stream."""

    faults: Faults
    log: list[Json] = field(default_factory=list)
    rows: dict[str, tuple[Standing, Json]] = field(default_factory=dict)
    seen: dict[tuple[str, str], Json] = field(default_factory=dict)

    def push(self, actor: str, op: Put | Delete) -> Json:
        """Apply once; the answer of an earlier run comes back as ``dup``."""
        first = self.seen.get((actor, op.op_id))
        if first is not None and not self.faults.no_dedupe:
            return {**first, "st": "dup"}
        standing, _ = self.rows.get(op.ann_id, (None, {}))
        outcome = rules.decide(op, standing, actor=actor, moderator=False)
        if outcome != "applied" and not (first is not None and self.faults.no_dedupe):
            return {"op_id": op.op_id, "st": outcome, "seq": None, "rev": standing.rev if standing else None}
        rev = (standing.rev if standing else 0) + 1
        event = self._delete(op, standing) if isinstance(op, Delete) else self._put(op, actor, rev)
        self.log.append({"seq": len(self.log) + 1, "op_id": op.op_id, "actor": actor, "at": "", "event": event})
        answer = {"op_id": op.op_id, "st": "applied", "seq": len(self.log), "rev": rev}
        self.seen[actor, op.op_id] = answer
        return answer

    def _put(self, op: Put, actor: str, rev: int) -> Json:
        _, before = self.rows.get(op.ann_id, (None, {}))
        carried = {**before["carried"], "waiting": False} if before and before["carried"] else None
        return self._shown(op.ann_id, actor, op.page, op.body, rev, carried, "annotations.pushed")

    def carry(self, owner: str, ann_id: str, body: Body) -> None:
        """A paper was replaced: a mark of the old one comes, and waits for a place."""
        carried = {"version_id": "v0", "page": 2, "waiting": True}
        event = self._shown(ann_id, owner, 3, body, 1, carried, "annotations.carried")
        self.log.append({"seq": len(self.log) + 1, "op_id": None, "actor": owner, "at": "", "event": event})

    def _shown(self, ann_id: str, owner: str, page: int, body: Body, rev: int, carried: Json | None, name: str) -> Json:
        kind = str(type(body).__struct_config__.tag)
        waiting = carried is not None and carried["waiting"]
        standing = Standing(owner_id=owner, type=kind, page=page, rev=rev, deleted=False, waiting=waiting)
        shown = {
            "kind": "annotation", "id": ann_id, "version_id": "v", "owner_id": owner, "owner_name": owner,
            "page": page, "body": msgspec.to_builtins(body), "rev": rev, "created_at": "", "updated_at": "",
            "carried": carried,
        }  # fmt: skip
        self.rows[ann_id] = (standing, shown)
        return {"name": name, "put": [shown], "gone": []}

    def _delete(self, op: Delete, standing: Standing | None) -> Json:
        assert standing is not None
        gone = Standing(
            owner_id=standing.owner_id, type=standing.type, page=standing.page, rev=standing.rev, deleted=True
        )
        self.rows[op.ann_id] = (gone, {})
        return {"name": "annotations.pushed", "put": [], "gone": [{"kind": "annotation", "id": op.ann_id}]}

    @property
    def state(self) -> dict[str, Json]:
        """What a fresh snapshot holds."""
        return {key: shown for key, (standing, shown) in self.rows.items() if not standing.deleted}

    def page(self, last_seq: int, *, snapshot: bool) -> Json:
        """Catch-up, as one page."""
        head = len(self.log)
        page = {"stream": "s:v", "epoch": 1, "head": head, "more": False, "after": None, "ops": [], "put": []}
        if snapshot:
            return {**page, "mode": "snapshot", "put": list(self.state.values())}
        begin = last_seq + 1 if self.faults.resume_off_by_one else last_seq
        return {**page, "mode": "delta", "ops": self.log[begin:]}


class Tablet:
    """One client: the reducer, the outbox, the words it must not lose, and a trace of all that reached it."""

    def __init__(self, name: str, server: Server, seed: int) -> None:
        self.name, self.server = name, server
        self.random = random.Random(seed)
        self.entities: dict[str, Json] = {}
        self.seq = 0
        self.ahead: dict[int, Json] = {}
        self.outbox: list[Put | Delete] = []
        self.inbox: list[Json] = []  # broadcasts on the way
        self.words: set[str] = set()
        self.deleted: set[str] = set()  # ids that this tablet deleted on purpose
        self.trace: list[Json] = []
        self.ids = 0

    # ---- the user

    def _id(self) -> str:
        self.ids += 1
        return f"{self.name}-{self.ids}"

    def edit(self, pick: int) -> None:
        """Draw, write, change or delete something of one's own."""
        mine = sorted(key for key, shown in self.entities.items() if shown["owner_id"] == self.name)
        notes = [key for key in mine if "text" in self.entities[key]["body"] and not self._waits(key)]
        if pick % 4 == 0:
            body = _DRAWN[pick % len(_DRAWN)]
            self.outbox.append(Put(op_id=self._id(), ann_id=self._id(), page=1, body=body))
        elif pick % 4 == 1 or not mine:
            self._write(self._id(), _WORDS[pick % len(_WORDS)], base_rev=0)
        elif pick % 4 == 2 and notes:
            chosen = notes[pick % len(notes)]
            shown = self.entities[chosen]
            before = next(body for body in _WORDS if body.__struct_config__.tag == shown["body"]["type"])
            self._write(chosen, before, base_rev=shown["rev"], page=shown["page"])
        else:
            chosen = mine[pick % len(mine)]
            self.deleted.add(chosen)
            self.outbox.append(Delete(op_id=self._id(), ann_id=chosen))

    def place(self, pick: int) -> None:
        """Put what was carried over and waits on a page."""
        waiting = sorted(key for key in self.entities if self._waits(key))
        if waiting:
            shown = self.entities[waiting[pick % len(waiting)]]
            body = msgspec.convert(shown["body"], Body)
            page = 1 + pick % 3
            self.outbox.append(Put(op_id=self._id(), ann_id=shown["id"], base_rev=shown["rev"], page=page, body=body))

    def _waits(self, key: str) -> bool:
        shown = self.entities[key]
        return shown["owner_id"] == self.name and bool(shown["carried"] and shown["carried"]["waiting"])

    def _write(self, ann_id: str, like: Note | Text, *, base_rev: int, page: int = 1) -> None:
        op = self._id()
        text = f"lời {op}"
        self.words.add(text)
        body = msgspec.structs.replace(like, text=text)
        self.outbox.append(Put(op_id=op, ann_id=ann_id, base_rev=base_rev, page=page, body=body))

    # ---- the network

    def send(self, count: int, *, ack_lost: bool, others: list[Tablet]) -> None:
        """Push the oldest operations; broadcasts go out; the answers may be lost."""
        batch = self.outbox[:count]
        before = len(self.server.log)
        answers = [self.server.push(self.name, op) for op in batch]
        for operation in self.server.log[before:]:
            for tablet in others:
                tablet.inbox.append(operation)
        if not ack_lost:
            self._settle(batch, answers)

    def _settle(self, batch: list[Put | Delete], answers: list[Json]) -> None:
        del self.outbox[: len(batch)]
        for op, answer in zip(batch, answers, strict=True):
            lost = answer["st"] in {"conflict", "gone"} and isinstance(op, Put) and isinstance(op.body, Note | Text)
            if lost and not self.server.faults.fork_dropped:
                assert isinstance(op, Put)
                self.outbox.append(Put(op_id=self._id(), ann_id=self._id(), page=1, body=op.body))

    def deliver(self, index: int, *, repeat: bool) -> None:
        """Take one broadcast, whichever the network hands over first."""
        if not self.inbox:
            return
        operation = self.inbox[index % len(self.inbox)]
        if not repeat:
            self.inbox.remove(operation)
        self.trace.append({"ops": [operation]})
        self._take([operation])

    def rejoin(self, *, snapshot: bool) -> None:
        """Cut and come back: what was on its way is lost, the page makes up for it."""
        self.inbox.clear()
        page = self.server.page(self.seq, snapshot=snapshot or self.seq == 0)
        self.trace.append({"page": page})
        if page["mode"] == "snapshot":
            self.entities = {shown["id"]: shown for shown in page["put"]}
            self.seq = page["head"]
        self._take(page["ops"])
        self._drain()

    # ---- the reducer

    def _take(self, operations: list[Json]) -> None:
        for operation in operations:
            if operation["seq"] > self.seq:
                self.ahead[operation["seq"]] = operation
        if self.server.faults.no_gap_buffer:
            for operation in operations:
                self._apply(operation)
        self._drain()

    def _drain(self) -> None:
        while (operation := self.ahead.pop(self.seq + 1, None)) is not None:
            self._apply(operation)

    def _apply(self, operation: Json) -> None:
        for shown in operation["event"]["put"]:
            self.entities[shown["id"]] = shown
        for ref in operation["event"]["gone"]:
            self.entities.pop(ref["id"], None)
        self.seq = max(self.seq, operation["seq"])


@dataclass
class World:
    """A server and its tablets, driven by a list of steps; ``run`` ends with everything delivered."""

    faults: Faults = field(default_factory=Faults)
    size: int = 3

    def run(self, steps: list[tuple[str, int, int]]) -> tuple[Server, list[Tablet]]:
        """Do the steps, then let the network heal and every queue empty."""
        server = Server(self.faults)
        tablets = [Tablet(f"t{number}", server, number) for number in range(self.size)]
        # A second device of one person: conflicts happen between these two.
        tablets[-1].name = tablets[0].name
        for tablet in tablets:
            tablet.ids = 1000 * tablets.index(tablet)
            tablet.rejoin(snapshot=True)
        for verb, who, pick in steps:
            self._step(verb, tablets[who % len(tablets)], pick, tablets)
        for _ in range(50):
            for tablet in tablets:
                tablet.send(len(tablet.outbox), ack_lost=False, others=tablets)
            if not any(tablet.outbox for tablet in tablets):
                break
        for tablet in tablets:
            while tablet.inbox:
                tablet.deliver(0, repeat=False)
            tablet.rejoin(snapshot=False)
        return server, tablets

    def _step(self, verb: str, tablet: Tablet, pick: int, tablets: list[Tablet]) -> None:
        if verb == "edit":
            tablet.edit(pick)
        elif verb == "carry":
            before = len(tablet.server.log)
            tablet.server.carry(tablet.name, f"carried-{before}", BODIES[pick % len(BODIES)])
            for each in tablets:
                each.inbox.extend(tablet.server.log[before:])
        elif verb == "place":
            tablet.place(pick)
        elif verb in {"send", "lose"}:
            tablet.send(1 + pick % 3, ack_lost=verb == "lose", others=tablets)
        elif verb in {"deliver", "repeat"}:
            tablet.deliver(pick, repeat=verb == "repeat")
        elif verb == "drop" and tablet.inbox:
            tablet.inbox.pop(pick % len(tablet.inbox))
        elif verb in {"reconnect", "snapshot"}:
            tablet.rejoin(snapshot=verb == "snapshot")


VERBS = (
    "edit",
    "edit",
    "edit",
    "carry",
    "place",
    "send",
    "send",
    "lose",
    "deliver",
    "deliver",
    "repeat",
    "drop",
    "reconnect",
    "snapshot",
)
