"""Register marks: the rows of a file, one a half day, become one record a child, day and school."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from vs_core import summaries
from vs_core.intake import closed_days, identities, ledger, versions
from vs_core.intake.checking import Checked
from vs_core.intake.ledger import Counts
from vs_core.intake.versions import Held, Key, Outcome, Values, Version
from vs_core.rules.closed_days import PLANNED_CLOSURE
from vs_core.store import schema

Mark = tuple[Key, str]  # (child_key, day, school_key), "am" or "pm"
Records = dict[Key, Values]
ANYWHERE = 0
SAME: Outcome = "unchanged"
MORNING, AFTERNOON = ("am",), ("pm",)
ABOUT_A_MARK = ("", "_received_at", "_source")


def write(connection: Connection, checked: Checked, import_id: int, known_on: date) -> Counts:
    """Bring the accepted marks in and bring the summaries up to date."""
    table = schema.child_day
    records, rows = _by_record(connection, checked, import_id, known_on)
    closed_days.look(
        connection, checked, [(day, school) for (_, day, school), _ in rows], partial(_marks_by_row, checked)
    )
    before = versions.held(connection, table, records, known_on) if records else {}
    moved = _moved_from_nowhere(connection, records, known_on)
    versions.write(connection, table, records, import_id, known_on)
    _carry_on(connection, records, before, import_id)
    _withdraw(connection, moved, import_id, known_on)
    ledger.gave(connection, import_id, _given_columns(checked))
    tally, changed = _tally(
        rows, lambda key, half: _outcome(before, moved, records, key, half), set(before) | _keys(moved)
    )
    for since, weeks in _weeks_by_day(changed, records, before, known_on).items():
        summaries.marks_changed(connection, weeks, since)
    return Counts(tally["inserted"], tally[SAME], tally["corrected"], len(checked.rejected_numbers))


def _weeks_by_day(
    changed: set[Key], records: Records, before: dict[Key, Held], known_on: date
) -> dict[date, set[tuple[int, date]]]:
    """Weeks of children (child_key, Monday) by the day from which something else is known of them."""
    first: dict[tuple[int, date], date] = {}
    for key in changed:
        week, since = (key[0], key[1] - timedelta(key[1].weekday())), known_on
        held = before.get(key)
        if held and held.now and held.resumes and {**held.now.values, **records.get(key, {})} == held.now.values:
            since = held.resumes
        first[week] = min(since, first.get(week, since))
    found: dict[date, set[tuple[int, date]]] = defaultdict(set)
    for week, since in first.items():
        found[since].add(week)
    return found


def _keys(moved: dict[Mark, Version]) -> set[Key]:
    return {key for key, _ in moved}


def _tally(
    rows: list[tuple[Key, tuple[str, ...]]], outcome: Callable[[Key, str], Outcome], held: set[Key]
) -> tuple[Counter[str], set[Key]]:
    """How many rows of each outcome, and the records that change. A record that is not `held` is new without asking;
    a mark that a later row of the file repeats counts as corrected."""
    tally: Counter[str] = Counter()
    changed: set[Key] = set()
    seen: set[Mark] = set()
    for key, halves in reversed(rows):
        said: set[str] = set()
        for half in halves:
            became = outcome(key, half) if key in held else "inserted"
            if became != SAME:
                changed.add(key)
                became = "corrected" if (key, half) in seen else became
            seen.add((key, half))
            said.add(became)
        tally[_of_row(said)] += 1
    return tally, changed


def _carry_on(connection: Connection, records: Records, before: dict[Key, Held], import_id: int) -> None:
    """A half day of a late delivery stays known where later files had already spoken of the other half alone."""
    later = {key: held.later for key, held in before.items() if held.later}
    while later:
        on = min(version.known_from for version in later.values())
        due = {key: version for key, version in later.items() if version.known_from == on}
        lacking = {key: said for key, version in due.items() if (said := _of_halves_without(records[key], version))}
        if lacking:
            versions.write(connection, schema.child_day, lacking, import_id, on, more=True)
        after = versions.held(connection, schema.child_day, lacking, on) if lacking else {}
        later = {key: version for key, version in later.items() if key not in due}
        later |= {key: held.later for key, held in after.items() if held.later}


def _of_halves_without(said: Values, version: Version) -> Values:
    """What is said of the half days that a version knows nothing of."""
    unknown = [half for half in ("am", "pm") if version.values[half] is None]
    return {name: value for name, value in said.items() if name[:2] in unknown}


def _of_row(said: set[str]) -> str:
    """A row counts by its weightiest mark."""
    return next((outcome for outcome in ("corrected", "inserted") if outcome in said), SAME)


def _outcome(before: dict[Key, Held], moved: dict[Mark, Version], records: Records, key: Key, half: str) -> Outcome:
    """What becomes of one mark, as the last row of the file that speaks of it says."""
    held = before[key].now if key in before else None
    if (key, half) in moved:
        return "corrected"
    if held is None or held.taken_back or held.values[half] is None:
        return "inserted"
    said = records[key]
    about = (f"{half}{name}" for name in ABOUT_A_MARK)
    return SAME if all(held.values[name] == said[name] for name in about if name in said) else "corrected"


def _by_record(
    connection: Connection, checked: Checked, import_id: int, known_on: date
) -> tuple[Records, list[tuple[Key, tuple[str, ...]]]]:
    """What the file says of each child's day at a school, the last row winning, and of which marks each row speaks."""
    values, accepted = checked.values, list(checked.accepted())
    children = identities.child_keys(connection, {values["child_key"][place] for place in accepted}, import_id)
    schools = _Schools(connection, checked, accepted, children, import_id, known_on)
    collected_by = values.get("source", [None] * len(checked.sheet.rows))
    sources = _source_keys(connection, {collected_by[place] for place in accepted} - {None})
    records: Records = defaultdict(dict)
    rows: list[tuple[Key, tuple[str, ...]]] = []
    for place in accepted:
        child, day = children[values["child_key"][place]], values["day"][place]
        key = (child, day, schools.of(place, child, day))
        halves = _halves(values, place)
        record = records[key] if halves else {}
        for half in halves:
            record[half] = values["code" if "code" in values else half][place]
            if "received_at" in values:
                record[f"{half}_received_at"] = values["received_at"][place]
            if "source" in values:
                record[f"{half}_source"] = sources.get(collected_by[place])
        rows.append((key, halves))
    return records, rows


def _halves(values: dict[str, list[Any]], place: int) -> tuple[str, ...]:
    """The half days that a row speaks of."""
    if "code" in values:
        return MORNING if values["session"][place] == "AM" else AFTERNOON
    return tuple(half for half in ("am", "pm") if values[half][place] is not None)


def _given_columns(checked: Checked) -> list[str]:
    abouts = [name for name in ABOUT_A_MARK if not name or name[1:] in checked.values]
    return [f"{half}{about}" for half in ("am", "pm") for about in abouts]


def _marks_by_row(checked: Checked) -> list[int]:
    """How many marks each accepted row has; the code of a planned closure is none."""
    values, accepted = checked.values, list(checked.accepted())
    if "code" in values:
        return [int(values["code"][place] != PLANNED_CLOSURE) for place in accepted]
    nothing = (None, PLANNED_CLOSURE)
    return [(values["am"][place] not in nothing) + (values["pm"][place] not in nothing) for place in accepted]


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


def _moved_from_nowhere(connection: Connection, records: Records, known_on: date) -> dict[Mark, Version]:
    """Marks that were held without a school and whose school this file names."""
    elsewhere = {(*key[:2], ANYWHERE) for key in records if key[2] != ANYWHERE}
    held = versions.held(connection, schema.child_day, elsewhere, known_on) if elsewhere else {}
    found: dict[Mark, Version] = {}
    for key, said in records.items() if held else ():
        nowhere = held.get((*key[:2], ANYWHERE)) if key[2] != ANYWHERE else None
        for half in ("am", "pm"):
            if nowhere and nowhere.now and half in said and nowhere.now.values[half] is not None:
                found[key, half] = nowhere.now
    return found


def _withdraw(connection: Connection, moved: dict[Mark, Version], import_id: int, known_on: date) -> None:
    """Close the records without a school whose marks have found theirs; a half day that has not stays."""
    leaving: dict[Key, set[str]] = defaultdict(set)
    records: dict[Key, Version] = {}
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
        versions.write(connection, schema.child_day, remains, import_id, known_on, more=True)
