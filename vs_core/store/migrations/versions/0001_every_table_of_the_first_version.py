"""Every table of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_event_no_{act} BEFORE {act} ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'audit_event can only grow'); END"
        for act in ("update", "delete")
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION audit_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit_event can only grow'; END $$""",
        """CREATE TRIGGER audit_event_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_only_grows()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="number of the event, in order",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="when"),
        sa.Column(
            "user_id", sa.BigInteger(), nullable=True, comment="empty for the command line and for unknown people"
        ),
        sa.Column("user_name", sa.String(length=200), nullable=False, comment="who"),
        sa.Column("what", sa.String(length=60), nullable=False, comment="what was done"),
        sa.Column("subject", sa.String(length=200), server_default="", nullable=False, comment="to what"),
        sa.Column("detail", sa.Text(), server_default="{}", nullable=False, comment="JSON"),
        sa.Column("previous_hash", sa.String(length=64), nullable=False, comment="hash of the event before"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="hash of this event with the one before"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_event_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_event_previous_hash")),
        comment="The trail of what people did; it can only grow",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_what"), ["what"], unique=False)

    op.create_table(
        "authority_week",
        sa.Column(
            "cohort",
            sa.Text(),
            nullable=False,
            comment="Cohort that the children belonged to on each day; 'all': every child",
        ),
        sa.Column("week", sa.Date(), nullable=False, comment="Monday of the week"),
        sa.Column("children", sa.Integer(), nullable=False, comment="Children with a mark"),
        sa.Column(
            "possible_sessions", sa.Integer(), nullable=False, comment="Attended, authorised and unauthorised together"
        ),
        sa.Column(
            "attended_sessions", sa.Integer(), nullable=False, comment="Present, or at an approved educational activity"
        ),
        sa.Column("authorised_absence_sessions", sa.Integer(), nullable=False, comment="Authorised absence"),
        sa.Column("unauthorised_absence_sessions", sa.Integer(), nullable=False, comment="Unauthorised absence"),
        sa.Column(
            "not_possible_sessions", sa.Integer(), nullable=False, comment="Marks that are not a possible session"
        ),
        sa.Column("late_sessions", sa.Integer(), nullable=False, comment="Code L, late before the register closed"),
        sa.Column(
            "late_after_register_sessions",
            sa.Integer(),
            nullable=False,
            comment="Code U, arrived after the register closed",
        ),
        sa.Column("part_time_sessions", sa.Integer(), nullable=False, comment="Code C2, part-time timetable"),
        sa.Column("suspended_sessions", sa.Integer(), nullable=False, comment="Code E, suspended or excluded"),
        sa.Column("study_leave_sessions", sa.Integer(), nullable=False, comment="Code S, study leave"),
        sa.Column("dual_registered_sessions", sa.Integer(), nullable=False, comment="Code D, at the other school"),
        sa.Column("unexplained_sessions", sa.Integer(), nullable=False, comment="Code N, no reason yet"),
        sa.PrimaryKeyConstraint("cohort", "week", name=op.f("pk_authority_week")),
        comment="Summary of child_day by cohort and week, as known now",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "code_value",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("list", sa.Text(), nullable=False, comment="List that the code belongs to"),
        sa.Column("code", sa.Text(), nullable=False, comment="Code"),
        sa.Column("meaning", sa.Text(), nullable=False, comment="Meaning"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="First day on which the row holds; empty: always"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="Last day on which the row holds; empty: still"),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the row comes from"),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, comment="No document at hand confirms it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_value")),
        comment="Codes of the statutory return and of other closed lists",
        info={"reference": True},
    )
    op.create_table(
        "cohort_day",
        sa.Column(
            "cohort",
            sa.Text(),
            nullable=False,
            comment="Cohort that the children belonged to on the day; 'all': every child",
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="Day"),
        sa.Column("session", sa.Text(), nullable=False, comment="AM or PM"),
        sa.Column("children", sa.Integer(), nullable=False, comment="Children with a mark"),
        sa.Column(
            "possible_sessions", sa.Integer(), nullable=False, comment="Attended, authorised and unauthorised together"
        ),
        sa.Column(
            "attended_sessions", sa.Integer(), nullable=False, comment="Present, or at an approved educational activity"
        ),
        sa.Column("authorised_absence_sessions", sa.Integer(), nullable=False, comment="Authorised absence"),
        sa.Column("unauthorised_absence_sessions", sa.Integer(), nullable=False, comment="Unauthorised absence"),
        sa.Column(
            "not_possible_sessions", sa.Integer(), nullable=False, comment="Marks that are not a possible session"
        ),
        sa.Column("late_sessions", sa.Integer(), nullable=False, comment="Code L, late before the register closed"),
        sa.Column(
            "late_after_register_sessions",
            sa.Integer(),
            nullable=False,
            comment="Code U, arrived after the register closed",
        ),
        sa.Column("part_time_sessions", sa.Integer(), nullable=False, comment="Code C2, part-time timetable"),
        sa.Column("suspended_sessions", sa.Integer(), nullable=False, comment="Code E, suspended or excluded"),
        sa.Column("study_leave_sessions", sa.Integer(), nullable=False, comment="Code S, study leave"),
        sa.Column("dual_registered_sessions", sa.Integer(), nullable=False, comment="Code D, at the other school"),
        sa.Column("unexplained_sessions", sa.Integer(), nullable=False, comment="Code N, no reason yet"),
        sa.PrimaryKeyConstraint("cohort", "day", "session", name=op.f("pk_cohort_day")),
        comment="Summary of child_day by cohort, day and half day, as known now",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("course", sa.Text(), nullable=False, comment="Course"),
        sa.Column("audience", sa.Text(), nullable=False, comment="Who it is for"),
        sa.Column("provider", sa.Text(), nullable=False, comment="Provider"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="First day on which the row holds; empty: always"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="Last day on which the row holds; empty: still"),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the row comes from"),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, comment="No document at hand confirms it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        comment="Training courses that are offered",
        info={"reference": True},
    )
    op.create_table(
        "import_ledger",
        sa.Column("id", sa.Integer(), nullable=False, comment="Number of the import, in the order of taking in"),
        sa.Column("kind", sa.Text(), nullable=False, comment="KIND of the file"),
        sa.Column("file_name", sa.Text(), nullable=False, comment="Name of the file, without its folder"),
        sa.Column("file_hash", sa.Text(), nullable=False, comment="SHA-256 of the file's bytes"),
        sa.Column("encoding", sa.Text(), nullable=False, comment="Encoding that the file was read with"),
        sa.Column("mapping", sa.Text(), nullable=True, comment="Name of the mapping file that was used"),
        sa.Column("imported_at", sa.DateTime(), nullable=False, comment="When it was taken in (UTC)"),
        sa.Column("imported_by", sa.Text(), nullable=False, comment="Who took it in"),
        sa.Column("known_on", sa.Date(), nullable=False, comment="Day from which its rows count as known"),
        sa.Column("rows_in", sa.Integer(), nullable=False, comment="Rows in the file"),
        sa.Column("inserted", sa.Integer(), nullable=False, comment="Rows that were new"),
        sa.Column("unchanged", sa.Integer(), nullable=False, comment="Rows that said what was known"),
        sa.Column(
            "corrected",
            sa.Integer(),
            nullable=False,
            comment="Rows that replaced what was known, or were replaced in the same file",
        ),
        sa.Column("rejected", sa.Integer(), nullable=False, comment="Rows that were refused"),
        sa.Column(
            "ignored_columns",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Columns of the file that have no meaning here",
        ),
        sa.Column(
            "given_columns",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Columns of the table that the file gave; what is not named stayed as it was",
        ),
        sa.Column("undoes", sa.Integer(), nullable=True, comment="Import that this entry undid"),
        sa.CheckConstraint(
            "rows_in = inserted + unchanged + corrected + rejected", name=op.f("ck_import_ledger_adds_up")
        ),
        sa.CheckConstraint(
            "rows_in >= 0 and inserted >= 0 and unchanged >= 0 and corrected >= 0 and rejected >= 0",
            name=op.f("ck_import_ledger_not_negative"),
        ),
        sa.ForeignKeyConstraint(["undoes"], ["import_ledger.id"], name=op.f("fk_import_ledger_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_ledger")),
        sa.UniqueConstraint("undoes", name=op.f("uq_import_ledger_undoes")),
        comment="One row an import; its counts add up, the database sees to it",
    )
    with op.batch_alter_table("import_ledger", schema=None) as batch_op:
        batch_op.create_index("ix_import_ledger_kind", ["kind", "known_on"], unique=False)

    op.create_table(
        "import_repeat",
        sa.Column("of_import", sa.Integer(), nullable=False, comment="Import that brought the rows"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that repeated them"),
        sa.Column("first_row", sa.Integer(), nullable=False, comment="First of the rows: id, of child_day number"),
        sa.Column("last_row", sa.Integer(), nullable=False, comment="Last of the rows"),
        sa.Column(
            "halves",
            sa.SmallInteger(),
            nullable=False,
            comment="Of register marks: 1 the morning, 2 the afternoon, 3 both; of other rows 0",
        ),
        sa.CheckConstraint("halves between 0 and 3", name=op.f("ck_import_repeat_halves")),
        sa.CheckConstraint("last_row >= first_row", name=op.f("ck_import_repeat_in_order")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_import_repeat_import_id")),
        sa.ForeignKeyConstraint(["of_import"], ["import_ledger.id"], name=op.f("fk_import_repeat_of_import")),
        sa.PrimaryKeyConstraint("of_import", "import_id", "first_row", name=op.f("pk_import_repeat")),
        comment="Rows that a later import repeated unchanged, as spans of their numbers: they stay known when the import that brought them is undone",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mark_source",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key of the source"),
        sa.Column("name", sa.Text(), nullable=False, comment="Who collected the mark, as the file says"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_source")),
        sa.UniqueConstraint("name", name=op.f("uq_mark_source_name")),
        comment="Who collected a register mark",
    )
    op.create_table(
        "pp_rate",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("financial_year", sa.Text(), nullable=False, comment="Financial year, as 2026-27"),
        sa.Column("fund", sa.Text(), nullable=False, comment="Fund"),
        sa.Column(
            "rate_pence", sa.BigInteger(), nullable=True, comment="Rate a child and year, pence; empty: not published"
        ),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="First day on which the row holds; empty: always"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="Last day on which the row holds; empty: still"),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the row comes from"),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, comment="No document at hand confirms it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pp_rate")),
        comment="Pupil Premium Plus rates",
        info={"reference": True},
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("name", sa.Text(), nullable=False, comment="Project"),
        sa.Column("years_from", sa.Text(), nullable=True, comment="First year group"),
        sa.Column("years_to", sa.Text(), nullable=True, comment="Last year group"),
        sa.Column("cohorts", sa.Text(), nullable=False, comment="Cohorts that it is for, ';' between"),
        sa.Column(
            "minutes_per_week",
            sa.Integer(),
            nullable=True,
            comment="Minutes in a week from which a child is active; empty: enrolled is active",
        ),
        sa.Column("target", sa.Text(), nullable=True, comment="What it aims at"),
        sa.Column("unit_cost_pence", sa.Integer(), nullable=True, comment="Cost a child, pence"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="First day on which the row holds; empty: always"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="Last day on which the row holds; empty: still"),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the row comes from"),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, comment="No document at hand confirms it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        comment="Projects, whom they are for and when a child counts as active",
        info={"reference": True},
    )
    op.create_table(
        "register_code",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("code", sa.Text(), nullable=False, comment="Code"),
        sa.Column("meaning", sa.Text(), nullable=False, comment="Meaning"),
        sa.Column("statistical_class", sa.Text(), nullable=False, comment="Class that the code counts in"),
        sa.Column("possible_session", sa.Boolean(), nullable=False, comment="Whether it is a possible session"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="First day on which the row holds; empty: always"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="Last day on which the row holds; empty: still"),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the row comes from"),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, comment="No document at hand confirms it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_code")),
        comment="Codes of the school register",
        info={"reference": True},
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="number of the try"
        ),
        sa.Column(
            "name_hash", sa.String(length=64), nullable=False, comment="keyed hash of the name typed, known or not"
        ),
        sa.Column("address", sa.String(length=60), nullable=True, comment="network address"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="when"),
        sa.Column("outcome", sa.String(length=10), nullable=False, comment="checking until the password was compared"),
        sa.CheckConstraint("outcome in ('checking', 'failed', 'worked')", name=op.f("ck_sign_in_attempt_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        comment="Tries to sign in, for the lockout",
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_name_hash_at", ["name_hash", "at"], unique=False)

    op.create_table(
        "suspension_reason",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("code", sa.Text(), nullable=False, comment="Code"),
        sa.Column("meaning", sa.Text(), nullable=False, comment="Meaning"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="First day on which the row holds; empty: always"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="Last day on which the row holds; empty: still"),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the row comes from"),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, comment="No document at hand confirms it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension_reason")),
        comment="Reasons for suspensions and exclusions",
        info={"reference": True},
    )
    op.create_table(
        "threshold",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name"),
        sa.Column("value", sa.Text(), nullable=False, comment="Value"),
        sa.Column("unit", sa.Text(), nullable=False, comment="Unit"),
        sa.Column("meaning", sa.Text(), nullable=False, comment="Meaning"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="First day on which the row holds; empty: always"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="Last day on which the row holds; empty: still"),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the row comes from"),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, comment="No document at hand confirms it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold")),
        comment="Limits and settings that rules use",
        info={"reference": True},
    )
    op.create_table(
        "user_account",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="number of the person"
        ),
        sa.Column("name", sa.String(length=100), nullable=False, comment="what the person types"),
        sa.Column("name_folded", sa.String(length=300), nullable=False, comment="name without regard to case"),
        sa.Column("display_name", sa.String(length=200), nullable=False, comment="name that others see"),
        sa.Column("role", sa.String(length=20), nullable=False, comment="role, which decides what the person sees"),
        sa.Column("password_hash", sa.String(length=100), nullable=False, comment="bcrypt hash"),
        sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False, comment="may not sign in"),
        sa.Column(
            "is_demo", sa.Boolean(), server_default=sa.false(), nullable=False, comment="works in demo mode only"
        ),
        sa.Column(
            "caseload_adviser",
            sa.String(length=200),
            nullable=True,
            comment="children.adviser of an adviser's own children",
        ),
        sa.Column(
            "sees_restricted",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="sees restricted children",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="added"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, comment="last changed"),
        sa.CheckConstraint(
            "role <> 'adviser' or length(caseload_adviser) > 0", name=op.f("ck_user_account_adviser_has_caseload")
        ),
        sa.CheckConstraint(
            "role in ('headteacher', 'inclusion', 'operations', 'adviser', 'analyst', 'administrator')",
            name=op.f("ck_user_account_role"),
        ),
        sa.CheckConstraint("length(name) > 0 and length(display_name) > 0", name=op.f("ck_user_account_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_user_account_name_folded")),
        comment="People who may sign in",
    )
    op.create_table(
        "benchmark",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("time_period", sa.Text(), nullable=False, comment="Academic year as 202425"),
        sa.Column("geographic_level", sa.Text(), nullable=False, comment="National, Regional or Local authority"),
        sa.Column("region_name", sa.Text(), nullable=False, comment="Region"),
        sa.Column("old_la_code", sa.Text(), nullable=True, comment="Local authority, three digits"),
        sa.Column("la_name", sa.Text(), nullable=False, comment="Local authority"),
        sa.Column("social_care_group", sa.Text(), nullable=False, comment="Group of children"),
        sa.Column("phase_type_grouping", sa.Text(), nullable=False, comment="Phase, or Total"),
        sa.Column("t_pupils", sa.Text(), nullable=True, comment="Children"),
        sa.Column("t_sess_possible", sa.Text(), nullable=True, comment="Possible sessions"),
        sa.Column("pt_overall", sa.Text(), nullable=True, comment="Absence, percent of possible sessions"),
        sa.Column("pt_sess_authorised", sa.Text(), nullable=True, comment="Authorised absence, percent"),
        sa.Column("pt_sess_unauthorised", sa.Text(), nullable=True, comment="Unauthorised absence, percent"),
        sa.Column(
            "pt_pupils_pa_10_exact", sa.Text(), nullable=True, comment="Persistently absent, percent of children"
        ),
        sa.Column("pt_pupils_pa_50_exact", sa.Text(), nullable=True, comment="Severely absent, percent of children"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_benchmark_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_benchmark_knowledge_in_order")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_benchmark_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_benchmark_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benchmark")),
        comment="The department's published absence figures (KIND benchmarks), cells as published: c, x and z kept",
        info={
            "key": (
                "time_period",
                "geographic_level",
                "region_name",
                "la_name",
                "social_care_group",
                "phase_type_grouping",
            )
        },
    )
    with op.batch_alter_table("benchmark", schema=None) as batch_op:
        batch_op.create_index("ix_benchmark_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_benchmark_current",
            ["time_period", "geographic_level", "region_name", "la_name", "social_care_group", "phase_type_grouping"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "child",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key of the child in this database"),
        sa.Column("child_id", sa.Text(), nullable=False, comment="The authority's own number of the child, as text"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that first named the child"),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_child_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child")),
        sa.UniqueConstraint("child_id", name=op.f("uq_child_child_id")),
        comment="Every child that any file has named; details are in child_details and ssda903_header",
    )
    op.create_table(
        "course_session",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("session_id", sa.Text(), nullable=False, comment="Number of the session"),
        sa.Column("course", sa.Text(), nullable=True, comment="Course"),
        sa.Column("audience", sa.Text(), nullable=True, comment="Who it is for"),
        sa.Column("held_on", sa.Date(), nullable=True, comment="Date"),
        sa.Column("capacity", sa.Integer(), nullable=True, comment="Places"),
        sa.Column("provider", sa.Text(), nullable=True, comment="Provider"),
        sa.Column("delivery", sa.Text(), nullable=True, comment="In person or virtual"),
        sa.Column("cost_pence", sa.Integer(), nullable=True, comment="Cost, pence"),
        sa.Column("status", sa.Text(), nullable=True, comment="Status; 'cancelled' is not counted"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_course_session_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_course_session_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_course_session_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_course_session_import_id")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_course_session_capacity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_session")),
        comment="Sessions of training courses (KIND courses)",
        info={"key": ("session_id",)},
    )
    with op.batch_alter_table("course_session", schema=None) as batch_op:
        batch_op.create_index("ix_course_session_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_course_session_current",
            ["session_id"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "licence",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("project", sa.Text(), nullable=False, comment="Project"),
        sa.Column("started_on", sa.Date(), nullable=False, comment="First day"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="Last day"),
        sa.Column("places", sa.Integer(), nullable=True, comment="Places"),
        sa.Column("cost_pence", sa.Integer(), nullable=True, comment="Cost, pence"),
        sa.Column("renewal_on", sa.Date(), nullable=True, comment="Renewal is due"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_licence_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_licence_knowledge_in_order")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_licence_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_licence_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
        comment="Licences and contracts of projects (KIND licences)",
        info={"key": ("project", "started_on")},
    )
    with op.batch_alter_table("licence", schema=None) as batch_op:
        batch_op.create_index("ix_licence_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_licence_current",
            ["project", "started_on"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "pp_allocation",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("financial_year", sa.Text(), nullable=False, comment="Financial year, as 2026-27"),
        sa.Column("fund", sa.Text(), nullable=False, comment="Fund (PP+, EYPP, post-16)"),
        sa.Column("stage", sa.Text(), nullable=False, comment="Stage of the notice (provisional, final)"),
        sa.Column("children", sa.Integer(), nullable=True, comment="Children that the notice counts"),
        sa.Column("amount_pence", sa.BigInteger(), nullable=True, comment="Amount, pence"),
        sa.Column("notified_on", sa.Date(), nullable=True, comment="Date of the notice"),
        sa.Column("rate_pence", sa.Integer(), nullable=True, comment="Rate a child, pence"),
        sa.Column("count_year", sa.Text(), nullable=True, comment="Year of the count that the notice rests on"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_pp_allocation_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_pp_allocation_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_pp_allocation_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_pp_allocation_import_id")),
        sa.CheckConstraint("fund in ('PP+', 'EYPP', 'post-16')", name=op.f("ck_pp_allocation_fund")),
        sa.CheckConstraint("stage in ('provisional', 'final')", name=op.f("ck_pp_allocation_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pp_allocation")),
        comment="The department's notices of allocation (KIND pp-allocations)",
        info={"key": ("financial_year", "fund", "stage")},
    )
    with op.batch_alter_table("pp_allocation", schema=None) as batch_op:
        batch_op.create_index("ix_pp_allocation_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_pp_allocation_current",
            ["financial_year", "fund", "stage"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "rejected_row",
        sa.Column("id", sa.Integer(), nullable=False, comment="Number of the refused row"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that refused it"),
        sa.Column("kind", sa.Text(), nullable=False, comment="KIND of the file"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="Row in the file, the header being row 1"),
        sa.Column(
            "cells", sa.Text(), nullable=False, comment="The row as it came: a JSON object of column name to text"
        ),
        sa.Column(
            "row_key",
            sa.Text(),
            nullable=True,
            comment="Key of the row as a JSON list of texts, the number of an n-th row within it; empty: could not be read",
        ),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="What became of it (waiting, taken in, overtaken, dismissed)"
        ),
        sa.Column(
            "resolved_by",
            sa.Integer(),
            nullable=True,
            comment="Import that took the corrected row in, or that brought the row itself (overtaken)",
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_rejected_row_import_id")),
        sa.ForeignKeyConstraint(["resolved_by"], ["import_ledger.id"], name=op.f("fk_rejected_row_resolved_by")),
        sa.CheckConstraint(
            "state in ('waiting', 'taken in', 'overtaken', 'dismissed')", name=op.f("ck_rejected_row_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected_row")),
        comment="Rows that an import refused, kept until corrected or dismissed",
    )
    with op.batch_alter_table("rejected_row", schema=None) as batch_op:
        batch_op.create_index("ix_rejected_row_state", ["state", "kind"], unique=False)

    op.create_table(
        "school",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key of the school in this database; 0 is 'not known'"),
        sa.Column("urn", sa.Text(), nullable=False, comment="Unique reference number, as text"),
        sa.Column("import_id", sa.Integer(), nullable=True, comment="Import that first named the school"),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_school_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("urn", name=op.f("uq_school_urn")),
        comment="Every school that any file has named; details are in school_details",
    )
    op.create_table(
        "session",
        sa.Column(
            "token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie, which is kept nowhere"
        ),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="whose session it is",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="signed in"),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False, comment="last deed of the person"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="ends at the latest"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="ended; empty: not ended by anybody"),
        sa.Column("ended_why", sa.String(length=40), nullable=True, comment="why it ended"),
        sa.Column("address", sa.String(length=60), nullable=True, comment="network address"),
        sa.CheckConstraint("(ended_at is null) = (ended_why is null)", name=op.f("ck_session_ended_with_reason")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_session_lasts")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_session_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
        comment="Sign-ins that last or lasted",
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column(
            "action_id", sa.Integer(), nullable=False, comment="Number of the action, the same in each of its rows"
        ),
        sa.Column("child_key", sa.Integer(), nullable=True, comment="Child: child.id; empty: not about one child"),
        sa.Column("subject", sa.Text(), nullable=False, comment="What it is about, for example 'attendance'"),
        sa.Column("next_step", sa.Text(), nullable=False, comment="What is to be done"),
        sa.Column("owner", sa.Text(), nullable=True, comment="Who does it; empty: nobody yet"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="Due"),
        sa.Column("opened_on", sa.Date(), nullable=False, comment="Opened"),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="Closed"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="What came of it"),
        sa.Column("written_at", sa.DateTime(), nullable=False, comment="When the row was written (UTC)"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="Who wrote it"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("known_to", sa.Date(), nullable=True, comment="Day from which it was replaced; empty: current"),
        sa.CheckConstraint("closed_on is null or closed_on >= opened_on", name=op.f("ck_action_closed_after_opened")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_action_child_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        comment="Actions of the team",
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(
            "uq_action_current",
            ["action_id"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "admission",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column(
            "school_key",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="School: school.id; 0 is 'not known'",
        ),
        sa.Column("needed_on", sa.Date(), nullable=False, comment="A place was needed from"),
        sa.Column("applied_on", sa.Date(), nullable=True, comment="Applied"),
        sa.Column("decision", sa.Text(), nullable=True, comment="The school's decision"),
        sa.Column("decided_on", sa.Date(), nullable=True, comment="Decision"),
        sa.Column("directed_on", sa.Date(), nullable=True, comment="Directed"),
        sa.Column("started_on", sa.Date(), nullable=True, comment="The child started"),
        sa.Column(
            "ehcp_owner", sa.Text(), nullable=True, comment="Authority that owns the education, health and care plan"
        ),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_admission_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_admission_knowledge_in_order")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_admission_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_admission_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_admission_import_id")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_admission_school_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
        comment="School places being sought (KIND admissions)",
        info={"key": ("child_key", "needed_on")},
    )
    with op.batch_alter_table("admission", schema=None) as batch_op:
        batch_op.create_index("ix_admission_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_admission_current",
            ["child_key", "needed_on"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("booking_id", sa.Text(), nullable=False, comment="Number of the booking"),
        sa.Column("session_id", sa.Text(), nullable=True, comment="Session: course_session.session_id"),
        sa.Column("role", sa.Text(), nullable=True, comment="Role of the person"),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Where it stands (booked, waiting, attended, did not attend, cancelled)",
        ),
        sa.Column("delegate_id", sa.Text(), nullable=True, comment="Number of the person; no name is held"),
        sa.Column(
            "school_key",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="School: school.id; 0 is 'not known'",
        ),
        sa.Column("area", sa.Text(), nullable=True, comment="Social work area"),
        sa.Column("booked_on", sa.Date(), nullable=True, comment="Booked"),
        sa.Column("evaluation", sa.Text(), nullable=True, comment="Evaluation"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_booking_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_booking_knowledge_in_order")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_booking_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_booking_import_id")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_booking_school_key")),
        sa.CheckConstraint(
            "status in ('booked', 'waiting', 'attended', 'did not attend', 'cancelled')", name=op.f("ck_booking_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        comment="Bookings of training places (KIND bookings)",
        info={"key": ("booking_id",)},
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index("ix_booking_import_id", ["import_id"], unique=False)
        batch_op.create_index("ix_booking_session_id", ["session_id"], unique=False)
        batch_op.create_index(
            "uq_booking_current",
            ["booking_id"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("la", sa.Text(), nullable=False, comment="Authority, by name"),
        sa.Column(
            "school_key",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="School that it is for; 0: the whole authority",
        ),
        sa.Column("academic_year", sa.Text(), nullable=False, comment="Academic year, as 2026/27"),
        sa.Column("what", sa.Text(), nullable=False, comment="half term 1 to 6, INSET (non-pupil day) or closure"),
        sa.Column("started_on", sa.Date(), nullable=False, comment="First day"),
        sa.Column("ended_on", sa.Date(), nullable=False, comment="Last day"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_calendar_entry_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_calendar_entry_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_calendar_entry_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_calendar_entry_import_id")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_calendar_entry_school_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        comment="Half terms, INSET days and closures (KIND calendar)",
        info={"key": ("la", "school_key", "started_on", "what")},
    )
    with op.batch_alter_table("calendar_entry", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_entry_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_calendar_entry_current",
            ["la", "school_key", "started_on", "what"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "child_day",
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("day", sa.Date(), nullable=False, comment="Day of the marks"),
        sa.Column("school_key", sa.Integer(), nullable=False, comment="School: school.id; 0 is 'not known'"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column(
            "number",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Number of the row among those of its import",
        ),
        sa.Column(
            "am", sa.String(length=2), nullable=True, comment="Register code of the morning; empty: no mark received"
        ),
        sa.Column(
            "pm", sa.String(length=2), nullable=True, comment="Register code of the afternoon; empty: no mark received"
        ),
        sa.Column("am_received_at", sa.DateTime(), nullable=True, comment="When the morning mark was collected"),
        sa.Column("pm_received_at", sa.DateTime(), nullable=True, comment="When the afternoon mark was collected"),
        sa.Column("am_source", sa.SmallInteger(), nullable=True, comment="Who collected the morning mark"),
        sa.Column("pm_source", sa.SmallInteger(), nullable=True, comment="Who collected the afternoon mark"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_child_day_closed_by_somebody")),
        sa.CheckConstraint("am is not null or pm is not null", name=op.f("ck_child_day_some_mark")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_child_day_knowledge_in_order")),
        sa.ForeignKeyConstraint(["am_source"], ["mark_source.id"], name=op.f("fk_child_day_am_source")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_child_day_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_child_day_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_child_day_import_id")),
        sa.ForeignKeyConstraint(["pm_source"], ["mark_source.id"], name=op.f("fk_child_day_pm_source")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_child_day_school_key")),
        sa.PrimaryKeyConstraint("child_key", "day", "school_key", "import_id", "known_from", name=op.f("pk_child_day")),
        comment="Register marks (KIND attendance): both half days of a child at a school",
        info={"key": ("child_key", "day", "school_key")},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("child_day", schema=None) as batch_op:
        batch_op.create_index(
            "uq_child_day_current",
            ["day", "child_key", "school_key"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "child_details",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("born_on", sa.Date(), nullable=True, comment="Date of birth"),
        sa.Column("upn", sa.Text(), nullable=True, comment="Unique pupil number"),
        sa.Column("forename", sa.Text(), nullable=True, comment="Forename"),
        sa.Column("surname", sa.Text(), nullable=True, comment="Surname"),
        sa.Column("sex", sa.Text(), nullable=True, comment="Sex, as the file says"),
        sa.Column("ethnicity", sa.Text(), nullable=True, comment="Ethnicity, as the file says"),
        sa.Column("area", sa.Text(), nullable=True, comment="Social work area"),
        sa.Column("in_county", sa.Boolean(), nullable=True, comment="Placed within the county"),
        sa.Column("restricted", sa.Boolean(), nullable=True, comment="The child's whereabouts are restricted"),
        sa.Column("social_worker", sa.Text(), nullable=True, comment="Social worker"),
        sa.Column("adviser", sa.Text(), nullable=True, comment="Virtual School adviser"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_child_details_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_child_details_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_child_details_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_child_details_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_child_details_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_details")),
        comment="The authority's own list of children (KIND children)",
        info={"key": ("child_key",)},
    )
    with op.batch_alter_table("child_details", schema=None) as batch_op:
        batch_op.create_index("ix_child_details_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_child_details_current",
            ["child_key"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "child_week",
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("week", sa.Date(), nullable=False, comment="Monday of the week"),
        sa.Column("school_key", sa.Integer(), nullable=False, comment="School: school.id"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which these counts were known"),
        sa.Column("known_to", sa.Date(), nullable=True, comment="Day from which they were replaced; empty: current"),
        sa.Column(
            "possible_sessions", sa.Integer(), nullable=False, comment="Attended, authorised and unauthorised together"
        ),
        sa.Column(
            "attended_sessions", sa.Integer(), nullable=False, comment="Present, or at an approved educational activity"
        ),
        sa.Column("authorised_absence_sessions", sa.Integer(), nullable=False, comment="Authorised absence"),
        sa.Column("unauthorised_absence_sessions", sa.Integer(), nullable=False, comment="Unauthorised absence"),
        sa.Column(
            "not_possible_sessions", sa.Integer(), nullable=False, comment="Marks that are not a possible session"
        ),
        sa.Column("late_sessions", sa.Integer(), nullable=False, comment="Code L, late before the register closed"),
        sa.Column(
            "late_after_register_sessions",
            sa.Integer(),
            nullable=False,
            comment="Code U, arrived after the register closed",
        ),
        sa.Column("part_time_sessions", sa.Integer(), nullable=False, comment="Code C2, part-time timetable"),
        sa.Column("suspended_sessions", sa.Integer(), nullable=False, comment="Code E, suspended or excluded"),
        sa.Column("study_leave_sessions", sa.Integer(), nullable=False, comment="Code S, study leave"),
        sa.Column("dual_registered_sessions", sa.Integer(), nullable=False, comment="Code D, at the other school"),
        sa.Column("unexplained_sessions", sa.Integer(), nullable=False, comment="Code N, no reason yet"),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_child_week_child_key")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_child_week_school_key")),
        sa.PrimaryKeyConstraint("child_key", "week", "school_key", "known_from", name=op.f("pk_child_week")),
        comment="Summary of child_day by week, also as it was known on earlier days",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("child_week", schema=None) as batch_op:
        batch_op.create_index("ix_child_week_week", ["week", "child_key"], unique=False)

    op.create_table(
        "child_year",
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column(
            "academic_year", sa.Integer(), nullable=False, comment="Calendar year in which the academic year began"
        ),
        sa.Column(
            "possible_sessions", sa.Integer(), nullable=False, comment="Attended, authorised and unauthorised together"
        ),
        sa.Column(
            "attended_sessions", sa.Integer(), nullable=False, comment="Present, or at an approved educational activity"
        ),
        sa.Column("authorised_absence_sessions", sa.Integer(), nullable=False, comment="Authorised absence"),
        sa.Column("unauthorised_absence_sessions", sa.Integer(), nullable=False, comment="Unauthorised absence"),
        sa.Column(
            "not_possible_sessions", sa.Integer(), nullable=False, comment="Marks that are not a possible session"
        ),
        sa.Column("late_sessions", sa.Integer(), nullable=False, comment="Code L, late before the register closed"),
        sa.Column(
            "late_after_register_sessions",
            sa.Integer(),
            nullable=False,
            comment="Code U, arrived after the register closed",
        ),
        sa.Column("part_time_sessions", sa.Integer(), nullable=False, comment="Code C2, part-time timetable"),
        sa.Column("suspended_sessions", sa.Integer(), nullable=False, comment="Code E, suspended or excluded"),
        sa.Column("study_leave_sessions", sa.Integer(), nullable=False, comment="Code S, study leave"),
        sa.Column("dual_registered_sessions", sa.Integer(), nullable=False, comment="Code D, at the other school"),
        sa.Column("unexplained_sessions", sa.Integer(), nullable=False, comment="Code N, no reason yet"),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_child_year_child_key")),
        sa.PrimaryKeyConstraint("child_key", "academic_year", name=op.f("pk_child_year")),
        comment="Summary of child_day by academic year, as known now",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cohort_membership",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column(
            "cohort",
            sa.Text(),
            nullable=False,
            comment="Cohort (previously looked after, child in need, child protection, kinship)",
        ),
        sa.Column("started_on", sa.Date(), nullable=False, comment="First day"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="Last day; empty: still belongs"),
        sa.Column(
            "type", sa.Text(), nullable=True, comment="Type within the cohort, for example 'special guardianship'"
        ),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_cohort_membership_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_cohort_membership_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_cohort_membership_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_cohort_membership_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_cohort_membership_import_id")),
        sa.CheckConstraint(
            "cohort in ('previously looked after', 'child in need', 'child protection', 'kinship')",
            name=op.f("ck_cohort_membership_cohort"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_membership")),
        comment="Who belongs to the other cohorts (KIND cohorts); care itself comes from the episodes",
        info={"key": ("child_key", "cohort", "started_on")},
    )
    with op.batch_alter_table("cohort_membership", schema=None) as batch_op:
        batch_op.create_index("ix_cohort_membership_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_cohort_membership_current",
            ["child_key", "cohort", "started_on"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "custody",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("started_on", sa.Date(), nullable=False, comment="First day"),
        sa.Column(
            "setting",
            sa.Text(),
            nullable=True,
            comment="Secure children's home, secure training centre, young offender institution (SCH, STC, YOI)",
        ),
        sa.Column("expected_release", sa.Date(), nullable=True, comment="Expected release"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="Last day"),
        sa.Column("education_assessed_on", sa.Date(), nullable=True, comment="Education assessed"),
        sa.Column("pep_shared_on", sa.Date(), nullable=True, comment="PEP shared with the setting"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_custody_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_custody_knowledge_in_order")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_custody_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_custody_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_custody_import_id")),
        sa.CheckConstraint("setting in ('SCH', 'STC', 'YOI')", name=op.f("ck_custody_setting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody")),
        comment="Children in custody (KIND custody)",
        info={"key": ("child_key", "started_on")},
    )
    with op.batch_alter_table("custody", schema=None) as batch_op:
        batch_op.create_index("ix_custody_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_custody_current",
            ["child_key", "started_on"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "destination",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("on", sa.Date(), nullable=False, comment="Date of the record"),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Education, employment or training (education, employment, training, employment without training, neet, not known)",
        ),
        sa.Column("provider", sa.Text(), nullable=True, comment="Provider"),
        sa.Column("offer", sa.Text(), nullable=True, comment="Offer for September"),
        sa.Column("bursary", sa.Text(), nullable=True, comment="Bursary"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_destination_closed_by_somebody")),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_destination_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_destination_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_destination_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_destination_import_id")),
        sa.CheckConstraint(
            "status in ('education', 'employment', 'training', 'employment without training', 'neet', 'not known')",
            name=op.f("ck_destination_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination")),
        comment="Where young people went (KIND destinations)",
        info={"key": ("child_key", "on")},
    )
    with op.batch_alter_table("destination", schema=None) as batch_op:
        batch_op.create_index("ix_destination_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_destination_current",
            ["child_key", "on"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column(
            "school_key",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="School: school.id; 0 is 'not known'",
        ),
        sa.Column("started_on", sa.Date(), nullable=False, comment="First day on roll"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="Last day on roll; empty: still on roll"),
        sa.Column("year_group", sa.Text(), nullable=True, comment="National curriculum year: N1, N2, R, 1 to 14"),
        sa.Column(
            "sen",
            sa.Text(),
            nullable=True,
            comment="Special educational needs: none, support, education health and care plan (N, K, E)",
        ),
        sa.Column("status", sa.Text(), nullable=True, comment="Kind of enrolment (main, subsidiary, guest)"),
        sa.Column("designated_teacher", sa.Text(), nullable=True, comment="Designated teacher"),
        sa.Column(
            "school_informed_on", sa.Date(), nullable=True, comment="The school was told that the child is in care"
        ),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_enrolment_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_enrolment_knowledge_in_order")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_enrolment_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_enrolment_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_enrolment_import_id")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_enrolment_school_key")),
        sa.CheckConstraint("sen in ('N', 'K', 'E')", name=op.f("ck_enrolment_sen")),
        sa.CheckConstraint("status in ('main', 'subsidiary', 'guest')", name=op.f("ck_enrolment_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        comment="Where a child is on roll (KIND enrolments)",
        info={"key": ("child_key", "school_key", "started_on")},
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index("ix_enrolment_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_enrolment_current",
            ["child_key", "school_key", "started_on"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column(
            "notice_key",
            sa.Text(),
            nullable=False,
            comment="notice_id; without one: child, start, category and the how-manieth such row of the file",
        ),
        sa.Column("notice_id", sa.Text(), nullable=True, comment="The school's or census number of the notice"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column(
            "school_key",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="School: school.id; 0 is 'not known'",
        ),
        sa.Column("started_on", sa.Date(), nullable=False, comment="First day"),
        sa.Column("start_session", sa.Text(), nullable=True, comment="Half day on which it began (AM, PM)"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="Last day"),
        sa.Column("sessions", sa.Integer(), nullable=True, comment="Half days lost"),
        sa.Column(
            "category",
            sa.Text(),
            nullable=False,
            comment="Suspension, lunchtime suspension, permanent exclusion (SUSP, LNCH, PERM)",
        ),
        sa.Column("occurrence", sa.Integer(), nullable=False, comment="The how-manieth such row of the file, from 1"),
        sa.Column("reason1", sa.Text(), nullable=True, comment="First reason, statutory code"),
        sa.Column("reason2", sa.Text(), nullable=True, comment="Second reason"),
        sa.Column("reason3", sa.Text(), nullable=True, comment="Third reason"),
        sa.Column(
            "consulted_virtual_school", sa.Boolean(), nullable=True, comment="The Virtual School was asked before"
        ),
        sa.Column("notified_on", sa.Date(), nullable=True, comment="The Virtual School was told"),
        sa.Column("provision_from", sa.Date(), nullable=True, comment="First day of education elsewhere"),
        sa.Column("reintegration_on", sa.Date(), nullable=True, comment="Reintegration meeting"),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Where it stands (issued, upheld, reinstated, withdrawn, review)",
        ),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_exclusion_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_exclusion_knowledge_in_order")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_exclusion_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_exclusion_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_exclusion_import_id")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_exclusion_school_key")),
        sa.CheckConstraint("category in ('SUSP', 'LNCH', 'PERM')", name=op.f("ck_exclusion_category")),
        sa.CheckConstraint("sessions >= 0", name=op.f("ck_exclusion_sessions")),
        sa.CheckConstraint("start_session in ('AM', 'PM')", name=op.f("ck_exclusion_start_session")),
        sa.CheckConstraint(
            "status in ('issued', 'upheld', 'reinstated', 'withdrawn', 'review')", name=op.f("ck_exclusion_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
        comment="Suspensions and permanent exclusions (KIND exclusions)",
        info={"key": ("notice_key",)},
    )
    with op.batch_alter_table("exclusion", schema=None) as batch_op:
        batch_op.create_index("ix_exclusion_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_exclusion_current",
            ["notice_key"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "pep",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("term", sa.Text(), nullable=False, comment="Term, as 2026/27 autumn"),
        sa.Column("kind", sa.Text(), nullable=False, comment="First plan or a review (initial, review)"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="Due"),
        sa.Column("initiated_on", sa.Date(), nullable=True, comment="Initiated by the social worker"),
        sa.Column("meeting_on", sa.Date(), nullable=True, comment="Meeting"),
        sa.Column("finished_on", sa.Date(), nullable=True, comment="Finished by the designated teacher"),
        sa.Column(
            "quality_assured_on", sa.Date(), nullable=True, comment="Quality-assured by the Virtual School: complete"
        ),
        sa.Column("quality", sa.Text(), nullable=True, comment="Quality (red, amber, green)"),
        sa.Column("child_voice", sa.Boolean(), nullable=True, comment="The child's voice is in it"),
        sa.Column("carer_voice", sa.Boolean(), nullable=True, comment="The carer's voice is in it"),
        sa.Column("smart_targets", sa.Boolean(), nullable=True, comment="Its targets are SMART"),
        sa.Column("attendance_target", sa.Boolean(), nullable=True, comment="It has a target for attendance"),
        sa.Column("phase", sa.Text(), nullable=True, comment="Phase, as the file says"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_pep_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_pep_knowledge_in_order")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_pep_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_pep_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_pep_import_id")),
        sa.CheckConstraint("kind in ('initial', 'review')", name=op.f("ck_pep_kind")),
        sa.CheckConstraint("quality in ('red', 'amber', 'green')", name=op.f("ck_pep_quality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pep")),
        comment="Personal education plans (KIND peps)",
        info={"key": ("child_key", "term", "kind")},
    )
    with op.batch_alter_table("pep", schema=None) as batch_op:
        batch_op.create_index("ix_pep_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_pep_current",
            ["child_key", "term", "kind"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "pp_payment",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("payment_id", sa.Text(), nullable=False, comment="Number of the payment"),
        sa.Column("request_id", sa.Text(), nullable=True, comment="Number of the request that is paid"),
        sa.Column(
            "school_key",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="School: school.id; 0 is 'not known'",
        ),
        sa.Column("amount_pence", sa.BigInteger(), nullable=True, comment="Amount, pence"),
        sa.Column("status", sa.Text(), nullable=True, comment="Where it stands (in batch, paid, returned, recovered)"),
        sa.Column("paid_on", sa.Date(), nullable=True, comment="Day of the payment"),
        sa.Column("batch", sa.Text(), nullable=True, comment="Batch"),
        sa.Column("vendor", sa.Text(), nullable=True, comment="Vendor number"),
        sa.Column("invoice", sa.Text(), nullable=True, comment="Invoice number"),
        sa.Column("cost_code", sa.Text(), nullable=True, comment="Cost code"),
        sa.Column("fund", sa.Text(), nullable=True, comment="Fund; empty: the request's (PP+, EYPP, post-16)"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_pp_payment_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_pp_payment_knowledge_in_order")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_pp_payment_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_pp_payment_import_id")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_pp_payment_school_key")),
        sa.CheckConstraint("fund in ('PP+', 'EYPP', 'post-16')", name=op.f("ck_pp_payment_fund")),
        sa.CheckConstraint(
            "status in ('in batch', 'paid', 'returned', 'recovered')", name=op.f("ck_pp_payment_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pp_payment")),
        comment="Payments from the finance system (KIND pp-payments); a recovery is a row of its own",
        info={"key": ("payment_id",)},
    )
    with op.batch_alter_table("pp_payment", schema=None) as batch_op:
        batch_op.create_index("ix_pp_payment_import_id", ["import_id"], unique=False)
        batch_op.create_index("ix_pp_payment_request_id", ["request_id"], unique=False)
        batch_op.create_index(
            "uq_pp_payment_current",
            ["payment_id"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "pp_request",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("request_id", sa.Text(), nullable=False, comment="Number of the request"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column(
            "school_key",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="School: school.id; 0 is 'not known'",
        ),
        sa.Column("term", sa.Text(), nullable=True, comment="Term, as 2026/27 autumn"),
        sa.Column("financial_year", sa.Text(), nullable=True, comment="Financial year of the term, as 2026-27"),
        sa.Column("amount_pence", sa.BigInteger(), nullable=True, comment="Asked for, pence"),
        sa.Column(
            "area",
            sa.Text(),
            nullable=True,
            comment="The department's area of spending (high-quality teaching, targeted academic support, wider strategies)",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Where it stands (requested, queried, part-approved, approved, rejected, lapsed)",
        ),
        sa.Column("requested_on", sa.Date(), nullable=True, comment="Asked for"),
        sa.Column("target", sa.Text(), nullable=True, comment="PEP target that it serves"),
        sa.Column("intervention", sa.Text(), nullable=True, comment="What the money buys"),
        sa.Column("decided_on", sa.Date(), nullable=True, comment="Decided"),
        sa.Column("decided_by", sa.Text(), nullable=True, comment="Who decided"),
        sa.Column(
            "approved_amount_pence",
            sa.BigInteger(),
            nullable=True,
            comment="Approved, pence; empty on an approved request: all of it",
        ),
        sa.Column("exceptional", sa.Boolean(), nullable=True, comment="Outside the ordinary limits"),
        sa.Column("adviser_agreed_on", sa.Date(), nullable=True, comment="The adviser agreed to the exception"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="The intervention begins"),
        sa.Column("fund", sa.Text(), nullable=True, comment="Fund; empty: PP+ (PP+, EYPP, post-16)"),
        sa.Column("impact", sa.Text(), nullable=True, comment="What came of it"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_pp_request_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_pp_request_knowledge_in_order")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_pp_request_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_pp_request_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_pp_request_import_id")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_pp_request_school_key")),
        sa.CheckConstraint(
            "area in ('high-quality teaching', 'targeted academic support', 'wider strategies')",
            name=op.f("ck_pp_request_area"),
        ),
        sa.CheckConstraint("fund in ('PP+', 'EYPP', 'post-16')", name=op.f("ck_pp_request_fund")),
        sa.CheckConstraint(
            "status in ('requested', 'queried', 'part-approved', 'approved', 'rejected', 'lapsed')",
            name=op.f("ck_pp_request_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pp_request")),
        comment="Requests for Pupil Premium Plus (KIND pp-requests)",
        info={"key": ("request_id",)},
    )
    with op.batch_alter_table("pp_request", schema=None) as batch_op:
        batch_op.create_index("ix_pp_request_child_key", ["child_key"], unique=False)
        batch_op.create_index("ix_pp_request_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_pp_request_current",
            ["request_id"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "project_place",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("project", sa.Text(), nullable=False, comment="Project"),
        sa.Column(
            "holder",
            sa.Text(),
            nullable=False,
            comment="Who holds the place: 'child' and its number, or 'school' and its URN",
        ),
        sa.Column("child_key", sa.Integer(), nullable=True, comment="Child: child.id"),
        sa.Column(
            "school_key",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="School of the child, or the school that takes part; 0: not given",
        ),
        sa.Column("started_on", sa.Date(), nullable=False, comment="First day"),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Where it stands (offered, enrolled, completed, left, waiting, declined)",
        ),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="Last day"),
        sa.Column("offered_on", sa.Date(), nullable=True, comment="Offered"),
        sa.Column("instrument", sa.Text(), nullable=True, comment="Instrument"),
        sa.Column("device", sa.Text(), nullable=True, comment="Device"),
        sa.Column("cost_pence", sa.Integer(), nullable=True, comment="Cost, pence"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_project_place_closed_by_somebody")
        ),
        sa.CheckConstraint("child_key is not null or school_key <> 0", name=op.f("ck_project_place_somebody")),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_project_place_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_project_place_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_project_place_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_project_place_import_id")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_project_place_school_key")),
        sa.CheckConstraint(
            "status in ('offered', 'enrolled', 'completed', 'left', 'waiting', 'declined')",
            name=op.f("ck_project_place_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_place")),
        comment="Places on projects, of a child or a whole school (KIND project-places)",
        info={"key": ("project", "holder", "started_on")},
    )
    with op.batch_alter_table("project_place", schema=None) as batch_op:
        batch_op.create_index("ix_project_place_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_project_place_current",
            ["project", "holder", "started_on"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "project_usage",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("project", sa.Text(), nullable=False, comment="Project"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("week", sa.Date(), nullable=False, comment="Monday of the week"),
        sa.Column("minutes", sa.Integer(), nullable=True, comment="Minutes"),
        sa.Column("progressions", sa.Integer(), nullable=True, comment="Steps forward"),
        sa.Column("level", sa.Text(), nullable=True, comment="Level"),
        sa.Column("sessions_offered", sa.Integer(), nullable=True, comment="Lessons offered"),
        sa.Column("sessions_attended", sa.Integer(), nullable=True, comment="Lessons attended"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_project_usage_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_project_usage_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_project_usage_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_project_usage_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_project_usage_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_usage")),
        comment="What children did on a project, by week (KIND project-usage)",
        info={"key": ("project", "child_key", "week")},
    )
    with op.batch_alter_table("project_usage", schema=None) as batch_op:
        batch_op.create_index("ix_project_usage_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_project_usage_current",
            ["project", "child_key", "week"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "row_problem",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import in which it was noticed"),
        sa.Column("rejected_row_id", sa.Integer(), nullable=True, comment="The refused row; empty for a query"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="Row in the file, the header being row 1"),
        sa.Column("column_name", sa.Text(), nullable=False, comment="Column of the file"),
        sa.Column("rule", sa.Text(), nullable=False, comment="Short name of the rule"),
        sa.Column("sentence", sa.Text(), nullable=False, comment="What is wrong, in a plain sentence"),
        sa.Column(
            "severity",
            sa.Text(),
            nullable=False,
            comment="Refused, or taken in and listed for a person (rejected, query)",
        ),
        sa.Column("row_key", sa.Text(), nullable=True, comment="Of a query: key of the row as a JSON list of texts"),
        sa.Column(
            "closed_by",
            sa.Integer(),
            nullable=True,
            comment="Of a query: import that said the row again since, and asked again where there was need",
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_row_problem_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_row_problem_import_id")),
        sa.ForeignKeyConstraint(["rejected_row_id"], ["rejected_row.id"], name=op.f("fk_row_problem_rejected_row_id")),
        sa.CheckConstraint("severity in ('rejected', 'query')", name=op.f("ck_row_problem_severity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_problem")),
        comment="Everything noticed in a file: why a row was refused, or what a person should look at",
    )
    with op.batch_alter_table("row_problem", schema=None) as batch_op:
        batch_op.create_index("ix_row_problem_import_id", ["import_id"], unique=False)

    op.create_table(
        "school_details",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column(
            "school_key",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="School: school.id; 0 is 'not known'",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name"),
        sa.Column("la_code", sa.Text(), nullable=True, comment="Local authority, three digits"),
        sa.Column("la_name", sa.Text(), nullable=True, comment="Local authority, name"),
        sa.Column("status", sa.Text(), nullable=True, comment="Open, Closed, ..."),
        sa.Column("phase", sa.Text(), nullable=True, comment="Phase of education"),
        sa.Column("type", sa.Text(), nullable=True, comment="Type of establishment"),
        sa.Column("opened_on", sa.Date(), nullable=True, comment="Opened"),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="Closed"),
        sa.Column("town", sa.Text(), nullable=True, comment="Town"),
        sa.Column("postcode", sa.Text(), nullable=True, comment="Postcode"),
        sa.Column(
            "ofsted_rating",
            sa.Text(),
            nullable=True,
            comment="Ofsted's rating in the words of its time; see ofsted_inspected_on for the regime",
        ),
        sa.Column("ofsted_inspected_on", sa.Date(), nullable=True, comment="Inspection that gave the rating"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_school_details_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_school_details_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_school_details_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_school_details_import_id")),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_school_details_school_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_details")),
        comment="What the national school list says of a school (KIND schools)",
        info={"key": ("school_key",)},
    )
    with op.batch_alter_table("school_details", schema=None) as batch_op:
        batch_op.create_index("ix_school_details_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_school_details_current",
            ["school_key"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "school_week",
        sa.Column(
            "cohort",
            sa.Text(),
            nullable=False,
            comment="Cohort that the children belonged to on each day; 'all': every child",
        ),
        sa.Column("week", sa.Date(), nullable=False, comment="Monday of the week"),
        sa.Column("school_key", sa.Integer(), nullable=False, comment="School: school.id"),
        sa.Column("children", sa.Integer(), nullable=False, comment="Children with a mark"),
        sa.Column(
            "possible_sessions", sa.Integer(), nullable=False, comment="Attended, authorised and unauthorised together"
        ),
        sa.Column(
            "attended_sessions", sa.Integer(), nullable=False, comment="Present, or at an approved educational activity"
        ),
        sa.Column("authorised_absence_sessions", sa.Integer(), nullable=False, comment="Authorised absence"),
        sa.Column("unauthorised_absence_sessions", sa.Integer(), nullable=False, comment="Unauthorised absence"),
        sa.Column(
            "not_possible_sessions", sa.Integer(), nullable=False, comment="Marks that are not a possible session"
        ),
        sa.Column("late_sessions", sa.Integer(), nullable=False, comment="Code L, late before the register closed"),
        sa.Column(
            "late_after_register_sessions",
            sa.Integer(),
            nullable=False,
            comment="Code U, arrived after the register closed",
        ),
        sa.Column("part_time_sessions", sa.Integer(), nullable=False, comment="Code C2, part-time timetable"),
        sa.Column("suspended_sessions", sa.Integer(), nullable=False, comment="Code E, suspended or excluded"),
        sa.Column("study_leave_sessions", sa.Integer(), nullable=False, comment="Code S, study leave"),
        sa.Column("dual_registered_sessions", sa.Integer(), nullable=False, comment="Code D, at the other school"),
        sa.Column("unexplained_sessions", sa.Integer(), nullable=False, comment="Code N, no reason yet"),
        sa.ForeignKeyConstraint(["school_key"], ["school.id"], name=op.f("fk_school_week_school_key")),
        sa.PrimaryKeyConstraint("cohort", "week", "school_key", name=op.f("pk_school_week")),
        comment="Summary of child_day by cohort, school and week, as known now",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ssda903_episode",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("started_on", sa.Date(), nullable=False, comment="DECOM: the episode began"),
        sa.Column("reason_new_episode", sa.Text(), nullable=True, comment="RNE"),
        sa.Column("legal_status", sa.Text(), nullable=True, comment="LS; V3 and V4 are short breaks"),
        sa.Column("category_of_need", sa.Text(), nullable=True, comment="CIN"),
        sa.Column("placement", sa.Text(), nullable=True, comment="PLACE"),
        sa.Column("placement_provider", sa.Text(), nullable=True, comment="PLACE_PROVIDER"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="DEC: the episode ended; empty: still open"),
        sa.Column("reason_ceased", sa.Text(), nullable=True, comment="REC"),
        sa.Column("reason_place_change", sa.Text(), nullable=True, comment="REASON_PLACE_CHANGE"),
        sa.Column("home_postcode", sa.Text(), nullable=True, comment="HOME_POST"),
        sa.Column("placement_postcode", sa.Text(), nullable=True, comment="PL_POST"),
        sa.Column(
            "placement_urn", sa.Text(), nullable=True, comment="URN of the placement (Ofsted's number, not a school's)"
        ),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_ssda903_episode_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_ssda903_episode_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_ssda903_episode_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_ssda903_episode_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_ssda903_episode_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ssda903_episode")),
        comment="Episodes of care (KIND ssda903-episodes)",
        info={"key": ("child_key", "started_on")},
    )
    with op.batch_alter_table("ssda903_episode", schema=None) as batch_op:
        batch_op.create_index("ix_ssda903_episode_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_ssda903_episode_current",
            ["child_key", "started_on"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "ssda903_header",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("sex", sa.Text(), nullable=True, comment="SEX as returned"),
        sa.Column("born_on", sa.Date(), nullable=True, comment="DOB"),
        sa.Column("ethnicity", sa.Text(), nullable=True, comment="ETHNIC, statutory code"),
        sa.Column("upn", sa.Text(), nullable=True, comment="UPN, or the code of the reason why there is none"),
        sa.Column("mother", sa.Text(), nullable=True, comment="MOTHER: 1 when the child is a mother"),
        sa.Column("mother_child_born_on", sa.Date(), nullable=True, comment="MC_DOB"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint(
            "(known_to is null) = (closed_by is null)", name=op.f("ck_ssda903_header_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_ssda903_header_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_ssda903_header_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_ssda903_header_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_ssda903_header_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ssda903_header")),
        comment="Statutory return on children looked after, header (KIND ssda903-header)",
        info={"key": ("child_key",)},
    )
    with op.batch_alter_table("ssda903_header", schema=None) as batch_op:
        batch_op.create_index("ix_ssda903_header_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_ssda903_header_current",
            ["child_key"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "ssda903_uasc",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("ceased_on", sa.Date(), nullable=True, comment="DUC: ceased to be unaccompanied"),
        sa.Column("sex", sa.Text(), nullable=True, comment="SEX as returned"),
        sa.Column("born_on", sa.Date(), nullable=True, comment="DOB"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_ssda903_uasc_closed_by_somebody")),
        sa.CheckConstraint(
            "known_to is null or known_to >= known_from", name=op.f("ck_ssda903_uasc_knowledge_in_order")
        ),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_ssda903_uasc_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_ssda903_uasc_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_ssda903_uasc_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ssda903_uasc")),
        comment="Unaccompanied asylum-seeking children (KIND ssda903-uasc)",
        info={"key": ("child_key",)},
    )
    with op.batch_alter_table("ssda903_uasc", schema=None) as batch_op:
        batch_op.create_index("ix_ssda903_uasc_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_ssda903_uasc_current",
            ["child_key"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )

    op.create_table(
        "timetable",
        sa.Column("id", sa.Integer(), nullable=False, comment="Row number, without meaning"),
        sa.Column("child_key", sa.Integer(), nullable=False, comment="Child: child.id"),
        sa.Column("kind", sa.Text(), nullable=False, comment="Which of the two (part-time, alternative provision)"),
        sa.Column("started_on", sa.Date(), nullable=False, comment="First day"),
        sa.Column("review_due", sa.Date(), nullable=True, comment="Next review is due"),
        sa.Column("hours_per_week_hundredths", sa.Integer(), nullable=True, comment="Hours a week, times 100"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="Last day; empty: still going on"),
        sa.Column("reviewed_on", sa.Date(), nullable=True, comment="Last review"),
        sa.Column("provider", sa.Text(), nullable=True, comment="Provider"),
        sa.Column("reason", sa.Text(), nullable=True, comment="Reason"),
        sa.Column("in_pep", sa.Boolean(), nullable=True, comment="Written into the PEP"),
        sa.Column("weekly_cost_pence", sa.Integer(), nullable=True, comment="Cost a week, pence"),
        sa.Column("import_id", sa.Integer(), nullable=False, comment="Import that brought the row"),
        sa.Column("known_from", sa.Date(), nullable=False, comment="First day on which the row was known"),
        sa.Column("closed_by", sa.Integer(), nullable=True, comment="Import that replaced or withdrew the row"),
        sa.Column(
            "known_to",
            sa.Date(),
            nullable=True,
            comment="Day from which the row was no longer believed; empty: current",
        ),
        sa.CheckConstraint("(known_to is null) = (closed_by is null)", name=op.f("ck_timetable_closed_by_somebody")),
        sa.CheckConstraint("known_to is null or known_to >= known_from", name=op.f("ck_timetable_knowledge_in_order")),
        sa.ForeignKeyConstraint(["child_key"], ["child.id"], name=op.f("fk_timetable_child_key")),
        sa.ForeignKeyConstraint(["closed_by"], ["import_ledger.id"], name=op.f("fk_timetable_closed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import_ledger.id"], name=op.f("fk_timetable_import_id")),
        sa.CheckConstraint("kind in ('part-time', 'alternative provision')", name=op.f("ck_timetable_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable")),
        comment="Part-time timetables and alternative provision (KIND timetables)",
        info={"key": ("child_key", "kind", "started_on")},
    )
    with op.batch_alter_table("timetable", schema=None) as batch_op:
        batch_op.create_index("ix_timetable_import_id", ["import_id"], unique=False)
        batch_op.create_index(
            "uq_timetable_current",
            ["child_key", "kind", "started_on"],
            unique=True,
            sqlite_where=sa.text("known_to IS NULL"),
            postgresql_where=sa.text("known_to IS NULL"),
        )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
