"""What the team pays, and who did each step: vendors, invoices, batches with their lines, releases, counter-entries.

Nothing of it is ever changed: the database itself refuses UPDATE and DELETE in all of these tables. A batch is released
by one row, by another person than who built it; from then on it takes no line, and none is taken out of it. A mistake
in a released batch is reversed by a row of its own that names the line."""

from collections.abc import Iterator

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from vs_core.store.access_tables import Moment
from vs_core.store.base import metadata
from vs_core.store.columns import child_column, day, text, word
from vs_core.store.tables_money import FUNDS


def _written(what: str = "it was written") -> list[Column]:
    return [
        Column("written_at", Moment, nullable=False, comment=f"When {what} (UTC)"),
        Column("written_by", Text, nullable=False, comment="Who did it: user_account.name"),
        Column("known_from", Date, nullable=False, comment="First day on which it was known"),
    ]


def _number(what: str) -> Column:
    return Column("id", Integer, primary_key=True, comment=f"Number of the {what}")


def _of(table: str, comment: str, *, only: bool = False) -> Column:
    """A column that names a batch or a line. only: one row of this table at most."""
    name, target = f"{table.removeprefix('payment_')}_id", ForeignKey(f"{table}.id")
    if only:
        return Column(name, Integer, target, primary_key=True, autoincrement=False, comment=comment)
    return Column(name, Integer, target, nullable=False, comment=comment)


payee = Table(
    "payee",
    metadata,
    _number("entry"),
    Column("school_key", Integer, ForeignKey("school.id"), nullable=False, comment="School: school.id"),
    text("vendor", "Vendor number, as the finance system knows it", null=False),
    text("bank_reference", "How finance tells one bank account from another; never the account itself"),
    Column("sends_invoice", Boolean, comment="Whether it is paid against an invoice; empty: not said"),
    text("reason", "Why it was set up or changed, and how that was confirmed"),
    *_written(),
    comment="How a school is paid; the last entry of a school holds",
)
Index("ix_payee_school_key", payee.c.school_key)

invoice_received = Table(
    "invoice_received",
    metadata,
    _number("entry"),
    text("request_id", "Number of the request: pp_request.request_id", null=False),
    child_column(),
    text("invoice", "Invoice number", null=False),
    day("received_on", "Day on which it came", null=False),
    *_written(),
    CheckConstraint("received_on <= known_from", name="written_afterwards"),
    comment="Invoices that came for requests; the last entry of a request holds",
)
Index("ix_invoice_received_request_id", invoice_received.c.request_id)

payment_batch = Table(
    "payment_batch",
    metadata,
    _number("batch"),
    text("term", "Term of its requests, as 2026/27 autumn", null=False),
    word("fund", FUNDS, "Fund", null=False),
    *_written("it was built"),
    comment="Batches of payments: built by one person, released by another",
)

payment_line = Table(
    "payment_line",
    metadata,
    _number("line"),
    _of("payment_batch", "Batch: payment_batch.id"),
    text("request_id", "Number of the request that is paid: pp_request.request_id", null=False),
    Column("turn", Integer, nullable=False, comment="1 for the first line of a request, 2 for the next, ..."),
    child_column(),
    Column("school_key", Integer, ForeignKey("school.id"), nullable=False, comment="School that is paid: school.id"),
    text("vendor", "Vendor number", null=False),
    text("bank_reference", "Bank reference of the vendor when the line was written"),
    text("invoice", "Invoice number"),
    text("cost_code", "Cost code", null=False),
    Column("amount_pence", BigInteger, nullable=False, comment="Amount, pence"),
    CheckConstraint("amount_pence > 0", name="amount_is_positive"),
    CheckConstraint("turn > 0", name="turn_is_positive"),
    UniqueConstraint("request_id", "turn", name="uq_payment_line_request_id"),
    comment="Lines of batches, one a request; a request is in one line that holds at most",
)
Index("ix_payment_line_batch_id", payment_line.c.batch_id)

payment_taken_out = Table(
    "payment_taken_out",
    metadata,
    _of("payment_line", "Line: payment_line.id", only=True),
    text("reason", "Why", null=False),
    *_written("it was taken out"),
    comment="Lines that were taken out of a batch before its release",
)

payment_agreed = Table(
    "payment_agreed",
    metadata,
    _number("entry"),
    _of("payment_line", "Line: payment_line.id"),
    text("rule", "Rule of the finding", null=False),
    text("reason", "Why it is paid all the same", null=False),
    *_written(),
    UniqueConstraint("line_id", "rule", name="uq_payment_agreed_line_id"),
    comment="Findings about lines that somebody has looked at and agreed to",
)

payment_release = Table(
    "payment_release",
    metadata,
    _of("payment_batch", "Batch: payment_batch.id", only=True),
    Column("lines", Integer, nullable=False, comment="Lines that it holds"),
    Column("total_pence", BigInteger, nullable=False, comment="Sum of these lines, pence"),
    *_written("it was released"),
    comment="Releases of batches: one a batch, by another person than who built it",
)

payment_reversal = Table(
    "payment_reversal",
    metadata,
    _of("payment_line", "Line: payment_line.id", only=True),
    Column("amount_pence", BigInteger, nullable=False, comment="The amount of the line with the other sign, pence"),
    text("reason", "Why", null=False),
    *_written(),
    CheckConstraint("amount_pence < 0", name="amount_is_negative"),
    comment="Counter-entries: each takes back one line of a released batch",
)

for _before in (payment_line, payment_taken_out, payment_agreed):
    payment_release.add_is_dependent_on(_before)
for _before in (payment_release, payee, invoice_received):
    payment_reversal.add_is_dependent_on(_before)
"""A copy of a database writes them in this order, so that the triggers let it."""

PAYMENT_TABLES = (
    payee,
    invoice_received,
    payment_batch,
    payment_line,
    payment_taken_out,
    payment_agreed,
    payment_release,
    payment_reversal,
)
UNIQUE = {
    "payee": "id = NEW.id",
    "invoice_received": "id = NEW.id",
    "payment_batch": "id = NEW.id",
    "payment_line": "id = NEW.id OR (request_id = NEW.request_id AND turn = NEW.turn)",
    "payment_taken_out": "line_id = NEW.line_id",
    "payment_agreed": "id = NEW.id OR (line_id = NEW.line_id AND rule = NEW.rule)",
    "payment_release": "batch_id = NEW.batch_id",
    "payment_reversal": "line_id = NEW.line_id",
}
"""SQLite deletes without a trigger for DELETE what INSERT OR REPLACE puts something else in the place of."""
_BATCH_IS_RELEASED = "EXISTS (SELECT 1 FROM payment_release r WHERE r.batch_id = NEW.batch_id)"
_LINE_IS_RELEASED = (
    "EXISTS (SELECT 1 FROM payment_release r JOIN payment_line l ON l.batch_id = r.batch_id WHERE l.id = NEW.line_id)"
)
_HELD = (
    "FROM payment_line l WHERE l.batch_id = NEW.batch_id "
    "AND NOT EXISTS (SELECT 1 FROM payment_taken_out t WHERE t.line_id = l.id)"
)
REFUSED = {
    "line_after_release": ("payment_line", _BATCH_IS_RELEASED, "a released batch cannot change"),
    "taken_out_after_release": ("payment_taken_out", _LINE_IS_RELEASED, "a released batch cannot change"),
    "agreed_after_release": ("payment_agreed", _LINE_IS_RELEASED, "a released batch cannot change"),
    "released_by_its_builder": (
        "payment_release",
        "EXISTS (SELECT 1 FROM payment_batch b WHERE b.id = NEW.batch_id AND b.written_by = NEW.written_by)",
        "who builds a batch does not release it",
    ),
    "released_as_it_is": (
        "payment_release",
        f"NEW.lines < 1 OR NEW.lines <> (SELECT COUNT(*) {_HELD}) "
        f"OR NEW.total_pence <> (SELECT COALESCE(SUM(l.amount_pence), 0) {_HELD})",
        "a batch is released as it is",
    ),
    "reversal_of_what_was_released": (
        "payment_reversal",
        f"NOT {_LINE_IS_RELEASED} OR EXISTS (SELECT 1 FROM payment_taken_out t WHERE t.line_id = NEW.line_id) "
        "OR NEW.amount_pence <> (SELECT -l.amount_pence FROM payment_line l WHERE l.id = NEW.line_id)",
        "a counter-entry takes back a released line",
    ),
}
"""What the database refuses to insert: table, condition, what it says."""


def statements(dialect: str, table: str) -> Iterator[str]:
    """The triggers of a table of payments on a database."""
    refused = {name: (when, said) for name, (of, when, said) in REFUSED.items() if of == table}
    grows = f"{table} can only grow"
    if dialect == "sqlite":
        for event_name in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{event_name.lower()} BEFORE {event_name} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{grows}'); END"
            )
        refused["no_replace"] = f"EXISTS (SELECT 1 FROM {table} WHERE {UNIQUE[table]})", grows
        for name, (when, said) in refused.items():
            yield (
                f"CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        return
    yield (
        f"CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{grows}'; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
    )
    for name, (when, said) in refused.items():
        yield (
            f"CREATE OR REPLACE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{said}'; END IF; RETURN NEW; END $$"
        )
        yield f"CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()"


def _made_with_the_tables() -> None:
    """The triggers of a table come after the last of these, because they name one another."""
    for dialect in ("sqlite", "postgresql"):
        for table in PAYMENT_TABLES:
            for statement in statements(dialect, table.name):
                made = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
                event.listen(payment_reversal, "after_create", made)


_made_with_the_tables()
