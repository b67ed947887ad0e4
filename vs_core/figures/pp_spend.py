"""Where the year's Pupil Premium Plus goes: each request with its groups."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import fetch, with_children
from vs_core.queries import care, children, pp_spend
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import pp_spend as rules
from vs_core.rules.cohorts import Enrolment, phase, year_group
from vs_core.rules.frame import Frame


def lines(connection: Connection, frame: Frame, authority: str, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """The rows of `rules.pp_spend.lines` for the financial year of `frame.end`: they add up to its figures."""
    of = with_children.pp_plus(connection, frame, scope)
    found = facts(connection, frame, authority, scope).drop(columns=["child_key", "is_listed"])
    return rules.lines(of.rows["requests"], of.rows["payments"], found)


def facts(connection: Connection, frame: Frame, authority: str, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """Requests of the year with what they are grouped by: `request_id`, `child_key`, `is_listed`, `out_of_county`,
    `year_then` and `phase_then` (the child's on the day on which the request was made)."""
    rows = fetch.rows(connection, pp_spend.facts(frame.known_on, frame.financial_year, authority, scope))
    groups = _year_groups(connection, rows, frame.known_on, scope)
    found = rows.assign(year_then=groups, phase_then=[phase(group) for group in groups])
    return found.drop(columns="requested_on")


def _year_groups(connection: Connection, rows: pd.DataFrame, known_on: date | None, scope: Scope) -> list[str]:
    only = care.listed(sorted({int(key) for key in rows["child_key"]}))
    enrolments: dict[int, list[Enrolment]] = {}
    for row in connection.execute(children.enrolments(known_on, scope, only)).all():
        own = Enrolment(str(row.child_key), row.urn or "", row.started_on, row.ended_on, row.year_group, row.status)
        enrolments.setdefault(row.child_key, []).append(own)
    born = {row.child_key: row.born_on for row in connection.execute(children.births(known_on, scope, only)).all()}
    asked = zip(rows["child_key"], rows["requested_on"], strict=True)
    return ["not known" if pd.isna(on) else year_group(enrolments.get(key, ()), born.get(key), on) for key, on in asked]
