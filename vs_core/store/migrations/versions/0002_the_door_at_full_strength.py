"""The door at full strength: single sign-on, browsers known at sign-in, notes not saved yet, a trail kept for six years."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HOW = "how VARCHAR(20) DEFAULT 'password' NOT NULL CONSTRAINT ck_session_how CHECK (how in ('password', 'single sign-on'))"
TRAIL_IS_KEPT = {
    "sqlite": (
        "DROP TRIGGER audit_event_no_delete",
        "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event WHEN OLD.at > "
        "datetime('now', iif(strftime('%m-%d', 'now') = '02-29', '-1 days', '+0 days'), '-6 years') "
        "BEGIN SELECT RAISE(ABORT, 'audit_event can only grow'); END",
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event WHEN EXISTS (SELECT 1 FROM audit_event "
        "WHERE id = NEW.id OR hash = NEW.hash OR previous_hash = NEW.previous_hash) "
        "BEGIN SELECT RAISE(ABORT, 'audit_event can only grow'); END",
    ),
    "postgresql": (
        "DROP TRIGGER audit_event_only_grows ON audit_event",
        """CREATE OR REPLACE FUNCTION audit_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF TG_OP = 'DELETE' AND OLD.at <= ((now() at time zone 'utc') - interval '6 years') at time zone 'utc' THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'audit_event can only grow';
        END $$""",
        """CREATE TRIGGER audit_event_only_grows BEFORE UPDATE OR TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_only_grows()""",
        """CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_event_only_grows()""",
    ),
}


SAID_ANEW = {
    "user_account.password_hash": "bcrypt hash; empty: comes in through the council''s single sign-on only",
    "session.how": "how the person signed in",
    "sign_in_attempt.address": "network address; of IPv6 the network of its first 64 bits",
}


def upgrade() -> None:
    _people()
    _sign_ins()
    op.create_table(
        "draft",
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="whose note it is; nobody else reads it",
        ),
        sa.Column("field", sa.String(length=200), nullable=False, comment="the field that it was being written in"),
        sa.Column("text", sa.Text(), nullable=False, comment="the note as far as it was written"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="when"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_draft_user_id")),
        sa.PrimaryKeyConstraint("user_id", "field", name=op.f("pk_draft")),
        comment="Notes that were being written and are not saved yet",
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    op.create_index("ix_audit_event_user_name", "audit_event", ["user_name"])
    for statement in TRAIL_IS_KEPT[op.get_bind().dialect.name]:
        op.execute(statement)
    if op.get_bind().dialect.name == "postgresql":
        for column, comment in SAID_ANEW.items():
            op.execute(f"COMMENT ON COLUMN {column} IS '{comment}'")


def _people() -> None:
    for column in (
        sa.Column(
            "sso_name", sa.String(length=300), comment="name at the single sign-on, lower case, for the first time only"
        ),
        sa.Column("sso_issuer", sa.String(length=300), comment="who vouches for the person since then"),
        sa.Column("sso_subject", sa.String(length=255), comment="what the issuer knows the person by, for good"),
        sa.Column("sso_linked_at", sa.DateTime(timezone=True), comment="first came in through the single sign-on"),
    ):
        op.add_column("user_account", column)
    op.create_index("uq_user_account_sso_name", "user_account", ["sso_name"], unique=True)
    op.create_index("uq_user_account_sso_subject", "user_account", ["sso_issuer", "sso_subject"], unique=True)


def _sign_ins() -> None:
    op.execute(f"ALTER TABLE session ADD COLUMN {HOW}")
    op.add_column("session", sa.Column("browser", sa.String(length=200), comment="what the browser says of itself"))
    known = "hash of a browser in which this name has signed in before"
    op.add_column("sign_in_attempt", sa.Column("browser", sa.String(length=64), comment=known))
    op.create_index("ix_sign_in_attempt_address_at", "sign_in_attempt", ["address", "at"])
