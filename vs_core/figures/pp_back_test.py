"""The forecast to 31 March tried on finished financial years, with nothing but what was known on each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from vs_core.figures import fetch, pp_forecast
from vs_core.queries import pp_plus
from vs_core.queries.scope import EVERYTHING
from vs_core.rules import pp_back_test
from vs_core.rules.frame import Frame, financial_year_of_label
from vs_core.rules.measures_pp_plus import notice_at
from vs_core.rules.pp_back_test import Case, first_mondays
from vs_core.rules.pp_forecast import Known, now
from vs_core.rules.pp_forecast_answer import forecast
from vs_core.rules.pp_forecast_history import OUTSIDE, paid_in_the_end
from vs_core.rules.pp_plus import forecast as plain_forecast


def cases(connection: Connection, today: date) -> Iterator[Case]:
    """A case for the first Monday of each month of each financial year that is over, the earliest first, from the day
    on which requests and payments had both arrived. What was paid in the end is as known today."""
    in_the_end = pp_forecast.known(connection, Frame.for_subject("pp-plus", today))
    allocations = fetch.rows(connection, pp_plus.allocations(None))
    for year in sorted(in_the_end.years):
        last = financial_year_of_label(year)[1]
        notice = notice_at(allocations, year, last)
        if last < today and notice is not None and notice["amount_pence"]:
            truth = paid_in_the_end(in_the_end.years[year], year)
            yield from _of_year(connection, year, truth, int(notice["amount_pence"]))


def _of_year(connection: Connection, year: str, truth: int, allocation: int) -> Iterator[Case]:
    for day in first_mondays(year):
        frame = Frame.for_subject("pp-plus", day, day)
        if pp_forecast.has_arrived(connection, frame):
            known = pp_forecast.known(connection, frame, EVERYTHING)
            yield pp_back_test.case(known, forecast(known), _plain(known), truth, allocation)


def _plain(known: Known) -> int:
    own = now(known)
    is_run_left = known.first_left() < OUTSIDE
    return plain_forecast(
        own.paid_pence, own.recovered_pence, own.agreed_pence, own.open_pence, known.open_share, is_run_left
    )
