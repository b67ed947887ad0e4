"""Attendance: the figures and what they mean."""

from __future__ import annotations

import pandas as pd

from vs_core.rules.measure import COHORT_FILE, Better, Figures, Measure, Unit
from vs_core.rules.register import PERSISTENT_ABSENCE_PERCENT, SEVERE_ABSENCE_PERCENT, percent_of

_GUIDANCE = "DfE, Working together to improve school attendance, 2024"
_REGULATION = "School Attendance (Pupil Registration) (England) Regulations 2024, regulation 10"


def _measure(
    key: str, label: str, meaning: str, rule: str, unit: Unit, better: Better | None, source: str = _REGULATION
) -> Measure:
    return Measure(key, "attendance", label, meaning, rule, source, unit, better, ("attendance", COHORT_FILE))


MEASURES = (
    _measure(
        "children",
        "Children with attendance",
        "Children of the group with at least one session in the period that they could have attended.",
        "One or more possible sessions from the first to the last day of the period.",
        "count",
        None,
        _GUIDANCE,
    ),
    _measure(
        "possible_sessions",
        "Possible sessions",
        "Half days on which the children could have been at school.",
        "Attended and absent sessions together. Codes D, Q, X, Y1 to Y7, Z and # are outside.",
        "count",
        None,
    ),
    _measure(
        "attended_sessions",
        "Sessions attended",
        "Half days at school or at an approved educational activity.",
        "Codes / \\ and L (present) and B, K, P, V, W (approved educational activity).",
        "count",
        "up",
    ),
    _measure(
        "authorised_absence_sessions",
        "Authorised absence",
        "Half days missed for a reason that the school accepted, such as illness or suspension.",
        "Codes C, C1, C2, E, I, J1, M, R, S and T.",
        "count",
        "down",
    ),
    _measure(
        "unauthorised_absence_sessions",
        "Unauthorised absence",
        "Half days missed without a reason that the school accepted, arrival after the register closed included.",
        "Codes G, N, O and U.",
        "count",
        "down",
    ),
    _measure(
        "attendance_percent",
        "Attendance",
        "How much of the possible school time the children attended, all their sessions taken together.",
        "Sessions attended of possible sessions, pooled over children and days.",
        "percent",
        "up",
        _GUIDANCE,
    ),
    _measure(
        "persistently_absent",
        "Persistently absent",
        "Children who missed a tenth or more of their possible sessions; exactly a tenth counts.",
        "Absent sessions are 10% or more of the child's possible sessions. Severely absent children are among them.",
        "count",
        "down",
        _GUIDANCE,
    ),
    _measure(
        "persistently_absent_percent",
        "Persistently absent, share",
        "The share of children with attendance who missed a tenth or more of their possible sessions.",
        "Persistently absent children of children with at least one possible session.",
        "percent",
        "down",
        _GUIDANCE,
    ),
    _measure(
        "severely_absent",
        "Severely absent",
        "Children who missed half or more of their possible sessions; exactly half counts.",
        "Absent sessions are 50% or more of the child's possible sessions.",
        "count",
        "down",
        _GUIDANCE,
    ),
    _measure(
        "severely_absent_percent",
        "Severely absent, share",
        "The share of children with attendance who missed half or more of their possible sessions.",
        "Severely absent children of children with at least one possible session.",
        "percent",
        "down",
        _GUIDANCE,
    ),
)


def attendance(rows: pd.DataFrame) -> Figures:
    """The attendance figures.

    `rows`: one row a child of the cohort, its sessions of the period added up: `child_id`, `possible_sessions`,
    `attended_sessions`, `authorised_absence_sessions`, `unauthorised_absence_sessions` (integers).
    Children without a possible session count nowhere; percentages are None when no child is left.
    """
    counted = rows[rows["possible_sessions"] > 0]
    children, possible = len(counted), int(counted["possible_sessions"].sum())
    persistent, severe = int(persistently_absent(counted).sum()), int(severely_absent(counted).sum())
    return {
        "children": children,
        "possible_sessions": possible,
        "attended_sessions": int(counted["attended_sessions"].sum()),
        "authorised_absence_sessions": int(counted["authorised_absence_sessions"].sum()),
        "unauthorised_absence_sessions": int(counted["unauthorised_absence_sessions"].sum()),
        "attendance_percent": percent_of(int(counted["attended_sessions"].sum()), possible),
        "persistently_absent": persistent,
        "persistently_absent_percent": percent_of(persistent, children),
        "severely_absent": severe,
        "severely_absent_percent": percent_of(severe, children),
    }


def absent_sessions(rows: pd.DataFrame) -> pd.Series[int]:
    """Authorised and unauthorised sessions of each row of `attendance`'s frame."""
    return rows["authorised_absence_sessions"] + rows["unauthorised_absence_sessions"]


def persistently_absent(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of `attendance`'s frame are persistently absent: the children behind the figure."""
    return _misses(rows, PERSISTENT_ABSENCE_PERCENT)


def severely_absent(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of `attendance`'s frame are severely absent: the children behind the figure."""
    return _misses(rows, SEVERE_ABSENCE_PERCENT)


def _misses(rows: pd.DataFrame, percent: int) -> pd.Series[bool]:
    possible = rows["possible_sessions"]
    return (possible > 0) & (absent_sessions(rows) * 100 >= possible * percent)
