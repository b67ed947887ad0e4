"""PEPs, training, projects, admissions, destinations and the department's benchmarks."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer

from vs_core.store.columns import child_column, day, school_column, text, versioned, word

pep = versioned(
    "pep",
    "Personal education plans (KIND peps)",
    ("child_key", "term", "kind"),
    child_column(),
    text("term", "Term, as 2026/27 autumn", null=False),
    word("kind", ("initial", "review"), "First plan or a review", null=False),
    day("due_on", "Due"),
    day("initiated_on", "Initiated by the social worker"),
    day("meeting_on", "Meeting"),
    day("finished_on", "Finished by the designated teacher"),
    day("quality_assured_on", "Quality-assured by the Virtual School: complete"),
    word("quality", ("red", "amber", "green"), "Quality"),
    Column("child_voice", Boolean, comment="The child's voice is in it"),
    Column("carer_voice", Boolean, comment="The carer's voice is in it"),
    Column("smart_targets", Boolean, comment="Its targets are SMART"),
    Column("attendance_target", Boolean, comment="It has a target for attendance"),
    text("phase", "Phase, as the file says"),
)

course_session = versioned(
    "course_session",
    "Sessions of training courses (KIND courses)",
    ("session_id",),
    text("session_id", "Number of the session", null=False),
    text("course", "Course"),
    text("audience", "Who it is for"),
    day("held_on", "Date"),
    Column("capacity", Integer, CheckConstraint("capacity >= 0", name="capacity"), comment="Places"),
    text("provider", "Provider"),
    text("delivery", "In person or virtual"),
    Column("cost_pence", Integer, comment="Cost, pence"),
    text("status", "Status; 'cancelled' is not counted"),
)

booking = versioned(
    "booking",
    "Bookings of training places (KIND bookings)",
    ("booking_id",),
    text("booking_id", "Number of the booking", null=False),
    text("session_id", "Session: course_session.session_id"),
    text("role", "Role of the person"),
    word("status", ("booked", "waiting", "attended", "did not attend", "cancelled"), "Where it stands"),
    text("delegate_id", "Number of the person; no name is held"),
    school_column(),
    text("area", "Social work area"),
    day("booked_on", "Booked"),
    text("evaluation", "Evaluation"),
)
Index("ix_booking_session_id", booking.c.session_id)

project_place = versioned(
    "project_place",
    "Places on projects, of a child or a whole school (KIND project-places)",
    ("project", "holder", "started_on"),
    text("project", "Project", null=False),
    text("holder", "Who holds the place: 'child' and its number, or 'school' and its URN", null=False),
    child_column(null=True),
    school_column("School of the child, or the school that takes part; 0: not given"),
    day("started_on", "First day", null=False),
    word("status", ("offered", "enrolled", "completed", "left", "waiting", "declined"), "Where it stands"),
    day("ended_on", "Last day"),
    day("offered_on", "Offered"),
    text("instrument", "Instrument"),
    text("device", "Device"),
    Column("cost_pence", Integer, comment="Cost, pence"),
    CheckConstraint("child_key is not null or school_key <> 0", name="somebody"),
)

project_usage = versioned(
    "project_usage",
    "What children did on a project, by week (KIND project-usage)",
    ("project", "child_key", "week"),
    text("project", "Project", null=False),
    child_column(),
    day("week", "Monday of the week", null=False),
    Column("minutes", Integer, comment="Minutes"),
    Column("progressions", Integer, comment="Steps forward"),
    text("level", "Level"),
    Column("sessions_offered", Integer, comment="Lessons offered"),
    Column("sessions_attended", Integer, comment="Lessons attended"),
)

licence = versioned(
    "licence",
    "Licences and contracts of projects (KIND licences)",
    ("project", "started_on"),
    text("project", "Project", null=False),
    day("started_on", "First day", null=False),
    day("ended_on", "Last day"),
    Column("places", Integer, comment="Places"),
    Column("cost_pence", Integer, comment="Cost, pence"),
    day("renewal_on", "Renewal is due"),
)

admission = versioned(
    "admission",
    "School places being sought (KIND admissions)",
    ("child_key", "needed_on"),
    child_column(),
    school_column(),
    day("needed_on", "A place was needed from", null=False),
    day("applied_on", "Applied"),
    text("decision", "The school's decision"),
    day("decided_on", "Decision"),
    day("directed_on", "Directed"),
    day("started_on", "The child started"),
    text("ehcp_owner", "Authority that owns the education, health and care plan"),
)

destination = versioned(
    "destination",
    "Where young people went (KIND destinations)",
    ("child_key", "on"),
    child_column(),
    day("on", "Date of the record", null=False),
    word(
        "status",
        ("education", "employment", "training", "employment without training", "neet", "not known"),
        "Education, employment or training",
    ),
    text("provider", "Provider"),
    text("offer", "Offer for September"),
    text("bursary", "Bursary"),
)

benchmark = versioned(
    "benchmark",
    "The department's published absence figures (KIND benchmarks), cells as published: c, x and z kept",
    ("time_period", "geographic_level", "region_name", "la_name", "social_care_group", "phase_type_grouping"),
    text("time_period", "Academic year as 202425", null=False),
    text("geographic_level", "National, Regional or Local authority", null=False),
    text("region_name", "Region", null=False),
    text("old_la_code", "Local authority, three digits"),
    text("la_name", "Local authority", null=False),
    text("social_care_group", "Group of children", null=False),
    text("phase_type_grouping", "Phase, or Total", null=False),
    text("t_pupils", "Children"),
    text("t_sess_possible", "Possible sessions"),
    text("pt_overall", "Absence, percent of possible sessions"),
    text("pt_sess_authorised", "Authorised absence, percent"),
    text("pt_sess_unauthorised", "Unauthorised absence, percent"),
    text("pt_pupils_pa_10_exact", "Persistently absent, percent of children"),
    text("pt_pupils_pa_50_exact", "Severely absent, percent of children"),
)
