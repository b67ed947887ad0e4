"""Schools with a child of ours that training reached, and the names beside requests, with the edges."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tests.queries.written import Written, frame
from vs_core.figures import compute, reach, with_children


def attended(written: Written, urn: str, on: str, status: str = "attended") -> None:
    name = f"{urn} {on}"
    written.row("course_session", session_id=name, course="PEP", held_on=on, capacity=20, status="held", audience="all")
    row = {"booking_id": name, "session_id": name, "role": "designated teacher", "status": status}
    written.row("booking", school=urn, **row)


def pupil(written: Written, child: str, urn: str, **school: Any) -> None:
    written.child(child, born_on="2014-05-05")
    written.care(child, "2024-01-01")
    written.enrolled(child, urn, "2024-09-01")
    written.row("school_details", school=urn, **({"name": f"School {urn}", "status": "Open"} | school))


def reached(written: Written, as_at: str = "2025-03-31") -> pd.DataFrame:
    with written.reading() as connection:
        return reach.schools(connection, frame("training", as_at)).set_index("urn")


def test_a_school_is_reached_from_the_first_to_the_last_day_of_the_period(written: Written) -> None:
    for number, on in enumerate(("2024-08-31", "2024-09-01", "2025-03-31", "2025-04-01")):
        pupil(written, f"C{number}", f"10000{number}")
        attended(written, f"10000{number}", on)
    rows = reached(written)
    assert list(rows["attended_in_period"]) == [False, True, True, False]
    assert list(rows["last_attended_on"].notna()) == [True, True, True, False]


def test_booked_is_not_reached(written: Written) -> None:
    pupil(written, "A", "100001")
    attended(written, "100001", "2025-01-10", "did not attend")
    assert not reached(written)["attended_in_period"].any()


def test_only_open_schools_with_a_child_of_ours_are_expected(written: Written) -> None:
    pupil(written, "A", "100001")
    pupil(written, "B", "100002", status="Closed", closed_on="2025-03-31")
    pupil(written, "C", "100003", status="Closed", closed_on="2025-04-01")
    written.row("school_details", school="100004", name="Nobody's", status="Open")
    assert list(reached(written).index) == ["100001", "100003"]


def test_names_beside_requests_change_no_figure_and_no_row(written: Written) -> None:
    pupil(written, "A", "100001")
    row = {"term": "2024/25 autumn", "financial_year": "2024-25", "amount_pence": 500, "status": "approved"}
    more = {"area": "wider strategies", "requested_on": "2024-10-01", "exceptional": False}
    written.row("pp_request", request_id="R1", child="A", school="100001", **row, **more)
    written.row("pp_payment", payment_id="P1", request_id="R1", amount_pence=500, status="paid", paid_on="2024-11-01")
    written.row("pp_payment", payment_id="P2", request_id="R9", amount_pence=70, status="paid", paid_on="2024-11-01")
    with written.reading() as connection:
        plain = compute(connection, "pp-plus", frame("pp-plus", "2025-03-31"))
        named = with_children.pp_plus(connection, frame("pp-plus", "2025-03-31"))
    assert named.figures == plain.figures
    assert list(named.rows["requests"]["year_group"]) == ["6"]
    assert list(named.rows["payments"]["payment_id"]) == ["P1", "P2"]
    assert list(named.rows["payments"]["child_id"].fillna("")) == ["A", ""]
