"""The worklist as it is sent: how many need something, whom there is to choose from, the table, each kept whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from vs_core.access.viewer import Scope, Viewer
from vs_core.rules import worklist_views as views
from vs_core.rules.frame import Frame
from vs_core.rules.listed import MARK, left_out, listed
from vs_core.rules.words import counted, sentence
from vs_core.rules.worklist_views import Choice, Looking
from vs_core.ui import tables
from vs_core.ui.load import Version, finished, triage, version_with_actions
from vs_core.ui.load.triage import scope_of
from vs_core.ui.parts import children
from vs_core.ui.tables import Column, Listing

ROWS_A_PAGE = 25
CHILD = Column("child", "Child", width=120)
WHY = Column("why", "Why", width=345)
ATTENDANCE = Column("attendance_percent", "Attendance", "progress", "Of the academic year so far", width=104)
COURSE = Column("course", "Six weeks", "course", "Attendance in each of the last six school weeks, 0 to 100%", width=78)
YEAR = Column("year", "Year", width=70)
SCHOOL = Column("school", "School", width=145)
CAN_MISS = Column(
    "sessions_left", "Can miss", "number", "Sessions that the child can still miss this year below 10%", width=70
)
LAST_CONTACT = Column("last_contact_on", "Last contact", "date", width=92)
OWNER = Column("owner", "Owner", width=95)
DUE = Column("due_on", "Due", "date", width=92)
FULL = (children.OPEN, CHILD, WHY, ATTENDANCE, COURSE, CAN_MISS, OWNER, DUE, LAST_CONTACT, YEAR, SCHOOL)
BESIDE = (Column("child", "Child", width=110), Column("why", "Why", width=228), Column("owner", "Owner", width=95))
EMPTY = {
    views.ALL: "Nobody needs anything: no rule of the worklist holds for any child.",
    views.MINE: "No action of yours is open.",
    views.UNASSIGNED: "Somebody acts for every child on the worklist.",
    views.OVERDUE: "Nothing is overdue.",
    views.NEW: "Nothing has come since you last looked.",
    views.SNOOZED: "Nobody is snoozed.",
}


@dataclass(frozen=True)
class Whole:
    """The worklist in numbers. number: children on it, the snoozed among them; counts: of each view; schools: of the
    children who may be listed, name by URN in the order of names."""

    number: int
    counts: dict[str, int]
    schools: dict[str, str]


@dataclass(frozen=True)
class Shown:
    """The children of a choice. names: of those who may be listed, by key in their order; unlisted: how many more are
    counted and not listed, in words; empty: why there is nobody."""

    names: dict[str, str]
    unlisted: str
    empty: str


def whole(viewer: Viewer, by: Looking, known_on: date | None) -> Whole:
    """How many need something."""
    found: Whole = _whole(scope_of(viewer), version_with_actions(), Choice(by, known_on, views.ALL))
    return found


def shown(viewer: Viewer, choice: Choice) -> Shown:
    """Whom there is to choose from."""
    found: Shown = _shown(scope_of(viewer), version_with_actions(), choice)
    return found


def page(viewer: Viewer, choice: Choice, number: int, is_beside: bool) -> Listing:
    """One page of the table, from 0; is_beside: the narrow one, beside a child that is open."""
    found: Listing = _page(scope_of(viewer), version_with_actions(), choice, number, is_beside)
    return found


def rows(viewer: Viewer, choice: Choice) -> pd.DataFrame:
    """The rows of a choice (`figures.triage.worklist`)."""
    return _rows(scope_of(viewer), version_with_actions(), choice)


def ready(rows: pd.DataFrame, as_at: date, known_on: date | None) -> pd.DataFrame:
    """Rows with what the table shows: names, the reasons in one text, what is left, the links."""
    own = children.with_names(rows)
    reasons = [sentence("; ".join(each)) for each in own["reasons"]]
    course = [[value for value in weeks if value is not None] if weeks else None for weeks in own["last_weeks"]]
    own = own.assign(
        why=reasons, course=pd.Series(course, own.index, dtype=object), owner=own["owner"].fillna("nobody")
    )
    return children.with_links(own, (), Frame(as_at, known_on, as_at, as_at))[0]


def _rows(seen: Scope, at: Version, choice: Choice) -> pd.DataFrame:
    own = views.of(choice.view, _every(seen, at, choice), choice.by)
    return own[own["urn"] == choice.school] if choice.school else own


def _every(seen: Scope, at: Version, choice: Choice) -> pd.DataFrame:
    found: pd.DataFrame = triage.worklist_of(seen, at, choice.by.as_at, choice.known_on)
    return found


@finished
def _whole(seen: Scope, at: Version, choice: Choice) -> Whole:
    every = _every(seen, at, choice)
    own = listed(every[["child_key", MARK, "urn", "school"]]).dropna(subset=["urn"]).drop_duplicates("urn")
    named = {str(urn): str(name) for urn, name in zip(own["urn"], own["school"].fillna(own["urn"]), strict=True)}
    in_order = dict(sorted(named.items(), key=lambda each: each[1]))
    return Whole(len(every), views.counts(every, choice.by), in_order)


@finished
def _shown(seen: Scope, at: Version, choice: Choice) -> Shown:
    own = _rows(seen, at, choice)
    may = listed(own)
    named = dict(zip(may["child_key"].astype(str), children.names(may), strict=True))
    return Shown(named, left_out(own), nobody(_every(seen, at, choice), choice))


def nobody(every: pd.DataFrame, choice: Choice) -> str:
    """Why a view shows nobody: all of them are snoozed, they are at other schools, or there is none."""
    own = every[every["urn"] == choice.school] if choice.school else every
    asleep = views.asleep(choice.view, own, choice.by)
    if asleep:
        are = "is" if asleep == 1 else "are"
        return f"Nobody to show: {counted(asleep, 'child', 'children')} of this view {are} snoozed."
    if choice.school and len(views.of(choice.view, every, choice.by)):
        return "Nobody of this school is in this view."
    return EMPTY[choice.view]


@finished
def _page(seen: Scope, at: Version, choice: Choice, number: int, is_beside: bool) -> Listing:
    own = listed(_rows(seen, at, choice)).iloc[number * ROWS_A_PAGE : (number + 1) * ROWS_A_PAGE]
    return tables.finish(ready(own, choice.by.as_at, choice.known_on), BESIDE if is_beside else FULL)
