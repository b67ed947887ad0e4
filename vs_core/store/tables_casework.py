"""What the team itself writes: actions with an owner and a due date, of which a change closes the old row, and entries
about a child, which are never changed: the database itself refuses UPDATE, and DELETE of what is younger than the
trail must be; a correction is an entry of its own that names the one in whose place it stands."""

from sqlalchemy import DDL, CheckConstraint, Column, Date, DateTime, ForeignKey, Index, Integer, Table, Text, event

from vs_core.rules.case_history import CONTACT, HOW, KINDS, REFERRAL, REFERRED_TO, SNOOZE, WITH_WHOM
from vs_core.store.access_tables import KEPT_SINCE, Moment
from vs_core.store.base import metadata
from vs_core.store.columns import child_column, day, text, word

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

case_entry = Table(
    "case_entry",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number of the entry"),
    child_column(),
    word("kind", KINDS, "What it is", null=False),
    day("happened_on", "Day that it is about: of a contact the day of it, else the day of writing", null=False),
    word("how", tuple(HOW), "Of a contact: how"),
    word("with_whom", tuple(WITH_WHOM), "Of a contact: with whom"),
    text("said", "What was said, the note, or why it is snoozed, woken or referred"),
    text("outcome", "Of a contact: what came of it"),
    day("until_on", "Of a snooze: the day on which the child is on the worklist again"),
    word("referred_to", tuple(REFERRED_TO), "Of a referral: to whom or what"),
    Column("action_id", Integer, comment="Action that it belongs to: action.action_id"),
    Column("replaces", Integer, ForeignKey("case_entry.id"), comment="Entry that it corrects: case_entry.id"),
    Column("written_at", Moment, nullable=False, comment="When it was written (UTC)"),
    Column("written_by", Text, nullable=False, comment="Who wrote it: user_account.name"),
    Column("known_from", Date, nullable=False, comment="First day on which it was known"),
    CheckConstraint("happened_on <= known_from", name="written_afterwards"),
    CheckConstraint(
        f"(kind = '{CONTACT}') = (how is not null and with_whom is not null)", name="contact_with_somebody"
    ),
    CheckConstraint(f"(kind = '{SNOOZE}') = (until_on is not null)", name="snoozed_until_a_day"),
    CheckConstraint("until_on is null or until_on > happened_on", name="snoozed_for_a_while"),
    CheckConstraint(f"(kind = '{REFERRAL}') = (referred_to is not null)", name="referred_to_somebody"),
    comment="What the team wrote about a child: contacts, notes, snoozes, referrals; it can only grow, for six years",
)
Index("ix_case_entry_child_key", case_entry.c.child_key)
Index("uq_case_entry_replaces", case_entry.c.replaces, unique=True)

ENTRIES_ONLY_GROW = {
    "sqlite": (
        "CREATE TRIGGER case_entry_no_update BEFORE UPDATE ON case_entry "
        "BEGIN SELECT RAISE(ABORT, 'case_entry can only grow'); END",
        f"CREATE TRIGGER case_entry_no_delete BEFORE DELETE ON case_entry WHEN OLD.written_at > {KEPT_SINCE['sqlite']} "
        "BEGIN SELECT RAISE(ABORT, 'case_entry can only grow'); END",
        "CREATE TRIGGER case_entry_no_replace BEFORE INSERT ON case_entry WHEN EXISTS (SELECT 1 FROM case_entry "
        "WHERE id = NEW.id OR replaces = NEW.replaces) "
        "BEGIN SELECT RAISE(ABORT, 'case_entry can only grow'); END",
    ),
    "postgresql": (
        f"""CREATE OR REPLACE FUNCTION case_entry_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF TG_OP = 'DELETE' AND OLD.written_at <= {KEPT_SINCE["postgresql"]} THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'case_entry can only grow';
        END $$""",
        """CREATE TRIGGER case_entry_only_grows BEFORE UPDATE OR TRUNCATE ON case_entry
        FOR EACH STATEMENT EXECUTE FUNCTION case_entry_only_grows()""",
        """CREATE TRIGGER case_entry_kept BEFORE DELETE ON case_entry
        FOR EACH ROW EXECUTE FUNCTION case_entry_only_grows()""",
    ),
}
"""SQLite deletes without a trigger for DELETE what INSERT OR REPLACE puts something else in the place of."""

for _dialect, _statements in ENTRIES_ONLY_GROW.items():
    for _statement in _statements:
        event.listen(case_entry, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect))
