"""Attendance beyond the headline figures: bands, lateness, the unauthorised share, and what some codes change."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vs_core.rules.measure import Better, Figures, Measure, Unit
from vs_core.rules.measures_attendance import persistently_absent, severely_absent
from vs_core.rules.register import COUNTED_BANDS, counted_bands, percent_of

_REGULATION = "School Attendance (Pupil Registration) (England) Regulations 2024, regulation 10"
_BANDS_OF_BOARDS = "Bands that corporate parenting boards ask for; edges as in the department's persistent and severe"
SHORTEST_PERIOD_DAYS = 8
"""Days that a period needs for persistent and severe absence to be stated: more than a week. The department publishes
neither for a week or a day (DfE, pupil attendance in schools, methodology)."""
TOO_SHORT = (
    "Not stated for a week or a day: one illness makes a child persistently absent then. Choose a longer period."
)
TAKEN_OUT = ("part_time_sessions", "suspended_sessions", "study_leave_sessions")
"""Counts of sessions of authorised absence (C2, E, S) that say more of what the child was offered than of the child."""
LATE = {"late_sessions": "late_percent", "late_after_register_sessions": "late_after_register_percent"}
"""Counts of late sessions, each with the figure that is its share of the possible sessions."""


def _measure(
    key: str, label: str, meaning: str, rule: str, unit: Unit, better: Better | None, source: str = _REGULATION
) -> Measure:
    return Measure(key, "attendance", label, meaning, rule, source, unit, better, ("attendance",))


def _band(key: str, rule: str, better: Better | None) -> Measure:
    label = COUNTED_BANDS[key]
    meaning = f"Children whose attendance over the period was {label[:1].lower()}{label[1:]} percent."
    return _measure(key, label, meaning, rule, "count", better, _BANDS_OF_BOARDS)


def _shared(key: str, label: str, meaning: str, rule: str) -> tuple[Measure, Measure]:
    """A count of late sessions, and its share."""
    share = f"{rule}, of possible sessions, pooled over children and days."
    return (
        _measure(key, label, meaning, f"{rule}.", "count", "down"),
        _measure(LATE[key], label, meaning, share, "percent", "down"),
    )


_LISTED = (
    _measure(
        "unauthorised_percent",
        "Unauthorised absence",
        "How much of the possible school time was missed without a reason that the school accepted.",
        "Sessions with the codes G, N, O and U of possible sessions, pooled over children and days.",
        "percent",
        "down",
    ),
    *_shared(
        "late_sessions",
        "Late (L)",
        "Half days to which children came late, before the register closed. They count as attended.",
        "Sessions with the code L",
    ),
    *_shared(
        "late_after_register_sessions",
        "Too late (U)",
        "Half days to which children came after the register had closed. They count as unauthorised absence.",
        "Sessions with the code U",
    ),
    _measure(
        "coverage_percent",
        "Marks received",
        "How many of the half days that should have a mark have one, of pupils in Reception to Year 11, whose"
        " attendance is collected every school day. For early years and post-16 it is collected every week: of them it"
        " counts in how many weeks any mark came.",
        "Days of the period in the group, on a roll and with the school open; of a week that is over, any mark.",
        "percent",
        "up",
        "Essex Virtual School guide, 2022: daily for statutory school age, weekly for early years and post-16",
    ),
    _band("band_50", "Attended sessions are 50% or less of the child's possible sessions.", "down"),
    _band("band_80", "Attended sessions are over 50% and no more than 80% of the child's possible sessions.", "down"),
    _band("band_90", "Attended sessions are over 80% and no more than 90% of the child's possible sessions.", "down"),
    _band("band_95", "Attended sessions are over 90% and under 95% of the child's possible sessions.", None),
    _band("band_under_100", "Attended sessions are 95% or more of the child's possible sessions, and not all.", "up"),
    _band("band_100", "Every possible session was attended.", "up"),
    _measure(
        "part_time_sessions",
        "Part-time timetable (C2)",
        "Half days at home under a part-time timetable. They count as authorised absence.",
        "Sessions with the code C2.",
        "count",
        "down",
    ),
    _measure(
        "suspended_sessions",
        "Suspended or excluded (E)",
        "Half days missed by a suspension or exclusion without other provision. They count as authorised absence.",
        "Sessions with the code E.",
        "count",
        "down",
    ),
    _measure(
        "study_leave_sessions",
        "Study leave (S)",
        "Half days of study leave before public examinations. They count as authorised absence.",
        "Sessions with the code S.",
        "count",
        None,
    ),
    _measure(
        "dual_registered_sessions",
        "At the other school (D)",
        "Half days on which the child was due at the other school where it is registered too. They are not possible"
        " sessions here: its attendance is in the other school's register.",
        "Sessions with the code D.",
        "count",
        None,
    ),
    _measure(
        "unable_sessions",
        "Unable to attend (Y)",
        "Half days on which the child could not attend for a reason outside its control. They are not possible"
        " sessions.",
        "Sessions with the codes Y1 to Y7, up to 18 August 2024 Y.",
        "count",
        None,
    ),
)
MEASURES = {measure.key: measure for measure in _LISTED}
"""By key. None is a headline figure of the contract, so `figures --describe` has none of them."""


def sessions(rows: pd.DataFrame) -> Figures:
    """`unauthorised_percent`, the counts of LATE and their shares, and children by band of COUNTED_BANDS.

    rows: as for `measures_attendance.attendance`, and the counts of LATE. Children without a possible session count
    nowhere; percentages are None when no child is left."""
    counted = rows[rows["possible_sessions"] > 0]
    unauthorised, possible = (int(counted[f"{name}_sessions"].sum()) for name in ("unauthorised_absence", "possible"))
    late = {name: int(counted[name].sum()) for name in LATE}
    shares = {LATE[name]: percent_of(count, possible) for name, count in late.items()}
    return {"unauthorised_percent": percent_of(unauthorised, possible), **late, **shares, **children_by_band(counted)}


def children_by_band(rows: pd.DataFrame) -> dict[str, int]:
    """Children with a possible session by key of COUNTED_BANDS."""
    counts = counted_bands(rows["attended_sessions"], rows["possible_sessions"]).value_counts()
    return {key: int(counts.get(key, 0)) for key in COUNTED_BANDS}


def provisional(rows: pd.DataFrame, under: int) -> pd.Series[bool]:
    """Which rows have a possible session, but fewer than `under`: absence of theirs is provisional."""
    return rows["possible_sessions"].between(1, under - 1)


def provisional_among(rows: pd.DataFrame, under: int) -> dict[str, int]:
    """How many of the persistently and of the severely absent children are `provisional`."""
    few = provisional(rows, under)
    return {
        "persistently_absent": int((persistently_absent(rows) & few).sum()),
        "severely_absent": int((severely_absent(rows) & few).sum()),
    }


def is_too_short(start: date, end: date) -> bool:
    """Whether persistent and severe absence are not stated for a period, because it is a week or less."""
    return (end - start).days + 1 < SHORTEST_PERIOD_DAYS


def without_codes(rows: pd.DataFrame) -> pd.DataFrame:
    """Attendance as it counts and with some authorised absences taken out: of the possible sessions and of the absent
    ones, as if the register did not hold them. Attended sessions stay.

    rows: as for `sessions`, with the counts of TAKEN_OUT. One row: as it counts (`key` empty), without each of
    TAKEN_OUT, without all of them (`all`): `key`, `sessions` (taken out), `children` (with any of them),
    `attended_sessions`, `possible_sessions` (what is left), `attendance_percent` (None without a session)."""
    counted = rows[rows["possible_sessions"] > 0]
    takings = {"": [], **{name: [name] for name in TAKEN_OUT}, "all": list(TAKEN_OUT)}
    return pd.DataFrame([_taken(counted, key, names) for key, names in takings.items()])


def _taken(counted: pd.DataFrame, key: str, names: list[str]) -> Figures:
    taken = counted[names].sum(axis=1)
    attended, possible = int(counted["attended_sessions"].sum()), int(counted["possible_sessions"].sum())
    left = possible - int(taken.sum())
    return {
        "key": key,
        "sessions": int(taken.sum()),
        "children": int((taken > 0).sum()),
        "attended_sessions": attended,
        "possible_sessions": left,
        "attendance_percent": percent_of(attended, left),
    }
