"""Comparing columns of dates with a day: an empty date is on no side of it."""

from __future__ import annotations

from datetime import date

import pandas as pd


def as_days(column: pd.Series) -> pd.Series:
    """A column of dates (or None) as timestamps (or NaT)."""
    return pd.to_datetime(column)


def on_or_before(column: pd.Series, day: date) -> pd.Series[bool]:
    return as_days(column) <= pd.Timestamp(day)


def on_or_after(column: pd.Series, day: date) -> pd.Series[bool]:
    return as_days(column) >= pd.Timestamp(day)


def within(column: pd.Series, start: date, end: date) -> pd.Series[bool]:
    """Dates from `start` to `end`, both included."""
    return on_or_after(column, start) & on_or_before(column, end)


def empty_or_after(column: pd.Series, day: date) -> pd.Series[bool]:
    return column.isna() | (as_days(column) > pd.Timestamp(day))


def empty_or_from(column: pd.Series, day: date) -> pd.Series[bool]:
    return column.isna() | on_or_after(column, day)


def covers(starts: pd.Series, ends: pd.Series, day: date) -> pd.Series[bool]:
    """Rows that hold on a day: started on or before it, end empty or on or after it."""
    return on_or_before(starts, day) & empty_or_from(ends, day)
