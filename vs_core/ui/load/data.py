"""What the Data page reads: the ledger, refused rows, freshness, coverage, and whether file and tables agree."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from vs_core import figures
from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.casework import withheld
from vs_core.figures import fetch, registers
from vs_core.intake import layout
from vs_core.intake.cells import NO
from vs_core.intake.kind import Kind, folded
from vs_core.intake.kinds import KINDS
from vs_core.intake.readiness import SHIPPED_BY
from vs_core.intake.refused import as_table
from vs_core.queries import ledger, rejected
from vs_core.rules.closed_days import ClosedDays
from vs_core.rules.dated import Thresholds
from vs_core.rules.frame import Frame, academic_year_bounds
from vs_core.rules.provision import not_on_roll
from vs_core.rules.school_calendar import CalendarNotLoaded, SchoolCalendar
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.load import Version, kept, version
from vs_core.ui.parts import data_closed, data_marks
from vs_core.ui.parts.data_counts import Reconciled, reconciled

COUNTS = ledger.COUNTS
MASKED = "•••"
NAMES = {"forename", "surname"}
WHEREABOUTS = {"school_key", "placement", "placement_provider", "placement_urn", "home_postcode", "placement_postcode"}
WHEREABOUTS |= {"area", "in_county", "provider", "offer", "setting", "ehcp_owner"}
WHEREABOUTS |= {"vendor", "invoice", "cost_code", "intervention"}
WORKS_WITH = {"social_worker", "adviser", "designated_teacher", "decided_by"}
SAID_OF = {"upn", "target", "impact", "reason"}
"""Columns of the tables that tell where a child is, who works with it, or anything in somebody's own words."""
SHOWN_CELLS = 500

CADENCES: dict[str, tuple[str, str]] = {
    "daily": ("stale_daily_school_days", "every school day"),
    "weekly": ("stale_weekly_school_days", "every week"),
    "half-termly": ("stale_half_termly_days", "every half term"),
    "termly": ("stale_termly_days", "every term"),
    "yearly": ("stale_yearly_days", "every year"),
}
"""How often files come: the threshold that says when one is late, and words."""

CADENCE_OF = dict.fromkeys(KINDS, "half-termly") | {
    "attendance": "daily",
    **dict.fromkeys(("ssda903-episodes", "children", "enrolments", "exclusions"), "weekly"),
    **dict.fromkeys(("schools", "ssda903-header", "ssda903-uasc", "peps"), "termly"),
    **dict.fromkeys(("calendar", "benchmarks", "pp-allocations", "licences"), "yearly"),
}
"""Local defaults: how often each kind is expected."""


def _check(viewer: Viewer) -> None:
    """Callbacks and fragments run before the page asks who is looking: each reader asks for itself."""
    if not viewer.may_open("data"):
        raise PermissionError("This role may not open the Data page.")


def _frame(query: Any) -> pd.DataFrame:
    return retried(lambda connection: fetch.rows(connection, query))


@kept
def _deliveries(at: Version) -> pd.DataFrame:
    last, sums = _frame(ledger.last_deliveries()), _frame(ledger.sums())
    every = pd.DataFrame({"kind": list(KINDS), "title": [kind.title for kind in KINDS.values()]})
    counts = list(ledger.COUNTS)
    last = last.rename(columns={name: f"last_{name}" for name in counts})
    return every.merge(last, on="kind", how="left").merge(sums, on="kind", how="left")


def deliveries(viewer: Viewer, today: date) -> pd.DataFrame:
    """One row a kind: `kind`, `title`, its last delivery (`id`, `file_name`, `known_on`, `imported_by`, counts),
    sums of all files, `age_days`, `expected` (how often), `state` (in words) and `is_late` (also: never arrived)."""
    _check(viewer)
    rows = _deliveries(version()).copy()
    limits, calendar = retried(fetch.thresholds), _calendar()
    states = [_state(row, today, limits, calendar) for row in rows.itertuples()]
    shipped = rows["imported_by"].eq(SHIPPED_BY)
    rows["known_on"] = rows["known_on"].where(~shipped, None)
    rows["imported_by"] = rows["imported_by"].where(~shipped, None)
    rows["age_days"] = [None if pd.isna(day) else (today - day).days for day in rows["known_on"]]
    rows["expected"] = [CADENCES[CADENCE_OF[kind]][1] for kind in rows["kind"]]
    rows["state"] = [words for words, _ in states]
    rows["is_late"] = [late for _, late in states]
    return rows


def _calendar() -> SchoolCalendar:
    return retried(lambda connection: fetch.school_calendar(connection, None))


def _state(row: Any, today: date, limits: Thresholds, calendar: SchoolCalendar) -> tuple[str, bool]:
    if pd.isna(row.known_on):
        return "never arrived", True
    if row.imported_by == SHIPPED_BY:
        return "shipped with the dashboard", False
    limit = limits.row(CADENCES[CADENCE_OF[row.kind]][0], today)
    in_school_days = limit.unit.startswith("school")
    age = _school_days(calendar, row.known_on, today) if in_school_days else (today - row.known_on).days
    return ("late", True) if age > limit.value else ("in time", False)


def _school_days(calendar: SchoolCalendar, since: date, today: date) -> int:
    """School days after `since`, up to yesterday: today's file may still come. Weekdays where no calendar is loaded."""
    days = [since + timedelta(count) for count in range(1, (today - since).days)]
    try:
        open_days = set(calendar.school_days(since, today, settings().authority))
    except CalendarNotLoaded:
        return sum(day.weekday() < 5 for day in days)
    return sum(day in open_days for day in days)


def nothing_imported(rows: pd.DataFrame) -> bool:
    """No file has come but those that the product ships with. rows: `deliveries`."""
    return bool(rows["imported_by"].isna().all())


def entries(viewer: Viewer, kind: str, limit: int, offset: int) -> tuple[pd.DataFrame, int]:
    """A page of the ledger (`kind` empty: every kind), and the number of its entries; see `queries.ledger.entries`."""
    _check(viewer)
    kinds = [kind] if kind else list(KINDS)
    number = retried(lambda connection: connection.scalar(ledger.number_of_entries(kinds)) or 0)
    rows = _frame(ledger.entries(kinds, limit, offset))
    rows["title"] = [KINDS[name].title for name in rows["kind"]]
    rows["what"] = [_what(row) for row in rows.itertuples()]
    rows["imported_at"] = [_local(at) for at in rows["imported_at"]]
    return rows, int(number)


def _what(row: Any) -> str:
    if not pd.isna(row.undoes):
        return f"undid import {int(row.undoes)}"
    return "file" if pd.isna(row.undone_by) else f"undone by entry {int(row.undone_by)}"


def _local(at: datetime) -> str:
    return f"{pd.Timestamp(at, tz='UTC').tz_convert('Europe/London'):%d/%m/%Y %H:%M}"


@dataclass(frozen=True)
class Refused:
    """A refused row of a kind that waits. cells: as the viewer may see them; hidden: names of cells that are masked;
    reasons: sentences by column."""

    kind: str
    id: int
    import_id: int
    file_name: str
    known_on: date
    row_number: int
    cells: dict[str, str]
    hidden: frozenset[str]
    reasons: dict[str, str]

    @property
    def why(self) -> str:
        return "; ".join(f"{column}: {said}" for column, said in self.reasons.items())


def waiting(viewer: Viewer) -> dict[str, int]:
    """Number of refused rows that wait, by kind."""
    _check(viewer)
    found = _waiting(version())
    return {kind: found[kind] for kind in KINDS if kind in found}


@kept
def _waiting(at: Version) -> dict[str, int]:
    rows = retried(lambda connection: connection.execute(rejected.waiting(list(KINDS))).all())
    return {row.kind: row.rows for row in rows}


def refused(viewer: Viewer, kind: str) -> tuple[list[Refused], int]:
    """The refused rows of a kind that wait, oldest first, cells masked as far as the viewer may not see them; and how
    many wait besides, about restricted children, for the people who are named for it."""
    _check(viewer)
    secret = retried(lambda connection: withheld.numbers(connection, viewer))
    every = retried(lambda connection: connection.execute(ledger.refused(kind)).all())
    rows = [row for row in every if not withheld.is_withheld(viewer, json.loads(row.cells), secret)]
    said: dict[int, dict[str, str]] = {}
    for row in retried(lambda connection: connection.execute(ledger.reasons(kind)).all()):
        own = said.setdefault(row.rejected_row_id, {})
        own[row.column_name] = "; ".join([*([own[row.column_name]] if row.column_name in own else []), row.sentence])
    shown = [_refused(viewer, KINDS[kind], row, said.get(row.id, {})) for row in rows]
    return shown, len(every) - len(rows)


def _refused(viewer: Viewer, kind: Kind, row: Any, reasons: dict[str, str]) -> Refused:
    cells = json.loads(row.cells)
    hidden = hidden_cells(viewer, kind, cells)
    shown = {name: MASKED if name in hidden else cell for name, cell in cells.items()}
    unsaid = [cell for name, cell in cells.items() if name in hidden and cell.strip()]
    reasons = {name: _without(sentence, unsaid) for name, sentence in reasons.items()}
    return Refused(
        kind.name, row.id, row.import_id, row.file_name, row.known_on, row.row_number, shown, frozenset(hidden), reasons
    )


def _without(sentence: str, cells: list[str]) -> str:
    """A sentence that quotes no masked cell."""
    for cell in sorted(cells, key=len, reverse=True):
        sentence = sentence.replace(f"'{cell}'", MASKED)
    return sentence


def hidden_cells(viewer: Viewer, kind: Kind, cells: dict[str, str]) -> set[str]:
    """Cells that this viewer may not see. Without the right to names: the names, and columns that the kind does not
    know, because anything may stand in them. Of a child that may be restricted, because nobody can read whether it is:
    these, where it is, and who works with it."""
    is_secret = not viewer.sees_restricted and _may_be_restricted(cells)
    if viewer.may(roles.SEE_NAMES) and not is_secret:
        return set()
    telling = NAMES | WHEREABOUTS | WORKS_WITH | SAID_OF if is_secret else NAMES
    shown = [column for column in kind.columns if column.to not in telling]
    open_to = {folded(name) for column in shown for name in (column.name, *column.aliases)}
    return {name for name in cells if folded(name) not in open_to}


def _may_be_restricted(cells: dict[str, str]) -> bool:
    marked = [cell for name, cell in cells.items() if folded(name) == "restricted"]
    return any(cell.strip().lower() not in {"", *NO} for cell in marked)


def refused_file(rows: list[Refused], write: Callable[[list[str], list[list[str]]], bytes]) -> bytes:
    """Refused rows of one kind as a file to correct and upload again. Rows with a masked cell are left out, because the
    mask would come back as what the cell says."""
    whole = [(row.id, row.cells, row.why) for row in rows if not row.hidden]
    return write(*as_table(rows[0].kind, whole))


refused_as_csv, refused_as_xlsx = layout.csv_file, layout.xlsx_file


@kept
def _no_longer_waiting(at: Version) -> pd.DataFrame:
    rows = _frame(ledger.no_longer_waiting(SHOWN_CELLS))
    rows["title"] = [KINDS[name].title for name in rows["kind"]]
    rows["what"] = [_became(row) for row in rows.itertuples()]
    return rows


def no_longer_waiting(viewer: Viewer) -> pd.DataFrame:
    """What became of refused rows that wait no longer (the latest 500), in words; no cell of them."""
    _check(viewer)
    rows: pd.DataFrame = _no_longer_waiting(version())
    return rows


def _became(row: Any) -> str:
    if pd.isna(row.resolved_by):
        return "dismissed"
    by = f"import {int(row.resolved_by)} ({row.resolved_file})"
    words = {"taken in": f"corrected and taken in by {by}", "overtaken": f"not needed any more: {by} brought the row"}
    return words.get(row.state, f"offered again and refused by {by}: the newer row stands in its place")


@kept
def _to_look_at(at: Version) -> tuple[pd.DataFrame, int]:
    number = retried(lambda connection: connection.scalar(ledger.number_to_look_at()) or 0)
    rows = _frame(ledger.to_look_at(SHOWN_CELLS))
    rows["title"] = [KINDS[name].title for name in rows["kind"]]
    return rows, int(number)


def to_look_at(viewer: Viewer) -> tuple[pd.DataFrame, int]:
    """Cells that were taken in and that somebody should look at (the latest 500), and how many there are."""
    _check(viewer)
    found: tuple[pd.DataFrame, int] = _to_look_at(version())
    return found


@dataclass(frozen=True)
class Coverage:
    """marks: `data_marks.by_week` of the academic year to yesterday, with `name` of the school (a restricted child's at
    none, for who may not know it); left_out: pupils whose school's term dates are not loaded, in none of its rows;
    no_calendar: the sentence when ours are not, and `marks` is empty then; closed: `data_closed.listed` of the same
    days; off_roll: children in care of compulsory school age who are on no roll and should be (None: nobody is known to
    be in care)."""

    start: date
    end: date
    marks: pd.DataFrame
    left_out: int
    no_calendar: str
    closed: pd.DataFrame
    off_roll: pd.DataFrame | None
    children: pd.DataFrame
    schools: pd.DataFrame


def coverage(viewer: Viewer, today: date) -> Coverage:
    """How complete the data is, as known now."""
    _check(viewer)
    answer: Coverage = _coverage(scope(viewer), version(), today, settings().authority)
    return answer


@kept
def _coverage(seen: Scope, at: Version, today: date, authority: str) -> Coverage:
    return retried(lambda connection: _covered(connection, seen, today, authority))


def _covered(connection: Any, seen: Scope, today: date, authority: str) -> Coverage:
    start, end = academic_year_bounds(today)[0], today - timedelta(1)
    marks, without = pd.DataFrame(), ""
    rows = fetch.calendar_rows(connection, None)
    calendar = ClosedDays(rows, authority)
    left_out = 0
    try:
        SchoolCalendar(rows).school_days(start, max(start, end), authority)
        if end >= start:
            marks, left_out = _marks(connection, seen, Frame(end, None, start, end), authority)
    except CalendarNotLoaded as error:
        without = str(error)
    closed = data_closed.listed(
        calendar,
        fetch.rows(connection, ledger.days_with_marks(start, end, seen)),
        fetch.rows(connection, ledger.days_with_suspensions(start, end, seen)),
    )
    return Coverage(
        start,
        end,
        marks,
        left_out,
        without,
        closed,
        _off_roll(connection, seen, today),
        _with_titles(fetch.rows(connection, ledger.children_without_details(seen))),
        _with_titles(fetch.rows(connection, ledger.schools_without_details())),
    )


def _off_roll(connection: Any, seen: Scope, today: date) -> pd.DataFrame | None:
    cohort = figures.compute(connection, "cohort", Frame.for_subject("cohort", today), seen)
    if cohort.figures["in_care"] is None:
        return None
    roll = cohort.rows["roll"]
    return not_on_roll(roll[roll["in_care"].astype(bool)])


def _with_titles(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(title=[KINDS[name].title if name in KINDS else name for name in rows["kind"]])


def _marks(connection: Any, seen: Scope, year: Frame, authority: str) -> tuple[pd.DataFrame, int]:
    due = registers.due(connection, year, authority, seen)
    schools = fetch.rows(connection, ledger.school_names())
    return data_marks.by_week(due.rows).merge(schools[["urn", "name"]], on="urn", how="left"), len(due.left_out)


def reconciliation(viewer: Viewer, today: date) -> Reconciled:
    """Whether file = ledger = tables = figures."""
    _check(viewer)
    answer: Reconciled = _reconciliation(version(), today)
    return answer


@kept
def _reconciliation(at: Version, today: date) -> Reconciled:
    return retried(lambda connection: reconciled(connection, today))
