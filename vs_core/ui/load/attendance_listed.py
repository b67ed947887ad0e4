"""The lists of the attendance page as they are sent: each kept whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from vs_core import figures
from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures
from vs_core.figures import attendance_sessions as further
from vs_core.rules.attendance_orders import MEANS, WORSENED
from vs_core.rules.frame import Frame
from vs_core.rules.listed import listed
from vs_core.rules.measures_sessions import LATE, MEASURES, TAKEN_OUT, is_too_short, without_codes
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.words import change, figure
from vs_core.store.engine import retried
from vs_core.ui import tables
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, attendance, finished, version
from vs_core.ui.parts import children
from vs_core.ui.tables import Column, Listing

APART = {"dual_registered_sessions": "D", "unable_sessions": "Y"}
"""Sessions that are in no figure: the first letter of their codes."""
COVERAGE = "coverage_percent"
EVERY_CHILD = "children"
ANY_TAKEN_OUT = "all"
"""The row of `without_codes` without all of them: children with any."""
OF_SESSIONS = (*LATE, *TAKEN_OUT)
"""Figures whose children are listed with how many of their sessions it counts."""
ROWS = ("row", "rows")


@dataclass(frozen=True)
class Codes:
    """Attendance with and without some codes, and what counts nowhere; keys: of the rows' figures."""

    taken: Listing
    taken_keys: tuple[str, ...]
    apart: Listing
    apart_keys: tuple[str, ...]


def behind(viewer: Viewer, chosen: Chosen, key: str) -> Listing:
    """The children behind a figure, lowest attendance first."""
    opens = viewer.may(roles.SEE_CHILD)
    found: Listing = _behind(scope(viewer), version(), chosen.frame, chosen.only, key, opens)
    return found


def rows_behind(viewer: Viewer, chosen: Chosen, key: str) -> pd.DataFrame:
    """The rows of that list, and of those who are counted and not listed."""
    return _rows(scope(viewer), version(), chosen.frame, chosen.only, key)[0]


def codes(viewer: Viewer, chosen: Chosen) -> Codes:
    """A row for each code that is taken out, and one for each that counts nowhere."""
    found: Codes = _codes(scope(viewer), version(), chosen.frame, chosen.only)
    return found


@finished
def _behind(seen: Scope, at: Version, frame: Frame, only: Narrowing, key: str, opens: bool) -> Listing:
    rows, columns = _rows(seen, at, frame, only, key)
    own = tables.of_names(columns, seen.names)
    return tables.finish(*(children.with_links(rows, own, frame) if opens else (rows, own)))


def _rows(seen: Scope, at: Version, frame: Frame, only: Narrowing, key: str) -> tuple[pd.DataFrame, Sequence[Column]]:
    """The rows behind a figure, ready to be listed, and the columns of their list."""
    if key == COVERAGE:
        found = attendance.unmarked_of(seen, at, frame, only)
        rows = found.sort_values(["unmarked_days", "missing"], ascending=False, kind="stable")
        return children.with_names(rows), UNMARKED
    courses = attendance.courses_of(seen, at, frame, only)
    rows = children.with_names(_counted(seen, at, frame, only, key)).merge(courses, on="child_key", how="left")
    sessions = zip(rows["attended_sessions"], rows["possible_sessions"], strict=True)
    rows = rows.assign(
        sessions=[f"{attended:,} of {possible:,}" for attended, possible in sessions],
        remark=_remarks(rows["possible_sessions"], attendance.provisional_under(frame.as_at)),
    ).sort_values(["attendance_percent", "absent_sessions"], ascending=[True, False], kind="stable")
    return rows, _columns("concerned" in rows, is_too_short(frame.start, frame.end))


def _counted(seen: Scope, at: Version, frame: Frame, only: Narrowing, key: str) -> pd.DataFrame:
    """The rows of children that a figure counts; with `concerned`, how many sessions of each, where it counts sessions
    of a code."""
    of: SubjectFigures = attendance.now_of(seen, at, frame, only)
    rows = of.rows["children"]
    if key in APART:
        own = attendance.apart_of(seen, at, frame, only)
        sums = own[own["code"].str.startswith(APART[key])].groupby("child_key")["sessions"].sum().rename("concerned")
        return rows.merge(sums.reset_index(), on="child_key")
    if key == ANY_TAKEN_OUT:
        return rows.assign(concerned=rows[list(TAKEN_OUT)].sum(axis=1)).query("concerned > 0")
    if key in OF_SESSIONS:
        own = further.behind(of, key)
        return own.assign(concerned=own[key])
    return further.behind(of, key) if key in further.BEHIND else figures.behind(of, key)


def _remarks(possible: pd.Series[int], few: int) -> list[str]:
    return [f"Provisional: fewer than {few} sessions" if count < few else "" for count in possible]


def _columns(of_code: bool, too_short: bool) -> Sequence[Column]:
    """too_short: a week or a day, of which persistent absence is not said."""
    concerned = (Column("concerned", "Of these", "number", "Sessions of the child that the figure counts"),)
    every = (*COLUMNS[:3], *(concerned if of_code else ()), *COLUMNS[3:])
    return tuple(each for each in every if each.field != "persistent_from" or not too_short)


COLUMNS = (
    children.CHILD,
    Column("attendance_percent", "Attendance", "progress"),
    Column("sessions", "Sessions", help="Attended of possible sessions in the period"),
    children.YEAR,
    children.SCHOOL,
    Column("authorised_absence_sessions", "Authorised", "number", "Sessions missed with the school's leave"),
    Column("unauthorised_absence_sessions", "Unauthorised", "number", "Sessions missed without leave"),
    Column("change_points", "Change, points", "days", MEANS[WORSENED]),
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


@finished
def _codes(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Codes:
    rows = attendance.rows_of(seen, at, frame, only)
    taken = _taken(without_codes(rows))
    meanings = retried(lambda connection: further.meanings(connection, frame))
    apart = _apart(attendance.apart_of(seen, at, frame, only), rows, meanings)
    return Codes(
        tables.finish(taken, TAKEN, ROWS), tuple(taken["key"]), tables.finish(apart, OUTSIDE, ROWS), tuple(apart["key"])
    )


def _taken(found: pd.DataFrame) -> pd.DataFrame:
    percents: list[float | None] = found["attendance_percent"].astype(object).tolist()
    keys, is_of_code = [key or EVERY_CHILD for key in found["key"]], found["key"] != ""
    return found.assign(
        sessions=found["sessions"].where(is_of_code),
        children=found["children"].where(is_of_code),
        label=[_label(key) for key in keys],
        attendance=pd.Series([figure(percent, "percent") for percent in percents], found.index, dtype=object),
        moved=pd.Series([None, *(change(each, percents[0], "percent") for each in percents[1:])], dtype=object),
        key=keys,
    )


NAMED = {EVERY_CHILD: "As it counts", ANY_TAKEN_OUT: "Without all three"}
"""Rows that are of no figure of `rules.measures_sessions`."""


def _label(key: str) -> str:
    if key in NAMED:
        return NAMED[key]
    own = MEASURES[key].label
    return f"Without {own[:1].lower()}{own[1:]}"


def _apart(found: pd.DataFrame, rows: pd.DataFrame, meanings: Mapping[str, str]) -> pd.DataFrame:
    """A row for D and one for all Y; then one for each Y, of children who may be listed: Y5 tells where a child is."""
    of_all = [_part(key, MEASURES[key].label, found[found["code"].str.startswith(code)]) for key, code in APART.items()]
    told = found[found["child_key"].isin(listed(rows)["child_key"]) & found["code"].str.startswith("Y")]
    each = [
        _part("unable_sessions", f"– {code} {meanings.get(str(code), '')}", own) for code, own in told.groupby("code")
    ]
    return pd.DataFrame([*of_all, *each])


def _part(key: str, label: str, rows: pd.DataFrame) -> dict[str, object]:
    return {
        "key": key,
        "label": label,
        "sessions": int(rows["sessions"].sum()),
        "children": rows["child_key"].nunique(),
    }


TAKEN = (
    Column("label", "Attendance"),
    Column("attendance", "Percent"),
    Column("moved", "Difference"),
    Column("sessions", "Taken out", "number", "Sessions taken out"),
    Column("children", "Children", "number", "Children with any of them"),
)
OUTSIDE = (
    Column("label", "Apart"),
    Column("sessions", "Sessions", "number"),
    Column("children", "Children", "number"),
)
