"""Plans, timetables, destinations and the team's actions: one row each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import CTE, ColumnElement, Select, Table, and_, case, func, or_, select

from vs_core.queries.care import members
from vs_core.queries.children import is_restricted, people, places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, child_id, in_scope, is_listed, somebody
from vs_core.rules.destinations import NO_OFFER
from vs_core.rules.frame import Frame
from vs_core.store.schema import action, child, destination, pep, timetable

OFFERED = "Y"


def peps(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """Plans due in the period of the cohort's children: `child_key`, `child_id`, `is_listed`, `term`, `kind`, `due_on`,
    `initiated_on`, `meeting_on`, `finished_on`, `quality_assured_on`, `quality`, `child_voice`, `carer_voice`,
    `smart_targets`, `attendance_target`, `phase`."""
    names = ("term", "kind", "due_on", "initiated_on", "meeting_on", "finished_on", "quality_assured_on", "quality")
    more = ("child_voice", "carer_voice", "smart_targets", "attendance_target")
    member = members(frame.cohort, frame.start, frame.end, frame.known_on, scope)
    return (
        _of_members(pep, (*names, *more), member, frame.known_on, scope)
        .add_columns(*places(scope, pep.c.phase))
        .where(pep.c.due_on.between(frame.start, frame.end))
        .order_by(pep.c.due_on, pep.c.id)
    )


def planned(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Children of whom any file had a plan, of whatever term: `child_key`."""
    return select(pep.c.child_key).where(known(pep, known_on), in_scope(pep.c.child_key, scope)).distinct()


def timetables(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """Timetables of the children of the cohort on `as_at`, closed ones too: `child_key`, `child_id`, `is_listed`,
    `kind`, `start`, `end`, `review_due`, `reviewed_on`, `hours_per_week_hundredths`, `provider`, `reason` (as somebody
    wrote it, so read as a name is), `in_pep`, `weekly_cost_pence`."""
    row = timetable
    names = ("kind", "review_due", "reviewed_on", "hours_per_week_hundredths", "in_pep")
    member = members(frame.cohort, frame.as_at, frame.as_at, frame.known_on, scope)
    return (
        _of_members(row, (*names, "weekly_cost_pence"), member, frame.known_on, scope)
        .add_columns(*places(scope, row.c.provider), *people(scope, row.c.reason))
        .add_columns(row.c.started_on.label("start"), row.c.ended_on.label("end"))
        .order_by(row.c.started_on, row.c.id)
    )


def latest_destinations(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """The last record on or before `as_at` of each child of the cohort on it: `child_key`, `child_id`, `is_listed`,
    `on`, `status`, `provider`, `offer` (`Y` for one that names where a restricted child goes), `bursary`."""
    row = destination
    rank = func.row_number().over(partition_by=row.c.child_key, order_by=row.c.on.desc())
    member = members(frame.cohort, frame.as_at, frame.as_at, frame.known_on, scope)
    ranked = (
        _of_members(row, ("on", "status"), member, frame.known_on, scope)
        .add_columns(*places(scope, row.c.provider, row.c.bursary), _offer(scope), rank.label("rank"))
        .where(row.c.on <= frame.as_at)
        .subquery("ranked")
    )
    return select(*(column for column in ranked.c if column.name != "rank")).where(ranked.c.rank == 1)


def _offer(scope: Scope) -> ColumnElement[str]:
    """What the file says of an offer; of a restricted child only whether there is one."""
    said = destination.c.offer
    is_one = and_(said.is_not(None), func.lower(func.trim(said)).not_in(NO_OFFER))
    (shown,) = places(scope, said)
    return func.coalesce(shown, case((is_one, OFFERED))).label("offer")


def actions(as_at: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The team's actions opened by `as_at`, each as it stood on that day: `row_id` (of the state that held),
    `action_id`, `child_key`, `child_id` (empty: not about a child), `is_listed`, `subject`, `next_step`, `owner`,
    `due_on`, `opened_on`, `closed_on`, `outcome`. An adviser sees those about the caseload. Without the right to names,
    and of a restricted child unless allowed, `owner` says only that there is one, and what somebody wrote stays empty;
    so does `subject` of a restricted child."""
    row = action
    names = ("action_id", "child_key", "due_on", "opened_on", "closed_on")
    written = [*places(scope, row.c.subject), *people(scope, row.c.next_step, row.c.outcome)]
    owner = somebody(row.c.owner, is_restricted(), scope)
    own = row.c.child_key.is_(None) if scope.adviser is None else row.c.owner == scope.adviser
    by_then = as_at if known_on is None else min(as_at, known_on)
    return (
        select(child_id(scope), is_listed(row.c.child_key, scope), *(row.c[name] for name in names), owner, *written)
        .add_columns(row.c.id.label("row_id"))
        .select_from(with_current(row.outerjoin(child, child.c.id == row.c.child_key), row.c.child_key))
        .where(known(row, by_then), row.c.opened_on <= as_at, or_(own, in_scope(row.c.child_key, scope)))
        .order_by(row.c.due_on, row.c.action_id)
    )


def _of_members(table: Table, names: Sequence[str], member: CTE, known_on: date | None, scope: Scope) -> Select:
    source = member.join(table, table.c.child_key == member.c.child_key).join(child, child.c.id == table.c.child_key)
    whose = [table.c.child_key, child_id(scope), is_listed(table.c.child_key, scope)]
    columns = [*whose, *(table.c[name] for name in names)]
    return select(*columns).select_from(with_current(source, table.c.child_key)).where(known(table, known_on))
