"""Requests and the policy on the page of Pupil Premium Plus: what is read, and who changes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.pages.conftest import Open
from vs_core.figures import fetch
from vs_core.rules.pp_add_ons import NOT_CHECKED
from vs_core.rules.pp_policy import NO_POLICY
from vs_core.store.engine import engine
from vs_core.ui import words
from vs_core.ui.parts import pp_parts

OPERATIONS = "operations"


def button(test: AppTest, label: str):
    return next((each for each in test.button if each.label == label), None)


def texts(test: AppTest) -> str:
    return " ".join(each.value for each in (*test.markdown, *test.caption, *test.success, *test.info))


def hidden(test: AppTest) -> int:
    """How many requests the list counts and does not show."""
    told = next((each.value for each in test.caption if "requests" in each.value and "listed" in each.value), "0")
    return int("".join(filter(str.isdigit, told.partition(".")[2])) or 0)


@pytest.fixture
def blank(over: Callable[[str], Open], prepared_url: str) -> Open:
    return over(prepared_url)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_policy_is_chosen_and_a_rate_confirmed_before_any_money_is_known(blank: Open) -> None:
    test = blank("pp_plus", OPERATIONS)
    assert words.plain(NO_POLICY) in texts(test)
    next(each for each in test.radio if each.key == "policy chosen").set_value("norfolk-like")
    button(test, "Save the choice").click().run()
    assert not test.exception
    assert "Norfolk" in texts(test)
    assert words.plain(NO_POLICY) not in texts(test)
    next(each for each in test.selectbox if each.key == "policy").set_value("Rates").run()
    next(each for each in test.checkbox if each.label.startswith("Confirmed")).check()
    next(each for each in test.number_input).set_value(2710.5)
    next(each for each in test.text_input if each.label.startswith("Source")).set_value("DfE, 2026-27")
    button(test, "Save").click().run()
    assert not test.exception
    with engine().connect() as connection:
        rate = fetch.pp_rates(connection)["2026-27", "PP+"]
        held = fetch.policy(connection, SMALL_AUTHORITY_AS_AT)
    assert (rate.pence, rate.unconfirmed, rate.source) == (271_050, False, "DfE, 2026-27")
    assert held is not None
    assert held.key == "norfolk-like"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_change_without_a_source_is_refused_in_words(blank: Open) -> None:
    test = blank("pp_plus", OPERATIONS, policy="Rates")
    next(each for each in test.text_input if each.label.startswith("Source")).set_value("")
    button(test, "Save").click().run()
    assert "The source is missing" in " ".join(each.value for each in test.error).replace("\\", "")


@pytest.mark.parametrize("role", ["inclusion", "analyst"])
def test_who_may_not_pay_reads_and_changes_nothing(small: Open, role: str) -> None:
    test = small("pp_plus", role, part=pp_parts.POLICY)
    assert button(test, "Save the choice") is None
    assert button(test, "Save") is None
    assert any(each.key == "policy" for each in test.selectbox)


def test_what_of_a_policy_no_rule_looks_at_is_said_beside_it(small: Open) -> None:
    essex = small("pp_plus", OPERATIONS, part=pp_parts.POLICY, policy="Policy: Essex-like")
    assert words.plain(NOT_CHECKED["summer_tuition_hours"]) in texts(essex)
    norfolk = small("pp_plus", OPERATIONS, part=pp_parts.POLICY, policy="Policy: Norfolk-like")
    assert words.plain(NOT_CHECKED["summer_tuition_hours"]) not in texts(norfolk)


def test_the_past_is_not_changed(small: Open) -> None:
    test = small("pp_plus", OPERATIONS, part=pp_parts.POLICY, as_at="2026-10-05", as_then="true")
    assert button(test, "Save the choice") is None


def test_every_request_that_is_not_paid_says_why(small: Open) -> None:
    test = small("pp_plus", OPERATIONS, part=pp_parts.REQUESTS)
    table = next(each.value for each in test.dataframe if "Why it is not paid" in each.value.columns)
    assert len(table)
    assert table["Why it is not paid"].str.endswith(".").all()
    assert list(table["Days"]) == sorted(table["Days"], reverse=True)
    stages = next(each.value for each in test.dataframe if "Oldest, days" in each.value.columns)
    choice = next(each for each in test.selectbox if each.key == "stage")
    waits = ~stages["State"].isin(["Rejected", "Lapsed", "Paid"])
    assert choice.options == ["Not paid yet", *stages["State"]]
    assert len(table) == stages.loc[waits, "Requests"].sum() - hidden(test)
    paid = small("pp_plus", OPERATIONS, stage="Paid")
    assert next(each.value for each in paid.selectbox if each.key == "stage") == "paid"
    assert not any("Why it is not paid" in each.value.columns for each in paid.dataframe)


def test_each_list_of_what_stands_outside_the_policy_opens(small: Open) -> None:
    test = small("pp_plus", OPERATIONS, part=pp_parts.OUTSIDE)
    choice = next(each for each in test.selectbox if each.key == "outside")
    assert len(choice.options) == 4
    for option in choice.options[1:]:
        shown = small("pp_plus", OPERATIONS, outside=option)
        assert next(each.value for each in shown.selectbox if each.key == "outside") == option
