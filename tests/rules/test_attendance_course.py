from datetime import date, timedelta

import pandas as pd

from vs_core.rules import attendance_course, measures

MONDAY = date(2026, 9, 7)
COLUMNS = ["child_key", "week", *attendance_course.SESSIONS]


def weeks(**children: list[tuple[int, int]]) -> pd.DataFrame:
    """Children by key with (possible, absent) sessions a week, all absence unauthorised."""
    rows = [
        (int(key.removeprefix("c")), MONDAY + timedelta(weeks=number), possible, possible - absent, 0, absent)
        for key, own in children.items()
        for number, (possible, absent) in enumerate(own)
        if possible
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_the_last_week_has_the_figures_of_the_whole_period() -> None:
    rows = weeks(c1=[(10, 0), (10, 2), (8, 8)], c2=[(10, 10), (0, 0), (10, 0)])
    last = attendance_course.to_date(rows).iloc[-1]
    whole = measures.attendance(rows.groupby("child_key", as_index=False)[list(attendance_course.SESSIONS)].sum())
    assert {key: last[key] for key in whole} == whole


def test_exactly_a_tenth_missed_is_persistent_from_that_week() -> None:
    course = attendance_course.of_children(weeks(c1=[(10, 0), (10, 1), (10, 2), (10, 0)])).iloc[0]
    assert course["persistent_from"] is None
    course = attendance_course.of_children(weeks(c1=[(10, 0), (10, 1), (10, 2)])).iloc[0]
    assert course["persistent_from"] == MONDAY + timedelta(weeks=2)


def test_persistence_counts_from_its_last_beginning() -> None:
    rows = weeks(c1=[(10, 2), (10, 0), (10, 0), (10, 3)])
    assert attendance_course.of_children(rows).iloc[0]["persistent_from"] == MONDAY + timedelta(weeks=3)


def test_a_week_without_a_row_changes_nothing() -> None:
    rows = weeks(c1=[(10, 2), (0, 0), (10, 1)], c2=[(10, 0), (10, 0), (10, 0)])
    assert attendance_course.of_children(rows).set_index("child_key").loc[1, "persistent_from"] == MONDAY


def test_a_change_needs_sessions_on_both_sides() -> None:
    long = [(10, 0), (10, 0), (10, 5), (10, 5), (10, 5), (10, 5)]
    rows = attendance_course.of_children(weeks(c1=long, c2=[(9, 0), (0, 0), *long[2:]])).set_index("child_key")
    assert rows.loc[1, "change_points"] == -50
    assert pd.isna(rows.loc[2, "change_points"])


def test_a_week_by_itself_counts_children_with_a_possible_session() -> None:
    rows = attendance_course.by_week(weeks(c1=[(10, 5), (10, 0)], c2=[(10, 0)]))
    assert list(rows["children"]) == [2, 1]
    assert list(rows["attendance_percent"]) == [75.0, 100.0]
