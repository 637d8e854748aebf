"""Verbs of documents, and what other features may do with papers.

Others use: ``publish_bytes`` (print, signing, demo), ``held`` and ``load`` (a paper inside a transaction of theirs),
``check`` and ``check_taking`` (may this actor read this version, take it away?), ``refer`` (bytes that a feature
keeps are not collected), ``admit`` with
``publish_txn`` (a version that becomes current together with a change of another feature's own), the hooks.
"""

from server.documents.actions import hooks
from server.documents.actions.changing import edit, item_audience_changed, item_removed, recall
from server.documents.actions.comparing import changes, compare_ahead, lineage, origins
from server.documents.actions.converting import convert_next
from server.documents.actions.finding import Found, find_passages
from server.documents.actions.finishing import finish
from server.documents.actions.guard import check, check_taking, reach, take, to_paper, to_version, watch
from server.documents.actions.holding import devices, hold
from server.documents.actions.incoming import Arrival, arrive, watch_queue
from server.documents.actions.keeping import collect, refer
from server.documents.actions.marking import (
    Served,
    as_file,
    beginning,
    meeting_changed,
    plain,
    prepare_ahead,
    read_bytes,
    serve_exact_txn,
    take_bytes,
    whole,
)
from server.documents.actions.marking import watch as watch_marks
from server.documents.actions.page_words import read_ahead, texts
from server.documents.actions.publishing import Wanted, publish_bytes, publish_txn, upload, upload_version
from server.documents.actions.reading import mark, of_item, original, readers, receivers, still, version, versions
from server.documents.actions.recognition import plan_scans, read_scan, settle_scans, words
from server.documents.actions.restoring import restore
from server.documents.actions.resumable import Place, append, begin, forget_expired, give_up, unfinished
from server.documents.actions.resumable import state as upload_state
from server.documents.actions.secrecy import let_stand, place_printed
from server.documents.actions.thumbnails import thumbnail
from server.documents.actions.tracing import Traced, trace
from server.documents.comparing.passages import Passage
from server.documents.intake import admit, check_files, folder_of
from server.documents.store.papers import load, lock_txn
from server.documents.store.papers import of_item as papers_of
from server.documents.store.uploads import referred as uploads_referred
from server.documents.store.versions import Held, held
from server.documents.store.versions import ids_of as version_ids_of
from server.documents.store.versions import load as stored

__all__ = [
    "Arrival",
    "Found",
    "Held",
    "Passage",
    "Place",
    "Served",
    "Traced",
    "Wanted",
    "admit",
    "append",
    "arrive",
    "as_file",
    "begin",
    "beginning",
    "changes",
    "check",
    "check_files",
    "check_taking",
    "collect",
    "compare_ahead",
    "convert_next",
    "devices",
    "edit",
    "find_passages",
    "finish",
    "folder_of",
    "forget_expired",
    "give_up",
    "held",
    "hold",
    "hooks",
    "item_audience_changed",
    "item_removed",
    "let_stand",
    "lineage",
    "load",
    "lock_txn",
    "mark",
    "meeting_changed",
    "of_item",
    "original",
    "origins",
    "papers_of",
    "place_printed",
    "plain",
    "plan_scans",
    "prepare_ahead",
    "publish_bytes",
    "publish_txn",
    "reach",
    "read_ahead",
    "read_bytes",
    "read_scan",
    "readers",
    "recall",
    "receivers",
    "refer",
    "restore",
    "serve_exact_txn",
    "settle_scans",
    "still",
    "stored",
    "take",
    "take_bytes",
    "texts",
    "thumbnail",
    "to_paper",
    "to_version",
    "trace",
    "unfinished",
    "upload",
    "upload_state",
    "upload_version",
    "uploads_referred",
    "version",
    "version_ids_of",
    "versions",
    "watch",
    "watch_marks",
    "watch_queue",
    "whole",
    "words",
]
