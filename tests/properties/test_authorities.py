"""The random authorities reach the edges: whatever mistake is made on purpose shows in a figure of some of them."""

from collections.abc import Callable
from datetime import date
from importlib import import_module
from random import Random
from typing import Any

import pytest

from tests import naive
from tests.naive import attendance, care, cohort, exclusions, pp_plus, projects, setting, years
from tests.properties.authorities import Authority, authority
from tests.properties.reference import projects as with_places
from tests.properties.reference import reference

REPLAY = import_module("tests.naive.replay")
ENOUGH = 250
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
    "who left was never there": ("projects", [(projects, "ENROLLED", ("enrolled", "completed"))]),
    "the first file stays": ("pep", [(REPLAY, "held", lambda dated, on: next((dated[known] for known in sorted(dated)
                                                                              if known <= on), None))]),
    "the last file wins": ("cohort", [(REPLAY, "held", lambda dated, on: ([None] + [dated[known] for known in dated
                                                                                  if known <= on])[-1])]),
}  # fmt: skip


@pytest.fixture(scope="module")
def some() -> list[Authority]:
    return [authority(Random(number), with_places()) for number in range(ENOUGH)]


def answers(of: Authority, subject: str) -> list[Any]:
    return [naive.figures(of.deliveries, subject, **vars(asked), reference=reference()) for asked in of.questions]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_shows(mistake: str, some: list[Authority], monkeypatch: pytest.MonkeyPatch) -> None:
    subject, changes = MISTAKES[mistake]
    for one in some:
        right = answers(one, subject)
        with monkeypatch.context() as broken:
            for module, name, wrong in changes:
                broken.setattr(module, name, wrong)
            if answers(one, subject) != right:
                return
    pytest.fail(f"no authority of {ENOUGH} shows it")
