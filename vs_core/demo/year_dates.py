"""The published calendar of Westmere and its neighbours, which keep the same term dates."""

from datetime import date, timedelta

import pandas as pd

from vs_core.demo import names, terms
from vs_core.demo.plan import AUTHORITY, Plan
from vs_core.demo.world import Row, School


def rows(plan: Plan, schools: list[School]) -> pd.DataFrame:
    """Half terms and non-pupil days of each academic year, known from the year before; one school's closure."""
    listed = []
    years = range(terms.academic_year(plan.first_day) - 1, plan.year + 1)
    for authority in (AUTHORITY, *names.NEIGHBOURS):
        for year in years:
            known = max(plan.first_day, date(year, 3, 1))
            listed += [
                _row(known, authority, year, f"half term {half.number}", half.start, half.end)
                for half in terms.half_terms(year)
            ]
            listed += [
                _row(known, authority, year, "INSET (non-pupil day)", day, day) for day in terms.inset_days(year)
            ]
    closure = _closure(plan)
    if plan.first_day < closure <= plan.as_at:
        unused = next(school for school in schools if school.closed)
        listed.append(
            _row(closure, AUTHORITY, terms.academic_year(closure), "closure", closure, closure) | {"urn": unused.urn}
        )
    return pd.DataFrame([row for row in listed if row["_known"] <= plan.as_at])


def _closure(plan: Plan) -> date:
    return terms.after_school_days(plan.first_day + timedelta(days=20), 0)


def _row(known: date, authority: str, year: int, what: str, start: date, end: date) -> Row:
    return {
        "_known": known,
        "la": authority,
        "urn": "",
        "academic_year": terms.year_label(year, "-"),
        "what": what,
        "start": start,
        "end": end,
    }
