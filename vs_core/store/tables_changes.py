"""What people change of the lists that rules rest on. The lists that ship stay as they are, and so does each change:
the database itself refuses UPDATE and DELETE, and what was known on an earlier day is read from the changes by then."""

from sqlalchemy import DDL, Boolean, CheckConstraint, Column, Date, Integer, Table, Text, event

from vs_core.store.access_tables import Moment
from vs_core.store.base import metadata
from vs_core.store.columns import day, text, word

LISTS = ("pp_rate", "pp_policy", "threshold", "policy in force")

reference_change = Table(
    "reference_change",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number of the change"),
    word("list", LISTS, "List that is changed", null=False),
    text("subject", "Financial year of a rate, policy of a term; else empty", null=False),
    text("name", "Fund of a rate, term of a policy, name of a limit", null=False),
    text("value", "Value from now on: pence of a rate, else as the list has it", null=False),
    day("starts_on", "First day on which the value holds; empty: always"),
    day("ends_on", "Last day on which the value holds; empty: still"),
    text("source", "Where the value comes from", null=False),
    Column("unconfirmed", Boolean, nullable=False, comment="No document at hand confirms it"),
    Column("written_at", Moment, nullable=False, comment="When it was changed (UTC)"),
    Column("written_by", Text, nullable=False, comment="Who changed it: user_account.name"),
    Column("known_from", Date, nullable=False, comment="First day on which it was known"),
    CheckConstraint("ends_on is null or starts_on is null or ends_on >= starts_on", name="days_in_order"),
    comment="Changes and confirmations of rates, policies and limits; it can only grow",
)

CHANGES_ONLY_GROW = {
    "sqlite": (
        "CREATE TRIGGER reference_change_no_update BEFORE UPDATE ON reference_change "
        "BEGIN SELECT RAISE(ABORT, 'reference_change can only grow'); END",
        "CREATE TRIGGER reference_change_no_delete BEFORE DELETE ON reference_change "
        "BEGIN SELECT RAISE(ABORT, 'reference_change can only grow'); END",
        "CREATE TRIGGER reference_change_no_replace BEFORE INSERT ON reference_change WHEN EXISTS (SELECT 1 FROM "
        "reference_change WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'reference_change can only grow'); END",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION reference_change_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'reference_change can only grow'; END $$""",
        """CREATE TRIGGER reference_change_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON reference_change
        FOR EACH STATEMENT EXECUTE FUNCTION reference_change_only_grows()""",
    ),
}
"""SQLite deletes without a trigger for DELETE what INSERT OR REPLACE puts something else in the place of."""

for _dialect, _statements in CHANGES_ONLY_GROW.items():
    for _statement in _statements:
        event.listen(reference_change, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect))
