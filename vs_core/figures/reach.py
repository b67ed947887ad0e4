"""Which schools with children of ours training has reached."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch
from vs_core.queries import training
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.day_columns import on_or_after
from vs_core.rules.frame import Frame

EVER = date(2000, 1, 1)


def schools(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """One row an open school with a child of the cohort on its roll on `as_at`.

    `urn`, `school`, `school_phase`, `town`, `la_name`, `children` (count), `last_attended_on` (somebody from it, any
    course, by the period's end; empty: never), `attended_in_period`, `courses_in_period` (count). A restricted child's
    school counts only for who may know it."""
    known = children.of_cohort(connection, frame, scope, frame.as_at, frame.as_at)
    on_roll = known[known["on_roll"].astype(bool) & known["urn"].notna()].groupby("urn").size()
    listed = fetch.rows(connection, training.open_schools(frame.as_at, frame.known_on))
    ours = listed[listed["urn"].isin(on_roll.index)].reset_index(drop=True)
    came = fetch.rows(connection, training.schools_reached(frame.known_on, EVER, frame.end))
    lately = came[on_or_after(came["held_on"], frame.start)].groupby("urn")["course"].nunique()
    courses = ours["urn"].map(lately).fillna(0).astype("int64")
    return ours.assign(
        children=ours["urn"].map(on_roll).astype("int64"),
        last_attended_on=ours["urn"].map(came.groupby("urn")["held_on"].max()),
        courses_in_period=courses,
        attended_in_period=courses > 0,
    )
