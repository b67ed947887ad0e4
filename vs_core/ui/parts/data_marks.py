"""Register marks that should have come: half days on which a child of compulsory school age was in care and on roll."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from vs_core.rules.cohorts import COMPULSORY_YEARS, Enrolment, governing_enrolment, year_group

HALVES_A_DAY = 2
COLUMNS = ["child_key", "week", "urn", "expected_marks"]


@dataclass
class Pupil:
    """spans: first day in care and first day out of it (None: open), short breaks left out."""

    born_on: date | None = None
    spans: list[tuple[date, date | None]] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)

    def school_on(self, day: date) -> str | None:
        """The school whose register should hold the child on a day; None when none should."""
        if not any(start <= day and (end is None or day < end) for start, end in self.spans):
            return None
        enrolment = governing_enrolment(self.enrolments, day)
        if enrolment is None or year_group(self.enrolments, self.born_on, day) not in COMPULSORY_YEARS:
            return None
        return enrolment.urn


def pupils(spans: Iterable[Any], enrolments: Iterable[Any], births: Iterable[Any]) -> dict[int, Pupil]:
    """By child_key. Rows as of `queries.care.spans`, `queries.children.enrolments` and `queries.children.births`."""
    found: dict[int, Pupil] = {}
    for row in spans:
        if not row.short_break:
            found.setdefault(row.child_key, Pupil()).spans.append((row.started_on, row.ended_on))
    for row in enrolments:
        if row.child_key in found:
            own = Enrolment(str(row.child_key), row.urn, row.started_on, row.ended_on, row.year_group, row.status)
            found[row.child_key].enrolments.append(own)
    for row in births:
        if row.child_key in found:
            found[row.child_key].born_on = row.born_on
    return found


def expected(known: Mapping[int, Pupil], start: date, end: date, is_open: Callable[[date, str], bool]) -> pd.DataFrame:
    """One row a child, week (Monday) and school: `expected_marks`, two for each day from `start` to `end` on which the
    school (`urn`) is open."""
    days = [day for count in range((end - start).days + 1) if (day := start + timedelta(count)).weekday() < 5]
    rows = [
        (key, day - timedelta(day.weekday()), urn, HALVES_A_DAY)
        for key, pupil in known.items()
        for day in days
        if (urn := pupil.school_on(day)) is not None and is_open(day, urn)
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({"child_key": "int64", "expected_marks": "int64"})
    return frame.groupby(["child_key", "week", "urn"], as_index=False).agg(expected_marks=("expected_marks", "sum"))


def received(expectation: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """`expectation` with `received_marks`: those of the child's week, never more than were expected of it.

    marks: `child_key`, `week`, `marks`. A child at two schools in one week counts its marks at the first as far as
    they go."""
    rows = expectation.sort_values(["child_key", "week", "urn"], ignore_index=True).merge(
        marks, on=["child_key", "week"], how="left"
    )
    before = rows.groupby(["child_key", "week"])["expected_marks"].cumsum() - rows["expected_marks"]
    left = (rows["marks"].fillna(0).astype(float) - before).clip(lower=0)
    return rows.assign(received_marks=left.clip(upper=rows["expected_marks"]).astype(int)).drop(columns="marks")


def by(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """`received` added up by `week` or `urn`: `children`, `expected_marks`, `received_marks`, `missing_marks`,
    `received_percent` (0-100), `children_without` (not one mark came)."""
    none_came = rows["child_key"].where(rows["received_marks"].eq(0))
    added = rows.assign(none_came=none_came).groupby(key, as_index=False)
    summed = added.agg(
        children=("child_key", "nunique"),
        expected_marks=("expected_marks", "sum"),
        received_marks=("received_marks", "sum"),
        children_without=("none_came", "nunique"),
    )
    return summed.assign(
        missing_marks=summed["expected_marks"] - summed["received_marks"],
        received_percent=summed["received_marks"] * 100 / summed["expected_marks"],
    )
