"""What the team pays: vendors, invoices, batches with their lines, releases and counter-entries, which can only grow."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "payee",
    "invoice_received",
    "payment_batch",
    "payment_line",
    "payment_taken_out",
    "payment_agreed",
    "payment_release",
    "payment_reversal",
)


def upgrade() -> None:
    _payee()
    _invoice_received()
    _payment_batch()
    _payment_line()
    _payment_taken_out()
    _payment_agreed()
    _payment_release()
    _payment_reversal()
    dialect = op.get_bind().dialect.name
    for table in TABLES:
        for statement in statements(dialect, table):
            op.execute(statement)


def _payee() -> None:
    op.create_table(
        "payee",
        sa.Column("id", sa.Integer(), nullable=False, comment="Number of the entry"),
        sa.Column("school_key", sa.Integer(), nullable=False, comment="School: school.id"),
        sa.Column("vendor", sa.Text(), nullable=False, comment="Vendor number, as the finance system knows it"),
        sa.Column(
            "bank_reference",
            sa.Text(),
            comment="How finance tells one bank account from another; never the account itself",
        ),
        sa.Column("sends_invoice", sa.Boolean(), comment="Whether it is paid against an invoice; empty: not said"),
        sa.Column("reason", sa.Text(), comment="Why it was set up or changed, and how that was confirmed"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When it was written (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who did it: user_account.name"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which it was known"),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_payee_school_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee")),
        comment="How a school is paid; the last entry of a school holds",
    )
    op.create_index("ix_payee_school_key", "payee", ["school_key"], unique=False)


def _invoice_received() -> None:
    op.create_table(
        "invoice_received",
        sa.Column("id", sa.Integer(), nullable=False, comment="Number of the entry"),
        sa.Column("request_id", sa.Text(), nullable=False, comment="Number of the request: pp_request.request_id"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("invoice", sa.Text(), nullable=False, comment="Invoice number"),
        sa.Column("received_on", sa.Date(), nullable=False, comment="Day on which it came"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When it was written (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who did it: user_account.name"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which it was known"),
        sa.CheckConstraint("received_on <= known_from", name=op.f("ck_invoice_received_written_afterwards")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_invoice_received_child_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_received")),
        comment="Invoices that came for requests; the last entry of a request holds",
    )
    op.create_index("ix_invoice_received_request_id", "invoice_received", ["request_id"], unique=False)


def _payment_batch() -> None:
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.Integer(), nullable=False, comment="Number of the batch"),
        sa.Column("term", sa.Text(), nullable=False, comment="Term of its requests, as 2026/27 autumn"),
        sa.Column("fund", sa.Text(), nullable=False, comment="Fund (PP+, EYPP, post-16)"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When it was built (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who did it: user_account.name"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which it was known"),
        sa.CheckConstraint("fund in ('PP+', 'EYPP', 'post-16')", name=op.f("ck_payment_batch_fund")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
        comment="Batches of payments: built by one person, released by another",
    )


def _payment_line() -> None:
    op.create_table(
        "payment_line",
        sa.Column("id", sa.Integer(), nullable=False, comment="Number of the line"),
        sa.Column("batch_id", sa.Integer(), nullable=False, comment="Batch: payment_batch.id"),
        sa.Column(
            "request_id", sa.Text(), nullable=False, comment="Number of the request that is paid: pp_request.request_id"
        ),
        sa.Column(
            "turn", sa.Integer(), nullable=False, comment="1 for the first line of a request, 2 for the next, ..."
        ),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("school_key", sa.Integer(), nullable=False, comment="School that is paid: school.id"),
        sa.Column("vendor", sa.Text(), nullable=False, comment="Vendor number"),
        sa.Column("bank_reference", sa.Text(), comment="Bank reference of the vendor when the line was written"),
        sa.Column("invoice", sa.Text(), comment="Invoice number"),
        sa.Column("cost_code", sa.Text(), nullable=False, comment="Cost code"),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False, comment="Amount, pence"),
        sa.CheckConstraint("amount_pence > 0", name=op.f("ck_payment_line_amount_is_positive")),
        sa.CheckConstraint("turn > 0", name=op.f("ck_payment_line_turn_is_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["payment_batch.id"], name=op.f("fk_payment_line_batch_id")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_payment_line_child_key")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_payment_line_school_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_line")),
        sa.UniqueConstraint("request_id", "turn", name="uq_payment_line_request_id"),
        comment="Lines of batches, one a request; a request is in one line that holds at most",
    )
    op.create_index("ix_payment_line_batch_id", "payment_line", ["batch_id"], unique=False)


def _payment_taken_out() -> None:
    op.create_table(
        "payment_taken_out",
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=False, comment="Line: payment_line.id"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When it was taken out (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who did it: user_account.name"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which it was known"),
        sa.ForeignKeyConstraint(["line_id"], ["payment_line.id"], name=op.f("fk_payment_taken_out_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_payment_taken_out")),
        comment="Lines that were taken out of a batch before its release",
    )


def _payment_agreed() -> None:
    op.create_table(
        "payment_agreed",
        sa.Column("id", sa.Integer(), nullable=False, comment="Number of the entry"),
        sa.Column("line_id", sa.Integer(), nullable=False, comment="Line: payment_line.id"),
        sa.Column("rule", sa.Text(), nullable=False, comment="Rule of the finding"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why it is paid all the same"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When it was written (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who did it: user_account.name"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which it was known"),
        sa.ForeignKeyConstraint(["line_id"], ["payment_line.id"], name=op.f("fk_payment_agreed_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_agreed")),
        sa.UniqueConstraint("line_id", "rule", name="uq_payment_agreed_line_id"),
        comment="Findings about lines that somebody has looked at and agreed to",
    )


def _payment_release() -> None:
    op.create_table(
        "payment_release",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False, comment="Batch: payment_batch.id"),
        sa.Column("lines", sa.Integer(), nullable=False, comment="Lines that it holds"),
        sa.Column("total_pence", sa.BigInteger(), nullable=False, comment="Sum of these lines, pence"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When it was released (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who did it: user_account.name"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which it was known"),
        sa.ForeignKeyConstraint(["batch_id"], ["payment_batch.id"], name=op.f("fk_payment_release_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_payment_release")),
        comment="Releases of batches: one a batch, by another person than who built it",
    )


def _payment_reversal() -> None:
    op.create_table(
        "payment_reversal",
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=False, comment="Line: payment_line.id"),
        sa.Column(
            "amount_pence", sa.BigInteger(), nullable=False, comment="The amount of the line with the other sign, pence"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When it was written (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who did it: user_account.name"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which it was known"),
        sa.CheckConstraint("amount_pence < 0", name=op.f("ck_payment_reversal_amount_is_negative")),
        sa.ForeignKeyConstraint(["line_id"], ["payment_line.id"], name=op.f("fk_payment_reversal_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_payment_reversal")),
        comment="Counter-entries: each takes back one line of a released batch",
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
