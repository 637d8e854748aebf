"""The journal's tables: streams with their heads, operations, audiences and receipts."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, Table, Text

from server.core.db import metadata

# `head` counts operations; those up to `floor` have been trimmed and are in the snapshot only. `epoch` rises when
# the audience changes; `audience_since` is when the stream last changed to another audience (ISO time, UTC).
stream = Table(
    "stream",
    metadata,
    Column("id", Text, primary_key=True),
    Column("audience", Text, nullable=False),
    Column("audience_since", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Index("ix_stream_audience", "audience"),
)

# Rows are too wide for the leaves of a key's own tree (each would take an overflow page): SQLite keeps the key beside.
# `digest` is the SHA-256 of `body`; the audit chain covers the digest, so a body can lawfully be erased (NULL).
operation = Table(
    "operation",
    metadata,
    Column("stream", Text, ForeignKey("stream.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text),
    Column("op_id", Text),
    Column("name", Text, nullable=False),
    Column("body", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
)

audience_member = Table(
    "audience_member",
    metadata,
    Column("audience", Text, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("since", Text, nullable=False),
    Index("ix_audience_member_member", "member"),
    sqlite_with_rowid=False,
)

# The first answer to each command, kept longer than the log: a tablet may resend for ever. The key begins with
# `op_id`, which rises with time, so that a thousand people writing at once touch the same few pages.
receipt = Table(
    "receipt",
    metadata,
    Column("actor", Text, nullable=False),
    Column("op_id", Text, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("op_id", "actor"),
    sqlite_with_rowid=False,
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("n", BigInteger, primary_key=True),
    Column("at", Text, nullable=False),
    Column("streams", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
)
