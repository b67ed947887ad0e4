"""What keeps a request out of a batch, and a batch from its release."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, update

from tests.casework import paying
from tests.casework.paying import (
    ANN,
    BEN,
    CAT,
    CHOICE,
    HILL,
    MONDAY,
    TERM,
    book,
    build,
    built,
    release,
)
from vs_core.casework import batches, payables, payees
from vs_core.casework.payees import Payee
from vs_core.casework.turns import ActionError, Overtaken
from vs_core.figures import pp_waiting
from vs_core.rules.frame import Frame
from vs_core.store.engine import reading, writing
from vs_core.store.schema import (
    pep,
    pp_request,
    school_details,
)


def test_what_stops_keeps_a_request_out_and_a_batch_from_its_release(paid: Engine) -> None:
    number = build(paid)
    with writing(paid) as connection:
        connection.execute(update(school_details).where(school_details.c.name == "Mill School").values(status="Closed"))
        connection.execute(update(pp_request).where(pp_request.c.request_id == "R3").values(status="lapsed"))
    said = [each.sentence for each in book(paid).findings(number)]
    assert said == [
        "Line 2, R3, Hill School: the request is lapsed now. (Only what is approved is paid.)",
        "Line 3, R2, Mill School: the school is closed. (No payment to a closed school.)",
        "Line 4, R4, Mill School: the school is closed. (No payment to a closed school.)",
    ]
    with pytest.raises(ActionError, match=r"Line 2, R3, Hill School: .*take the line out\. 2 more findings are open"):
        release(paid, number)
    with pytest.raises(ActionError, match="put right, or its line taken out"):
        batches.agree(ANN, number, [book(paid).findings(number)[0].key], "never mind", MONDAY, paid)
    for line in book(paid).held(number)[1:]:
        batches.take_out(ANN, line.line_id, "As the check says", MONDAY, paid)
    release(paid, number)
    look = payables.outlook(book(paid, ANN), CHOICE, ANN)
    assert [(of.request_id, why) for of, why in look.left_out] == [
        ("R2", "The school is closed."),
        ("R4", "The school is closed."),
    ]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_is_found_is_agreed_to_with_a_reason_before_the_release(engine: Engine) -> None:
    written = paying.authority(engine, 1)
    for number in (3, 5):
        paying.child(written, number)
    written.row("pp_request", **_twin("R9", "C3"))
    written.care("C5", "2023-01-01", "2023-06-01")
    with written.reading():
        pass
    number = build(engine)
    found = book(engine).findings(number)
    assert {each.rule for each in found} == {"alike"}
    assert found[0].said == "R9 of 2026/27 autumn buys the same for the same child at the same amount."
    with pytest.raises(ActionError, match="Agree to it with a reason. 1 more findings are open"):
        release(engine, number)
    batches.agree(ANN, number, [each.key for each in found], "Two terms' worth", MONDAY, engine)
    assert {each.reason for each in book(engine).agreed.values()} == {"Two terms' worth"}
    release(engine, number)
    with pytest.raises(Overtaken, match="was released by"):
        batches.agree(ANN, number, [each.key for each in found], "Late", MONDAY, engine)


def _twin(request_id: str, child: str) -> dict[str, object]:
    own = {"term": TERM, "financial_year": "2026-27", "amount_pence": 30_000, "approved_amount_pence": 30_000}
    dated = {"status": "approved", "requested_on": "2026-09-21", "decided_on": "2026-10-11", "decided_by": "Olive Lead"}
    return {"request_id": request_id, "child": child, "school": HILL, "intervention": "tuition  3", **own, **dated}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_another_bank_reference_than_at_the_last_payment_is_found(engine: Engine) -> None:
    written = paying.authority(engine, 1)
    payees.set_up(ANN, HILL, Payee("V1", "letter of May", False, "Bank letter"), MONDAY, engine)
    release(engine, build(engine))
    payees.set_up(ANN, HILL, Payee("V7", "letter of July", False, "A call from the school"), MONDAY, engine)
    paying.child(written, 3)
    with written.reading():
        pass
    number = build(engine)
    assert [each.sentence for each in book(engine).findings(number)] == [
        "Line 1, R3, Hill School: vendor V7, and the last payment to the school went to V1. "
        "(Another vendor than at the last payment.)",
        "Line 1, R3, Hill School: bank reference letter of July, and batch VS-1 paid to letter of May. "
        "(Another bank reference than at the last payment.)",
    ]


def test_no_signed_plan_no_payment_and_the_page_of_requests_says_where_it_stands(engine: Engine) -> None:
    written = paying.authority(engine, 2)
    paying.child(written, 3, signed_on=None)
    with written.reading():
        pass
    left = payables.outlook(book(engine, ANN), CHOICE, ANN).left_out
    said = "Approved on 10 Oct, but the autumn PEP is not signed: no signed PEP, no payment."
    assert [(of.request_id, why) for of, why in left] == [("R3", said)]
    number = build(engine)
    with writing(engine) as connection:
        connection.execute(update(pep).values(quality_assured_on=None))
    stopped = [(each.rule, each.row.number, each.said) for each in book(engine).findings(number)]
    assert stopped == [("policy", 1, said), ("policy", 2, said)]
    with pytest.raises(ActionError, match="no signed PEP, no payment"):
        release(engine, number)
    assert stages(engine) == {"R1": "in a batch", "R2": "in a batch", "R3": "plan not signed"}
    with writing(engine) as connection:
        connection.execute(update(pep).values(quality_assured_on=MONDAY))
    release(engine, number)
    batches.reverse(BEN, book(engine).held(number)[0].line_id, "Wrong school", MONDAY, engine)
    assert stages(engine) == {"R1": "ready to pay", "R2": "in a batch", "R3": "ready to pay"}


def stages(engine: Engine) -> dict[str, str]:
    with reading(engine) as connection:
        rows = pp_waiting.requests(connection, Frame.for_subject("pp-plus", MONDAY), "Westmere")
    return dict(zip(rows["request_id"], rows["stage"], strict=True))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_vendor_that_changes_after_the_batch_was_built_stops_it(paid: Engine) -> None:
    payees.set_up(ANN, HILL, Payee("V1", "letter of May", False, "Bank letter"), MONDAY, paid)
    number = build(paid)
    payees.set_up(CAT, HILL, Payee("V1", "letter of July", False, "A call from the school"), MONDAY, paid)
    told = [(each.rule, each.row.number, each.said) for each in book(paid).findings(number)]
    said = "the bank reference is letter of July now, and was letter of May when the batch was built."
    assert told == [("changed", 1, said), ("changed", 2, said)]
    with pytest.raises(ActionError, match="A batch pays as it was built"):
        release(paid, number)
    payees.set_up(CAT, HILL, Payee("V8", "letter of May", False, "A new form"), MONDAY, paid)
    assert book(paid).findings(number)[0].said == "the vendor number is V8 now, and the line says V1."


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_request_waits_for_its_vendor_and_its_invoice(engine: Engine) -> None:
    written = paying.authority(engine, 1)
    written.row("school_details", school="100003", name="New School", status="Open", la_name="Elsewhere")
    paying.child(written, 5, school="100003")
    with written.reading():
        pass

    def why() -> list[str]:
        return [said for _, said in payables.outlook(book(engine, ANN), CHOICE, ANN).left_out]

    assert why() == ["No vendor number is known for the school: it has to be set up."]
    payees.set_up(ANN, "100003", Payee("V3", "", True, "Vendor form"), MONDAY, engine)
    assert why() == ["The school is paid against an invoice, and none has come."]
    key = book(engine).of_request["R5"].key
    payees.note_invoice(ANN, key, "INV-5", MONDAY, MONDAY, engine)
    line = built(engine)[1]
    assert (line.request_id, line.vendor, line.invoice) == ("R5", "V3", "INV-5")
