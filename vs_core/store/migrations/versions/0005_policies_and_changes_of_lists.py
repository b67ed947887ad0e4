"""Policies for Pupil Premium Plus, and what people change of the lists that rules rest on, which can only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

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
LISTS = "list in ('pp_rate', 'pp_policy', 'threshold', 'policy in force')"
IN_ORDER = "ends_on is null or starts_on is null or ends_on >= starts_on"


def upgrade() -> None:
    op.create_table(
        "pp_policy",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("policy", sa.Text(), nullable=False, comment="Policy that the term belongs to"),
        sa.Column("name", sa.Text(), nullable=False, comment="Term"),
        sa.Column("value", sa.Text(), nullable=False, comment="Value"),
        sa.Column("unit", sa.Text(), nullable=False, comment="Unit"),
        sa.Column("meaning", sa.Text(), nullable=False, comment="Meaning"),
        sa.Column("starts_on", sa.Date(), comment="First day on which the row holds; empty: always"),
        sa.Column("ends_on", sa.Date(), comment="Last day on which the row holds; empty: still"),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the row comes from"),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, comment="No document at hand confirms it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pp_policy")),
        comment="Policies for Pupil Premium Plus: what an authority pays, for whom and when",
        info={"reference": True},
    )
    _reference_change()


def _reference_change() -> None:
    lists = "List that is changed (pp_rate, pp_policy, threshold, policy in force)"
    value = "Value from now on: pence of a rate, else as the list has it"
    op.create_table(
        "reference_change",
        sa.Column("id", sa.Integer(), nullable=False, comment="Number of the change"),
        sa.Column("list", sa.Text(), nullable=False, comment=lists),
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="Financial year of a rate, policy of a term; else empty",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Fund of a rate, term of a policy, name of a limit"),
        sa.Column("value", sa.Text(), nullable=False, comment=value),
        sa.Column("starts_on", sa.Date(), comment="First day on which the value holds; empty: always"),
        sa.Column("ends_on", sa.Date(), comment="Last day on which the value holds; empty: still"),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the value comes from"),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, comment="No document at hand confirms it"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When it was changed (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who changed it: user_account.name"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which it was known"),
        sa.CheckConstraint(LISTS, name=op.f("ck_reference_change_list")),
        sa.CheckConstraint(IN_ORDER, name=op.f("ck_reference_change_days_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_change")),
        comment="Changes and confirmations of rates, policies and limits; it can only grow",
    )
    for statement in CHANGES_ONLY_GROW[op.get_bind().dialect.name]:
        op.execute(statement)
