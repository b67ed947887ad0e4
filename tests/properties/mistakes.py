"""Mistakes that are made on purpose in the second opinion, and authorities that show them in a figure."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from importlib import import_module
from random import Random
from typing import Any

import pytest

from tests import naive
from tests.naive import attendance, care, cohort, exclusions, pp_plus, projects, provision, setting, years
from tests.properties.authorities import Authority, authority
from tests.properties.reference import projects as with_places
from tests.properties.reference import reference

REPLAY = import_module("tests.naive.replay")
ENOUGH = 250
TRIED_FIRST = (171, 191, 50, 180, 61, 208, 1, 17)
"""Found by search: between them they show every mistake. Others are sought when they no longer do."""
A_DAY_EARLY: dict[str, Callable[[date], date]] = {
    "year": lambda on: date(on.year if (on.month, on.day) >= (8, 31) else on.year - 1, 9, 1),
    "money": lambda on: date(on.year if (on.month, on.day) >= (3, 31) else on.year - 1, 4, 1),
}
MISTAKES: dict[str, tuple[str, list[tuple[Any, str, Any]]]] = {
    "over a tenth": ("attendance", [(attendance, "is_persistent", lambda absent, possible: 10 * absent > possible)]),
    "over a half": ("attendance", [(attendance, "is_severe", lambda absent, possible: 2 * absent > possible)]),
    "late is absent": ("attendance", [(attendance, "ATTENDED", attendance.ATTENDED - {"L"}),
                                      (attendance, "AUTHORISED", attendance.AUTHORISED | {"L"})]),
    "short breaks count": ("cohort", [(care, "SHORT_BREAKS", ())]),
    "the day of leaving counts": ("cohort", [(setting, "touches", lambda span, start, end: span.start <= end
                                              and (span.end is None or span.end >= start))]),
    "everybody joins": ("cohort", [(cohort, "spells", lambda spans: [(span.start, span.end) for span in spans])]),
    "the school year": ("cohort", [(years, "academic_year_start", A_DAY_EARLY["year"])]),
    "the financial year": ("cohort", [(cohort, "financial_year_start", A_DAY_EARLY["money"])]),
    "terms by Easter only": ("exclusions", [(exclusions, "term_of", lambda on, _: years.term_of(on, []))]),
    "the suspension year": ("exclusions", [(exclusions, "academic_year_start", years.financial_year_start)]),
    "queried is closed": ("pp-plus", [(pp_plus, "OPEN", ("requested",))]),
    "half approved is not": ("pp-plus", [(pp_plus, "APPROVED", ("approved",))]),
    "every fund": ("pp-plus", [(pp_plus, "_is_premium", lambda row: True)]),
    "money flows after the last run": ("pp-plus", [(pp_plus, "_last_run", lambda _: date.max)]),
    "a project is for everybody": ("projects", [(projects, "_is_for", lambda *_: True)]),
    "year 11 stays for the summer": ("provision", [(provision, "_has_left", lambda *_: False)]),
    "who left was never there": ("projects", [(projects, "ENROLLED", ("enrolled", "completed"))]),
    "the first file stays": ("pep", [(REPLAY, "held", lambda dated, on: next((dated[known] for known in sorted(dated)
                                                                              if known <= on), None))]),
    "the last file wins": ("cohort", [(REPLAY, "held", lambda dated, on: ([None] + [dated[known] for known in dated
                                                                                  if known <= on])[-1])]),
}  # fmt: skip


@contextmanager
def planted(mistake: str) -> Iterator[str]:
    """The second opinion with a mistake; yields the subject that it is about."""
    subject, changes = MISTAKES[mistake]
    with pytest.MonkeyPatch.context() as broken:
        for module, name, wrong in changes:
            broken.setattr(module, name, wrong)
        yield subject


def shows(one: Authority, mistake: str) -> bool:
    """Whether a figure of the authority is another with the mistake."""
    right = _answers(one, MISTAKES[mistake][0])
    with planted(mistake) as subject:
        return _answers(one, subject) != right


def _answers(of: Authority, subject: str) -> list[Any]:
    return [naive.figures(of.deliveries, subject, **vars(asked), reference=reference()) for asked in of.questions]


def drawn(number: int) -> Authority:
    return authority(Random(number), with_places())


@cache
def showing() -> dict[int, list[str]]:
    """TRIED_FIRST, and where they do not show every mistake others of the first `ENOUGH`: each (by number) with the
    mistakes that it is the first to show."""
    found: dict[int, list[str]] = {number: [] for number in TRIED_FIRST}
    left = set(MISTAKES)
    for number in (*TRIED_FIRST, *range(ENOUGH)):
        one = drawn(number)
        if own := [mistake for mistake in MISTAKES if mistake in left and shows(one, mistake)]:
            found[number] = found.get(number, []) + own
            left -= set(own)
        if not left:
            break
    return found
