"""Children, schools, care, cohorts and enrolments."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text

from vs_core.store.base import metadata
from vs_core.store.columns import child_column, day, school_column, text, versioned, word

COHORTS = ("previously looked after", "child in need", "child protection", "kinship")

child = Table(
    "child",
    metadata,
    Column("id", Integer, primary_key=True, comment="Key of the child in this database"),
    Column("child_id", Text, nullable=False, unique=True, comment="The authority's own number of the child, as text"),
    Column(
        "import_id",
        Integer,
        ForeignKey("import_ledger.id"),
        nullable=False,
        comment="Import that first named the child",
    ),
    comment="Every child that any file has named; details are in child_details and ssda903_header",
)

school = Table(
    "school",
    metadata,
    Column("id", Integer, primary_key=True, comment="Key of the school in this database; 0 is 'not known'"),
    Column("urn", Text, nullable=False, unique=True, comment="Unique reference number, as text"),
    Column("import_id", Integer, ForeignKey("import_ledger.id"), comment="Import that first named the school"),
    comment="Every school that any file has named; details are in school_details",
)

school_details = versioned(
    "school_details",
    "What the national school list says of a school (KIND schools)",
    ("school_key",),
    school_column(),
    text("name", "Name", null=False),
    text("la_code", "Local authority, three digits"),
    text("la_name", "Local authority, name"),
    text("status", "Open, Closed, ..."),
    text("phase", "Phase of education"),
    text("type", "Type of establishment"),
    day("opened_on", "Opened"),
    day("closed_on", "Closed"),
    text("town", "Town"),
    text("postcode", "Postcode"),
    text("ofsted_rating", "Ofsted's rating in the words of its time; see ofsted_inspected_on for the regime"),
    day("ofsted_inspected_on", "Inspection that gave the rating"),
)

child_details = versioned(
    "child_details",
    "The authority's own list of children (KIND children)",
    ("child_key",),
    child_column(),
    day("born_on", "Date of birth"),
    text("upn", "Unique pupil number"),
    text("forename", "Forename"),
    text("surname", "Surname"),
    text("sex", "Sex, as the file says"),
    text("ethnicity", "Ethnicity, as the file says"),
    text("area", "Social work area"),
    Column("in_county", Boolean, comment="Placed within the county"),
    Column("restricted", Boolean, comment="The child's whereabouts are restricted"),
    text("social_worker", "Social worker"),
    text("adviser", "Virtual School adviser"),
)

ssda903_header = versioned(
    "ssda903_header",
    "Statutory return on children looked after, header (KIND ssda903-header)",
    ("child_key",),
    child_column(),
    text("sex", "SEX as returned"),
    day("born_on", "DOB"),
    text("ethnicity", "ETHNIC, statutory code"),
    text("upn", "UPN, or the code of the reason why there is none"),
    text("mother", "MOTHER: 1 when the child is a mother"),
    day("mother_child_born_on", "MC_DOB"),
)

ssda903_episode = versioned(
    "ssda903_episode",
    "Episodes of care (KIND ssda903-episodes)",
    ("child_key", "started_on"),
    child_column(),
    day("started_on", "DECOM: the episode began", null=False),
    text("reason_new_episode", "RNE"),
    text("legal_status", "LS; V3 and V4 are short breaks"),
    text("category_of_need", "CIN"),
    text("placement", "PLACE"),
    text("placement_provider", "PLACE_PROVIDER"),
    day("ended_on", "DEC: the episode ended; empty: still open"),
    text("reason_ceased", "REC"),
    text("reason_place_change", "REASON_PLACE_CHANGE"),
    text("home_postcode", "HOME_POST"),
    text("placement_postcode", "PL_POST"),
    text("placement_urn", "URN of the placement (Ofsted's number, not a school's)"),
)

ssda903_uasc = versioned(
    "ssda903_uasc",
    "Unaccompanied asylum-seeking children (KIND ssda903-uasc)",
    ("child_key",),
    child_column(),
    day("ceased_on", "DUC: ceased to be unaccompanied"),
    text("sex", "SEX as returned"),
    day("born_on", "DOB"),
)

cohort_membership = versioned(
    "cohort_membership",
    "Who belongs to the other cohorts (KIND cohorts); care itself comes from the episodes",
    ("child_key", "cohort", "started_on"),
    child_column(),
    word("cohort", COHORTS, "Cohort", null=False),
    day("started_on", "First day", null=False),
    day("ended_on", "Last day; empty: still belongs"),
    text("type", "Type within the cohort, for example 'special guardianship'"),
)

enrolment = versioned(
    "enrolment",
    "Where a child is on roll (KIND enrolments)",
    ("child_key", "school_key", "started_on"),
    child_column(),
    school_column(),
    day("started_on", "First day on roll", null=False),
    day("ended_on", "Last day on roll; empty: still on roll"),
    text("year_group", "National curriculum year: N1, N2, R, 1 to 14"),
    word("sen", ("N", "K", "E"), "Special educational needs: none, support, education health and care plan"),
    word("status", ("main", "subsidiary", "guest"), "Kind of enrolment"),
    text("designated_teacher", "Designated teacher"),
    day("school_informed_on", "The school was told that the child is in care"),
)
