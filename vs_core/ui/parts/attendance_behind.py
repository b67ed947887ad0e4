"""What stands behind the cell of a heatmap: the children with their sessions of exactly that cell, or one child's
marks."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from vs_core.access import openings, roles
from vs_core.access.viewer import Viewer
from vs_core.figures.attendance import with_shares
from vs_core.rules.attendance_orders import NO_SCHOOL
from vs_core.rules.frame import Frame
from vs_core.rules.heatmaps import AWAITED, COUNTS
from vs_core.rules.listed import MARK
from vs_core.ui import links, opening, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import attendance_views as read
from vs_core.ui.load.attendance import WHO
from vs_core.ui.parts import children, comparing
from vs_core.ui.tables import Column

HINT = "Click on a cell, or choose in the boxes above: the children behind it are listed here."


def of_weeks(viewer: Viewer, chosen: Chosen, monday: str, of: str, row: str, named: str) -> None:
    """The children behind a cell of a heatmap by week: of a child, a school or a year group (`of`), in one week or in
    all; of one child the marks, for who may open its page."""
    if not (monday or row):
        st.caption(HINT)
        return
    when = f"week of {words.long_day(date.fromisoformat(monday))}" if monday else "every week"
    if of == "child" and row and viewer.may(roles.SEE_CHILD):
        _marks_of(viewer, chosen, int(row), _week(chosen.frame, monday), named, when)
        return
    sessions, due = read.weeks(viewer, chosen).rows, read.awaited(viewer, chosen)
    if monday:
        sessions, due = (each[each["week"] == pd.Timestamp(monday)] for each in (sessions, due))
    if of == "school":
        sessions, due = (each[each["urn"].notna()] for each in (sessions, due))
    if row:
        people = read.people(viewer, chosen)
        sessions, due = (_of_row(each, people, of, row) for each in (sessions, due))
    who = {"child": "Child", "school": named, "year": named}[of] if row else "Children"
    _listing(viewer, chosen, sessions, due, f"{who or 'Children'}, {when}")


def _of_row(cells: pd.DataFrame, people: pd.DataFrame, of: str, row: str) -> pd.DataFrame:
    if of == "child":
        return cells[cells["child_key"] == int(row)]
    if of == "school":
        return cells[cells["urn"].eq("" if row == NO_SCHOOL else row)]
    groups = people.set_index("child_key")["year_group"].str.replace(" ", "-")
    return cells[cells["child_key"].map(groups).eq(row)]


def _week(frame: Frame, monday: str) -> tuple[date, date]:
    if not monday:
        return frame.start, frame.end
    first = date.fromisoformat(monday)
    return max(first, frame.start), min(first + timedelta(days=6), frame.end)


def of_weekday(viewer: Viewer, chosen: Chosen, weekday: str, half: str, named: str) -> None:
    """The children behind a cell of weekdays and half days; either is empty for every one."""
    if not named:
        st.caption(HINT)
        return
    wanted = [int(weekday)] if weekday else list(range(7))
    found = [read.on_weekday(viewer, chosen, each, half or None) for each in wanted]
    due = read.awaited(viewer, chosen)
    due = due[due["day"].dt.day_of_week.isin(wanted)]
    _listing(viewer, chosen, pd.concat(found), _of_half(due, half), named)


def _of_half(due: pd.DataFrame, half: str) -> pd.DataFrame:
    return due.assign(**{AWAITED: due[half.lower()]}) if half else due


def of_day(viewer: Viewer, chosen: Chosen, at: str, named: str) -> None:
    """The children behind a day of the calendar."""
    if not named:
        st.caption(HINT)
        return
    due = read.awaited(viewer, chosen)
    due = due[due["day"] == pd.Timestamp(at)]
    _listing(viewer, chosen, read.on_day(viewer, chosen, date.fromisoformat(at), None), due, named)


def _listing(viewer: Viewer, chosen: Chosen, sessions: pd.DataFrame, due: pd.DataFrame, title: str) -> None:
    listed = cell_rows(sessions, due, read.people(viewer, chosen))
    st.markdown(f"**{words.plain(title)}:** {words.plain(_adds_up_to(listed))}")
    listed = listed.assign(
        sessions=[
            f"{a:,} of {p:,}" for a, p in zip(listed["attended_sessions"], listed["possible_sessions"], strict=True)
        ]
    )
    comparing.listing(viewer, chosen, listed, COLUMNS, title=title)


def _adds_up_to(listed: pd.DataFrame) -> str:
    attended, possible, due = (int(listed[name].sum()) for name in ("attended_sessions", "possible_sessions", AWAITED))
    percent = words.figure(attended * 100 / possible if possible else None, "percent")
    of = f"{attended:,} of {possible:,} possible sessions attended, {percent}." if possible else "no possible session."
    waiting = f" {words.counted(due, 'half day').capitalize()} without a mark yet." if due else ""
    return of + waiting


def cell_rows(sessions: pd.DataFrame, due: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """One row a child of a cell, lowest attendance first: COUNTS and AWAITED of the cell, then who it is. Children
    without a possible session or a mark that is due are not of the cell.

    sessions: `child_key`, COUNTS; due: `child_key`, AWAITED; people: `ui.load.attendance.WHO`."""
    counts = sessions.groupby("child_key")[list(COUNTS)].sum()
    whole = pd.concat([counts, due.groupby("child_key")[AWAITED].sum()], axis=1).fillna(0).astype("int64")
    own = whole[(whole["possible_sessions"] > 0) | (whole[AWAITED] > 0)].rename_axis("child_key").reset_index()
    named = children.with_names(with_shares(own).merge(people[list(WHO)], on="child_key", how="left"))
    return named.sort_values(["attendance_percent", "absent_sessions", AWAITED], ascending=[True, False, False])


COLUMNS = (
    children.CHILD,
    Column("attendance_percent", "Attendance", "progress"),
    Column("sessions", "Sessions", help="Attended of possible sessions of this cell"),
    Column("authorised_absence_sessions", "Authorised", "number", "Sessions missed with the school's leave"),
    Column("unauthorised_absence_sessions", "Unauthorised", "number", "Sessions missed without leave"),
    Column(AWAITED, "No mark yet", "number", "Half days on which a mark is due and none has come"),
    children.YEAR,
    children.SCHOOL,
    children.SOCIAL_WORKER,
    children.ADVISER,
)


def _marks_of(viewer: Viewer, chosen: Chosen, child_key: int, days: tuple[date, date], named: str, when: str) -> None:
    """The marks of a child between two days, one by one; looking at them is opening the child."""
    if opening.noted(viewer, child_key).refused:
        st.warning(openings.NOBODY, icon=":material/visibility_off:")
        return
    marks = read.marks(viewer, child_key, chosen.frame)
    marks_listed(viewer, chosen, child_key, marks[marks["day"].between(*days)], named, when)


def marks_listed(viewer: Viewer, chosen: Chosen, child_key: int, marks: pd.DataFrame, named: str, when: str) -> None:
    """The marks of one child who may be opened, with the child's name and the way to its page. marks:
    `ui.load.attendance_views.marks`."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(f"**{words.plain(named)}, {words.plain(when)}**", width="content")
        links.to_child_here("Open the child's page", child_key)
    rows = pd.DataFrame(
        {
            "day": marks["day"],
            "half": marks["session"].map({"AM": "Morning", "PM": "Afternoon"}),
            "code": marks["code"],
            "meaning": marks["meaning"].mask(marks["code"] == "", "No mark has come yet"),
            "counts": marks["statistical_class"].fillna("").str.capitalize(),
            "school": marks["school"].fillna(""),
            MARK: True,
        }
    )
    title = f"Register marks, {when}"
    comparing.listing(viewer, chosen, rows, MARKS, title=title, noun=("mark", "marks"))


MARKS = (
    Column("day", "Day", "date"),
    Column("half", "Half day"),
    Column("code", "Code"),
    Column("meaning", "Meaning"),
    Column("counts", "Counts as"),
    Column("school", "School"),
)
