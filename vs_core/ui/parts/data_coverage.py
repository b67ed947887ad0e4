"""How complete each subject is: marks received of marks expected, and what files name that no list describes."""

from datetime import date

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.ui import downloads, tables, tiles, words
from vs_core.ui.load import data
from vs_core.ui.load.data import Coverage
from vs_core.ui.parts import data_marks
from vs_core.ui.tables import Column
from vs_core.ui.tiles import Tile

BY_WEEK = (
    Column("week", "Week from", "date"),
    Column("received_percent", "Received", "progress"),
    Column("received_marks", "Marks received", "number"),
    Column("expected_marks", "Marks expected", "number"),
    Column("missing_marks", "Missing", "number"),
    Column("children", "Children", "number"),
    Column("children_without", "Children without a mark", "number"),
)
BY_SCHOOL = (
    Column("name", "School"),
    Column("urn", "URN"),
    Column("received_percent", "Received", "progress"),
    *BY_WEEK[2:],
)
NAMED = (
    Column("kind_title", "First named in"),
    Column("file_name", "File"),
    Column("known_on", "Known on", "date"),
)
CLOSED = (
    Column("day", "Day", "date"),
    Column("why", "Closed for"),
    Column("calendar", "By the calendar of"),
    Column("schools", "Schools", "number"),
    Column("marks", "Marks", "number"),
    Column("notices", "Suspensions and exclusions", "number"),
)
NO_EPISODES = "Episodes have not come, so nobody is known to be in care."
OFF_ROLL = (
    Column("child_id", "Child"),
    Column("year_group", "Year group"),
)


def show(viewer: Viewer, today: date) -> None:
    """The part of the page."""
    st.subheader("How complete the data is")
    with st.spinner("Counting what should have come…"):
        found = data.coverage(viewer, today)
    tiles.figures_row(_tiles(found), key="coverage tiles")
    _marks(viewer, found, today)
    _lists(viewer, found, today)


def _tiles(found: Coverage) -> list[Tile]:
    expected = int(found.marks["expected_marks"].sum()) if len(found.marks) else 0
    received = int(found.marks["received_marks"].sum()) if len(found.marks) else 0
    share = words.figure(_percent(received, expected), "percent") if expected else None
    return [
        Tile(
            "marks",
            "Register marks received",
            share,
            caption=_of_expected(received, expected, found),
            definition="Two a school day for each child in care, on roll, of Reception to Year 11, this academic year"
            " up to yesterday. Of each half day one mark counts, from whichever register it came. Pupils of schools"
            " whose term dates are not loaded are left out.",
        ),
        Tile(
            "off roll",
            "Children without an enrolment",
            None if found.off_roll is None else f"{len(found.off_roll):,}",
            caption=NO_EPISODES if found.off_roll is None else "in care, Reception to Year 11, today",
        ),
        Tile(
            "unknown children",
            "Children with details unknown",
            f"{len(found.children):,}",
            caption="named in a file, in no list of children",
        ),
        Tile(
            "unknown schools",
            "Schools with details unknown",
            f"{len(found.schools):,}",
            caption="named in a file, not in the list of schools",
        ),
        Tile(
            "closed",
            "Days with marks while closed",
            None if found.no_calendar else f"{found.closed['day'].nunique():,}",
            caption=found.no_calendar or "by the calendar of each school, this academic year",
            definition="Days up to yesterday with a mark (but #, planned closure) or the start of a suspension, when"
            " the school was closed by its own calendar, or that of its authority, or else ours.",
        ),
    ]


def _of_expected(received: int, expected: int, found: Coverage) -> str:
    said = f"{received:,} of {expected:,} expected" if expected else found.no_calendar or "none expected yet"
    pupils = words.counted(found.left_out, "pupil")
    return f"{said}; {pupils} of schools without term dates left out" if found.left_out else said


def _percent(received: int, expected: int) -> float:
    """Never shown as 100 while a mark is missing."""
    return 100.0 if received == expected else min(received * 100 / expected, 99.9)


def _marks(viewer: Viewer, found: Coverage, today: date) -> None:
    st.subheader("Register marks, by week")
    if found.marks.empty:
        st.info(found.no_calendar or "No mark was expected yet this academic year.", icon=":material/info:")
        return
    weeks = data_marks.by(found.marks, "week").sort_values("week", ascending=False, ignore_index=True)
    tables.listing(
        weeks, BY_WEEK, key="marks by week", alt="Marks received of marks expected, by week", noun=("week", "weeks")
    )
    downloads.table(viewer, weeks, BY_WEEK, title="Marks received by week", notes=[], as_at=today)
    last = weeks["week"].max()
    st.subheader(f"Schools that marks are missing from, week from {words.long_day(last)}")
    schools = _missing(found.marks[found.marks["week"].eq(last)])
    tables.listing(
        schools,
        BY_SCHOOL,
        key="marks by school",
        alt="Schools with missing marks in the last week",
        noun=("school", "schools"),
        empty="Every mark that was expected in that week has come.",
    )
    downloads.table(viewer, schools, BY_SCHOOL, title="Schools with missing marks", notes=[], as_at=today)


def _missing(marks: pd.DataFrame) -> pd.DataFrame:
    names = marks.drop_duplicates("urn").set_index("urn")["name"]
    rows = data_marks.by(marks, "urn")
    rows = rows[rows["missing_marks"] > 0].assign(name=lambda each: each["urn"].map(names))
    return rows.sort_values("missing_marks", ascending=False, ignore_index=True)


def _lists(viewer: Viewer, found: Coverage, today: date) -> None:
    child = Column("child_id", "Child")
    if found.off_roll is not None:
        _list(viewer, "Children without an enrolment", found.off_roll, OFF_ROLL, ("child", "children"), today)
    children = found.children.rename(columns={"title": "kind_title"})
    _list(viewer, "Children with details unknown", children, (child, *NAMED), ("child", "children"), today)
    schools = found.schools.rename(columns={"title": "kind_title"})
    urn = Column("urn", "URN")
    _list(viewer, "Schools with details unknown", schools, (urn, *NAMED), ("school", "schools"), today)
    if len(found.closed):
        _list(viewer, "Days with marks while closed", found.closed, CLOSED, ("line", "lines"), today)


def _list(
    viewer: Viewer,
    title: str,
    rows: pd.DataFrame,
    columns: tuple[Column, ...],
    noun: tuple[str, str],
    today: date,
) -> None:
    with st.expander(f"{title}: {len(rows):,}"):
        tables.listing(rows, columns, key=f"list {title}", alt=title, noun=noun, empty=f"There are no {noun[1]} here.")
        downloads.table(viewer, rows, columns, title=title, notes=[], as_at=today)
