"""Small frames, one for each chart, with names that are the same and numbers at the edges."""

from collections.abc import Callable
from datetime import date

import pandas as pd


def weeks() -> pd.DataFrame:
    """Two children of one name; 26 October is a holiday; the second has no session in the week of 2 November."""
    rows = [
        ("c1", "Robin Fell", 1, "2026-10-19", 5, 10),
        ("c1", "Robin Fell", 1, "2026-11-02", 8, 10),
        ("c1", "Robin Fell", 1, "2026-11-09", 3, 4),
        ("c2", "Robin Fell", 2, "2026-10-19", 19, 20),
        ("c2", "Robin Fell", 2, "2026-11-02", 0, 0),
        ("c2", "Robin Fell", 2, "2026-11-09", 9, 10),
    ]
    columns = ["row_id", "name", "rank", "week_on", "attended_sessions", "possible_sessions"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(week_on=pd.to_datetime(frame["week_on"]), upn="A123", surname="secret")


def trend() -> pd.DataFrame:
    rows = [
        ("2026-11-02", "Ours", 92.5, 925, 1000),
        ("2026-11-16", "Ours", 91.1, 911, 1000),
        ("2026-11-02", "England", 91.0, None, None),
        ("2026-11-16", "England", 91.0, None, None),
    ]
    columns = ["week_on", "series", "attendance_percent", "attended_sessions", "possible_sessions"]
    return pd.DataFrame(rows, columns=columns)


def money() -> pd.DataFrame:
    rows = [
        ("allocation", "2026-04-01", 177_200_000, None, None, "provisional", "Provisional notice £1.772m"),
        ("allocation", "2027-03-31", 177_200_000, None, None, "provisional", ""),
        ("notice", "2026-05-14", 177_200_000, None, None, "provisional", "Provisional notice £1.772m"),
        *_coming(0, 141_760_000, 1),
        ("spent", "2026-11-16", 41_200_000, None, None, "", "Paid £412,000"),
        ("promised", "2026-11-16", 50_000_000, None, None, "", "Paid £412,000, committed £88,000"),
    ]
    return pd.DataFrame(rows, columns=MONEY)


def money_left() -> pd.DataFrame:
    rows = [
        ("left", "2026-05-14", 141_760_000, None, None, "", "Paid £0"),
        ("left", "2026-11-16", 100_560_000, None, None, "", "Paid £412,000"),
        ("remaining", "2026-11-16", -1_176_000, None, None, "", "Committed £1.017m"),
        ("notice", "2026-05-14", 141_760_000, None, None, "provisional", "Provisional notice £1.772m"),
        *_coming(141_760_000, 0, -1),
    ]
    return pd.DataFrame(rows, columns=MONEY)


MONEY = ["line", "on", "pence", "low_pence", "high_pence", "note", "says"]


def _coming(planned_first: int, planned_last: int, sign: int) -> list[tuple[object, ...]]:
    today = 41_200_000 if sign > 0 else 100_560_000
    ahead = today + sign * 79_000_000
    return [
        ("plan", "2026-04-01", planned_first, None, None, "", ""),
        ("plan", "2026-04-20", planned_first + sign * 9_000_000, None, None, "", "Run of 20 Apr 2026"),
        ("plan", "2027-03-15", planned_last, None, None, "", "Run of 15 Mar 2027"),
        ("plan", "2027-03-31", planned_last, None, None, "", ""),
        ("forecast", "2026-11-16", today, today, today, "", ""),
        ("forecast", "2027-03-15", ahead, ahead - 9_000_000, ahead + 7_000_000, "", "Between"),
        ("forecast", "2027-03-31", ahead, ahead - 9_000_000, ahead + 7_000_000, "", "Between"),
    ]


def table(**columns: list[object]) -> Callable[[], pd.DataFrame]:
    return lambda: pd.DataFrame(columns)


def halves() -> pd.DataFrame:
    """Mornings are worse; on Tuesday afternoon a mark is due."""
    rows = [(0, "AM", 5, 10, 0), (0, "PM", 8, 10, 0), (1, "AM", 9, 10, 0), (1, "PM", 0, 0, 2)]
    return pd.DataFrame(
        rows, columns=["weekday", "session", "attended_sessions", "possible_sessions", "awaited_halves"]
    )


def days() -> pd.DataFrame:
    """A Friday, a Monday and a Tuesday on which no register has come."""
    rows = [(date(2026, 11, 13), 19, 20, 0), (date(2026, 11, 16), 15, 30, 2), (date(2026, 11, 17), 0, 0, 30)]
    return pd.DataFrame(rows, columns=["day", "attended_sessions", "possible_sessions", "awaited_halves"])


def marks() -> pd.DataFrame:
    """Half days of one child: present, two schools on one morning, a mark that is due."""
    present, away = ("/", "Present AM", "present"), ("O", "Other unauthorised", "unauthorised absence")
    rows = [
        (date(2026, 11, 16), "AM", *present),
        (date(2026, 11, 16), "PM", "D", "Dual registered at other school", "not a possible session"),
        (date(2026, 11, 17), "AM", *present),
        (date(2026, 11, 17), "AM", *away),
        (date(2026, 11, 18), "PM", "", "", None),
    ]
    return pd.DataFrame(rows, columns=["day", "session", "code", "meaning", "statistical_class"])


FRAMES: dict[str, Callable[[], pd.DataFrame]] = {
    "child_by_week": weeks,
    "school_by_week": weeks,
    "group_by_week": weeks,
    "attendance_trend": trend,
    "calendar": days,
    "child_calendar": marks,
    "weekdays": halves,
    "before_and_after": table(
        name=["Contact, 2 Nov", "Contact, 2 Nov", "Robin Fell"],
        before_percent=[40.0, 100.0, None],
        after_percent=[85.5, 0.0, 50.0],
        cases=["1 case", "2 cases", "no cases"],
    ),
    "bands": table(attended_sessions=[5, 8, 9, 94, 95, 0], possible_sessions=[10, 10, 10, 100, 100, 0]),
    "roll_by_group": table(group=["R", "1", "not known"], children=[4, 6, 1]),
    "exclusions_by_reason": table(reason=["Theft", "not given"], suspensions=[1, 3], children=[1, 2]),
    "joined_and_left": table(month_on=["2026-09-01", "2026-10-01"], joined=[3, 0], left=[0, 2]),
    "suspensions_by_week": table(
        week_on=["2026-10-19", "2026-11-02"],
        suspensions=[2, 1],
        days_lost=[2.5, 1],
        children=[2, 1],
        permanent_exclusions=[0, 1],
    ),
    "suspensions_by_term": table(
        term=["2025/26 summer", "2026/27 autumn"],
        suspensions=[9, 4],
        children=[5, 3],
        days_lost=[12.5, 6],
        is_part=[False, True],
    ),
    "days_against_limits": table(name=["A", "A", "B"], term_days=[14.5, 0, 0], year_days=[44, 6.5, 0]),
    "pp_burn_down": money,
    "pp_spend_by_group": table(
        group=["Theft", "Not known"], paid_pence=[120_000, 0], committed_pence=[45_050, 1], requested_pence=[0, 99]
    ),
    "pp_left": money_left,
    "pp_requests_by_state": table(state=["paid", "requested"], requests=[12, 3], pence=[120_000, 45_050]),
    "training_fill": table(
        course=["PEP training"] * 2,
        on=["2026-10-01", "2026-12-01"],
        capacity=[12, 12],
        booked=[12, 4],
        attended=[10, 0],
        waiting=[3, 0],
    ),
    "project_uptake": table(
        project=["Maths", "Books"], eligible=[40, 0], enrolled=[10, 0], active=[6, 0], take_up_percent=[25.0, None]
    ),
    "coverage": table(name=["North School", "South School"], reached=[1, 3], expected=[4, 4]),
}
