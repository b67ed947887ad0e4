from datetime import date

from vs_core.rules import care_flow
from vs_core.rules.cohorts import CareSpan

MOVED = CareSpan(date(2026, 3, 2), date(2026, 4, 1), False), CareSpan(date(2026, 4, 1), date(2026, 6, 30), False)
STILL = (CareSpan(date(2026, 5, 31), None, False),)
SHORT_BREAK = (CareSpan(date(2026, 5, 1), date(2026, 5, 3), True),)
SPANS = {1: MOVED, 2: STILL, 3: SHORT_BREAK}


def test_a_move_between_placements_and_a_short_break_are_neither() -> None:
    moved = care_flow.moves(SPANS)
    assert [tuple(row) for row in moved.to_numpy()] == [
        (1, "joined", date(2026, 3, 2)),
        (1, "left", date(2026, 6, 30)),
        (2, "joined", date(2026, 5, 31)),
    ]


def test_every_month_of_the_period_has_a_row_and_only_its_days_count() -> None:
    months = care_flow.by_month(care_flow.moves(SPANS), date(2026, 3, 3), date(2026, 6, 30))
    assert list(months["month_on"]) == [date(2026, month, 1) for month in (3, 4, 5, 6)]
    assert list(months["joined"]) == [0, 0, 1, 0]
    assert list(months["left"]) == [0, 0, 0, 1]


def test_nobody_who_moved_gives_months_of_nothing() -> None:
    months = care_flow.by_month(care_flow.moves({}), date(2026, 3, 1), date(2026, 4, 1))
    assert months[["joined", "left"]].to_numpy().sum() == 0
    assert len(months) == 2


def test_the_end_of_care_is_the_first_day_out_of_it() -> None:
    days = [date(2026, 6, 29), date(2026, 6, 30)]
    assert care_flow.in_care_on(SPANS.values(), days) == [2, 1]
    assert care_flow.by_week(SPANS, days) == {"in_care": [2.0, 1.0], "joined": [0.0, 0.0], "left": [0.0, 1.0]}
