"""Suspensions and permanent exclusions: one row a notice."""

from __future__ import annotations

from sqlalchemy import Select, and_, select

from vs_core.queries.care import members
from vs_core.queries.children import is_restricted, places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, child_id, is_listed, opaque
from vs_core.rules.frame import Frame
from vs_core.store.schema import child, exclusion, school, school_details


def notices(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """Notices of the cohort's children that start in the period, in order.

    `notice_key`, `notice_id`, `child_key`, `child_id`, `is_listed`, `school_key`, `urn`, `school`, `la` (of the
    school), `start_date`, `start_session`, `end_date`, `category`, `sessions`, `reason1` to `reason3`, `status`,
    `consulted_virtual_school`, `notified_on`, `provision_from`, `reintegration_on`.
    """
    row, member = exclusion, members(frame.cohort, frame.start, frame.end, frame.known_on, scope)
    place = and_(school_details.c.school_key == row.c.school_key, known(school_details, frame.known_on))
    source = (
        row.join(member, member.c.child_key == row.c.child_key)
        .join(child, child.c.id == row.c.child_key)
        .join(school, school.c.id == row.c.school_key)
        .outerjoin(school_details, place)
    )
    its = (school_details.c.name.label("school"), school_details.c.la_name.label("la"))
    told = (row.c.notice_id, row.c.reason2, row.c.reason3)
    plain = ("child_key", "start_session", "category", "sessions", "reason1", "status", "consulted_virtual_school")
    return (
        select(
            child_id(scope),
            is_listed(row.c.child_key, scope),
            opaque(row.c.notice_key, row.c.notice_key, is_restricted(), scope),
            *places(scope, row.c.school_key, school.c.urn, *its, *told),
            *(row.c[name] for name in (*plain, "notified_on", "provision_from", "reintegration_on")),
            row.c.started_on.label("start_date"),
            row.c.ended_on.label("end_date"),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, frame.known_on), row.c.started_on.between(frame.start, frame.end))
        .order_by(row.c.started_on, row.c.notice_key)
    )
