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
from vs_core.rules.listed import listed
from vs_core.rules.worklist_views import Choice, Looking
from vs_core.ui import address, downloads, tables, tiles, words
from vs_core.ui.load import triage_listed as read
from vs_core.ui.load.triage_listed import ROWS_A_PAGE, Shown, Whole
from vs_core.ui.tables import Column

WORKLIST, REGISTERS, EFFECT = PARTS = ("Worklist", "Registers to put right", "What worked")
OPEN, SCHOOL = "open", "of_school"
VIEW, TABLE, SHOWN = "worklist", "rows of the worklist", "children of the worklist's page"
ROW_PIXELS = 93
IN_SIGHT = 8
NO_REGISTERS = "Registers have not arrived yet, so nobody can be found who needs something."


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


def figures_row(whole: Whole, by: Looking) -> None:
    """How many need something, for how many nobody acts, what is late, what is new."""
    found = whole.counts
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


def choose_school(whole: Whole) -> str:
    """The school, in the address by its URN; empty for all."""
    return address.choose("School", whole.schools, SCHOOL, none="All schools", width=230)


TAKEN_AWAY = (
    Column("child", "Child"),
    Column("child_id", "Number"),
    read.YEAR,
    read.SCHOOL,
    read.ATTENDANCE,
    Column("change_points", "Change in points", "days", "The last four weeks less the last twelve"),
    read.WHY,
    read.CAN_MISS,
    read.LAST_CONTACT,
    read.OWNER,
    Column("next_step", "Next step"),
    read.DUE,
    Column("adviser", "Adviser"),
    Column("social_worker", "Social worker"),
)


def table(viewer: Viewer, choice: Choice, shown: Shown, opened: int | None) -> None:
    """The rows, a page at a time; the one that is open is marked, another is opened by choosing its row."""
    if not shown.names:
        st.info(shown.unlisted or shown.empty, icon=":material/check:")
        return
    every = [int(key) for key in shown.names]
    page = _page(every, opened)
    keys = every[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE]
    st.session_state[SHOWN] = keys
    marked = [keys.index(opened)] if opened in keys else []
    st.session_state[TABLE] = {"selection": {"rows": marked, "columns": [], "cells": []}}
    tables.show(
        read.page(viewer, choice, page, opened is not None),
        key=TABLE,
        alt="The worklist, the heaviest first: child, why, who acts",
        select=_row_chosen,
        most_rows=IN_SIGHT,
        row_pixels=ROW_PIXELS,
        count=_count(shown, page, len(keys)),
    )


def _count(shown: Shown, page: int, on_it: int) -> str:
    number, first = len(shown.names), page * ROWS_A_PAGE
    said = words.counted(number, "child", "children").capitalize()
    if number > ROWS_A_PAGE:
        said = f"Children {first + 1} to {first + on_it} of {number}"
    return " ".join([f"{said}, the heaviest first.", shown.unlisted]).strip()


def _page(keys: list[int], opened: int | None) -> int:
    """Which page is shown, from 0: the chosen one; of an address that holds a child and no page, the child's."""
    pages = -(-len(keys) // ROWS_A_PAGE)
    if pages == 1:
        return 0
    usual = keys.index(opened) // ROWS_A_PAGE + 1 if opened in keys else 1
    return int(st.pagination(pages, default=usual, key=f"page of {pages}")) - 1


def _row_chosen() -> None:
    """The row that is chosen in the table goes into the address; runs before the page asks who is looking."""
    rows, keys = st.session_state[TABLE]["selection"]["rows"], st.session_state.get(SHOWN, [])
    address.write(OPEN, str(keys[rows[0]]) if rows and rows[0] < len(keys) else "")


def choose_child(shown: Shown) -> None:
    """The same by name, for who works without a mouse."""
    address.choose("Child", shown.names, OPEN, none="Choose a child", width=210)


def take_away(viewer: Viewer, choice: Choice, shown: Shown) -> None:
    """The view as a file."""
    if not shown.names:
        return
    as_at, school = choice.by.as_at, choice.school
    notes = [f"View: {choice.view}", f"As at {words.long_day(as_at)}", *([f"School: {school}"] if school else [])]

    def made() -> pd.DataFrame:
        return read.ready(listed(read.rows(viewer, choice)), as_at, choice.known_on)

    downloads.lazily(
        viewer,
        made,
        TAKEN_AWAY,
        title="Worklist",
        notes=[*notes, *filter(None, [shown.unlisted])],
        as_at=as_at,
        rows=len(shown.names),
    )


def neighbours(every: pd.DataFrame, shown: Shown, opened: int) -> tuple[str, str]:
    """The keys of the children of the view before and after the one that is open; empty where there is none. A child
    that is in the view no more, because it was put off or given to somebody, keeps its place between the others.

    every: the worklist; shown: of the view."""
    order = [int(key) for key in every["child_key"]]
    keys = [int(key) for key in shown.names]
    at = order.index(opened) if opened in order else -1
    before, after = (
        [key for key in keys if key != opened and (order.index(key) < at) == is_before] for is_before in (True, False)
    )
    return str(before[-1]) if before else "", str(after[0]) if after else ""
