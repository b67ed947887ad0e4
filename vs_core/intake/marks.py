"""Register marks: the rows of a file, one a half day, become one record a child, day and school."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from vs_core import summaries
from vs_core.intake import identities, versions
from vs_core.intake.checking import Checked
from vs_core.intake.ledger import Counts
from vs_core.intake.versions import Key, Outcome, Values
from vs_core.store import schema

Mark = tuple[Key, str]  # (child_key, day, school_key), "am" or "pm"
ANYWHERE = 0


def write(connection: Connection, checked: Checked, import_id: int, known_on: date) -> Counts:
    """Bring the accepted marks in and bring the summaries up to date."""
    table = schema.child_day
    marks, rows = _by_mark(connection, checked, import_id, known_on)
    records: dict[Key, Values] = defaultdict(dict)
    for (key, half), said in marks.items():
        for name, value in said.items():
            records[key][f"{half}{name}"] = value
    before = versions.held(connection, table, records, known_on) if records else {}
    moved = _moved_from_nowhere(connection, marks, known_on)
    versions.write(connection, table, records, import_id, known_on)
    _withdraw(connection, moved, import_id, known_on)
    outcomes = {mark: _outcome(before, moved, mark, said) for mark, said in marks.items()}
    changed = {key for (key, _), outcome in outcomes.items() if outcome != "unchanged"}
    summaries.marks_changed(
        connection, {(child, day - timedelta(day.weekday())) for child, day, _ in changed}, known_on
    )
    return _tally(rows, outcomes, len(checked.rejected_numbers))


def _tally(rows: list[list[Mark]], outcomes: dict[Mark, Outcome], rejected: int) -> Counts:
    """A row counts by its weightiest mark; a mark that a later row of the file repeats counts as corrected."""
    tally: Counter[str] = Counter()
    seen: set[Mark] = set()
    for row in reversed(rows):
        said = {"corrected" if mark in seen and outcomes[mark] != "unchanged" else outcomes[mark] for mark in row}
        seen.update(row)
        tally[next((outcome for outcome in ("corrected", "inserted") if outcome in said), "unchanged")] += 1
    return Counts(tally["inserted"], tally["unchanged"], tally["corrected"], rejected)


def _outcome(
    before: dict[Key, versions.Held], moved: dict[Mark, versions.Version], mark: Mark, said: Values
) -> Outcome:
    key, half = mark
    held = before[key].now if key in before else None
    if mark in moved:
        return "corrected"
    if held is None or held.values[half] is None:
        return "inserted"
    same = all(held.values[f"{half}{name}"] == value for name, value in said.items())
    return "unchanged" if same else "corrected"


def _by_mark(
    connection: Connection, checked: Checked, import_id: int, known_on: date
) -> tuple[dict[Mark, Values], list[list[Mark]]]:
    """What the file says of each mark, the last row winning, and which marks each accepted row speaks of."""
    values, accepted = checked.values, list(checked.accepted())
    children = identities.child_keys(connection, {values["child_key"][place] for place in accepted}, import_id)  # type: ignore[misc]
    schools = _Schools(connection, checked, accepted, children, import_id, known_on)
    sources = _source_keys(
        connection, {values["source"][place] for place in accepted} - {None} if "source" in values else set()
    )  # type: ignore[arg-type]
    said: dict[Mark, Values] = {}
    rows: list[list[Mark]] = []
    numbers, days = values["child_key"], values["day"]
    for place in accepted:
        child, day = children[numbers[place]], days[place]  # type: ignore[index]
        key = (child, day, schools.of(place, child, day))  # type: ignore[arg-type]
        about: Values = {}
        if "received_at" in values:
            about["_received_at"] = values["received_at"][place]
        if "source" in values:
            about["_source"] = sources.get(values["source"][place])  # type: ignore[arg-type]
        spoken = _halves(values, place)
        for half, code in spoken:
            said[key, half] = {"": code, **about}
        rows.append([(key, half) for half, _ in spoken])
    return said, rows


def _halves(values: dict[str, list[Any]], place: int) -> list[tuple[str, Any]]:
    """The half days that a row speaks of, with their codes."""
    if "code" in values:
        return [(values["session"][place].lower(), values["code"][place])]
    return [(half, values[half][place]) for half in ("am", "pm") if values[half][place] is not None]


def _source_keys(connection: Connection, names: set[str]) -> dict[str, int]:
    table = schema.mark_source
    known = {row.name: row.id for row in connection.execute(select(table))}
    new = sorted(names - known.keys())
    if new:
        connection.execute(insert(table), [{"name": name} for name in new])
        known = {row.name: row.id for row in connection.execute(select(table))}
    return known


class _Schools:
    """The school of a mark: as the file says, else where the child is enrolled on the day, else where the day's
    marks already are, else not known."""

    def __init__(
        self,
        connection: Connection,
        checked: Checked,
        accepted: list[int],
        children: dict[str, int],
        import_id: int,
        known_on: date,
    ) -> None:
        self._given = checked.values.get("school_key")
        named = (
            {str(self._given[place]) for place in accepted if self._given[place] is not None} if self._given else set()
        )
        self._keys = identities.school_keys(connection, named, import_id)
        unnamed = {
            children[str(checked.values["child_key"][place])]
            for place in accepted
            if not self._given or self._given[place] is None
        }
        self._enrolments = _enrolments(connection, unnamed, known_on)
        days = [checked.values["day"][place] for place in accepted]
        self._held = _held_schools(connection, unnamed, days, known_on)

    def of(self, place: int, child: int, day: date) -> int:
        if self._given and self._given[place] is not None:
            return self._keys[str(self._given[place])]
        for start, end, school in self._enrolments.get(child, ()):
            if start <= day and (end is None or day <= end):
                return school
        held = self._held.get((child, day), set())
        return next(iter(held)) if len(held) == 1 else ANYWHERE


def _enrolments(
    connection: Connection, children: set[int], known_on: date
) -> dict[int, list[tuple[date, date | None, int]]]:
    """Enrolments by child, the main ones and the latest first."""
    table = schema.enrolment
    found: dict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    for some in identities.chunks(children):
        known = (table.c.known_from <= known_on) & or_(table.c.known_to.is_(None), table.c.known_to > known_on)
        rows = connection.execute(select(table).where(table.c.child_key.in_(some), known)).all()
        for row in sorted(rows, key=lambda row: (row.status not in (None, "main"), -row.started_on.toordinal())):
            found[row.child_key].append((row.started_on, row.ended_on, row.school_key))
    return found


def _held_schools(
    connection: Connection, children: set[int], days: list[Any], known_on: date
) -> dict[tuple[int, date], set[int]]:
    table = schema.child_day
    found: dict[tuple[int, date], set[int]] = defaultdict(set)
    for some in identities.chunks(children):
        alive = (table.c.known_from <= known_on) & or_(table.c.known_to.is_(None), table.c.known_to > known_on)
        chosen = table.c.child_key.in_(some) & table.c.day.between(min(days), max(days)) & alive
        for row in connection.execute(select(table.c.child_key, table.c.day, table.c.school_key).where(chosen)):
            found[row.child_key, row.day].add(row.school_key)
    return found


def _moved_from_nowhere(
    connection: Connection, marks: dict[Mark, Values], known_on: date
) -> dict[Mark, versions.Version]:
    """Marks that were held without a school and whose school this file names."""
    elsewhere = {(*key[:2], ANYWHERE) for key, _ in marks if key[2] != ANYWHERE}
    held = versions.held(connection, schema.child_day, elsewhere, known_on) if elsewhere else {}
    found = {}
    for key, half in marks:
        nowhere = held.get((*key[:2], ANYWHERE)) if key[2] != ANYWHERE else None
        if nowhere and nowhere.now and nowhere.now.values[half] is not None:
            found[key, half] = nowhere.now
    return found


def _withdraw(connection: Connection, moved: dict[Mark, versions.Version], import_id: int, known_on: date) -> None:
    """Close the records without a school whose marks have found theirs; a half day that has not stays."""
    leaving: dict[Key, set[str]] = defaultdict(set)
    records: dict[Key, versions.Version] = {}
    for (key, half), version in moved.items():
        leaving[*key[:2], ANYWHERE].add(half)
        records[*key[:2], ANYWHERE] = version
    remains: dict[Key, Values] = {}
    gone = []
    for key, halves in leaving.items():
        staying = [half for half in ("am", "pm") if half not in halves and records[key].values[half] is not None]
        if staying:
            remains[key] = {f"{half}{name}": None for half in halves for name in ("", "_received_at", "_source")}
        else:
            gone.append(records[key])
    versions.close(connection, schema.child_day, gone, import_id, known_on)
    if remains:
        versions.write(connection, schema.child_day, remains, import_id, known_on)
