"""How figures and days are said, and which days a period holds."""

from datetime import date

import pytest

from vs_core.rules import periods
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.periods import HalfTerm
from vs_core.ui import freshness, words
from vs_core.ui.filters import Chosen

HALVES = [
    HalfTerm(5, date(2026, 4, 13), date(2026, 5, 22)),
    HalfTerm(6, date(2026, 6, 1), date(2026, 7, 21)),
    HalfTerm(1, date(2026, 9, 2), date(2026, 10, 23)),
    HalfTerm(2, date(2026, 11, 2), date(2026, 12, 18)),
]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "count", None),
        (float("nan"), "percent", None),
        (0, "count", "0"),
        (1141, "count", "1,141"),
        (92.2144, "percent", "92.2%"),
        (2124000, "pence", "£21,240"),
        (156_020_000, "pence", "£1.560m"),
        (-1200, "pence", "-£12"),
        (212.5, "days", "212.5"),
        (4.0, "days", "4"),
        (True, "boolean", "yes"),
    ],
)
def test_a_figure_in_its_unit(value: float | None, unit: str, said: str | None) -> None:
    assert words.figure(value, unit) == said


@pytest.mark.parametrize(
    ("now", "before", "unit", "said"),
    [
        (9, 0, "count", "+9"),
        (91.8, 92.1, "percent", "-0.3 pts"),
        (91.81, 91.84, "percent", "0"),
        (5, 5, "count", "0"),
        (None, 5, "count", None),
        (120_000, 0, "pence", "+£1,200"),
    ],
)
def test_a_change(now: float | None, before: float | None, unit: str, said: str | None) -> None:
    assert words.change(now, before, unit) == said


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("![x](y)\n# a & b", r"\!\[x\]\(y\) \# a \& b"),
        ("Anna-Lena, 09:15:07", r"Anna\-Lena, 09\:15\:07"),
        ("http://192.0.2.1/x.png", r"http:small[]\://192\.0\.2\.1/x\.png"),
        ("www.far.example", r"ww:small[]w\.far\.example"),
        ("me@far.example", r"me@:small[]far\.example"),
        (":material/home:", r"\::small[]material/home\:"),
        (":smile:", r"\::small[]smile\:"),
        ("a <-> b", r"a \<:small[]\-:small[]\> b"),
    ],
)
def test_text_is_never_markdown(text: str, source: str) -> None:
    """How it is drawn is seen in a browser: `tests/browser/test_hostile_names.py`."""
    assert words.plain(text) == source


@pytest.mark.parametrize(
    ("period", "as_at", "first"),
    [
        (periods.WEEK, date(2026, 11, 20), date(2026, 11, 16)),
        (periods.HALF_TERM, date(2026, 11, 20), date(2026, 11, 2)),
        (periods.HALF_TERM, date(2026, 10, 28), date(2026, 9, 2)),
        (periods.TERM, date(2026, 11, 20), date(2026, 9, 2)),
        (periods.TERM, date(2026, 6, 10), date(2026, 4, 13)),
        (periods.ACADEMIC_YEAR, date(2026, 11, 20), date(2026, 9, 1)),
        (periods.FINANCIAL_YEAR, date(2027, 3, 31), date(2026, 4, 1)),
        (periods.TWELVE_MONTHS, date(2026, 11, 20), date(2025, 11, 21)),
        (periods.TWELVE_MONTHS, date(2028, 2, 29), date(2027, 3, 1)),
    ],
)
def test_the_first_day_of_a_period(period: str, as_at: date, first: date) -> None:
    assert periods.first_day(period, as_at, HALVES) == first


def test_a_term_without_a_calendar_goes_by_season() -> None:
    assert periods.first_day(periods.TERM, date(2026, 2, 1)) == date(2026, 1, 1)
    assert periods.first_day(periods.TERM, date(2026, 5, 1)) == date(2026, 4, 6)
    assert periods.HALF_TERM not in periods.offered([])


def test_what_is_shown_is_said_in_one_line() -> None:
    frame = Frame(date(2026, 11, 20), None, date(2026, 9, 1), date(2026, 11, 20))
    assert Chosen(frame).sentence == "Children in care, 1 Sep to 20 Nov 2026, as known today"
    then = Frame(date(2026, 11, 20), date(2026, 11, 20), date(2025, 11, 21), date(2026, 11, 20), "kinship")
    assert Chosen(then, Narrowing("secondary")).sentence == (
        "Children in kinship care, secondary, 21 Nov 2025 to 20 Nov 2026, as known on 20 Nov 2026"
    )


def test_freshness_says_when_nothing_came() -> None:
    frame = Frame(date(2026, 11, 20), None, date(2026, 9, 1), date(2026, 11, 20))
    assert freshness.sentence(frame, None, "Registers") == (
        "As at 20 Nov 2026, as known today. Registers have not arrived yet."
    )
