"""What the team did about children, with attendance in the school days before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children as child_figures
from vs_core.figures import fetch, registers
from vs_core.queries import care, case_entries, casework, children, triage
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import effect
from vs_core.rules.case_history import CONTACT, REFERRAL
from vs_core.rules.cohorts import Enrolment, governing_enrolment
from vs_core.rules.effect import Windows
from vs_core.rules.frame import Frame
from vs_core.rules.register import percent_of

ACTION = "action"
LOOKED_BACK = timedelta(days=365)
Counts = tuple[int, int]
"""Possible and attended sessions."""


def effects(
    connection: Connection, as_at: date, known_on: date | None, scope: Scope = EVERYTHING, authority: str = ""
) -> pd.DataFrame:
    """One row a thing done about a child in the year up to the day, the latest first: contacts, referrals, and actions
    by the day on which they were opened.

    `child_key`, `child_id`, `is_listed`, `kind` (contact, `referral: PEP brought forward`, action), `on`, `entry_id` or
    `action_id`; `before_from`, `before_to`, `after_from`, `after_to` (ten school days each, by the child's school; the
    day itself in neither); `before_possible`, `before_attended`, `after_possible`, `after_attended`; `state`
    (`effect.KNOWN`, NOT_YET, TOO_FEW) and `sentence` where it is not known; `before_percent`, `after_percent`,
    `change_points` (empty where not known). It says what happened and not why (`rules.effect`)."""
    rows = _done(connection, as_at, known_on, scope)
    events = list(zip(rows["child_key"], rows["on"], strict=True))
    each = before_and_after(connection, events, as_at, known_on, scope, authority)
    return pd.concat([rows, each.set_axis(rows.index)], axis=1)


def with_children(
    connection: Connection, rows: pd.DataFrame, as_at: date, known_on: date | None, scope: Scope = EVERYTHING
) -> pd.DataFrame:
    """Rows of `effects`, with each child's `forename`, `surname`, `year_group` and `school` on the day."""
    frame = Frame(as_at, known_on, as_at, as_at)
    known = child_figures.details(connection, frame, scope, {int(key) for key in rows["child_key"]})
    own = known[["child_key", "forename", "surname", "year_group", "school"]]
    return rows.merge(own, on="child_key", how="left")


def before_and_after(
    connection: Connection,
    events: Sequence[tuple[int, date]],
    as_at: date,
    known_on: date | None,
    scope: Scope = EVERYTHING,
    authority: str = "",
) -> pd.DataFrame:
    """One row for each of `events` (`child_key` and a day), in their order: attendance in the school days before and
    after, in the columns that `effects` names from `before_from` on."""
    thresholds = fetch.thresholds(connection)
    days, fewest = (thresholds.whole(f"effect_{name}", as_at) for name in ("school_days", "fewest_sessions"))
    diary = registers.diary(connection, known_on, authority)
    schools = _schools(connection, sorted({int(key) for key, _ in events}), known_on, scope)
    around = {(key, on): effect.windows(on, days, diary, schools(key, on)) for key, on in events}
    counted = _counted(connection, around, known_on, scope)
    each = [_effect(around[key, on], counted, key, on, as_at, fewest) for key, on in events]
    return pd.DataFrame(each, columns=list(_COLUMNS))


_COLUMNS = (
    "before_from",
    "before_to",
    "after_from",
    "after_to",
    *effect.COUNTED,
    "state",
    "sentence",
    "before_percent",
    "after_percent",
    "change_points",
)


def _done(connection: Connection, as_at: date, known_on: date | None, scope: Scope) -> pd.DataFrame:
    entries = fetch.rows(connection, case_entries.entries(as_at, known_on, scope))
    entries = entries[entries["kind"].isin((CONTACT, REFERRAL))]
    named = [_kind(kind, to) for kind, to in zip(entries["kind"], entries["referred_to"], strict=True)]
    actions = fetch.rows(connection, casework.actions(as_at, known_on, scope)).rename(columns={"opened_on": "on"})
    actions = actions[actions["child_key"].notna()].assign(kind=ACTION, entry_id=None)
    names = ["child_key", "child_id", "is_listed", "kind", "on", "entry_id", "action_id"]
    parts = [entries.assign(kind=named)[names].astype(object), actions[names].astype(object)]
    every = pd.concat(parts, ignore_index=True)
    recent = every[pd.Series([on > as_at - LOOKED_BACK for on in every["on"]], every.index, dtype=bool)]
    ordered = recent.sort_values(["on", "child_key"], ascending=[False, True], kind="stable", ignore_index=True)
    return ordered.astype({"child_key": "int64", "is_listed": bool})


def _kind(kind: str, referred_to: Any) -> str:
    return f"{kind}: {referred_to}" if isinstance(referred_to, str) and referred_to else kind


def _schools(connection: Connection, keys: Sequence[int], known_on: date | None, scope: Scope) -> Any:
    """`(child_key, day)`: the URN of the school by whose days the child went, told to nobody."""
    only = care.listed(keys)
    found: dict[int, list[Enrolment]] = {}
    for row in connection.execute(children.enrolments(known_on, replace(scope, restricted=True), only)).all():
        own = Enrolment(str(row.child_key), row.urn, row.started_on, row.ended_on, row.year_group, row.status)
        found.setdefault(row.child_key, []).append(own)

    def school(key: int, on: date) -> str:
        enrolment = governing_enrolment(found.get(key, ()), on)
        return enrolment.urn if enrolment else ""

    return school


def _counted(
    connection: Connection, around: Mapping[tuple[int, date], Windows], known_on: date | None, scope: Scope
) -> dict[tuple[int, date, str], Counts]:
    """By child, day and side; a side without a mark is not there."""
    sides = [(key, on, side, days) for (key, on), each in around.items() for side, days in each._asdict().items()]
    windows = [(place, int(key), *days) for place, (key, _, _, days) in enumerate(sides)]
    found: dict[tuple[int, date, str], Counts] = {}
    for first in range(0, len(windows), triage.MOST_WINDOWS):
        part = windows[first : first + triage.MOST_WINDOWS]
        for row in connection.execute(triage.sessions_in(part, known_on, scope)).all():
            key, on, side, _ = sides[row.place]
            found[key, on, side] = (row.possible_sessions, row.attended_sessions)
    return found


def _effect(
    days: Windows, counted: Mapping[tuple[int, date, str], Counts], key: int, on: date, as_at: date, fewest: int
) -> dict[str, Any]:
    before, after = (counted.get((key, on, side), (0, 0)) for side in effect.SIDES)
    state = effect.state(days, before[0], after[0], as_at, fewest)
    shares = [percent_of(attended, possible) for possible, attended in (before, after)]
    if state != effect.KNOWN:
        shares = [None, None]
    return {
        **{
            f"{side}_{end}": day
            for side, span in days._asdict().items()
            for end, day in zip(("from", "to"), span, strict=True)
        },
        **dict(zip(effect.COUNTED, (*before, *after), strict=True)),
        "state": state,
        "sentence": effect.SAID.get(state, ""),
        "before_percent": shares[0],
        "after_percent": shares[1],
        "change_points": None if shares[0] is None or shares[1] is None else shares[1] - shares[0],
    }
