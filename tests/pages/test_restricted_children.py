"""Children whose whereabouts are restricted: counted in every figure of every page, drawn only for who is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.pages.conftest import Open, viewer
from vs_core.access import roles
from vs_core.rules.frame import Frame
from vs_core.store.engine import engine
from vs_core.ui import load
from vs_core.ui.parts import groupings

PAGES = ("weekly_review", "triage", "cohort", "attendance", "exclusions", "pp_plus", "projects")
SENTENCE = "whereabouts are restricted"


def restricted() -> tuple[set[str], set[str]]:
    """Numbers of the restricted children, and their names as lists have them."""
    query = """select child_id, forename || ' ' || surname as name from child_details d join child c
               on c.id = d.child_key where d.known_to is null and d.restricted"""
    with engine().connect() as connection:
        rows = connection.execute(text(query)).all()
    return {row.child_id for row in rows}, {row.name for row in rows}


def drawn(test: AppTest) -> bytes:
    """Every byte that the page's run sent to the browser."""
    return b"".join(_bytes(test._tree))


def _bytes(block: object) -> Iterator[bytes]:
    for each in getattr(block, "children", {}).values():
        yield from _bytes(each)
    proto = getattr(block, "proto", None)
    if proto is not None:
        yield proto.SerializeToString()


def said(test: AppTest) -> bool:
    return any(SENTENCE in each.value for each in (*test.caption, *test.info))


OPENED = [(page, role) for page in PAGES for role in ("inclusion", "analyst") if roles.may_open(role, page)]


@pytest.mark.parametrize(("page", "role"), OPENED)
def test_they_are_counted_and_not_drawn(small: Open, page: str, role: str) -> None:
    named, other = small(page), small(page, role)
    if page != "weekly_review" or role == "inclusion":
        assert [metric.value for metric in other.metric] == [metric.value for metric in named.metric]
    numbers, names = restricted()
    assert [each for each in numbers | names if each.encode() in drawn(other)] == []
    assert not said(named)


def test_lists_say_how_many_and_hold_the_rest(small: Open) -> None:
    named, other = (small("cohort", role).dataframe[0].value for role in ("headteacher", "inclusion"))
    _, names = restricted()
    hidden = named["Child"].isin(names)
    assert hidden.sum() > 0
    assert set(other["Child"]) == set(named.loc[~hidden, "Child"])
    (sentence,) = [each.value for each in small("cohort", "inclusion").caption if SENTENCE in each.value]
    assert f"{hidden.sum()} child" in sentence
    assert [each for each in names if each.encode() in drawn(small("cohort"))]


@pytest.mark.parametrize("each", groupings.GROUPINGS, ids=lambda each: each.label)
def test_nothing_but_figures_is_told_of_them_by_a_division(small: Open, each: groupings.Grouping) -> None:
    small("cohort")
    frame = Frame.for_subject("cohort", SMALL_AUTHORITY_AS_AT)
    roll = load.of_subject(viewer("inclusion"), "cohort", frame).rows["roll"]
    hidden = ~roll["is_listed"].to_numpy(dtype=bool)
    assert hidden.sum() > 0
    assert (each.of(roll, frame)[hidden] == groupings.NOT_KNOWN).all() != each.is_a_figure
