"""The invented team's actions: each is about one of the cast, and a past Monday knows what had been taken on then."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from tests.conftest import SMALL_AUTHORITY_AS_AT
from vs_core.demo.team import ACTIONS, write_actions
from vs_core.figures import compute
from vs_core.rules.frame import Frame
from vs_core.store.engine import reading, writing
from vs_core.store.schema import action


@pytest.fixture
def acted(small_authority: Engine) -> Engine:
    with writing(small_authority) as connection:
        write_actions(connection, SMALL_AUTHORITY_AS_AT)
    return small_authority


def _figures(engine: Engine, day: date) -> dict[str, int]:
    with reading(engine) as connection:
        answer = compute(connection, "actions", Frame.for_subject("actions", day, known_on=day))
    return {key: answer.figures[key] for key in ("open", "overdue")}


@pytest.mark.parametrize("weeks_ago", [0, 1, 3, 10])
def test_a_past_day_knows_what_was_open_then(acted: Engine, weeks_ago: int) -> None:
    days_ago = 7 * weeks_ago
    standing = [each for each in ACTIONS if each.opened >= days_ago and (each.closed is None or each.closed < days_ago)]
    late = [each for each in standing if each.due > days_ago]
    expected = {"open": len(standing), "overdue": len(late)}
    assert _figures(acted, SMALL_AUTHORITY_AS_AT - timedelta(days=days_ago)) == expected


def test_an_adviser_owns_what_is_about_a_child_of_the_caseload(acted: Engine) -> None:
    with reading(acted) as connection:
        owners = set(connection.scalars(select(action.c.owner)))
    assert {"Inclusion (demo)", "Operations (demo)"} < owners
    assert "Adviser (demo)" not in owners
    assert len(owners) > 3
