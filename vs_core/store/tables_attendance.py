"""Register marks, one compact row a child, day and school; the summaries that pages read; suspensions; timetables."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
)

from vs_core.store.base import metadata
from vs_core.store.columns import child_column, day, school_column, text, versioned, word

mark_source = Table(
    "mark_source",
    metadata,
    Column("id", Integer, primary_key=True, comment="Key of the source"),
    Column("name", Text, nullable=False, unique=True, comment="Who collected the mark, as the file says"),
    comment="Who collected a register mark",
)


def _source(name: str, half_day: str) -> Column[Any]:
    return Column(name, SmallInteger, ForeignKey("mark_source.id"), comment=f"Who collected the {half_day} mark")


child_day = Table(
    "child_day",
    metadata,
    Column("child_key", Integer, ForeignKey("child.id"), primary_key=True, comment="Child: child.id"),
    Column("day", Date, primary_key=True, comment="Day of the marks"),
    Column(
        "school_key", Integer, ForeignKey("school.id"), primary_key=True, comment="School: school.id; 0 is 'not known'"
    ),
    Column(
        "import_id", Integer, ForeignKey("import_ledger.id"), primary_key=True, comment="Import that brought the row"
    ),
    Column(
        "number", Integer, nullable=False, server_default="0", comment="Number of the row among those of its import"
    ),
    Column("am", String(2), comment="Register code of the morning; empty: no mark received"),
    Column("pm", String(2), comment="Register code of the afternoon; empty: no mark received"),
    Column("am_received_at", DateTime, comment="When the morning mark was collected"),
    Column("pm_received_at", DateTime, comment="When the afternoon mark was collected"),
    _source("am_source", "morning"),
    _source("pm_source", "afternoon"),
    Column("known_from", Date, primary_key=True, comment="First day on which the row was known"),
    Column("closed_by", Integer, ForeignKey("import_ledger.id"), comment="Import that replaced or withdrew the row"),
    Column("known_to", Date, comment="Day from which the row was no longer believed; empty: current"),
    CheckConstraint("known_to is null or known_to >= known_from", name="knowledge_in_order"),
    CheckConstraint("(known_to is null) = (closed_by is null)", name="closed_by_somebody"),
    CheckConstraint("am is not null or pm is not null", name="some_mark"),
    comment="Register marks (KIND attendance): both half days of a child at a school",
    info={"key": ("child_key", "day", "school_key")},
    sqlite_with_rowid=False,
)
Index(
    "uq_child_day_current",
    child_day.c.day,
    child_day.c.child_key,
    child_day.c.school_key,
    unique=True,
    sqlite_where=child_day.c.known_to.is_(None),
    postgresql_where=child_day.c.known_to.is_(None),
)

SESSION_COUNTS = {
    "possible_sessions": "Attended, authorised and unauthorised together",
    "attended_sessions": "Present, or at an approved educational activity",
    "authorised_absence_sessions": "Authorised absence",
    "unauthorised_absence_sessions": "Unauthorised absence",
    "not_possible_sessions": "Marks that are not a possible session",
    "late_sessions": "Code L, late before the register closed",
    "late_after_register_sessions": "Code U, arrived after the register closed",
    "part_time_sessions": "Code C2, part-time timetable",
    "suspended_sessions": "Code E, suspended or excluded",
    "study_leave_sessions": "Code S, study leave",
    "dual_registered_sessions": "Code D, at the other school",
    "unexplained_sessions": "Code N, no reason yet",
}


def counts() -> list[Column[Any]]:
    return [Column(name, Integer, nullable=False, comment=meaning) for name, meaning in SESSION_COUNTS.items()]


child_week = Table(
    "child_week",
    metadata,
    Column("child_key", Integer, ForeignKey("child.id"), primary_key=True, comment="Child: child.id"),
    Column("week", Date, primary_key=True, comment="Monday of the week"),
    Column("school_key", Integer, ForeignKey("school.id"), primary_key=True, comment="School: school.id"),
    Column("known_from", Date, primary_key=True, comment="First day on which these counts were known"),
    Column("known_to", Date, comment="Day from which they were replaced; empty: current"),
    *counts(),
    comment="Summary of child_day by week, also as it was known on earlier days",
    sqlite_with_rowid=False,
)
Index("ix_child_week_week", child_week.c.week, child_week.c.child_key)

child_year = Table(
    "child_year",
    metadata,
    Column("child_key", Integer, ForeignKey("child.id"), primary_key=True, comment="Child: child.id"),
    Column("academic_year", Integer, primary_key=True, comment="Calendar year in which the academic year began"),
    *counts(),
    comment="Summary of child_day by academic year, as known now",
    sqlite_with_rowid=False,
)

cohort_day = Table(
    "cohort_day",
    metadata,
    Column(
        "cohort", Text, primary_key=True, comment="Cohort that the children belonged to on the day; 'all': every child"
    ),
    Column("day", Date, primary_key=True, comment="Day"),
    Column("session", Text, primary_key=True, comment="AM or PM"),
    Column("children", Integer, nullable=False, comment="Children with a mark"),
    *counts(),
    comment="Summary of child_day by cohort, day and half day, as known now",
    sqlite_with_rowid=False,
)

school_week = Table(
    "school_week",
    metadata,
    Column(
        "cohort", Text, primary_key=True, comment="Cohort that the children belonged to on each day; 'all': every child"
    ),
    Column("week", Date, primary_key=True, comment="Monday of the week"),
    Column("school_key", Integer, ForeignKey("school.id"), primary_key=True, comment="School: school.id"),
    Column("children", Integer, nullable=False, comment="Children with a mark"),
    *counts(),
    comment="Summary of child_day by cohort, school and week, as known now",
    sqlite_with_rowid=False,
)

authority_week = Table(
    "authority_week",
    metadata,
    Column(
        "cohort", Text, primary_key=True, comment="Cohort that the children belonged to on each day; 'all': every child"
    ),
    Column("week", Date, primary_key=True, comment="Monday of the week"),
    Column("children", Integer, nullable=False, comment="Children with a mark"),
    *counts(),
    comment="Summary of child_day by cohort and week, as known now",
    sqlite_with_rowid=False,
)

exclusion = versioned(
    "exclusion",
    "Suspensions and permanent exclusions (KIND exclusions)",
    ("notice_key",),
    text(
        "notice_key",
        "notice_id; without one: child, start, category and the how-manieth such row of the file",
        null=False,
    ),
    text("notice_id", "The school's or census number of the notice"),
    child_column(),
    school_column(),
    day("started_on", "First day", null=False),
    word("start_session", ("AM", "PM"), "Half day on which it began"),
    day("ended_on", "Last day"),
    Column("sessions", Integer, CheckConstraint("sessions >= 0", name="sessions"), comment="Half days lost"),
    word("category", ("SUSP", "LNCH", "PERM"), "Suspension, lunchtime suspension, permanent exclusion", null=False),
    Column("occurrence", Integer, nullable=False, comment="The how-manieth such row of the file, from 1"),
    text("reason1", "First reason, statutory code"),
    text("reason2", "Second reason"),
    text("reason3", "Third reason"),
    Column("consulted_virtual_school", Boolean, comment="The Virtual School was asked before"),
    day("notified_on", "The Virtual School was told"),
    day("provision_from", "First day of education elsewhere"),
    day("reintegration_on", "Reintegration meeting"),
    word("status", ("issued", "upheld", "reinstated", "withdrawn", "review"), "Where it stands"),
)

timetable = versioned(
    "timetable",
    "Part-time timetables and alternative provision (KIND timetables)",
    ("child_key", "kind", "started_on"),
    child_column(),
    word("kind", ("part-time", "alternative provision"), "Which of the two", null=False),
    day("started_on", "First day", null=False),
    day("review_due", "Next review is due"),
    Column("hours_per_week_hundredths", Integer, comment="Hours a week, times 100"),
    day("ended_on", "Last day; empty: still going on"),
    day("reviewed_on", "Last review"),
    text("provider", "Provider"),
    text("reason", "Reason"),
    Column("in_pep", Boolean, comment="Written into the PEP"),
    Column("weekly_cost_pence", Integer, comment="Cost a week, pence"),
)

calendar_entry = versioned(
    "calendar_entry",
    "Half terms, INSET days and closures (KIND calendar)",
    ("la", "school_key", "started_on", "what"),
    text("la", "Authority, by name", null=False),
    school_column("School that it is for; 0: the whole authority"),
    text("academic_year", "Academic year, as 2026/27", null=False),
    text("what", "half term 1 to 6, INSET (non-pupil day) or closure", null=False),
    day("started_on", "First day", null=False),
    day("ended_on", "Last day", null=False),
)

custody = versioned(
    "custody",
    "Children in custody (KIND custody)",
    ("child_key", "started_on"),
    child_column(),
    day("started_on", "First day", null=False),
    word(
        "setting", ("SCH", "STC", "YOI"), "Secure children's home, secure training centre, young offender institution"
    ),
    day("expected_release", "Expected release"),
    day("ended_on", "Last day"),
    day("education_assessed_on", "Education assessed"),
    day("pep_shared_on", "PEP shared with the setting"),
)
