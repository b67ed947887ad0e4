"""Every cell of every heatmap, and the list behind it, against a second count by hand over the same marks."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, select

from tests.naive.attendance import class_of
from tests.queries.written import Written, frame
from vs_core.access.viewer import EVERYTHING, Scope
from vs_core.figures import children, heatmaps
from vs_core.rules.frame import Frame
from vs_core.rules.heatmaps import AWAITED, COUNTS, added, weeks_without_school
from vs_core.store.schema import child
from vs_core.ui.parts.attendance_behind import cell_rows

FIRST, DAYS = date(2024, 7, 29), 45
OLD, NEW = (
    ("/", "\\", "L", "H", "F", "J", "Y", "I", "O", "X", "#"),
    ("/", "\\", "L", "K", "J1", "C2", "I", "U", "Y5", "D"),
)
CHANGED = date(2024, 8, 19)
SCHOOLS = ("100001", "100002")
OTHERS = Scope(names=True, adviser=None, restricted=False)


@dataclass(frozen=True)
class Mark:
    child: str
    on: date
    session: str
    urn: str
    code: str

    @property
    def monday(self) -> date:
        return self.on - timedelta(days=self.on.weekday())


@dataclass
class ByHand:
    """Marks and days in care of a few children, drawn from a seed; some have two registers on a day."""

    marks: list[Mark] = field(default_factory=list)
    care: dict[str, tuple[date, date | None]] = field(default_factory=dict)

    def counts(self, period: Frame, of: Callable[[Mark], object]) -> dict[object, Counter[str]]:
        """Sessions by cell, one mark after the other."""
        cells: dict[object, Counter[str]] = {}
        for mark in self.marks:
            first, end = self.care[mark.child]
            belongs = first <= period.end and (end is None or end > period.start)
            inside = first <= mark.on and (end is None or mark.on < end)
            if belongs and period.start <= mark.on <= period.end and (inside or not period.while_in_care):
                kind = class_of(mark.code, mark.on)
                cells.setdefault(of(mark), Counter())[kind] += 1
        return {key: kinds for key, kinds in cells.items() if _possible(kinds)}


def _possible(kinds: Counter[str]) -> int:
    return kinds["attended"] + kinds["authorised"] + kinds["unauthorised"]


def drawn(written: Written, seed: int) -> ByHand:
    draw, made = random.Random(seed), ByHand()
    for name in ("C0", "C1", "C2", "C3", "C4"):
        start = FIRST + timedelta(draw.randint(-30, DAYS // 2))
        end = start + timedelta(draw.randint(1, DAYS)) if draw.random() < 0.5 else None
        made.care[name] = (start, end)
        written.child(name, restricted=name == "C0")
        written.care(name, start.isoformat(), end.isoformat() if end else None)
        for turn in range(DAYS):
            _day(written, made, draw, name, FIRST + timedelta(turn))
    return made


def _day(written: Written, made: ByHand, draw: random.Random, name: str, on: date) -> None:
    codes = NEW if on >= CHANGED else OLD
    for urn in SCHOOLS[: draw.choice((0, 1, 1, 1, 2))]:
        own = {session: draw.choice((*codes, None)) for session in ("AM", "PM")}
        if any(own.values()):
            halves = {session.lower(): code for session, code in own.items()}
            written.row("child_day", child=name, school=urn, day=on.isoformat(), **halves)
            written.weeks.add((name, on - timedelta(days=on.weekday())))
            made.marks += [Mark(name, on, session, urn, code) for session, code in own.items() if code]


def same(rows: pd.DataFrame, keys: list[str], by_hand: dict[object, Counter[str]]) -> bool:
    """Cells with a possible session, each with its four counts."""
    found = {}
    for row in rows[rows["possible_sessions"] > 0].to_dict("records"):
        key = tuple(row[name] for name in keys)
        found[key if len(key) > 1 else key[0]] = tuple(int(row[name]) for name in COUNTS)
    expected = {
        key: (_possible(kinds), kinds["attended"], kinds["authorised"], kinds["unauthorised"])
        for key, kinds in by_hand.items()
    }
    return found == expected


PERIODS: tuple[dict[str, Any], ...] = (
    {"start": "2024-07-29", "end": "2024-09-26"},
    {"start": "2024-08-14", "end": "2024-08-22"},
    {"start": "2024-08-05", "end": "2024-09-10", "while_in_care": True},
)


@pytest.fixture
def authority(written: Written) -> tuple[Written, ByHand]:
    return written, drawn(written, seed=2)


def keys_of(connection: Connection) -> dict[str, int]:
    return {row.child_id: row.id for row in connection.execute(select(child.c.id, child.c.child_id))}


def test_every_cell_is_the_count_of_its_marks(authority: tuple[Written, ByHand]) -> None:
    written, made = authority
    with written.reading() as connection:
        keys = keys_of(connection)
        for asked in PERIODS:
            of = frame("attendance", "2024-09-26", **asked)
            rows = heatmaps.weeks(connection, of).rows
            week = rows.assign(week=rows["week"].dt.date, urn=rows["urn"].astype(object))
            by_child, by_school = added(week, ["child_key", "week"]), added(week, ["urn", "week"])
            assert same(by_child, ["child_key", "week"], made.counts(of, lambda m: (keys[m.child], m.monday)))
            assert same(by_school, ["urn", "week"], made.counts(of, lambda m: (m.urn, m.monday)))
            days = heatmaps.days(connection, of)
            assert same(days, ["day", "session"], made.counts(of, lambda m: (m.on, m.session)))
            by_name = made.counts(of, lambda m: (m.child, m.on, m.session))
            some = heatmaps.days(connection, of, keys={keys[name] for name, *_ in by_name if name == "C3"})
            assert same(some, ["day", "session"], of_one(by_name))


def of_one(by_name: dict[Any, Counter[str]]) -> dict[object, Counter[str]]:
    return {key[1:]: own for key, own in by_name.items() if key[0] == "C3"}


def test_the_list_behind_a_cell_adds_up_to_it(authority: tuple[Written, ByHand]) -> None:
    """By day and by weekday, in one half day and in both; restricted children are in it and not listed."""
    written, made = authority
    nothing_due = pd.DataFrame({"child_key": [], AWAITED: []}).astype("int64")
    with written.reading() as connection:
        keys = keys_of(connection)
        for asked in PERIODS:
            of = frame("attendance", "2024-09-26", **asked)
            people = children.details(connection, of, OTHERS)
            for weekday, session in ((0, "AM"), (4, "PM"), (2, None)):
                days = heatmaps.weekdays(of, weekday)
                assert days == [day for day in _days(of) if day.weekday() == weekday]
                found = cell_rows(heatmaps.on_days(connection, of, days, session, OTHERS), nothing_due, people)
                wanted = {None: ("AM", "PM")}.get(session, (session,))
                inside = _inside(days, wanted)
                by_hand = made.counts(of, lambda m, inside=inside: keys[m.child] if inside(m) else None)
                by_hand.pop(None, None)
                assert same(found, ["child_key"], by_hand)
                hidden = found.loc[found["child_key"] == keys["C0"], "is_listed"]
                assert not hidden.any()


def _days(of: Frame) -> list[date]:
    return [of.start + timedelta(turn) for turn in range((of.end - of.start).days + 1)]


def _inside(days: list[date], sessions: tuple[str | None, ...]) -> Callable[[Mark], bool]:
    return lambda mark: mark.on in days and mark.session in sessions


def test_the_marks_of_a_child_are_its_own_and_no_one_elses_business(authority: tuple[Written, ByHand]) -> None:
    written, made = authority
    with written.reading() as connection:
        keys = keys_of(connection)
        of = frame("attendance", "2024-09-26", start="2024-07-29", cohort="all")
        for name, key in keys.items():
            found = heatmaps.marks(connection, key, of, EVERYTHING)
            own = sorted((m.on, m.session, m.urn, m.code) for m in made.marks if m.child == name)
            assert list(found[["day", "session", "urn", "code"]].itertuples(index=False, name=None)) == own
            meant = found[found["statistical_class"].isin(("authorised absence", "unauthorised absence"))]
            assert len(meant) == sum(class_of(code, on) in ("authorised", "unauthorised") for on, _, _, code in own)
            assert len(heatmaps.marks(connection, key, of, OTHERS)) == (0 if name == "C0" else len(own))


def test_where_a_restricted_child_goes_to_school_is_told_to_nobody_else(authority: tuple[Written, ByHand]) -> None:
    written, _ = authority
    with written.reading() as connection:
        hidden = keys_of(connection)["C0"]
        rows = heatmaps.weeks(
            connection, frame("attendance", "2024-09-26", start="2024-07-29", cohort="all"), OTHERS
        ).rows
        assert rows.loc[rows["child_key"] == hidden, "urn"].isna().all()
        assert rows.loc[rows["child_key"] != hidden, "urn"].notna().all()


def test_no_data_is_no_cell(written: Written) -> None:
    with written.reading() as connection:
        of = frame("attendance", "2024-09-26")
        assert heatmaps.weeks(connection, of).rows.empty
        assert heatmaps.days(connection, of).empty
        assert heatmaps.awaited(connection, of).empty
        assert heatmaps.on_days(connection, of, [of.end], None).empty
        assert heatmaps.gaps(connection, of.start, of.end, None, "Westmere") is None


def test_a_mark_that_is_due_and_has_not_come_is_no_absence(written: Written) -> None:
    """A pupil on a roll through a half term with an INSET day, of whom a register lacks a day and an afternoon."""
    its = {"la": "Westmere", "academic_year": "2024/25"}
    halves = (("half term 1", "2024-09-02", "2024-10-25"), ("INSET (non-pupil day)", "2024-09-10", "2024-09-10"))
    for what, start, end in (*halves, ("half term 2", "2024-11-04", "2024-12-20")):
        written.row("calendar_entry", school="", what=what, started_on=start, ended_on=end, **its)
    written.row("school_details", school="100001", name="A School", la_name="Westmere")
    written.child("A", born_on="2012-01-10")
    written.care("A", "2020-01-01")
    written.enrolled("A", "100001", "2023-09-01")
    written.marks("A", "2024-09-09", "//....//O.", "100001")
    with written.reading() as connection:
        of = frame("attendance", "2024-09-15", start="2024-09-09")
        due = heatmaps.awaited(connection, of, EVERYTHING, "Westmere")
        assert [(day.day, am, pm) for day, am, pm in zip(due["day"], due["am"], due["pm"], strict=True)] == [
            (11, 1, 1),
            (13, 0, 1),
        ]
        week = added(heatmaps.weeks(connection, of).rows, ["week"], due)
        assert week[[*COUNTS, AWAITED, "children"]].iloc[0].tolist() == [5, 4, 0, 1, 3, 1]
        gaps = heatmaps.gaps(connection, of.start, date(2024, 11, 3), None, "Westmere")
        assert gaps is not None
        assert gaps[date(2024, 9, 10)] == ("closed", "INSET (non-pupil day)")
        assert weeks_without_school(gaps) == {"2024-10-28": "holiday"}


def test_registers_that_come_weekly_are_waited_for_when_the_week_is_over(written: Written) -> None:
    its = {"la": "Westmere", "academic_year": "2024/25", "school": ""}
    for what, start, end in (("half term 1", "2024-09-02", "2024-10-25"), ("half term 2", "2024-11-04", "2024-12-20")):
        written.row("calendar_entry", what=what, started_on=start, ended_on=end, **its)
    written.row("school_details", school="100001", name="A College", la_name="Westmere")
    written.child("A", born_on="2007-01-10")
    written.care("A", "2020-01-01")
    written.enrolled("A", "100001", "2023-09-01", year_group="13")
    written.marks("A", "2024-09-09", "/...", "100001")
    with written.reading() as connection:
        ends = {"2024-09-19": 0, "2024-09-20": 10, "2024-09-24": 10}
        for end, halves in ends.items():
            of = frame("attendance", end, start="2024-09-09")
            assert heatmaps.awaited(connection, of, EVERYTHING, "Westmere")[AWAITED].sum() == halves, end
