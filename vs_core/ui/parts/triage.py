"""The worklist: how many need something, the ways to look at it, the ranked table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.casework.actions import owner_name
from vs_core.figures.headline import Headline
from vs_core.rules import worklist_views as views
from vs_core.rules.frame import Frame
from vs_core.rules.listed import MARK, left_out, listed
from vs_core.rules.worklist_views import Looking
from vs_core.ui import address, downloads, tables, tiles, words
from vs_core.ui.parts import children
from vs_core.ui.tables import Column

WORKLIST, REGISTERS, EFFECT = PARTS = ("Worklist", "Registers to put right", "What worked")
OPEN, SCHOOL = "open", "of_school"
VIEW, TABLE, SHOWN = "worklist", "rows of the worklist", "children of the worklist's page"
ROWS_A_PAGE = 25
ROW_PIXELS = 76
IN_SIGHT = 8
NO_REGISTERS = "Registers have not arrived yet, so nobody can be found who needs something."
EMPTY = {
    views.ALL: "Nobody needs anything: no rule of the worklist holds for any child.",
    views.MINE: "No action of yours is open.",
    views.UNASSIGNED: "Somebody acts for every child on the worklist.",
    views.OVERDUE: "Nothing is overdue.",
    views.NEW: "Nothing has come since you last looked.",
    views.SNOOZED: "Nobody is snoozed.",
}


@dataclass(frozen=True)
class Day:
    """The day from which the page is seen. known_on: what was known then, None for now; since: the day of the last look
    before today; today: the day on which something would be written, None where the page is seen from another day."""

    as_at: date
    known_on: date | None
    since: date | None
    today: date | None

    @property
    def frame(self) -> Frame:
        return Frame(self.as_at, self.known_on, self.as_at, self.as_at)


def another_day(day: Day) -> None:
    """Of which day it is told who acts, where that is not today."""
    if day.today is None:
        on = words.long_day(day.as_at)
        st.caption(f"Seen from {on}: who acts, what is due and who is snoozed is told as it stood on that day.")


def title_row() -> Any:
    """The row of the title and the choice of the day."""
    return st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="title-row"
    )


def part() -> str:
    """Which part of the page is shown, in the address."""
    chosen = st.segmented_control(
        "Part of the page", PARTS, default=WORKLIST, key="part", label_visibility="collapsed", bind="query-params"
    )
    return chosen or WORKLIST


def looking(viewer: Viewer, day: Day) -> Looking:
    return Looking(owner_name(viewer.display_name, viewer.adviser), day.as_at, day.since)


def figures_row(rows: pd.DataFrame, by: Looking) -> None:
    """How many need something, for how many nobody acts, what is late, what is new."""
    found = views.counts(rows, by)
    since = words.long_day(by.since) if by.since else ""
    snoozed = f"{found[views.SNOOZED]} more are snoozed" if found[views.SNOOZED] else "none is snoozed"
    shown = [
        _tile(views.ALL, "Needing something", found, snoozed, _NEEDING),
        _tile(views.UNASSIGNED, "Nobody acting", found, f"of {found[views.ALL]} on the worklist", _NOBODY),
        _tile(views.OVERDUE, "Overdue", found, "their day has passed", _OVERDUE),
        _tile(views.NEW, "New", found, f"since {since}, when you last looked" if since else "your first look", _NEW),
    ]
    tiles.figures_row(shown, key="triage-figures")


_NEEDING = "Children in care of whom at least one rule of the worklist holds today, and who are not snoozed."
_NOBODY = "Children on the worklist about whom no action is open."
_OVERDUE = "Children on the worklist with an open action whose day has passed."
_NEW = (
    "Children whose heaviest reason holds since the day on which you last looked, or later. That day counts, because "
    "registers come in after a look. However often you look today, this stays until tomorrow."
)


def _tile(view: str, label: str, found: dict[str, int], caption: str, meaning: str) -> Headline:
    return Headline(f"triage.{view}", label, f"{found[view]:,}", caption=caption, definition=meaning)


def choose_view() -> str:
    """The view, in the address."""
    chosen = st.segmented_control(
        "View", views.VIEWS, default=views.ALL, key=VIEW, label_visibility="collapsed", bind="query-params"
    )
    return chosen or views.ALL


def choices_row() -> Any:
    """The row of the choices of a school and a child, and of what can be taken away."""
    return st.container(horizontal=True, vertical_alignment="bottom", key="worklist-choices")


def choose_school(rows: pd.DataFrame) -> str:
    """The school, in the address by its URN; empty for all."""
    return address.choose("School", schools(rows), SCHOOL, none="All schools", width=230)


def schools(rows: pd.DataFrame) -> dict[str, str]:
    """The schools of the children who may be listed: name by URN, in the order of names."""
    own = listed(rows[["child_key", MARK, "urn", "school"]]).dropna(subset=["urn"]).drop_duplicates("urn")
    named = {str(urn): str(name) for urn, name in zip(own["urn"], own["school"].fillna(own["urn"]), strict=True)}
    return dict(sorted(named.items(), key=lambda each: each[1]))


def chosen_rows(rows: pd.DataFrame, view: str, school: str, by: Looking) -> pd.DataFrame:
    """The rows of the view, of the school."""
    own = views.of(view, rows, by)
    return own[own["urn"] == school] if school else own


def nobody(rows: pd.DataFrame, view: str, school: str, by: Looking) -> str:
    """Why a view shows nobody: all of them are snoozed, they are at other schools, or there is none."""
    own = rows[rows["urn"] == school] if school else rows
    asleep = views.asleep(view, own, by)
    if asleep:
        return f"Nobody to show: {words.counted(asleep, 'child', 'children')} of this view {_are(asleep)} snoozed."
    if school and len(views.of(view, rows, by)):
        return "Nobody of this school is in this view."
    return EMPTY[view]


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def ready(viewer: Viewer, rows: pd.DataFrame, day: Day) -> pd.DataFrame:
    """Rows with what the table shows: names, the reasons in one text, what is left, the links."""
    own = children.with_names(rows)
    reasons = [sentence("; ".join(each)) for each in own["reasons"]]
    course = [[value for value in weeks if value is not None] if weeks else None for weeks in own["last_weeks"]]
    own = own.assign(
        why=reasons, course=pd.Series(course, own.index, dtype=object), owner=own["owner"].fillna("nobody")
    )
    linked, _ = children.linked(viewer, own, (), day.frame)
    return linked


WHY = Column("why", "Why", width=290)
FULL = (
    children.OPEN,
    Column("child", "Child", width=125),
    Column("year", "Year", width=66),
    Column("school", "School", width=145),
    Column("attendance_percent", "Attendance", "progress", "Of the academic year so far", width=112),
    Column(
        "course", "Last six weeks", "course", "Attendance in each of the last six school weeks, 0 to 100%", width=88
    ),
    WHY,
    Column(
        "sessions_left", "Can miss", "number", "Sessions that the child can still miss this year below 10%", width=70
    ),
    Column("last_contact_on", "Last contact", "date", width=92),
    Column("owner", "Owner", width=105),
    Column("due_on", "Due", "date", width=92),
)
BESIDE = (Column("child", "Child", width=110), Column("why", "Why", width=228), Column("owner", "Owner", width=95))
TAKEN_AWAY = (
    Column("child", "Child"),
    Column("child_id", "Number"),
    *FULL[2:5],
    Column("change_points", "Change in points", "days", "The last four weeks less the last twelve"),
    WHY,
    *FULL[7:10],
    Column("next_step", "Next step"),
    FULL[10],
    Column("adviser", "Adviser"),
    Column("social_worker", "Social worker"),
)


def sentence(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]


def table(viewer: Viewer, rows: pd.DataFrame, empty: str, day: Day, opened: int | None) -> None:
    """The rows, a page at a time; the one that is open is marked, another is opened by choosing its row. empty: what is
    said where there is none."""
    own = listed(rows)
    if own.empty:
        st.info(left_out(rows) or empty, icon=":material/check:")
        return
    page = _page(own, opened)
    shown = ready(viewer, own.iloc[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE], day)
    keys = [int(key) for key in shown["child_key"]]
    st.session_state[SHOWN] = keys
    marked = [keys.index(opened)] if opened in keys else []
    st.session_state[TABLE] = {"selection": {"rows": marked, "columns": [], "cells": []}}
    tables.listing(
        shown,
        FULL if opened is None else BESIDE,
        key=TABLE,
        alt="The worklist, the heaviest first: child, why, who acts",
        select=_row_chosen,
        most_rows=IN_SIGHT,
        row_pixels=ROW_PIXELS,
        count=_count(rows, page, len(shown)),
    )


def _count(rows: pd.DataFrame, page: int, shown: int) -> str:
    number, first = len(listed(rows)), page * ROWS_A_PAGE
    said = words.counted(number, "child", "children").capitalize()
    if number > ROWS_A_PAGE:
        said = f"Children {first + 1} to {first + shown} of {number}"
    return " ".join([f"{said}, the heaviest first.", left_out(rows)]).strip()


def _page(own: pd.DataFrame, opened: int | None) -> int:
    """Which page is shown, from 0: the chosen one; of an address that holds a child and no page, the child's."""
    pages = -(-len(own) // ROWS_A_PAGE)
    if pages == 1:
        return 0
    keys = list(own["child_key"])
    usual = keys.index(opened) // ROWS_A_PAGE + 1 if opened in keys else 1
    return int(st.pagination(pages, default=usual, key=f"page of {pages}")) - 1


def _row_chosen() -> None:
    """The row that is chosen in the table goes into the address; runs before the page asks who is looking."""
    rows, keys = st.session_state[TABLE]["selection"]["rows"], st.session_state.get(SHOWN, [])
    address.write(OPEN, str(keys[rows[0]]) if rows and rows[0] < len(keys) else "")


def choose_child(viewer: Viewer, rows: pd.DataFrame) -> None:
    """The same by name, for who works without a mouse."""
    own = children.with_names(listed(rows))
    options = {str(key): str(name) for key, name in zip(own["child_key"], own["child"], strict=True)}
    address.choose("Child", options, OPEN, none="Choose a child", width=210)


def take_away(viewer: Viewer, rows: pd.DataFrame, view: str, school: str, day: Day) -> None:
    """The view as a file."""
    own = listed(rows)
    if own.empty:
        return
    notes = [f"View: {view}", f"As at {words.long_day(day.as_at)}", *([f"School: {school}"] if school else [])]
    notes += [left_out(rows)] if len(own) < len(rows) else []

    def made() -> pd.DataFrame:
        return ready(viewer, own, day)

    downloads.lazily(viewer, made, TAKEN_AWAY, title="Worklist", notes=notes, as_at=day.as_at, rows=len(own))


def neighbours(every: pd.DataFrame, rows: pd.DataFrame, opened: int) -> tuple[str, str]:
    """The keys of the children of the view before and after the one that is open; empty where there is none. A child
    that is in the view no more, because it was put off or given to somebody, keeps its place between the others.

    every: the worklist; rows: of the view."""
    order = [int(key) for key in every["child_key"]]
    keys = [int(key) for key in listed(rows)["child_key"]]
    at = order.index(opened) if opened in order else -1
    before, after = (
        [key for key in keys if key != opened and (order.index(key) < at) == is_before] for is_before in (True, False)
    )
    return str(before[-1]) if before else "", str(after[0]) if after else ""
