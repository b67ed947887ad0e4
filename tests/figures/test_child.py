"""One child's figures are the county's figures of that child, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, Engine, select

from tests.conftest import SMALL_AUTHORITY_AS_AT as AS_AT
from vs_core import figures
from vs_core.access.viewer import EVERYTHING
from vs_core.figures import child as of_one
from vs_core.figures import week
from vs_core.figures.child import Child
from vs_core.rules.frame import Frame
from vs_core.store.engine import reading
from vs_core.store.schema import child

FRAME = Frame.for_subject("cohort", AS_AT, cohort="all")


def opened(connection: Connection, *child_ids: str, as_at: date = AS_AT) -> dict[str, Child]:
    by, frame = week.clock(connection, None, "Westmere"), Frame.for_subject("cohort", as_at, cohort="all")
    keys = dict(connection.execute(select(child.c.child_id, child.c.id)).all())
    found = {one: of_one.of_child(connection, keys[one], frame, EVERYTHING, by) for one in child_ids}
    return {child_id: one for child_id, one in found.items() if one}


CAST = ("WM90003", "WM90008", "WM90010", "WM90014", "WM90016", "WM90022")
COUNTED = {
    "attendance": ("possible_sessions", "persistently_absent", "severely_absent"),
    "pep": ("overdue", "completed"),
    "provision": ("part_time", "reviews_overdue", "not_on_roll"),
    "pp-plus": ("approved_pence", "committed_pence"),
    "cohort": ("in_care", "pp_plus_eligible"),
}


def test_each_figure_of_a_child_counts_the_rows_that_the_county_s_figure_counts_of_it(small_authority: Engine) -> None:
    with reading(small_authority) as connection:
        every = {
            name: figures.compute(connection, name, Frame.for_subject(name, AS_AT, cohort="all")) for name in COUNTED
        }
        for child_id, one in opened(connection, *CAST).items():
            for subject, keys in COUNTED.items():
                for key in keys:
                    rows = figures.behind(every[subject], key)
                    own = figures.behind(one.subjects[subject], key)
                    assert len(own) == (rows["child_id"] == child_id).sum(), (child_id, subject, key)


ON_SQLITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@ON_SQLITE
def test_what_is_told_of_the_cast(small_authority: Engine) -> None:
    with reading(small_authority) as connection:
        cast = opened(connection, "WM90005", "WM90009", "WM90011", "WM90014", "WM90020")
    assert (cast["WM90005"].days.in_term, cast["WM90005"].days.in_year) == (0.0, 0.0)
    assert cast["WM90005"].subjects["exclusions"].figures["suspension_days"] == 44
    assert of_one.current_plan(cast["WM90009"]) is None
    assert cast["WM90009"].first_plan_due is not None
    assert of_one.in_custody(cast["WM90011"]) is not None
    assert len(of_one.schools_on_the_day(cast["WM90014"])) == 2
    assert cast["WM90020"].roll["in_care_since"].isna().all()


@ON_SQLITE
def test_a_child_outside_the_scope_is_not_read(small_authority: Engine) -> None:
    with reading(small_authority) as connection:
        by = week.clock(connection, None, "Westmere")
        key = connection.scalar(select(child.c.id).where(child.c.child_id == "WM90013"))
        unnamed = replace(EVERYTHING, restricted=False)
        assert of_one.of_child(connection, key, FRAME, unnamed, by) is None
        assert of_one.of_child(connection, 10**9, FRAME, EVERYTHING, by) is None
        assert of_one.of_child(connection, key, FRAME, EVERYTHING, by) is not None


STANDS_BEFOREHAND = {"end", "expected_release", "due_on", "review_due"}


@ON_SQLITE
def test_what_came_after_the_day_has_not_come(small_authority: Engine) -> None:
    day = AS_AT.replace(month=10, day=10)
    with reading(small_authority) as connection:
        cast = opened(connection, "WM90001", "WM90011", "WM90016", "WM90020", as_at=day)
    assert of_one.in_custody(cast["WM90011"]) is None
    for child_id, one in cast.items():
        for name, rows in one.records.items():
            for column in set(rows.columns) - STANDS_BEFOREHAND:
                days = [value for value in rows[column].dropna() if isinstance(value, date)]
                assert not days or max(days) <= day, (child_id, name, column)
    assert sum(len(rows) for rows in cast["WM90020"].records.values()) > 3
