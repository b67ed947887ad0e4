"""Where the money goes, on the page: who is told what, and that it adds up to the tiles."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.pages.conftest import Open
from vs_core.figures import compute
from vs_core.rules import pp_spend as rules
from vs_core.rules.frame import Frame
from vs_core.store.engine import reading
from vs_core.ui.parts import pp_without
from vs_core.ui.parts.pp_spend import LABELS


def table(test: AppTest, *columns: str):
    return next((each.value for each in test.dataframe if set(columns) <= set(each.value.columns)), None)


def said(test: AppTest) -> str:
    return " ".join(each.value for each in (*test.markdown, *test.caption, *test.info)).replace("\\", "")


@pytest.mark.parametrize("division", rules.DIVISIONS)
def test_the_table_adds_up_to_the_tiles_whatever_divides_it(small: Open, division: str) -> None:
    test = small("pp_plus", "operations", spend=LABELS[division])
    shown = table(test, "Paid", "Committed", "Asked for", "A child")
    tiles = {each.label: each.value for each in test.metric}
    assert shown is not None
    for column, tile in (("Paid", "Paid"), ("Committed", "Committed"), ("Asked for", "Requested")):
        assert f"£{shown[column].sum():,.0f}" == tiles[tile]


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
    tile = next(each.value for each in test.metric if each.label == "Nothing requested")
    assert shown is not None
    assert f"{shown['With nothing requested'].sum():,}" == tile


def test_every_eligible_child_is_in_one_group(small: Open) -> None:
    with reading() as connection:
        money = compute(connection, "pp-plus", Frame.for_subject("pp-plus", SMALL_AUTHORITY_AS_AT))
    for division in (pp_without.YEAR, pp_without.NEED):
        assert pp_without.by_group(money, division)["eligible"].sum() == len(money.rows["children"])
