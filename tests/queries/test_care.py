"""Spans of care in the database against the rule for one child's episodes."""

from __future__ import annotations

import random
from datetime import date, timedelta

from tests.queries.written import Written
from vs_core.queries import care
from vs_core.rules.cohorts import Episode, care_spans, is_in_care

FIRST, DAYS = date(2024, 1, 1), 40


def drawn(draw: random.Random) -> list[Episode]:
    starts = sorted(draw.sample(range(DAYS), draw.randint(1, 5)))
    ends = [None if draw.random() < 0.2 else start + draw.randint(-1, 15) for start in starts]
    days = [None if end is None else FIRST + timedelta(end) for end in ends]
    return [
        Episode("", FIRST + timedelta(start), end, draw.choice(("C2", "V4", None)))
        for start, end in zip(starts, days, strict=True)
    ]


def test_every_day_of_every_child_is_as_the_rule_says(written: Written) -> None:
    draw = random.Random(7)
    episodes = {f"C{number}": drawn(draw) for number in range(40)}
    for child, own in episodes.items():
        for each in own:
            written.care(child, each.decom.isoformat(), each.dec.isoformat() if each.dec else None, each.legal_status)
    with written.reading() as connection:
        for offset in range(-1, DAYS + 20):
            on = FIRST + timedelta(offset)
            members = set(connection.execute(care.members("in care", on, on, None).select()).scalars())
            expected = {child for child, own in episodes.items() if is_in_care(care_spans(own), on)}
            assert len(members) == len(expected), on
        found = connection.execute(care.spans(None)).all()
    assert all(row.ended_on is None or row.ended_on > row.started_on for row in found)
    for earlier, later in zip(found, found[1:], strict=False):
        assert earlier.child_key != later.child_key or earlier.ended_on <= later.started_on


def test_in_care_in_a_period_for_one_day_at_either_end(written: Written) -> None:
    written.care("A", "2024-03-01", "2024-03-11")
    with written.reading() as connection:
        for start, end, count in ((10, 20, 1), (11, 20, 0)):
            members = care.members("in care", date(2024, 3, start), date(2024, 3, end), None)
            assert len(connection.execute(members.select()).all()) == count


def test_an_episode_that_starts_on_the_day_on_which_another_ends_governs_that_day(written: Written) -> None:
    written.care("A", "2024-01-01")
    written.care("A", "2024-02-01", "2024-03-01")
    written.care("A", "2024-03-01", "2024-04-01", "V4")
    with written.reading() as connection:
        found = [(row.started_on, row.ended_on, bool(row.short_break)) for row in connection.execute(care.spans(None))]
    january, february, march, april = (date(2024, month, 1) for month in (1, 2, 3, 4))
    assert found == [
        (january, february, False),
        (february, march, False),
        (march, april, True),
        (april, None, False),
    ]
