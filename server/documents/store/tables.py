"""The tables of documents. A version is written once and never changed; a page table is JSON."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint, false

from server.core.db import metadata

paper = Table(
    "paper",
    metadata,
    Column("id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("downloadable", Boolean, nullable=False),
    Column("versions", BigInteger, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("marked", Boolean, nullable=False, server_default=false()),
    Column("recalled_at", Text),
    Column("recalled_by", Text),
    Column("reason", Text, nullable=False),
    Index("ix_paper_item_id", "item_id"),
    Index("ix_paper_meeting_id", "meeting_id"),
)

# `sha256` names the bytes that are served, `source_sha256` those that were uploaded, before cleaning. `exact`: they are
# served as they are even where recipients' copies carry names, since somebody is to sign them.
paper_version = Table(
    "paper_version",
    metadata,
    Column("id", Text, primary_key=True),
    Column("paper_id", Text, ForeignKey("paper.id"), nullable=False),
    Column("no", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("source_sha256", Text, nullable=False),
    Column("source_kind", Text, nullable=False, server_default="pdf"),
    Column("size", BigInteger, nullable=False),
    Column("pages", BigInteger, nullable=False),
    Column("page_table", LargeBinary, nullable=False),
    Column("has_text", Boolean, nullable=False),
    Column("signed", Boolean, nullable=False),
    Column("exact", Boolean, nullable=False, server_default=false()),
    Column("issued_at", Text, nullable=False),
    Column("issued_by", Text, nullable=False),
    UniqueConstraint("paper_id", "no"),
    Index("ix_paper_version_sha256", "sha256"),
    Index("ix_paper_version_source_sha256", "source_sha256"),
)

# `counted`: a reader of the paper, not one of the desk who looks after it.
paper_reading = Table(
    "paper_reading",
    metadata,
    Column("version_id", Text, ForeignKey("paper_version.id"), primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("received_at", Text),
    Column("opened_at", Text),
    Column("counted", Boolean, nullable=False),
    Index("ix_paper_reading_person_id", "person_id"),
)

# Bytes made ready to carry names, by the bytes of the paper; `sha256` is null where they could not be.
paper_mark = Table(
    "paper_mark",
    metadata,
    Column("content", Text, primary_key=True),
    Column("sha256", Text),
    Column("size", BigInteger, nullable=False),
    Column("line_at", BigInteger, nullable=False),
    Column("mask_at", BigInteger, nullable=False),
)

# Whose copy of a version carries which number, and what else it says: written once, at its first delivery.
paper_copy = Table(
    "paper_copy",
    metadata,
    Column("version_id", Text, ForeignKey("paper_version.id"), primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("issued_at", Text, nullable=False),
    UniqueConstraint("number"),
)

# What a device holds of a paper, or held: purged as the device says, or signed out and so unreadable.
paper_device = Table(
    "paper_device",
    metadata,
    Column("version_id", Text, ForeignKey("paper_version.id"), primary_key=True),
    Column("device_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
    Column("purged_at", Text),
    Column("unreadable_at", Text),
    Index("ix_paper_device_device_id", "device_id"),
)

# The number of a device's last report.
paper_device_told = Table(
    "paper_device_told",
    metadata,
    Column("device_id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
)

# The words of all pages, by the bytes of the paper; `sha256` is null where they could not be read.
page_text = Table(
    "paper_text",
    metadata,
    Column("content", Text, primary_key=True),
    Column("sha256", Text),
)

# Pages that have no words of their own, by the bytes of the paper. `told`: the count of done pages that was told last;
# `pages` is 0 where every page has words; `secret_mark`: the highest stamp of secrecy read on them.
page_scan = Table(
    "paper_scan",
    metadata,
    Column("content", Text, primary_key=True),
    Column("pages", BigInteger, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("told", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("secret_mark", Text, nullable=False, server_default=""),
)

# Each of those pages; `sha256` is null where nothing was recognised, `finished` when nothing more will be tried.
scanned_page = Table(
    "paper_scan_page",
    metadata,
    Column("content", Text, primary_key=True),
    Column("page", BigInteger, primary_key=True),
    Column("tries", BigInteger, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("sha256", Text),
)

# What all pages look like, by the bytes of the paper; `sha256` is null where they could not be drawn.
page_look = Table(
    "paper_look",
    metadata,
    Column("content", Text, primary_key=True),
    Column("sha256", Text),
)

# Which page was which, from the bytes of one version to those of another; JSON.
page_map = Table(
    "paper_page_map",
    metadata,
    Column("old_content", Text, primary_key=True),
    Column("new_content", Text, primary_key=True),
    Column("origins", LargeBinary, nullable=False),
)

# Pictures of pages, by the bytes of the paper; made when first asked for, and again when missing.
thumbnail = Table(
    "paper_thumbnail",
    metadata,
    Column("content", Text, primary_key=True),
    Column("page", BigInteger, primary_key=True),
    Column("sha256", Text, nullable=False),
)

# Who published a version though a stamp of secrecy was found in its text, when and why.
paper_override = Table(
    "paper_override",
    metadata,
    Column("version_id", Text, ForeignKey("paper_version.id"), primary_key=True),
    Column("secret_mark", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# What came in and is no paper yet. `sha256`, `size` and `findings` are of the PDF that was made of it, `source_*` of
# what it was made of; `tries` counts the beginnings of the conversion that is under way until `leased_until`.
incoming = Table(
    "paper_incoming",
    metadata,
    Column("id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("paper_id", Text),
    Column("title", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("stage", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("tries", BigInteger, nullable=False),
    Column("leased_until", Text),
    Column("reason", Text),
    Column("sha256", Text),
    Column("size", BigInteger, nullable=False),
    Column("findings", LargeBinary),
    Column("source_sha256", Text),
    Column("source_kind", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("secret_mark", Text, nullable=False, server_default=""),
    UniqueConstraint("created_by", "batch"),
    Index("ix_paper_incoming_item_id", "item_id"),
    Index("ix_paper_incoming_meeting_id", "meeting_id"),
    Index("ix_paper_incoming_stage", "stage"),
)

# The files of it in their order, from 1.
incoming_file = Table(
    "paper_incoming_file",
    metadata,
    Column("incoming_id", Text, ForeignKey("paper_incoming.id"), primary_key=True),
    Column("no", BigInteger, primary_key=True),
    Column("filename", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
)

# A file on its way in. `query`: what it is to be, JSON; `size`: of the whole; `received`: how much of it lies in
# `parts` parts; `answer`: what it became or why it was refused, JSON, so that who did not hear it is told again.
paper_upload = Table(
    "paper_upload",
    metadata,
    Column("id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("paper_id", Text),
    Column("person_id", Text, nullable=False),
    Column("query", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("parts", BigInteger, nullable=False),
    Column("answer", LargeBinary),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Index("ix_paper_upload_item_id", "item_id"),
    Index("ix_paper_upload_meeting_id", "meeting_id"),
    Index("ix_paper_upload_person_id", "person_id"),
    Index("ix_paper_upload_expires_at", "expires_at"),
)

# The bytes of a file on its way in, each part a blob; in order of `no` they are what was received.
paper_upload_part = Table(
    "paper_upload_part",
    metadata,
    Column("upload_id", Text, ForeignKey("paper_upload.id"), primary_key=True),
    Column("no", BigInteger, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
)
