"""Where the money goes, on the page: who is told what, and that it adds up to the figures."""

from __future__ import annotations

import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.pages.conftest import Open
from vs_core.figures import compute
from vs_core.rules import pp_spend as rules
from vs_core.rules.frame import Frame
from vs_core.store.engine import reading
from vs_core.store.schema import pp_request
from vs_core.ui.parts import pp_without
from vs_core.ui.parts.pp_spend import LABELS


def table(test: AppTest, *columns: str):
    return next((each.value for each in test.dataframe if set(columns) <= set(each.value.columns)), None)


def said(test: AppTest) -> str:
    return " ".join(each.value for each in (*test.markdown, *test.caption, *test.info)).replace("\\", "")


@pytest.mark.parametrize("division", [rules.AREA, rules.SCHOOL])
def test_the_table_adds_up_to_the_figures_whatever_divides_it(small: Open, division: str) -> None:
    test = small("pp_plus", "operations", spend=LABELS[division])
    shown = table(test, "Paid", "Committed", "Asked for", "A child")
    with reading() as connection:
        figures = compute(connection, "pp-plus", Frame.for_subject("pp-plus", SMALL_AUTHORITY_AS_AT)).figures
    assert shown is not None
    for column, key in zip(("Paid", "Committed", "Asked for"), rules.AMOUNTS, strict=True):
        assert round(shown[column].sum() * 100) == figures[key]


def test_a_row_of_the_address_opens_its_requests(small: Open) -> None:
    test = small("pp_plus", "operations", spend="Phase", spend_of="primary")
    requests = table(test, "Year then", "Intervention")
    groups = table(test, "Phase", "Asked for").set_index("Phase")
    assert requests is not None
    assert len(requests) <= groups.loc["Primary", "Requests"]
    assert set(requests["Year then"]) <= {"Reception", *(f"Year {number}" for number in range(1, 7))}


def test_an_unknown_division_and_an_unknown_row_are_the_usual_ones(small: Open) -> None:
    test = small("pp_plus", "operations", spend="<x>", spend_of="<y>", without="<z>")
    assert table(test, "Area of spending", "Paid") is not None
    assert "Choose a row to see its requests." in said(test)


def test_the_analyst_sees_the_sums_and_no_name(small: Open) -> None:
    test = small("pp_plus", "analyst", spend="School", spend_of="not-shown-whereabouts-restricted")
    assert table(test, "School", "A child") is not None
    requests = table(test, "Year then")
    assert requests is None or requests["Child"].str.startswith("#").all()


@pytest.mark.parametrize("division", pp_without.DIVISIONS)
def test_children_with_nothing_requested_add_up_by_group(small: Open, division: str) -> None:
    test = small("pp_plus", "operations", without=division)
    shown = table(test, "With nothing requested", "Eligible")
    with reading() as connection:
        figures = compute(connection, "pp-plus", Frame.for_subject("pp-plus", SMALL_AUTHORITY_AS_AT)).figures
    assert shown is not None
    assert shown["With nothing requested"].sum() == figures["children_without_spend"]


def test_every_eligible_child_is_in_one_group(small: Open) -> None:
    with reading() as connection:
        money = compute(connection, "pp-plus", Frame.for_subject("pp-plus", SMALL_AUTHORITY_AS_AT))
    for division in (pp_without.YEAR, pp_without.NEED):
        assert pp_without.by_group(money, division)["eligible"].sum() == len(money.rows["children"])


def test_what_came_of_it_counts_and_lists_and_claims_no_cause(small: Open) -> None:
    test = small("pp_plus", "operations", part="What came of it")
    assert "no claim of cause" in said(test)
    assert table(test, "Cases", "Median change, points") is not None


def test_an_authority_without_data_has_nothing_to_tell(empty: Open) -> None:
    assert not empty("pp_plus", "headteacher", part="What came of it").exception


def test_a_childs_page_has_its_requests_for_who_may_see_money(small: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "page_link", lambda *_, **__: None)
    with reading() as connection:
        key = connection.scalar(select(func.min(pp_request.c.child_key)))
    test = small("child", "headteacher", child=str(key))
    shown = table(test, "Where it stands", "Attendance", "Impact")
    assert shown is not None
    assert table(test, "Step", "Day") is not None
    assert "approved," in said(test)


def test_bars_of_many_schools_still_add_up_to_all_children() -> None:
    groups = pd.DataFrame({"group": [f"S{number}" for number in range(20)], "children": [2] * 19 + [0]})
    drawn = pp_without.bars(groups)
    assert (len(drawn), drawn["children"].sum()) == (pp_without.MOST_DRAWN, 38)
    assert drawn["group"].iloc[-1] == "6 others together"
    assert pp_without.bars(groups.head(3)).equals(groups.head(3))
