"""Since when the children who are on no roll have been without a school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import CTE, Connection

from vs_core.figures import behind, fetch
from vs_core.figures.subject import SubjectFigures
from vs_core.queries import school_places
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.frame import Frame
from vs_core.rules.school_calendar import SchoolCalendar


@dataclass(frozen=True)
class Places:
    """Rows of `queries.school_places`: the searches that are open, the last days on a roll."""

    sought: pd.DataFrame
    last: pd.DataFrame


def places(connection: Connection, frame: Frame, scope: Scope = EVERYTHING, only: CTE | None = None) -> Places:
    """What is known of places on the frame's day (of the children of `only`)."""
    return Places(
        fetch.rows(connection, school_places.open_searches(frame.as_at, frame.known_on, scope, only)),
        fetch.rows(connection, school_places.last_rolls(frame.as_at, frame.known_on, scope, only)),
    )


def since(provision: SubjectFigures, known: Places) -> pd.DataFrame:
    """The rows behind `provision.not_on_roll` with `out_since` (empty: not known), `needed_on`, `applied_on`,
    `decision`, `directed_on`.

    `out_since`: the later of the day from which a place is sought and the day after the last roll; else the day from
    which the child has lived where it lives. What a search that was over before that roll began brought is left out."""
    rows = behind(provision, "not_on_roll").merge(known.sought, on="child_key", how="left")
    rows = rows.merge(known.last, on="child_key", how="left").drop(columns=["last_urn", "last_la"])
    needed, left = pd.to_datetime(rows["needed_on"]), pd.to_datetime(rows["last_on"]) + pd.Timedelta(days=1)
    began = needed.where(~(left > needed), left).fillna(left).fillna(pd.to_datetime(rows["episode_from"]))
    answered = needed < pd.to_datetime(rows["last_from"])
    steps = {name: rows[name].astype(object).where(~answered, None) for name in _STEPS}
    return rows.assign(out_since=_as_dates(began), **steps)


_STEPS = ("needed_on", "applied_on", "decision", "directed_on")


def with_school_days(rows: pd.DataFrame, calendar: SchoolCalendar, la: str, as_at: date) -> pd.DataFrame:
    """The rows with `school_days` out of school by the authority's calendar (empty where `out_since` is, or lies before
    the calendars that are loaded: then `is_longer` says that it is more than can be counted)."""
    counted = [_school_days(calendar, la, day, as_at) for day in rows["out_since"]]
    days = pd.array([days for days, _ in counted], dtype="Int64")
    return rows.assign(school_days=days, is_longer=[longer for _, longer in counted])


def _school_days(calendar: SchoolCalendar, la: str, day: Any, as_at: date) -> tuple[int | None, bool]:
    if day is None or pd.isna(day):
        return None, False
    if not calendar.is_loaded(day, la):
        return None, True
    return calendar.school_days_since(day, as_at, la), False


def _as_dates(days: pd.Series) -> pd.Series:
    return pd.Series([None if pd.isna(day) else day.date() for day in days], days.index, dtype=object)
