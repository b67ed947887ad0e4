"""Register marks that should have come, added up for the Data page."""

import pandas as pd

from vs_core.rules.expected_marks import HALVES_A_DAY


def by_week(due: pd.DataFrame) -> pd.DataFrame:
    """Rows of `figures.registers.due` by child, `week` (Monday) and school: `expected_marks`, `received_marks`."""
    mondays = [day - pd.Timedelta(days=day.weekday()).to_pytimedelta() for day in due["day"]]
    weeks = due.assign(week=pd.Series(mondays, due.index, dtype=object)).groupby(
        ["child_key", "week", "urn"], as_index=False, dropna=False
    )
    added = weeks.agg(days=("day", "size"), received_marks=("received", "sum"))
    return added.assign(expected_marks=added["days"] * HALVES_A_DAY).drop(columns="days")


def by(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """`by_week` added up by `week` or `urn`: `children`, `expected_marks`, `received_marks`, `missing_marks`,
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
