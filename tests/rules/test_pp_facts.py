"""A request put together from rows: what is not known, what is on its way, what its words say."""

from __future__ import annotations

from datetime import date

import pytest

from vs_core.rules.pp_facts import NOTHING, WORDS, asked_of, in_hand, says, words_of
from vs_core.rules.pp_policy import PolicyTerm, policy

ON = date(2026, 11, 23)
UNKNOWN = dict.fromkeys(
    (
        *("amount_pence", "term", "fund", "requested_on", "queried_on", "decided_on", "exceptional", "year_group"),
        *("adviser_agreed_on", "starts_on", "has_plan", "signed_on", "school_kind", "out_of_county"),
    )
)
BARE = {**UNKNOWN, "state": "requested", "financial_year": "2026-27", "approved_pence": 0, "paid_pence": 0}


@pytest.fixture(scope="module")
def essex(policy_terms: list[PolicyTerm]):
    return policy(policy_terms, "essex-like", ON)


def test_what_is_not_known_stays_so():
    bare = asked_of(BARE, None)
    assert (bare.amount_pence, bare.season, bare.fund, bare.school_kind) == (0, "", "PP+", "not known")
    assert (bare.out_of_county, bare.plan_exists, bare.exceptional, bare.add_on) == (None, False, False, "")


def test_its_words_say_which_add_on_it_is(essex):
    spring = {**BARE, "term": "2026/27 spring", "amount_pence": 2_500, "says_book": 1}
    assert asked_of(spring, essex).add_on_fault == "Its target does not say 'VS spring book offer £25'."
    named = asked_of({**spring, "says_book_offer": 1}, essex)
    assert (named.add_on, named.add_on_fault) == ("book offer", "")
    assert asked_of({**BARE, "out_of_county": 0}, essex).out_of_county is False


def test_words_are_looked_for_by_the_policy(essex):
    assert set(words_of(essex)) == set(words_of(None)) == set(WORDS)
    assert words_of(essex)["book_offer"] == ("vs spring book offer £25",)
    assert not any(words_of(None).values())
    assert says({"says_laptop": True, "says_plan": 0, "says_nothing": 1}) == {"laptop"}


def paid(number: str, status: str, on: date | None = None, **more: object) -> dict[str, object]:
    return {"request_id": number, "status": status, "paid_on": on, "batch": None, "invoice": None, **more}


def test_what_is_on_its_way():
    november, december = date(2026, 11, 13), date(2026, 12, 18)
    rows = [
        paid("BACK", "returned", november),
        paid("AGAIN", "returned", november),
        paid("AGAIN", "paid", date(2026, 11, 20), invoice="I1"),
        paid("OUT", "in batch", batch="B1"),
        paid("LATER", "paid", december),
        paid("RECOVERED", "recovered", november),
    ]
    ours = [{"request_id": name, "batch": "VS-1", "is_released": name == "OUR"} for name in ("OUT", "OUR", "BUILT")]
    found = in_hand(rows, ours, [{"request_id": "CAME"}], ON)
    assert found["BACK"]["returned_on"] == november
    assert found["AGAIN"] == {**NOTHING, "has_invoice": True}
    assert (found["OUT"]["batch"], found["OUT"]["batch_is"]) == ("B1", "sent")
    assert [found[name]["batch_is"] for name in ("OUR", "BUILT")] == ["released", "built"]
    assert found["CAME"]["has_invoice"]
    assert not {"LATER", "RECOVERED"} & set(found)
    assert NOTHING == {"batch": "", "batch_is": "", "returned_on": None, "has_invoice": False}
