"""The named cast: invented children, each showing one situation. Tests and documentation use them by `key`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from vs_core.demo import terms
from vs_core.demo.world import Child, birthday


@dataclass(frozen=True)
class Cast:
    """One invented child. `year_group` is at the day of the demo, 0 reception; `expects`: what the figures of that day
    say of the child."""

    key: str
    child_id: str
    forename: str
    surname: str
    sex: str
    year_group: int
    situation: str
    expects: Mapping[str, object] = field(default_factory=dict)
    in_care: bool = True
    setting: str = "secondary"


CAST: tuple[Cast, ...] = (
    Cast(
        "ten_percent",
        "WM90001",
        "Tamsin",
        "Tenby",
        "F",
        8,
        "Absent from exactly 10% of possible sessions this academic year",
        {"absent_percent": 10, "persistently_absent": True, "severely_absent": False},
    ),
    Cast(
        "under_ten",
        "WM90002",
        "Noel",
        "Nineham",
        "M",
        9,
        "One more missed session would make 10%",
        {"persistently_absent": False, "severely_absent": False},
    ),
    Cast(
        "exactly_half",
        "WM90003",
        "Hal",
        "Halfpenny",
        "M",
        10,
        "Absent from exactly half of possible sessions",
        {"absent_percent": 50, "persistently_absent": True, "severely_absent": True},
    ),
    Cast(
        "moved_school",
        "WM90004",
        "Mo",
        "Removal",
        "M",
        5,
        "Moved to another school in the middle of term",
        {"schools_this_year": 2},
        setting="primary",
    ),
    Cast(
        "days_44",
        "WM90005",
        "Forty",
        "Fourdale",
        "M",
        9,
        "44 suspension days in one academic year, none of its terms over 15",
        {"suspension_days": 44, "over_45_days_in_year": False, "over_15_days_in_term": False},
    ),
    Cast(
        "days_45",
        "WM90006",
        "Fiona",
        "Fortifive",
        "F",
        10,
        "45 suspension days in one academic year: the limit, not over it",
        {"suspension_days": 45, "over_45_days_in_year": False, "over_15_days_in_term": False},
    ),
    Cast(
        "days_16",
        "WM90007",
        "Sixten",
        "Termley",
        "M",
        8,
        "16 suspension days in one term: the governors must meet",
        {"suspension_days": 16, "over_15_days_in_term": True},
    ),
    Cast(
        "permanently_excluded",
        "WM90008",
        "Percy",
        "Exley",
        "M",
        9,
        "Permanent exclusion issued, education from the sixth day",
        {"permanent_exclusions": 1},
    ),
    Cast(
        "no_pep",
        "WM90009",
        "Nora",
        "Planless",
        "F",
        6,
        "In care for years without a PEP on record",
        {"peps": 0},
        setting="primary",
    ),
    Cast(
        "pep_overdue",
        "WM90010",
        "Otto",
        "Overdew",
        "M",
        7,
        "PEP met on, never finished, past its due date",
        {"pep_overdue": True},
    ),
    Cast(
        "custody",
        "WM90011",
        "Carl",
        "Lockhart",
        "M",
        11,
        "In custody, release due within 30 days",
        {"possible_sessions_lately": 0},
    ),
    Cast(
        "no_offer", "WM90012", "Yvette", "Elevens", "F", 11, "Year 11 without an offer", {"year_11_without_offer": True}
    ),
    Cast(
        "restricted",
        "WM90013",
        "Rosa",
        "Hiddenby",
        "F",
        4,
        "Address restricted",
        {"restricted": True},
        setting="primary",
    ),
    Cast(
        "two_schools",
        "WM90014",
        "Dual",
        "Rolleston",
        "M",
        8,
        "On the roll of two schools at once, code D at one for the other's days",
        {"enrolled_at": 2},
    ),
    Cast(
        "arrived",
        "WM90015",
        "Samir",
        "Newhaven",
        "M",
        11,
        "Unaccompanied asylum seeker, newly arrived, no school yet",
        {"uasc": True, "on_roll": False},
    ),
    Cast(
        "part_time",
        "WM90016",
        "Partha",
        "Timely",
        "F",
        7,
        "Part-time timetable, half-termly review overdue",
        {"review_overdue": True},
    ),
    Cast(
        "old_n",
        "WM90017",
        "Enid",
        "Encode",
        "F",
        9,
        "Absences without a reason, older than five school days",
        {"unexplained_sessions": 8},
    ),
    Cast(
        "turned_18",
        "WM90018",
        "Major",
        "Eighteen",
        "M",
        13,
        "Left care on the eighteenth birthday, days ago",
        {"in_care": False},
        in_care=False,
        setting="post-16",
    ),
    Cast(
        "entered",
        "WM90019",
        "Nell",
        "Newcome",
        "F",
        3,
        "Entered care within the last seven days",
        {"in_care": True},
        setting="primary",
    ),
    Cast(
        "left",
        "WM90020",
        "Gus",
        "Goneby",
        "M",
        2,
        "Left care this term: a special guardianship order",
        {"in_care": False},
        in_care=False,
        setting="primary",
    ),
    Cast(
        "short_breaks",
        "WM90021",
        "Bree",
        "Shortbreaks",
        "F",
        4,
        "Looked after for short breaks only (V4)",
        {"in_care": False, "with_short_breaks": True},
        in_care=False,
        setting="special",
    ),
    Cast(
        "unpaid",
        "WM90022",
        "Penny",
        "Unpaid",
        "F",
        8,
        "Pupil premium approved and not paid: no signed PEP",
        {"paid_pence": 0, "committed_pence": 48_000},
    ),
    Cast(
        "nothing_requested",
        "WM90023",
        "Nil",
        "Request",
        "M",
        5,
        "Eligible for pupil premium, nothing requested this year",
        {"requests": 0},
        setting="primary",
    ),
    Cast(
        "neet",
        "WM90024",
        "Neeta",
        "Twelvetrees",
        "F",
        12,
        "Not in education, employment or training",
        {"neet": True},
        setting="post-16",
    ),
    Cast(
        "null",
        "WM90025",
        "Nola",
        "Null",
        "F",
        1,
        "A surname that is the word Null",
        {"surname": "Null"},
        setting="primary",
    ),
    Cast(
        "apostrophe",
        "WM90026",
        "Siân",
        "O'Brien-Smith",
        "F",
        2,
        "A name with an apostrophe, a hyphen and an accent",
        {"surname": "O'Brien-Smith"},
        setting="primary",
    ),
    Cast(
        "formula",
        "WM90027",
        "=SUM(A1:A9)",
        "Zed <b>Bold</b>, Esq",
        "M",
        3,
        "A name that a spreadsheet or a browser would run",
        {"forename": "=SUM(A1:A9)"},
        setting="primary",
    ),
    Cast(
        "attendance_only",
        "000417",
        "",
        "",
        "M",
        7,
        "Known from register marks alone, and an id with leading noughts",
        {"details_unknown": True},
        in_care=False,
    ),
    Cast(
        "early_years",
        "WM90028",
        "Teddy",
        "Toddle",
        "M",
        -1,
        "Nursery child, three days a week",
        {"phase": "early years"},
        setting="nursery",
    ),
)
BY_KEY = {member.key: member for member in CAST}


def members(as_at: date) -> list[Child]:
    """The cast as children of the authority, without their schools; the one known from marks alone is left out."""
    return [_child(member, as_at) for member in CAST if member.key != "attendance_only"]


def _child(member: Cast, as_at: date) -> Child:
    year = terms.academic_year(as_at)
    dob = date(year - member.year_group - 4, 3, 10)
    joined, left, code = as_at - timedelta(days=1300), None, ""
    if member.key == "turned_18":
        eighteen = as_at - timedelta(days=4)
        dob, left, code = _years_before(eighteen, 18), eighteen, "E17"
    elif member.key == "left":
        left, code = as_at - timedelta(days=24), "E46"
    elif member.key in ("entered", "arrived"):
        joined = as_at - timedelta(days=3 if member.key == "entered" else 33)
    joined = max(joined, birthday(dob, 1))
    return Child(
        member.child_id,
        member.forename,
        member.surname,
        member.sex,
        dob,
        "OOTH" if member.key == "arrived" else "WBRI",
        [(joined, left)],
        code,
        "Mid Westmere",
        member.key != "moved_school",
        member.key == "restricted",
        "H. Netherby",
        "B. Hollins",
        member.key == "arrived",
        sen={"short_breaks": "E", "part_time": "K", "permanently_excluded": "K"}.get(member.key, "N"),
        setting=member.setting,
        cast=member.key,
        short_breaks=member.key == "short_breaks",
        known=joined + timedelta(days=1),
    )


def _years_before(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        day -= timedelta(days=1)
    return day.replace(year=day.year - years)
