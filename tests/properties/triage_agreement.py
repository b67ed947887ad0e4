"""Where the worklist, the reconciliations and the effects of the product differ from the second computation."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, insert, select

from tests.naive import effect, reconciling, replay, triage
from tests.naive.school_days import SchoolDays
from tests.naive.setting import Setting
from tests.naive.triage import Limits, Question, Written
from tests.properties.agreement import _taken_in
from tests.properties.triage_authorities import Team
from vs_core.figures import effects
from vs_core.figures import reconciling as product_reconciling
from vs_core.figures import triage as product
from vs_core.store import schema
from vs_core.store.engine import reading, writing

OURS = "Westmere"
SAME = ("score", "possible_sessions", "absent_sessions", "attendance_percent", "last_weeks", "recent_percent",
        "change_points", "sessions_left", "can_reach_90", "can_reach_95", "last_contact_on", "contact_school_days",
        "due_on", "is_overdue", "snoozed_until")  # fmt: skip
EFFECT_DAYS, EFFECT_FEWEST = "effect_school_days", "effect_fewest_sessions"


def disagreements(engine: Engine, team: Team, folder: Path, limits: Limits) -> list[str]:
    """A line for each row refused and each thing on which the two differ."""
    refused = [line for delivery in team.deliveries for line in _taken_in(engine, delivery, folder)]
    with writing(engine) as connection:
        _write(connection, team.written)
    with reading(engine) as connection:
        return refused + differing(connection, team, limits)


def differing(connection: Connection, team: Team, limits: Limits) -> list[str]:
    """A line for each thing on which the two differ, of an authority already taken in."""
    q = question(connection, team, limits)
    return [*_lists(connection, team, q), *_reconciliations(connection, team, q), *_effects(connection, team, q)]


def question(connection: Connection, team: Team, limits: Limits) -> Question:
    known = replay(team.deliveries, team.known_on or date.max - timedelta(days=1))
    year = date(team.as_at.year - (team.as_at.month < 9), 9, 1)
    s = Setting(known, team.as_at, year, team.as_at, "in care", False, {})
    named = set(connection.scalars(select(schema.child.c.child_id)))
    then = team.known_on or date.max
    written = [w for w in team.written if w.on <= then and w.child in named]
    return Question(s, SchoolDays(s, OURS), limits, written, _came(team))


def _came(team: Team) -> dict[str, date]:
    rows = [
        (row["notice_id"], each.known_on) for each in team.deliveries if each.kind == "exclusions" for row in each.rows
    ]
    return {notice: min(on for other, on in rows if other == notice) for notice, _ in rows}


def _write(connection: Connection, written: Sequence[Written]) -> None:
    keys = {row.child_id: row.id for row in connection.execute(select(schema.child.c.id, schema.child.c.child_id))}
    for number, one in enumerate(written, start=1):
        if one.child not in keys:
            continue
        about = {"child_key": keys[one.child], "known_from": one.on, "written_by": "test"}
        if one.kind == "action":
            own = {"action_id": number, "subject": "attendance", "next_step": "Ring", "opened_on": one.on,
                   "due_on": one.until, "closed_on": one.closed}  # fmt: skip
            connection.execute(insert(schema.action).values(**about, **own, written_at=datetime(2026, 1, 1)))
        else:
            own = {"happened_on": one.on, "written_at": datetime(2026, 1, 1, tzinfo=UTC), **_of_kind(one)}
            connection.execute(insert(schema.case_entry).values(**about, **own))


def _of_kind(one: Written) -> dict[str, Any]:
    more = {
        "contact": {"how": "phone", "with_whom": "school"},
        "snooze": {"until_on": one.until},
        "referral": {"referred_to": "PP+ request"},
    }
    return {"kind": one.kind, "said": "something", **more.get(one.kind, {})}


def _lists(connection: Connection, team: Team, q: Question) -> Iterator[str]:
    rows = product.worklist(connection, team.as_at, team.known_on, authority=OURS)
    found = {row["child_id"]: row for row in rows.to_dict("records")}
    expected = {row["child_id"]: row for row in triage.worklist(q)}
    if sorted(found) != sorted(expected):
        yield f"children: product {sorted(found)}, by hand {sorted(expected)}"
    order = [(-row["score"], _nothing_last(row["attendance_percent"])) for row in found.values()]
    if order != sorted(order):
        yield f"order: {order}"
    for child in sorted({*found} & {*expected}):
        one, other = found[child], expected[child]
        parts = dict(zip(one["parts"], one["points"], strict=True))
        pairs = [("parts", parts, other["parts"]), *((name, one[name], other[name]) for name in SAME)]
        yield from (f"{child}.{name}: product {a!r}, by hand {b!r}" for name, a, b in pairs if not same(a, b))
        if None not in other["first_on"] and one["first_on"] not in other["first_on"]:
            yield f"{child}.first_on: product {one['first_on']}, by hand {other['first_on']}"
        if len(one["reasons"]) != len(one["parts"]):
            yield f"{child}: {one['reasons']} for {one['parts']}"


def _nothing_last(percent: Any) -> float:
    return 101.0 if percent is None or pd.isna(percent) else percent


def _reconciliations(connection: Connection, team: Team, q: Question) -> Iterator[str]:
    rows = product_reconciling.reconciliations(connection, team.as_at, team.known_on, authority=OURS)
    names = ["kind", "child_id", "urn", "first_on", "last_on", "sessions"]
    found = sorted(tuple(row) for row in rows[names].itertuples(index=False))
    expected = reconciling.rows(q.s, q.days, q.limits["no_reason_code_school_days"])
    if found != expected:
        one, other = ({*found} - {*expected}, {*expected} - {*found})
        yield f"reconciliations: product only {sorted(one)}, by hand only {sorted(other)}"
    counted = product_reconciling.counts(rows).set_index("kind")
    for kind in counted.index:
        own = [row for row in expected if row[0] == kind]
        told = (int(counted.loc[kind, "children"]), int(counted.loc[kind, "sessions"]))
        if told != (len({row[1] for row in own}), sum(row[5] for row in own)):
            yield f"{kind}: {told} counted of {own}"


def _effects(connection: Connection, team: Team, q: Question) -> Iterator[str]:
    rows = effects.effects(connection, team.as_at, team.known_on, authority=OURS)
    found = sorted(_effect(row) for row in rows.to_dict("records"))
    done = [one for one in q.written if one.kind in ("contact", "action", "referral") and one.on <= team.as_at]
    expected = sorted(_expected(q, one) for one in done)
    if found != expected:
        yield f"effects: product {found}, by hand {expected}"


def _effect(row: dict[str, Any]) -> tuple[Any, ...]:
    sides = [(row[f"{side}_possible"], row[f"{side}_attended"]) for side in ("before", "after")]
    return row["child_id"], row["kind"].split(":")[0], row["on"], *sides, row["state"]


def _expected(q: Question, one: Written) -> tuple[Any, ...]:
    days = q.limits[EFFECT_DAYS]
    s = replace(q.s, start=date.min)
    sides = effect.sides(s, q.days, one.child, one.on, days)
    few = min(possible for possible, _ in sides) < q.limits[EFFECT_FEWEST]
    is_over = effect.is_over(s, q.days, one.child, one.on, days)
    return one.child, one.kind, one.on, *sides, "not yet" if not is_over else "too few sessions" if few else "known"


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if expected is None or isinstance(expected, date):
        return found == expected if expected else found is None or bool(pd.isna(found))
    if isinstance(expected, bool):
        return bool(found) is expected
    if isinstance(expected, float):
        return bool(found == pytest.approx(expected, rel=0, abs=1e-9))
    return bool(found == expected)
