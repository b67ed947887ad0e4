"""In which order children and schools stand when they are compared by attendance."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vs_core.rules import attendance_course
from vs_core.rules.heatmaps import AWAITED

NO_SCHOOL = "none"
"""The key of marks that name no school."""
LOWEST, WORSENED, NEWEST = "Lowest first", "Most worsened", "Newly at 90 or under"
ORDERS = (LOWEST, WORSENED, NEWEST)
MISSED, LOWEST_SCHOOL, LARGEST = "Most missed", "Lowest", "Most children"
SCHOOL_ORDERS = (MISSED, LOWEST_SCHOOL, LARGEST)
MEANS = {
    LOWEST: "Lowest attendance over the period first; of equal ones the child with more sessions missed.",
    WORSENED: f"The last {attendance_course.RECENT_WEEKS} weeks against the weeks before, largest fall first.",
    NEWEST: "Persistently absent children, those who became so most lately first.",
    MISSED: "The schools in which our children missed most sessions in the period first.",
    LOWEST_SCHOOL: "Lowest attendance over the period first; of equal ones the school with more sessions missed.",
    LARGEST: "The schools with most of our children first.",
}


def in_cells(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which children are in the cells of heatmaps: those with a possible session or a mark that is due."""
    return (rows["possible_sessions"] > 0) | (rows[AWAITED] > 0)


def children_ranked(rows: pd.DataFrame, courses: pd.DataFrame, order: str) -> pd.DataFrame:
    """The rows of an order's children with `rank` (1 first). By LOWEST those come last of whom no mark that counts has
    come and one is due; how they move nobody can say, so that they are in no other order.

    rows: one row a child (`figures.attendance.answer`) with AWAITED; courses: `rules.attendance_course.of_children`."""
    known = rows[in_cells(rows)].merge(courses, on="child_key", how="left")
    if order == WORSENED:
        ranked = known[known["change_points"] < 0].sort_values("change_points", kind="stable")
    elif order == NEWEST:
        persistent = known[known["is_persistently_absent"].eq(True)]
        ranked = persistent.sort_values(
            ["persistent_from", "attendance_percent"], ascending=[False, True], kind="stable"
        )
    else:
        ranked = known.sort_values(["attendance_percent", "absent_sessions"], ascending=[True, False], kind="stable")
    return ranked.assign(rank=range(1, len(ranked) + 1))


def schools_ranked(rows: pd.DataFrame, due: pd.DataFrame, schools: Mapping[str, str], order: str) -> pd.DataFrame:
    """`key` (URN, or NO_SCHOOL), `name` (with the number of children) and `rank` of the schools with a possible session
    or a mark that is due; those of children whose school the viewer may not know are left out.

    rows: `figures.heatmaps.weeks`; due: `figures.heatmaps.awaited`; schools: names by URN."""
    sessions = ["possible_sessions", "attended_sessions"]
    known = pd.concat([rows.loc[rows["possible_sessions"] > 0, [*_OF, *sessions]], due.loc[due[AWAITED] > 0, _OF]])
    known = known[known["urn"].notna()].fillna(dict.fromkeys(sessions, 0))
    by = known.assign(urn=known["urn"].astype(object)).groupby("urn")
    sums = by[sessions].sum().assign(children=by["child_key"].nunique())
    missed = sums["possible_sessions"] - sums["attended_sessions"]
    sums = sums.assign(missed=missed, percent=sums["attended_sessions"] / sums["possible_sessions"]).reset_index()
    columns, ascending = _SCHOOLS_BY[order]
    ranked = sums.sort_values([*columns, "urn"], ascending=[*ascending, True], kind="stable")
    names = [
        f"{schools.get(urn, urn) if urn else 'School not known'} ({count:,})"
        for urn, count in zip(ranked["urn"], ranked["children"], strict=True)
    ]
    keys = [urn or NO_SCHOOL for urn in ranked["urn"]]
    return pd.DataFrame({"key": keys, "name": names, "rank": range(1, len(ranked) + 1)})


_OF = ["child_key", "urn"]
_SCHOOLS_BY = {
    MISSED: (["missed"], [False]),
    LOWEST_SCHOOL: (["percent", "missed"], [True, False]),
    LARGEST: (["children", "missed"], [False, False]),
}
