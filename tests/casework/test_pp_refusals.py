"""What the policy does not pay goes into no batch; what stands in one is told of the request."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from tests.casework import paying
from tests.casework.paying import ANN, CHOICE, MONDAY, TERM
from tests.queries.written import Written
from vs_core.access.viewer import EVERYTHING
from vs_core.casework import payables, reference
from vs_core.figures import pp_waiting
from vs_core.rules.frame import Frame
from vs_core.store.engine import reading

APRIL = date(2026, 4, 1)


@pytest.fixture
def written(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Written:
    monkeypatch.setattr("vs_core.casework.pp_refusals.settings", lambda: type("Own", (), {"authority": "Westmere"}))
    return paying.authority(engine, children=2)


def left_out(engine: Engine) -> dict[str, str]:
    look = payables.outlook(paying.book(engine, ANN), CHOICE, ANN)
    return {of.request_id: why for of, why in look.left_out}


def stands(engine: Engine) -> dict[str, str]:
    with reading(engine) as connection:
        rows = pp_waiting.requests(connection, Frame.for_subject("pp-plus", MONDAY), "Westmere", EVERYTHING)
    return dict(zip(rows["request_id"], rows["why"], strict=True))


def test_no_signed_plan_no_line_in_a_batch(written: Written) -> None:
    written.child("C3", born_on="2016-01-10")
    written.care("C3", "2024-01-08")
    paying.asked(written, 3)
    with written.reading():
        pass
    said = "Approved on 10 Oct, but there is no autumn PEP: no signed PEP, no payment."
    assert left_out(written.engine) == {"R3": said}
    assert stands(written.engine)["R3"] == said


def test_the_policy_that_is_chosen_holds_for_batches(written: Written) -> None:
    paying.child(written, 3)
    written.row("pep", child="C3", term=TERM, kind="initial", due_on="2026-10-01", quality_assured_on="2026-10-01")
    paying.child(written, 5, amount_pence=65_000, approved_amount_pence=65_000)
    with written.reading():
        pass
    assert "R5" not in left_out(written.engine)
    reference.choose_policy(ANN, "norfolk-like", APRIL, MONDAY, engine=written.engine)
    assert "No adviser has agreed." in left_out(written.engine)["R5"]
    assert "R3" not in left_out(written.engine)


def test_a_request_says_in_which_batch_it_stands(written: Written) -> None:
    number = paying.build(written.engine)
    waits = f"In batch VS-{number}, waiting to be released by a second person."
    assert set(stands(written.engine).values()) == {waits}
    paying.release(written.engine, number)
    assert set(stands(written.engine).values()) == {f"In batch VS-{number}, released: waiting for finance to pay it."}
