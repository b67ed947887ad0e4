"""Where young people go at 16 and after: figures and the young people behind them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch
from vs_core.figures.subject import Answer, Behind, SubjectFigures
from vs_core.queries import casework
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.destinations import NEET, NOT_KNOWN, POST_16_YEARS, with_destination
from vs_core.rules.frame import Frame

IN_EDUCATION_EMPLOYMENT_TRAINING = "in education, employment or training"


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `children` (of the cohort on `as_at` in years 11 to 13, with the latest `status`, its `outcome`, `on`,
    `provider`, `offer`, `bursary` and `has_offer`)."""
    known = children.of_cohort(connection, frame, scope, frame.as_at, frame.as_at)
    found = fetch.rows(connection, casework.latest_destinations(frame, scope))
    older = known[known["year_group"].isin(("11", *POST_16_YEARS))]
    rows = with_destination(older, found, frame)
    said = found[["child_key", "on", "provider", "offer", "bursary"]]
    return Answer(measures.post_16(known, found, frame), {"children": rows.merge(said, on="child_key", how="left")})


def _with_outcome(outcome: str) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        young = of.rows["children"]
        return young[young["year_group"].isin(POST_16_YEARS) & (young["outcome"] == outcome)]

    return rows


def _without_offer(of: SubjectFigures) -> pd.DataFrame:
    young = of.rows["children"]
    return young[(young["year_group"] == "11") & ~young["has_offer"].astype(bool)]


BEHIND: Mapping[str, Behind] = {
    "in_education_employment_training": _with_outcome(IN_EDUCATION_EMPLOYMENT_TRAINING),
    "neet": _with_outcome(NEET),
    "not_known": _with_outcome(NOT_KNOWN),
    "year_11_without_offer": _without_offer,
}
