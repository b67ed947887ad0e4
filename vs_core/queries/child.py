"""All that is on record of children, over every year: what the page of one child tells in order of time.

Each gives the rows of the children that the viewer may open, one by one; `scope.child` narrows them to one child.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, select

from vs_core.queries.children import people, places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.pp_plus import requests_of_restricted
from vs_core.queries.scope import EVERYTHING, Scope, hidden_if_restricted, may_open
from vs_core.store.schema import (
    admission,
    cohort_membership,
    custody,
    destination,
    enrolment,
    pep,
    pp_payment,
    pp_request,
    school,
    school_details,
    ssda903_episode,
)


def episodes(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Episodes of care as returned: `child_key`, `started_on`, `ended_on`, `legal_status`, `reason_new_episode`,
    `reason_ceased`, `placement`, `placement_provider`."""
    row = ssda903_episode
    names = ("started_on", "ended_on", "legal_status", "reason_new_episode", "reason_ceased")
    where = places(scope, row.c.placement, row.c.placement_provider)
    return _rows(row, row, names, known_on, scope).add_columns(*where)


def memberships(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Days in the other cohorts: `child_key`, `cohort`, `started_on`, `ended_on`, `type`."""
    row = cohort_membership
    return _rows(row, row, ("cohort", "started_on", "ended_on", "type"), known_on, scope)


def rolls(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Enrolments: `child_key`, `started_on`, `ended_on`, `year_group`, `status`, `urn`, `school`."""
    row = enrolment
    names = ("started_on", "ended_on", "year_group", "status")
    return _rows(row, _at_school(row, known_on), names, known_on, scope).add_columns(*_school(scope))


def plans(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Personal education plans of every term: `child_key`, `term`, `kind`, `due_on`, `initiated_on`, `meeting_on`,
    `finished_on`, `quality_assured_on`, `quality`, `child_voice`, `carer_voice`, `attendance_target`."""
    names = ("term", "kind", "due_on", "initiated_on", "meeting_on", "finished_on", "quality_assured_on", "quality")
    more = ("child_voice", "carer_voice", "attendance_target")
    return _rows(pep, pep, (*names, *more), known_on, scope).order_by(pep.c.due_on)


def requests(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Requests for money of every year: `child_key`, `request_id`, `term`, `fund`, `amount_pence`,
    `approved_amount_pence`, `area`, `status`, `requested_on`, `decided_on`, `intervention`, `target`, `impact`."""
    row = pp_request
    names = ("request_id", "term", "fund", "amount_pence", "approved_amount_pence", "area", "status")
    written = (*places(scope, row.c.intervention), *people(scope, row.c.target, row.c.impact))
    return _rows(row, row, (*names, "requested_on", "decided_on"), known_on, scope).add_columns(*written)


def payments(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Payments for the requests of children: `child_key`, `payment_id`, `request_id`, `amount_pence`, `status`,
    `paid_on`, `urn`, `school`. Who was paid for a restricted child is where it is."""
    row, asked = pp_payment, pp_request
    is_hidden = row.c.request_id.in_(requests_of_restricted())
    names = ("payment_id", "request_id", "amount_pence", "status", "paid_on")
    source = _at_school(row, known_on).join(asked, and_(asked.c.request_id == row.c.request_id, known(asked, known_on)))
    whom = (school.c.urn, school_details.c.name.label("school"))
    return (
        select(
            asked.c.child_key,
            *(row.c[name] for name in names),
            *(hidden_if_restricted(column, is_hidden, scope) for column in whom),
        )
        .select_from(source)
        .where(known(row, known_on), may_open(asked.c.child_key, scope))
    )


def destinations(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Records of where young people went: `child_key`, `on`, `status`, `provider`, `offer`."""
    row = destination
    where = places(scope, row.c.provider, row.c.offer)
    return _rows(row, row, ("on", "status"), known_on, scope).add_columns(*where)


def custodies(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Stays in custody: `child_key`, `started_on`, `ended_on`, `expected_release`, `education_assessed_on`,
    `pep_shared_on`, `setting` (SCH, STC, YOI)."""
    row = custody
    names = ("started_on", "ended_on", "expected_release", "education_assessed_on", "pep_shared_on")
    return _rows(row, row, names, known_on, scope).add_columns(*places(scope, row.c.setting))


def searches(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """School places that were sought: `child_key`, `needed_on`, `applied_on`, `decided_on`, `directed_on`,
    `started_on`, `decision`, `urn`, `school`."""
    row = admission
    names = ("needed_on", "applied_on", "decided_on", "directed_on", "started_on", "decision")
    return _rows(row, _at_school(row, known_on), names, known_on, scope).add_columns(*_school(scope))


def _rows(table: Table, source: FromClause, names: Sequence[str], known_on: date | None, scope: Scope) -> Select:
    return (
        select(table.c.child_key, *(table.c[name] for name in names))
        .select_from(with_current(source, table.c.child_key))
        .where(known(table, known_on), may_open(table.c.child_key, scope))
    )


def _at_school(table: Table, known_on: date | None) -> FromClause:
    place = and_(school_details.c.school_key == table.c.school_key, known(school_details, known_on))
    return table.join(school, school.c.id == table.c.school_key).outerjoin(school_details, place)


def _school(scope: Scope) -> list[ColumnElement[str]]:
    return places(scope, school.c.urn, school_details.c.name.label("school"))
