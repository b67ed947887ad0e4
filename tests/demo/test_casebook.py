"""What the invented team wrote: of each kind, about no restricted child, so that there is an effect to look at."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from tests.conftest import SMALL_AUTHORITY_AS_AT as TODAY
from vs_core.demo.casebook import CASES, MOST, write_casebook
from vs_core.demo.team import write_actions
from vs_core.figures import effects
from vs_core.queries import case_entries, casework
from vs_core.queries.scope import restricted_keys
from vs_core.rules import effect
from vs_core.store.engine import reading, writing
from vs_core.store.schema import case_entry


@pytest.fixture
def acted(small_authority: Engine) -> Engine:
    with writing(small_authority) as connection:
        write_actions(connection, TODAY)
        write_casebook(connection, TODAY)
    return small_authority


def test_every_kind_is_written_on_school_days_and_about_nobody_hidden(acted: Engine) -> None:
    with reading(acted) as connection:
        rows = connection.execute(case_entries.entries(TODAY, None)).all()
        hidden = set(connection.scalars(restricted_keys()))
        numbers = [row.action_id for row in connection.execute(casework.actions(TODAY, None))]
        outcomes = connection.scalars(select(case_entry.c.outcome)).all()
    assert {row.kind for row in rows} == {"contact", "snooze", "referral"}
    assert {row.child_key for row in rows} & hidden == set()
    assert len({row.child_key for row in rows}) > len(CASES) - 2
    assert len({row.child_key for row in rows}) <= MOST
    assert all(row.on.weekday() < 5 for row in rows)
    assert len(numbers) == len(set(numbers))
    assert any(outcomes)


def test_there_is_an_effect_to_look_at(acted: Engine) -> None:
    with reading(acted) as connection:
        kinds = effect.by_kind(effects.effects(connection, TODAY, None, authority="Westmere"))
    known = kinds[kinds["cases"] > 0]["kind"]
    assert {"action", "contact", "referral: attendance entitlement officer"} <= set(known)


def test_behind_each_kind_stand_its_cases_with_their_children(acted: Engine) -> None:
    with reading(acted) as connection:
        rows = effects.effects(connection, TODAY, None, authority="Westmere")
        cases = effects.with_children(connection, rows, TODAY, None)
    assert list(cases["child_key"]) == list(rows["child_key"])
    assert cases["surname"].notna().all()
    kinds = effect.by_kind(rows)
    counted = kinds[["cases", "not_yet", "too_few"]].sum(axis=1)
    assert dict(zip(kinds["kind"], counted, strict=True)) == dict(cases["kind"].value_counts())
