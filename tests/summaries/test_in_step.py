"""Whatever is delivered, corrected or dated back, every summary equals a plain count of the marks."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, select, update

from tests.naive.attendance import class_of
from tests.naive.care import care_spans, on_a_day
from vs_core import summaries
from vs_core.intake import take_in
from vs_core.intake.reading import Sheet
from vs_core.intake.undo import undo
from vs_core.store import schema
from vs_core.store.engine import reading, writing
from vs_core.store.tables_attendance import SESSION_COUNTS

CHILDREN = [f"C{number}" for number in range(5)]
SCHOOLS = ("", "100001", "100002")
OLD_CODES, NEW_CODES = ("/", "L", "H", "I", "J", "Y", "N"), ("/", "\\", "L", "U", "C2", "E", "S", "D", "N", "Y1", "K")
FIRST_DAYS = (date(2024, 7, 15), date(2024, 8, 26), date(2025, 8, 28))
"""Before and after the codes changed on 19 August 2024, and around the start of an academic year."""
FIRST_KNOWN = date(2025, 10, 1)
SPECIAL = {
    "late_sessions": "L",
    "late_after_register_sessions": "U",
    "part_time_sessions": "C2",
    "suspended_sessions": "E",
    "study_leave_sessions": "S",
    "dual_registered_sessions": "D",
    "unexplained_sessions": "N",
}
BY_CLASS = {
    "attended": "attended_sessions",
    "authorised": "authorised_absence_sessions",
    "unauthorised": "unauthorised_absence_sessions",
    "not possible": "not_possible_sessions",
}
Mark = tuple[str, date, str, str, str]  # child, day, school, session, code
Counts = tuple[int, ...]


class Deliveries:
    """Random files into one database. `deliver()` takes the next in; every one is another file."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine, self.chance, self.number = engine, random.Random(seed), 0
        self.kinds = {"attendance": self.marks, "ssda903-episodes": self.episodes, "cohorts": self.cohorts}

    def deliver(self, kind: str = "", backdated: bool = True) -> int:
        """The number of the import; dated back now and then."""
        chosen = kind or self.chance.choices(list(self.kinds), (5, 2, 2))[0]
        self.number += 1
        offset = self.chance.randint(-3, 3) if backdated else 0
        header, rows = self.kinds[chosen]()
        sheet = Sheet(f"{self.number}.csv", f"{self.number:064}", "utf-8", header, rows, list(range(2, len(rows) + 2)))
        known_on = FIRST_KNOWN + timedelta(self.number + offset)
        told = take_in(self.engine, chosen, sheet, known_on=known_on, by="a test")
        assert told.counts.rejected == 0, told.problems[:3]
        assert told.import_id is not None
        return told.import_id

    def marks(self) -> tuple[list[str], list[list[str]]]:
        rows = []
        first = self.chance.choice(FIRST_DAYS)
        for _ in range(self.chance.randint(1, 25)):
            on = first + timedelta(self.chance.randint(0, 9))
            code = self.chance.choice(NEW_CODES if on >= date(2024, 8, 19) else OLD_CODES)
            half, school = self.chance.choice(("AM", "PM")), self.chance.choice(SCHOOLS)
            rows.append([self.chance.choice(CHILDREN), on.isoformat(), half, code, school])
        return ["child_id", "date", "session", "code", "urn"], rows

    def some_day(self) -> date:
        return self.chance.choice(FIRST_DAYS) + timedelta(self.chance.randint(-4, 9))

    def spans(self) -> Iterator[tuple[str, str, str]]:
        for child in self.chance.sample(CHILDREN, self.chance.randint(1, 3)):
            start = self.some_day()
            end = (start + timedelta(self.chance.randint(0, 400))).isoformat() if self.chance.random() < 0.6 else ""
            yield child, start.isoformat(), end

    def episodes(self) -> tuple[list[str], list[list[str]]]:
        rows = [[*span, "S", self.chance.choice(("C2", "V3", "V4", "")), "U1"] for span in self.spans()]
        return ["CHILD", "DECOM", "DEC", "RNE", "LS", "PLACE"], rows

    def cohorts(self) -> tuple[list[str], list[list[str]]]:
        rows = [[*span, self.chance.choice(("kinship", "child in need"))] for span in self.spans()]
        return ["child_id", "start", "end", "cohort"], rows


def counted(marks: Iterable[Mark]) -> Counts:
    """The counts of SESSION_COUNTS, in their order."""
    tally: Counter[str] = Counter()
    for _, day, _, _, code in marks:
        kind = class_of(code, day)
        tally[BY_CLASS[kind]] += 1
        tally["possible_sessions"] += kind != "not possible"
        tally.update(name for name, special in SPECIAL.items() if code == special)
    return tuple(tally[name] for name in SESSION_COUNTS)


def marks_known(connection: Connection, on: date | None = None) -> list[Mark]:
    """Every mark as known on a day, or now."""
    found, day = [], schema.child_day.c
    chosen = select(schema.child.c.child_id, day.day, schema.school.c.urn, day.am, day.pm, day.known_from, day.known_to)
    joined = chosen.join(schema.child, schema.child.c.id == day.child_key).join(
        schema.school, schema.school.c.id == day.school_key
    )
    for row in connection.execute(joined):
        if row.known_to is None if on is None else row.known_from <= on and (row.known_to is None or row.known_to > on):
            halves = (("AM", row.am), ("PM", row.pm))
            found += [(row.child_id, row.day, row.urn, half, code) for half, code in halves if code]
    return found


def monday(day: date) -> date:
    return day - timedelta(day.weekday())


def grouped(marks: Iterable[tuple[Any, Mark]]) -> dict[Any, tuple[int, Counts]]:
    """By group: children with a mark, and the counts."""
    groups: dict[Any, list[Mark]] = defaultdict(list)
    for group, mark in marks:
        groups[group].append(mark)
    return {group: (len({mark[0] for mark in found}), counted(found)) for group, found in groups.items()}


def held(connection: Connection, name: str, *groups: str, **where: Any) -> dict[Any, tuple[int | None, Counts]]:
    """A summary table in the shape of `grouped`, children and schools by their numbers."""
    table = schema.metadata.tables[name]
    children = dict(connection.execute(select(schema.child.c.id, schema.child.c.child_id)).all())
    schools = dict(connection.execute(select(schema.school.c.id, schema.school.c.urn)).all())
    names = {"child_key": children, "school_key": schools}
    found: dict[Any, tuple[int | None, Counts]] = {}
    for row in connection.execute(select(table)).mappings():
        if "known_to" in row and not _known(row, where["on"]):
            continue
        group = tuple(names.get(part, {}).get(row[part], row[part]) for part in groups)
        assert group not in found, "the same row twice"
        found[group] = row.get("children"), tuple(row[count] for count in SESSION_COUNTS)
    return found


def _known(row: Any, on: date | None) -> bool:
    if on is None:
        return row["known_to"] is None
    return row["known_from"] <= on and (row["known_to"] is None or row["known_to"] > on)


def belonging(connection: Connection) -> Any:
    """`belongs(child, day)`: the cohorts of a child on a day, by the second opinion's own reading of care."""
    child, episode, member = schema.child.c, schema.ssda903_episode.c, schema.cohort_membership.c
    episodes, members = defaultdict(list), defaultdict(list)
    rows = connection.execute(
        select(child.child_id, episode.started_on, episode.ended_on, episode.legal_status)
        .join(schema.child, child.id == episode.child_key)
        .where(episode.known_to.is_(None))
    )
    for row in rows:
        cells = {"DECOM": row.started_on.isoformat(), "DEC": row.ended_on.isoformat() if row.ended_on else ""}
        episodes[row.child_id].append({**cells, "LS": row.legal_status or ""})
    spans = {name: [span for span in care_spans(rows) if not span.short_break] for name, rows in episodes.items()}
    rows = connection.execute(
        select(child.child_id, member.cohort, member.started_on, member.ended_on)
        .join(schema.child, child.id == member.child_key)
        .where(member.known_to.is_(None))
    )
    for row in rows:
        members[row.child_id].append(row)

    def belongs(name: str, day: date) -> set[str]:
        found = {"all"} | {"in care" for span in spans.get(name, ()) if on_a_day(span, day)}
        return found | {
            row.cohort
            for row in members[name]
            if row.started_on <= day and (row.ended_on is None or row.ended_on >= day)
        }

    return belongs


def check_all(engine: Engine) -> None:
    """Every summary against a plain count, `child_week` as known on every day on which something changed."""
    with reading(engine) as connection:
        now, belongs = marks_known(connection), belonging(connection)
        with_cohort = [(cohort, mark) for mark in now for cohort in belongs(mark[0], mark[1])]
        assert held(connection, "cohort_day", "cohort", "day", "session") == grouped(
            ((cohort, mark[1], mark[3]), mark) for cohort, mark in with_cohort
        )
        assert held(connection, "school_week", "cohort", "week", "school_key") == grouped(
            ((cohort, monday(mark[1]), mark[2]), mark) for cohort, mark in with_cohort
        )
        assert held(connection, "authority_week", "cohort", "week") == grouped(
            ((cohort, monday(mark[1])), mark) for cohort, mark in with_cohort
        )
        years = grouped(((mark[0], mark[1].year - (mark[1].month < 9)), mark) for mark in now)
        assert _counts(held(connection, "child_year", "child_key", "academic_year")) == _counts(years)
        for on in [None, *days_of_change(connection)]:
            weeks = grouped(((mark[0], monday(mark[1]), mark[2]), mark) for mark in marks_known(connection, on))
            assert _counts(held(connection, "child_week", "child_key", "week", "school_key", on=on)) == _counts(weeks)


def _counts(groups: dict[Any, tuple[Any, Counts]]) -> dict[Any, Counts]:
    return {group: counts for group, (_, counts) in groups.items()}


def days_of_change(connection: Connection) -> list[date]:
    rows = connection.execute(select(schema.child_day.c.known_from, schema.child_day.c.known_to)).all()
    return sorted({day for row in rows for day in row if day})


def differences(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        writing_one = connection.execution_options(vs_writing=True)
        told = summaries.differences(writing_one)
        connection.rollback()
    return told


@pytest.mark.parametrize("seed", range(6))
def test_random_deliveries(engine: Engine, seed: int) -> None:
    deliveries = Deliveries(engine, seed)
    for _ in range(9):
        deliveries.deliver()
        check_all(engine)
    assert differences(engine) == []


@pytest.mark.parametrize("seed", range(100, 103))
def test_random_deliveries_and_undoings(engine: Engine, seed: int) -> None:
    deliveries = Deliveries(engine, seed)
    numbers = [deliveries.deliver(backdated=False) for _ in range(6)]
    for number in reversed(numbers[-3:]):
        undo(engine, number, by="a test", known_on=FIRST_KNOWN + timedelta(20))
        check_all(engine)
    deliveries.deliver("attendance", backdated=False)
    check_all(engine)
    assert differences(engine) == []


def test_no_marks(engine: Engine) -> None:
    deliveries = Deliveries(engine, 1)
    deliveries.deliver("ssda903-episodes")
    deliveries.deliver("cohorts")
    with reading(engine) as connection:
        assert all(held(connection, name, *key, on=None) == {} for name, key in KEYS.items())
    assert differences(engine) == []


KEYS = {
    "child_week": ("child_key",),
    "child_year": ("child_key",),
    "cohort_day": ("cohort",),
    "school_week": ("cohort",),
    "authority_week": ("cohort",),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_wrong_or_missing_summary_row_is_a_difference(engine: Engine, name: str) -> None:
    Deliveries(engine, 2).deliver("attendance")
    table = schema.metadata.tables[name]
    for change in (update(table).values(late_sessions=table.c.late_sessions + 1), delete(table)):
        with writing(engine) as connection:
            connection.execute(change)
        assert [told.split(":")[0] for told in differences(engine)] == [name]
        with writing(engine) as connection:
            summaries.rebuild(connection)
        assert differences(engine) == []
