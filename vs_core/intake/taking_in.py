"""Taking in one file: read, checked, and written in one transaction, wholly in or wholly out."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Mapping as ByPlace
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from vs_core import summaries
from vs_core.intake import (
    closed_days,
    identities,
    keys,
    ledger,
    marks,
    numbering,
    overtaken,
    questions,
    refusals,
    versions,
)
from vs_core.intake.checking import Checked, check
from vs_core.intake.codes import read_codes
from vs_core.intake.kind import Kind, Row
from vs_core.intake.kinds import KINDS
from vs_core.intake.ledger import Counts
from vs_core.intake.mapping import Mapping
from vs_core.intake.problems import FileProblem, RowProblem
from vs_core.intake.reading import Sheet, read
from vs_core.intake.refusals import Refused
from vs_core.store.engine import reading, rehearsing, writing

SHOWN_PROBLEMS = 50


@dataclass(frozen=True)
class Reconciliation:
    """What became of a file. import_id: number in the ledger (None for a dry run); same_file: the earlier import of
    the very same file, with its day; notes: sentences on the whole file."""

    kind: str
    file_name: str
    encoding: str
    counts: Counts
    problems: tuple[RowProblem, ...]
    ignored: tuple[str, ...]
    same_file: tuple[int, datetime] | None
    import_id: int | None
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The reconciliation in plain sentences."""
        counts = self.counts
        told = [
            f"{self.file_name} ({self.kind}, read as {self.encoding}): {counts.rows_in} rows in ="
            f" {counts.inserted} inserted + {counts.unchanged} unchanged + {counts.corrected} corrected +"
            f" {counts.rejected} rejected."
        ]
        if self.same_file:
            told.append(
                f"This very file was taken in before, as import {self.same_file[0]}"
                f" on {self.same_file[1]:%d/%m/%Y %H:%M} UTC."
            )
        if counts.rows_in and counts.unchanged + counts.rejected == counts.rows_in:
            told.append("Nothing changed.")
        if self.ignored:
            told.append(f"Columns without a meaning here, ignored: {', '.join(self.ignored)}.")
        told += self.notes
        told += [str(problem) for problem in self.problems if problem.severity == "rejected"]
        queries = [problem for problem in self.problems if problem.severity == "query"]
        if queries:
            cells = "cell was" if len(queries) == 1 else "cells were"
            told.append(f"{len(queries):,} {cells} taken in that somebody should look at:")
            told += [f"  {problem}" for problem in queries[:SHOWN_PROBLEMS]]
            told += (
                [f"  and {len(queries) - SHOWN_PROBLEMS} more, on the Data page."]
                if len(queries) > SHOWN_PROBLEMS
                else []
            )
        if self.import_id is None:
            told.append("This was a dry run: nothing was kept.")
        return told


def take_in(
    engine: Engine,
    kind: str,
    file: Path | Sheet,
    *,
    known_on: date,
    by: str,
    dry_run: bool = False,
    encoding: str | None = None,
    mapping: Mapping | None = None,
    sheet: str | None = None,
    today: date | None = None,
    also: Callable[[Connection, Reconciliation], None] | None = None,
) -> Reconciliation:
    """Take one file in. `file`: a path, or a sheet already read; `today`: after which no file of somebody's can have
    been known; `also`: what stands or falls with the import, such as its record in the trail (left out of a dry run).
    Raises FileProblem; nothing is written then."""
    if today and known_on > today:
        raise FileProblem("A file cannot have been known later than today.")
    if kind not in KINDS:
        raise FileProblem(f"There is no kind of file called '{kind}'. The kinds: {', '.join(KINDS)}.")
    with _without_collections():
        checked = _checked(
            engine, KINDS[kind], file if isinstance(file, Sheet) else read(file, encoding, sheet), mapping
        )
    with _without_collections(), (rehearsing if dry_run else writing)(engine) as connection:
        told = _written(connection, checked, known_on, by, mapping)
        if also and not dry_run:
            also(connection, told)
    return replace(told, import_id=None) if dry_run else told


@contextmanager
def _without_collections() -> Iterator[None]:
    """No garbage collection while hundreds of thousands of small objects are made that all stay."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _checked(engine: Engine, kind: Kind, sheet: Sheet, mapping: Mapping | None) -> Checked:
    with reading(engine) as connection:
        codes = read_codes(connection)
    return check(kind, mapping.applied(sheet) if mapping else sheet, codes)


def _written(
    connection: Connection, checked: Checked, known_on: date, by: str, mapping: Mapping | None
) -> Reconciliation:
    kind, sheet = checked.kind, checked.sheet
    ledger.one_writer(connection)
    same = ledger.earlier_import(connection, kind.name, sheet.sha256)
    import_id = ledger.opened(
        connection,
        kind.name,
        sheet,
        by=by,
        known_on=known_on,
        mapping=mapping.name if mapping else None,
        ignored=checked.ignored,
    )
    before = summaries.membership_before(connection) if kind.name in summaries.DECIDES_COHORTS else None
    again = refusals.named(connection, checked)
    if kind.name == "attendance":
        overtaken.refuse_marks(connection, checked, again, known_on)
        counts = marks.write(connection, checked, import_id, known_on)
    else:
        counts = _write_rows(connection, checked, again, import_id, known_on)
    if before is not None:
        summaries.cohorts_changed(connection, before)
    questions.only_of_rows_that_count(checked)
    noticed = questions.close(connection, import_id, checked, known_on)
    kept = ledger.noted(connection, import_id, checked)
    refusals.settle(connection, import_id, checked, again, kept, known_on)
    ledger.counted(connection, import_id, counts)
    read = kind.name, sheet.name, sheet.encoding
    return Reconciliation(*read, counts, noticed, checked.ignored, same, import_id, tuple(checked.notes))


def _write_rows(
    connection: Connection, checked: Checked, again: ByPlace[int, Refused], import_id: int, known_on: date
) -> Counts:
    kind = checked.kind
    every = checked.rows()
    if kind.complete:
        kind.complete(every)
    if kind.nth_of:
        numbering.number(connection, checked, every, again)
    checked.keys = keys.of_rows(checked, every)
    overtaken.refuse_rows(connection, checked, every, again, known_on)
    rows = [every[place] for place in checked.accepted()]
    _resolve_names(connection, kind, rows, import_id)
    if kind.on_school_day:
        closed_days.look(connection, checked, [_day_at_school(kind, row) for row in rows])
    by_key: dict[versions.Key, Row] = {}
    repeated: Counter[versions.Key] = Counter()
    for row in rows:
        key = tuple(row.pop(name) if name in row else _absent(name) for name in kind.key)
        repeated[key] += key in by_key
        by_key[key] = row
    ledger.gave(connection, import_id, next(iter(by_key.values()), ()))
    outcomes = versions.write(connection, kind.table, by_key, import_id, known_on)
    return _tallied(outcomes, repeated, len(checked.rejected_numbers))


def _day_at_school(kind: Kind, row: Row) -> closed_days.DayAtSchool:
    day, school = row[kind.on_school_day], row.get("school_key", 0)
    assert isinstance(day, date)
    assert isinstance(school, int)
    return day, school


def _absent(name: str) -> int | None:
    return 0 if name == "school_key" else None


def _tallied(outcomes: dict[versions.Key, versions.Outcome], repeated: Counter[versions.Key], rejected: int) -> Counts:
    """Counts of rows; of a key that repeats the earlier rows count as corrected, or unchanged when nothing changed."""
    tally: Counter[str] = Counter(outcomes.values())
    for key, times in repeated.items():
        tally["unchanged" if outcomes[key] == "unchanged" else "corrected"] += times
    return Counts(tally["inserted"], tally["unchanged"], tally["corrected"], rejected)


def _resolve_names(connection: Connection, kind: Kind, rows: list[Row], import_id: int) -> None:
    """Replace the numbers of children and schools by their keys; a school that is not given is 0."""
    if any("child_key" in row for row in rows[:1]):
        keys = identities.child_keys(
            connection, {str(row["child_key"]) for row in rows if row["child_key"] is not None}, import_id
        )
        for row in rows:
            row["child_key"] = keys.get(str(row["child_key"])) if row["child_key"] is not None else None
    if any("school_key" in row for row in rows[:1]):
        keys = identities.school_keys(
            connection, {str(row["school_key"]) for row in rows if row["school_key"] is not None}, import_id
        )
        for row in rows:
            row["school_key"] = keys[str(row["school_key"])] if row["school_key"] is not None else 0
