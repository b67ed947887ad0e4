"""Records as they became known, cut into the files of each delivery day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from vs_core.demo.plan import Delivery, Plan

DAY_FIRST = {"ssda903-header", "ssda903-episodes", "ssda903-uasc", "peps", "pp-requests"}
DASHED = {"schools"}


@dataclass(frozen=True)
class Log:
    """Every version of one KIND's records, with `_known`: the day from which it was known. `key` names its record."""

    kind: str
    rows: pd.DataFrame
    key: tuple[str, ...]
    cadence: str = "weekly"


LOG_ORDER = (
    "calendar",
    "schools",
    "children",
    "ssda903-header",
    "ssda903-episodes",
    "ssda903-uasc",
    "cohorts",
    "enrolments",
    "attendance",
    "exclusions",
    "timetables",
    "custody",
    "admissions",
    "peps",
    "pp-allocations",
    "pp-requests",
    "pp-payments",
    "courses",
    "bookings",
    "licences",
    "project-places",
    "project-usage",
    "destinations",
)


def cut(plan: Plan, log: Log) -> Iterator[tuple[date, pd.DataFrame]]:
    """(day of delivery, the records that are new or changed since the last): nothing for a day without."""
    if log.rows.empty:
        return
    cuts = np.array(sorted(set(plan.cuts[log.cadence])), dtype="datetime64[D]")
    known = np.array(log.rows["_known"].to_list(), dtype="datetime64[D]")
    order = np.argsort(known, kind="stable")
    rows, at = log.rows.iloc[order].drop(columns="_known"), np.searchsorted(cuts, known[order])
    for n, on in enumerate(cuts):
        changed = rows[at == n]
        if len(changed):
            yield on.astype(object), changed.drop_duplicates(list(log.key), keep="last")


def write(folder: Path, kind: str, on: date, rows: pd.DataFrame) -> Delivery:
    """One file: `<day>/<kind>.csv`, its dates in the form in which that source writes them."""
    form = "%d/%m/%Y" if kind in DAY_FIRST else "%d-%m-%Y" if kind in DASHED else "%Y-%m-%d"
    path = folder / f"{on:%Y-%m-%d}" / f"{kind}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    _text(rows, form).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    return Delivery(kind, path, on)


def _text(rows: pd.DataFrame, form: str) -> pd.DataFrame:
    """Dates written out, nothing where there is none."""
    written = rows.copy(deep=False)
    for name in written.columns:
        values = written[name].to_list()
        if any(isinstance(value, date) for value in values):
            written[name] = [value.strftime(form) if isinstance(value, date) else "" for value in values]
    return written


def in_order(delivered: list[Delivery]) -> list[Delivery]:
    """Oldest first; on one day what others point at comes first."""
    return sorted(delivered, key=lambda delivery: (delivery.known_on, LOG_ORDER.index(delivery.kind)))


def manifest(folder: Path, delivered: list[Delivery]) -> None:
    """`manifest.csv`: order, kind, file and day of every delivery."""
    listed = [
        (n, d.kind, d.path.relative_to(folder).as_posix(), d.known_on.isoformat()) for n, d in enumerate(delivered, 1)
    ]
    frame = pd.DataFrame(listed, columns=["number", "kind", "file", "known_on"])
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / "manifest.csv", index=False, lineterminator="\n")
