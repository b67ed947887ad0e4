"""What the team writes about a child, which can only grow; when somebody last looked at a page."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ENTRIES_ONLY_GROW = {
    "sqlite": (
        "CREATE TRIGGER case_entry_no_update BEFORE UPDATE ON case_entry "
        "BEGIN SELECT RAISE(ABORT, 'case_entry can only grow'); END",
        "CREATE TRIGGER case_entry_no_delete BEFORE DELETE ON case_entry WHEN OLD.written_at > "
        "datetime('now', iif(strftime('%m-%d', 'now') = '02-29', '-1 days', '+0 days'), '-6 years') "
        "BEGIN SELECT RAISE(ABORT, 'case_entry can only grow'); END",
        "CREATE TRIGGER case_entry_no_replace BEFORE INSERT ON case_entry WHEN EXISTS (SELECT 1 FROM case_entry "
        "WHERE id = NEW.id OR replaces = NEW.replaces) "
        "BEGIN SELECT RAISE(ABORT, 'case_entry can only grow'); END",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION case_entry_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF TG_OP = 'DELETE' AND OLD.written_at <= ((now() at time zone 'utc') - interval '6 years') at time zone 'utc' THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'case_entry can only grow';
        END $$""",
        """CREATE TRIGGER case_entry_only_grows BEFORE UPDATE OR TRUNCATE ON case_entry
        FOR EACH STATEMENT EXECUTE FUNCTION case_entry_only_grows()""",
        """CREATE TRIGGER case_entry_kept BEFORE DELETE ON case_entry
        FOR EACH ROW EXECUTE FUNCTION case_entry_only_grows()""",
    ),
}
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = "last look on an earlier day: new is what has come since"
LOOKED = "first look of the last day on which the person looked"


def upgrade() -> None:
    _case_entry()
    op.create_table(
        "last_look",
        sa.Column("user_id", NUMBER, nullable=False, comment="who looked"),
        sa.Column("page", sa.String(length=40), nullable=False, comment="at which page"),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False, comment=LOOKED),
        sa.Column("before_at", sa.DateTime(timezone=True), comment=BEFORE),
        sa.CheckConstraint("before_at is null or before_at < looked_at", name=op.f("ck_last_look_one_after_the_other")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_last_look_user_id")),
        sa.PrimaryKeyConstraint("user_id", "page", name=op.f("pk_last_look")),
        comment="When somebody last looked at a page that shows what is new since then",
    )


KIND = "kind in ('contact', 'note', 'snooze', 'wake', 'referral')"
HOW = "how in ('phone', 'visit', 'e-mail', 'meeting', 'letter')"
WITH_WHOM = "with_whom in ('school', 'carer', 'social worker', 'child', 'other')"
REFERRED_TO = "referred_to in ('attendance entitlement officer', 'PEP brought forward', 'PP+ request')"
CHECKS = {
    "kind": KIND,
    "how": HOW,
    "with_whom": WITH_WHOM,
    "referred_to": REFERRED_TO,
    "written_afterwards": "happened_on <= known_from",
    "contact_with_somebody": "(kind = 'contact') = (how is not null and with_whom is not null)",
    "snoozed_until_a_day": "(kind = 'snooze') = (until_on is not null)",
    "snoozed_for_a_while": "until_on is null or until_on > happened_on",
    "referred_to_somebody": "(kind = 'referral') = (referred_to is not null)",
}


def _case_entry() -> None:
    op.create_table(
        "case_entry",
        sa.Column("id", sa.Integer(), nullable=False, comment="Number of the entry"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("kind", sa.Text(), nullable=False, comment="What it is (contact, note, snooze, wake, referral)"),
        sa.Column(
            "happened_on",
            sa.Date(),
            nullable=False,
            comment="Day that it is about: of a contact the day of it, else the day of writing",
        ),
        sa.Column("how", sa.Text(), comment="Of a contact: how (phone, visit, e-mail, meeting, letter)"),
        sa.Column(
            "with_whom",
            sa.Text(),
            comment="Of a contact: with whom (school, carer, social worker, child, other)",
        ),
        sa.Column("said", sa.Text(), comment="What was said, the note, or why it is snoozed, woken or referred"),
        sa.Column("outcome", sa.Text(), comment="Of a contact: what came of it"),
        sa.Column("until_on", sa.Date(), comment="Of a snooze: the day on which the child is on the worklist again"),
        sa.Column(
            "referred_to",
            sa.Text(),
            comment="Of a referral: to whom or what (attendance entitlement officer, PEP brought forward, PP+ request)",
        ),
        sa.Column("action_id", sa.Integer(), comment="Action that it belongs to: action.action_id"),
        sa.Column("replaces", sa.Integer(), comment="Entry that it corrects: case_entry.id"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When it was written (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who wrote it: user_account.name"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which it was known"),
        *(sa.CheckConstraint(text, name=op.f(f"ck_case_entry_{name}")) for name, text in CHECKS.items()),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_case_entry_child_key")),
        sa.ForeignKeyConstraint(["replaces"], ["case_entry.id"], name=op.f("fk_case_entry_replaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entry")),
        comment="What the team wrote about a child: contacts, notes, snoozes, referrals; it can only grow, for six years",
    )
    op.create_index("ix_case_entry_child_key", "case_entry", ["child_key"])
    op.create_index("uq_case_entry_replaces", "case_entry", ["replaces"], unique=True)
    for statement in ENTRIES_ONLY_GROW[op.get_bind().dialect.name]:
        op.execute(statement)
