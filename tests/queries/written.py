"""Rows written straight into the tables, each with its entry in the ledger, as an import would leave them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from vs_core.rules.frame import Frame
from vs_core.store import schema
from vs_core.store.engine import reading, writing
from vs_core.summaries.marks import marks_changed

KINDS = {
    "child_details": "children",
    "ssda903_header": "ssda903-header",
    "ssda903_episode": "ssda903-episodes",
    "ssda903_uasc": "ssda903-uasc",
    "cohort_membership": "cohorts",
    "enrolment": "enrolments",
    "school_details": "schools",
    "exclusion": "exclusions",
    "timetable": "timetables",
    "pep": "peps",
    "pp_allocation": "pp-allocations",
    "pp_request": "pp-requests",
    "pp_payment": "pp-payments",
    "course_session": "courses",
    "booking": "bookings",
    "project_place": "project-places",
    "project_usage": "project-usage",
    "licence": "licences",
    "destination": "destinations",
    "admission": "admissions",
    "calendar_entry": "calendar",
    "benchmark": "benchmarks",
    "child_day": "attendance",
    "custody": "custody",
}
FIRST_KNOWN = date(2000, 1, 1)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Written:
    """A small authority. Dates are ISO text; a child is named by its `child_id`, a school by its URN.

    Nothing is in the database before `reading()`, which writes all of it in one transaction and opens a connection.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.pending: list[Callable[[Connection], object]] = []
        self.weeks: set[tuple[str, date]] = set()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with writing(self.engine) as connection:
            for write in self.pending:
                write(connection)
            keys = {child: _child(connection, child, FIRST_KNOWN) for child, _ in self.weeks}
            marks_changed(connection, {(keys[child], week) for child, week in self.weeks}, FIRST_KNOWN)
        self.pending, self.weeks = [], set()
        with reading(self.engine) as connection:
            yield connection

    def arrive(self, kind: str, known_on: str | None = None) -> None:
        """An entry of the ledger without rows."""
        self.pending.append(lambda connection: _entry(connection, kind, day(known_on) or FIRST_KNOWN))

    def child(self, child_id: str, **details: Any) -> None:
        """A child of the children file."""
        self.row("child_details", child=child_id, **details)

    def row(self, table: str, known_from: str | None = None, known_to: str | None = None, **values: Any) -> None:
        """One row of a versioned table, known from a day (default: always) and to another (default: still)."""
        known = (day(known_from) or FIRST_KNOWN, day(known_to))
        self.pending.append(lambda connection: _row(connection, table, *known, values))

    def undone(self, kind: str, on: str) -> None:
        """The latest import of a kind undone from a day on."""
        self.pending.append(lambda connection: _undo(connection, kind, date.fromisoformat(on)))

    def care(self, child: str, start: str, end: str | None = None, status: str | None = "C2", **more: Any) -> None:
        self.row("ssda903_episode", child=child, started_on=start, ended_on=end, legal_status=status, **more)

    def member(self, child: str, cohort: str, start: str, end: str | None = None, **more: Any) -> None:
        self.row("cohort_membership", child=child, cohort=cohort, started_on=start, ended_on=end, **more)

    def enrolled(self, child: str, urn: str, start: str, end: str | None = None, **more: Any) -> None:
        self.row("enrolment", child=child, school=urn, started_on=start, ended_on=end, **more)

    def marks(self, child: str, first: str, codes: str, urn: str = "", **more: Any) -> None:
        """Marks of consecutive days from `first`, two characters a day (morning, afternoon; `.` none)."""
        for number in range(0, len(codes), 2):
            am, pm = (None if code == "." else code for code in codes[number : number + 2])
            on = date.fromisoformat(first) + timedelta(days=number // 2)
            self.weeks.add((child, on - timedelta(days=on.weekday())))
            if am or pm:
                self.row("child_day", child=child, school=urn, day=on.isoformat(), am=am, pm=pm, **more)


def _delivery(connection: Connection, kind: str, known_on: date) -> int:
    """The entry of the ledger that rows of a kind and day share; a new one where it was undone."""
    ledger, undo = schema.import_ledger, schema.import_ledger.alias("undo")
    undone = select(undo.c.id).where(undo.c.undoes == ledger.c.id).exists()
    shared = select(ledger.c.id).where(
        ledger.c.kind == kind, ledger.c.known_on == known_on, ledger.c.undoes.is_(None), ~undone
    )
    return connection.execute(shared).scalar() or _entry(connection, kind, known_on)


def _entry(connection: Connection, kind: str, known_on: date, undoes: int | None = None) -> int:
    counts = dict.fromkeys(("rows_in", "inserted", "unchanged", "corrected", "rejected"), 0)
    entry = insert(schema.import_ledger).values(
        kind=kind,
        file_name=f"{kind}.csv",
        file_hash="0" * 64,
        encoding="utf-8",
        imported_at=datetime(2026, 1, 1, 9, 0),
        imported_by="a test",
        known_on=known_on,
        undoes=undoes,
        **counts,
    )
    return int(connection.execute(entry).inserted_primary_key[0])


def _child(connection: Connection, child_id: str, known_on: date) -> int:
    found = connection.execute(select(schema.child.c.id).where(schema.child.c.child_id == child_id)).scalar()
    if found is not None:
        return int(found)
    named = insert(schema.child).values(child_id=child_id, import_id=_delivery(connection, "children", known_on))
    return int(connection.execute(named).inserted_primary_key[0])


def _school(connection: Connection, urn: str) -> int:
    found = connection.execute(select(schema.school.c.id).where(schema.school.c.urn == urn)).scalar()
    if found is not None:
        return int(found)
    return int(connection.execute(insert(schema.school).values(urn=urn)).inserted_primary_key[0])


def _row(connection: Connection, name: str, known_from: date, known_to: date | None, values: dict[str, Any]) -> None:
    table = schema.metadata.tables[name]
    row = {column: _cell(table, column, value) for column, value in values.items() if column in table.c}
    kind = KINDS[name]
    if values.get("child"):
        row["child_key"] = _child(connection, values["child"], known_from)
    if "school" in values:
        row["school_key"] = _school(connection, values["school"])
    row |= {"import_id": _delivery(connection, kind, known_from), "known_from": known_from, "known_to": known_to}
    row["closed_by"] = _delivery(connection, kind, known_to) if known_to else None
    connection.execute(insert(table).values(**_filled(name, row)))


def _cell(table: Any, column: str, value: Any) -> Any:
    dated = str(table.c[column].type) == "DATE"
    return day(value) if dated and isinstance(value, str) else value


def _filled(name: str, row: dict[str, Any]) -> dict[str, Any]:
    if name == "exclusion":
        row.setdefault("occurrence", 1)
    if name == "project_place":
        row.setdefault("holder", f"child {row['child_key']}" if row.get("child_key") else f"school {row['school_key']}")
    return row


def _undo(connection: Connection, kind: str, on: date) -> None:
    ledger = schema.import_ledger
    own = select(ledger.c.id).where(ledger.c.kind == kind, ledger.c.undoes.is_(None)).order_by(ledger.c.id.desc())
    latest = connection.execute(own).scalar()
    undo = _entry(connection, kind, on, latest)
    for table in schema.VERSIONED.values():
        believed = update(table).where(table.c.import_id == latest, table.c.known_to.is_(None))
        connection.execute(believed.values(known_to=on, closed_by=undo))


def frame(subject: str, as_at: str, **more: Any) -> Frame:
    """A frame with ISO dates: `known_on`, `start`, `end`, `cohort`, `while_in_care`."""
    dated = {name: day(value) if name in ("known_on", "start", "end") else value for name, value in more.items()}
    return Frame.for_subject(subject, date.fromisoformat(as_at), **dated)
