"""Rows of files, of the ledger, of the tables and behind the figures, counted beside each other."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from vs_core import figures
from vs_core.figures import fetch
from vs_core.intake.kinds import KINDS
from vs_core.intake.reconciling import unreconciled
from vs_core.queries import ledger
from vs_core.rules.frame import Frame

ALWAYS = date(2000, 1, 1)
SUBJECTS = ("attendance", "exclusions", "pep", "training")


@dataclass(frozen=True)
class Reconciled:
    """faults: sentences, none when all agrees; kinds: see `_kinds_reconciled`; figures: one row a figure:
    `title`, `figure`, `table_rows`, `figure_rows`, `agrees`."""

    faults: list[str]
    kinds: pd.DataFrame
    figures: pd.DataFrame


def reconciled(connection: Any, today: date) -> Reconciled:
    """Count everything again, as known now and up to today."""
    kinds, counted = _kinds_reconciled(connection), _figures_reconciled(connection, today)
    faults = unreconciled(connection)
    faults += [
        f"{row.title}: the ledger says {row.net_new:,} rows, the table holds {row.held:,}."
        for row in kinds[~kinds["agrees"]].itertuples()
    ]
    faults += [
        f"{row.title}: {row.figure} counts {row.figure_rows:,}, the table holds {row.table_rows:,}."
        for row in counted[~counted["agrees"]].itertuples()
    ]
    return Reconciled(faults, kinds, counted)


def _kinds_reconciled(connection: Any) -> pd.DataFrame:
    """One row a kind that has come: `title`, `files`, counts, `undone`, `net_new` (new rows less those undone),
    `current_rows`, `born_closed`, `held` (their sum) and `agrees`. Register marks are rows of a file by the half day or
    by the day, so that their table must hold between one and two a row."""
    sums = fetch.rows(connection, ledger.sums())
    names = [(kind.name, kind.table.name) for kind in KINDS.values() if kind.name != "attendance"]
    tables = fetch.rows(connection, ledger.current_rows(names))
    marks = connection.execute(ledger.marks_held()).one()
    held = pd.DataFrame([{"kind": "attendance", "current_rows": int(marks.marks), "born_closed": 0}])
    rows = sums.merge(pd.concat([tables, held]), on="kind").assign(title=lambda each: _titles(each["kind"]))
    numbers = [*ledger.COUNTS, "files", "undone", "net_new", "current_rows", "born_closed"]
    rows = rows.astype(dict.fromkeys(numbers, "int64"))
    rows["held"] = rows["current_rows"] + rows["born_closed"]
    of_marks = rows["kind"].eq("attendance") & rows["held"].between(rows["net_new"], 2 * rows["net_new"])
    order = {name: place for place, name in enumerate(KINDS)}
    rows["agrees"] = rows["held"].eq(rows["net_new"]) | of_marks
    return rows.sort_values("kind", key=lambda names: names.map(order), ignore_index=True)


def _titles(kinds: pd.Series) -> list[str]:
    return [KINDS[name].title for name in kinds]


def _figures_reconciled(connection: Any, today: date) -> pd.DataFrame:
    """Rows of the tables beside what the figures count of them, over all time and every child."""
    frame = Frame(today, None, ALWAYS, today, "all")
    marks = connection.execute(ledger.marks_held()).one()
    counted = {subject: figures.compute(connection, subject, frame) for subject in SUBJECTS}
    sessions = counted["attendance"].rows["children"]
    of_marks = int(sessions["possible_sessions"].sum() + sessions["not_possible_sessions"].sum())

    def until(table: str, column: str, without: str = "") -> int:
        return int(connection.scalar(ledger.number_until(table, column, today, without)) or 0)

    lines = [
        ("Attendance", "marks of the weekly summary", int(marks.marks), int(marks.summed)),
        ("Attendance", "marks behind the attendance figures", int(marks.marks), of_marks),
        (
            "Suspensions and exclusions",
            "notices behind the figures",
            until("exclusion", "started_on"),
            len(counted["exclusions"].rows["notices"]),
        ),
        ("Personal education plans", "plans due", until("pep", "due_on"), len(counted["pep"].rows["plans"])),
        (
            "Training sessions",
            "sessions not cancelled",
            until("course_session", "held_on", "cancelled"),
            len(counted["training"].rows["sessions"]),
        ),
    ]
    rows = pd.DataFrame(lines, columns=["title", "figure", "table_rows", "figure_rows"])
    return rows.assign(agrees=rows["table_rows"].eq(rows["figure_rows"]))
