"""Reference data as the rules read it: thresholds, codes, the school calendar, the projects."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, select, union

from vs_core.queries.knowledge import known
from vs_core.store.schema import (
    calendar_entry,
    code_value,
    licence,
    pp_policy,
    pp_rate,
    project,
    project_place,
    project_usage,
    reference_change,
    register_code,
    school,
    suspension_reason,
    threshold,
)


def thresholds() -> Select:
    """`name`, `value` (text), `unit`, `meaning`, `starts_on`, `ends_on`, `source`, `unconfirmed`."""
    names = ("name", "value", "unit", "meaning", "starts_on", "ends_on", "source", "unconfirmed")
    return select(*(threshold.c[name] for name in names))


def register_codes() -> Select:
    """`code`, `meaning`, `statistical_class`, `starts_on`, `ends_on` of the school register."""
    names = ("code", "meaning", "statistical_class", "starts_on", "ends_on")
    return select(*(register_code.c[name] for name in names))


def suspension_reasons() -> Select:
    """`code`, `meaning`, `starts_on`, `ends_on`."""
    return select(*(suspension_reason.c[name] for name in ("code", "meaning", "starts_on", "ends_on")))


def code_values(lists: Collection[str]) -> Select:
    """`list`, `code`, `meaning`, `starts_on`, `ends_on` of the named lists."""
    names = ("list", "code", "meaning", "starts_on", "ends_on")
    return select(*(code_value.c[name] for name in names)).where(code_value.c.list.in_(lists))


def calendar(known_on: date | None) -> Select:
    """`la`, `urn` (empty: the whole authority), `academic_year`, `what`, `started_on`, `ended_on`, `school_key`."""
    row = calendar_entry
    return (
        select(
            row.c.la, row.c.academic_year, row.c.what, row.c.started_on, row.c.ended_on, row.c.school_key, school.c.urn
        )
        .join_from(row, school, school.c.id == row.c.school_key)
        .where(known(row, known_on))
    )


def pp_rates() -> Select:
    """`financial_year`, `fund`, `rate_pence` (a child and year), `starts_on`, `ends_on`, `source`, `unconfirmed`."""
    names = ("financial_year", "fund", "rate_pence", "starts_on", "ends_on", "source", "unconfirmed")
    return select(*(pp_rate.c[name] for name in names))


def pp_policies() -> Select:
    """`policy`, `name`, `value` (text), `unit`, `meaning`, `starts_on`, `ends_on`, `source`, `unconfirmed`."""
    names = ("policy", "name", "value", "unit", "meaning", "starts_on", "ends_on", "source", "unconfirmed")
    return select(*(pp_policy.c[name] for name in names)).order_by(pp_policy.c.id)


def changes(known_on: date | None) -> Select:
    """What people had changed of the lists by the end of a day, in order: `id`, `list`, `subject`, `name`, `value`,
    `starts_on`, `ends_on`, `source`, `unconfirmed`, `known_from`, `written_at`, `written_by`."""
    row = reference_change
    query = select(row).order_by(row.c.id)
    return query if known_on is None else query.where(row.c.known_from <= known_on)


def projects() -> Select:
    """The list of projects, in its order: `name`, `years_from`, `years_to`, `cohorts` (`;` between),
    `minutes_per_week`, `target`, `unit_cost_pence`, `starts_on`, `ends_on`."""
    names = ("name", "years_from", "years_to", "cohorts", "minutes_per_week", "target", "unit_cost_pence")
    return select(*(project.c[name] for name in (*names, "starts_on", "ends_on"))).order_by(project.c.id)


def project_names(known_on: date | None) -> Select:
    """Names of projects that places, use or licences mention: `project`."""
    tables = (project_place, project_usage, licence)
    named = union(*(select(table.c.project).where(known(table, known_on)) for table in tables)).subquery("named")
    return select(named.c.project)
