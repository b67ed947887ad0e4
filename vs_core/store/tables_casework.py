"""What the team itself writes: actions with an owner and a due date. A change closes the old row."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, ForeignKey, Index, Integer, Table, Text

from vs_core.store.base import metadata

action = Table(
    "action",
    metadata,
    Column("id", Integer, primary_key=True, comment="Row number, without meaning"),
    Column("action_id", Integer, nullable=False, comment="Number of the action, the same in each of its rows"),
    Column("child_key", Integer, ForeignKey("child.id"), comment="Child: child.id; empty: not about one child"),
    Column("subject", Text, nullable=False, comment="What it is about, for example 'attendance'"),
    Column("next_step", Text, nullable=False, comment="What is to be done"),
    Column("owner", Text, comment="Who does it; empty: nobody yet"),
    Column("due_on", Date, comment="Due"),
    Column("opened_on", Date, nullable=False, comment="Opened"),
    Column("closed_on", Date, comment="Closed"),
    Column("outcome", Text, comment="What came of it"),
    Column("written_at", DateTime, nullable=False, comment="When the row was written (UTC)"),
    Column("written_by", Text, nullable=False, comment="Who wrote it"),
    Column("known_from", Date, nullable=False, comment="First day on which the row was known"),
    Column("known_to", Date, comment="Day from which it was replaced; empty: current"),
    CheckConstraint("closed_on is null or closed_on >= opened_on", name="closed_after_opened"),
    comment="Actions of the team",
)
Index(
    "uq_action_current",
    action.c.action_id,
    unique=True,
    sqlite_where=action.c.known_to.is_(None),
    postgresql_where=action.c.known_to.is_(None),
)
