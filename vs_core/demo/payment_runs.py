"""On which days the invented authority pays: the runs of `data/reference/thresholds.csv`, by `rules.pp_plus`."""

from datetime import date, timedelta

from vs_core.rules.frame import financial_year
from vs_core.rules.pp_plus import payment_runs

RUN_DAY, LAST_IN_MARCH = 20, 15
CLOSES_BEFORE = timedelta(days=5)
"""A batch is closed so long before its run."""


def run_after(ready: date) -> date:
    """The first run whose batch is still open on a day, be it of the next financial year."""
    later = ready + CLOSES_BEFORE
    runs = (*_runs(later), *_runs(date(later.year + 1, 5, 1)), *_runs(date(later.year, 5, 1)))
    return min(run for run in runs if run >= later)


def last_run(day: date) -> date:
    """The last run of the financial year of a day."""
    return _runs(day)[-1]


def ask_by(spring_end: date) -> date:
    """Until when schools are told to ask for a spring term's money, so that it can be paid by 31 March."""
    return last_run(date(spring_end.year, 3, 1)) - timedelta(days=14)


def _runs(day: date) -> list[date]:
    return payment_runs(financial_year(day), RUN_DAY, LAST_IN_MARCH)
