"""The children behind each figure of the attendance page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vs_core import figures
from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.figures import attendance_sessions as further
from vs_core.figures.changes import Changes
from vs_core.rules.measures_sessions import LATE, MEASURES, TAKEN_OUT, is_too_short
from vs_core.rules.register import COUNTED_BANDS
from vs_core.ui import tables
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import attendance as read
from vs_core.ui.parts import attendance_orders as orders
from vs_core.ui.parts import children, comparing
from vs_core.ui.tables import Column

ABSENT = ("persistently_absent", "severely_absent")
HEADLINE = ("unauthorised_absence_sessions", "authorised_absence_sessions", "children")
APART = {"dual_registered_sessions": "D", "unable_sessions": "Y"}
"""Sessions that are in no figure: the first letter of their codes."""
COVERAGE = "coverage_percent"
ANY_TAKEN_OUT = "all"
"""The row of `without_codes` without all of them: children with any."""
OF_SESSIONS = (*LATE, *TAKEN_OUT)
"""Figures whose children are listed with how many of their sessions it counts."""


def offered(chosen: Chosen) -> dict[str, str]:
    """Label by key of the figures whose children can be listed; persistent and severe absence of a longer period."""
    frame = chosen.frame
    absent = () if is_too_short(frame.start, frame.end) else ABSENT
    more = {key: MEASURES[key].label for key in (*LATE, *TAKEN_OUT, *APART, COVERAGE)}
    bands = {key: f"Attendance {label[:1].lower()}{label[1:]}" for key, label in COUNTED_BANDS.items()}
    return comparing.labels("attendance", (*absent, *HEADLINE)) | bands | more


def listing(viewer: Viewer, chosen: Chosen, compared: Changes, courses: pd.DataFrame, few: int) -> None:
    """The children behind a figure that is chosen, lowest attendance first. few: possible sessions under which absence
    is provisional."""
    labels = offered(chosen)
    key = tables.behind(labels)
    of_figure(viewer, chosen, compared.now, courses, few, key, labels[key])


def of_figure(
    viewer: Viewer,
    chosen: Chosen,
    of: SubjectFigures,
    courses: pd.DataFrame,
    few: int,
    key: str,
    title: str,
) -> None:
    """The children behind one figure."""
    if key == COVERAGE:
        rows = read.unmarked(viewer, chosen).sort_values(["unmarked_days", "missing"], ascending=False, kind="stable")
        comparing.listing(viewer, chosen, children.with_names(rows), UNMARKED, title=title)
        return
    rows = children.with_names(behind(viewer, chosen, of, key)).merge(courses, on="child_key", how="left")
    counted = zip(rows["attended_sessions"], rows["possible_sessions"], strict=True)
    rows = rows.assign(
        sessions=[f"{attended:,} of {possible:,}" for attended, possible in counted],
        remark=_remarks(rows["possible_sessions"], few),
    ).sort_values(["attendance_percent", "absent_sessions"], ascending=[True, False], kind="stable")
    comparing.listing(viewer, chosen, rows, _columns("concerned" in rows), title=title)


def behind(viewer: Viewer, chosen: Chosen, of: SubjectFigures, key: str) -> pd.DataFrame:
    """The rows of children that a figure counts; with `concerned`, how many sessions of each, where it counts sessions
    of a code."""
    if key in APART:
        own = read.page(viewer, chosen).apart
        sums = own[own["code"].str.startswith(APART[key])].groupby("child_key")["sessions"].sum().rename("concerned")
        return of.rows["children"].merge(sums.reset_index(), on="child_key")
    if key == ANY_TAKEN_OUT:
        rows = of.rows["children"]
        return rows.assign(concerned=rows[list(TAKEN_OUT)].sum(axis=1)).query("concerned > 0")
    if key in OF_SESSIONS:
        rows = further.behind(of, key)
        return rows.assign(concerned=rows[key])
    return further.behind(of, key) if key in further.BEHIND else figures.behind(of, key)


def _remarks(possible: pd.Series[int], few: int) -> list[str]:
    return [f"Provisional: fewer than {few} sessions" if count < few else "" for count in possible]


def _columns(of_code: bool) -> Sequence[Column]:
    concerned = (Column("concerned", "Of these", "number", "Sessions of the child that the figure counts"),)
    return (*COLUMNS[:3], *(concerned if of_code else ()), *COLUMNS[3:])


COLUMNS = (
    children.CHILD,
    Column("attendance_percent", "Attendance", "progress"),
    Column("sessions", "Sessions", help="Attended of possible sessions in the period"),
    children.YEAR,
    children.SCHOOL,
    Column("authorised_absence_sessions", "Authorised", "number", "Sessions missed with the school's leave"),
    Column("unauthorised_absence_sessions", "Unauthorised", "number", "Sessions missed without leave"),
    Column("change_points", "Change, points", "days", orders.MEANS[orders.WORSENED]),
    Column("persistent_from", "Persistent from", "date", "Monday of the week since which absence has been 10% or more"),
    children.SOCIAL_WORKER,
    children.ADVISER,
    Column("remark", "Remark"),
)
UNMARKED = (
    children.CHILD,
    Column("missing", "Not received", "number", "Half days without a mark; of early years and post-16 weeks"),
    Column("unmarked_days", "School days without", "number", "School days at the end of the period without any mark"),
    Column("cadence", "Collected"),
    children.YEAR,
    children.SCHOOL,
    children.SOCIAL_WORKER,
    children.ADVISER,
)
