"""Requests for add-ons over rows in the database: of every fund, by the year group on the day of the request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from tests.queries.written import Written
from vs_core.access.viewer import EVERYTHING, Viewer
from vs_core.casework import reference
from vs_core.figures import pp_add_ons, pp_waiting
from vs_core.rules.frame import Frame

AS_AT, LA = date(2026, 11, 23), "Westmere"
LEAD = Viewer(1, "lead", "A lead", "operations", "s1")


def ask(written: Written, number: str, child: str, what: str, pence: int, **more: object) -> None:
    own = {"request_id": number, "child": child, "status": "requested", "term": "2026/27 autumn"}
    asked = {"amount_pence": pence, "requested_on": "2026-10-20", "school": "100001", "intervention": what}
    written.row("pp_request", **{**own, **asked, "financial_year": "2026-27", **more})


def read(connection: Connection, scope=EVERYTHING) -> pd.DataFrame:
    return pp_add_ons.at_fault(connection, Frame.for_subject("pp-plus", AS_AT), LA, scope)


def faults(rows: pd.DataFrame) -> dict[str, str]:
    return dict(zip(rows["request_id"], rows["add_on_fault"], strict=True))


def authority(written: Written) -> None:
    """TWELVE came into year 12 in September 2026; in July they were in year 11."""
    for child, born in (("TWELVE", "2010-06-01"), ("ELEVEN", "2011-01-01"), ("HIDDEN", "2011-01-01")):
        written.child(child, born_on=born, restricted=child == "HIDDEN")
        written.care(child, "2024-01-08")
    ask(written, "within", "TWELVE", "Post-16 book voucher", 2_000, fund="post-16")
    ask(written, "above", "TWELVE", "Post-16 book voucher", 3_500, fund="post-16")
    ask(written, "young", "ELEVEN", "A Book VOUCHER", 2_000)
    ask(written, "in July", "TWELVE", "Voucher", 2_000, requested_on="2026-07-10", term="2025/26 summer")
    ask(written, "hidden", "HIDDEN", "Voucher", 2_000)
    ask(written, "rejected", "ELEVEN", "Voucher", 9_900, status="rejected", decided_on="2026-11-01")
    ask(written, "other", "ELEVEN", "Mentoring", 99_900)


YOUNG = "The book voucher is for years 12 and 13, and the child was in year 11."


def test_vouchers_are_held_against_amount_and_age_on_the_day(written: Written) -> None:
    authority(written)
    with written.reading() as connection:
        assert read(connection).empty
    reference.choose_policy(LEAD, "essex-like", date(2026, 4, 1), AS_AT, engine=written.engine)
    with written.reading() as connection:
        rows = read(connection)
        waiting = pp_waiting.requests(connection, Frame.for_subject("pp-plus", AS_AT), LA).set_index("request_id")
        seen = read(connection, replace(EVERYTHING, restricted=False))
    assert faults(rows) == {
        "in July": YOUNG,
        "above": "The book voucher is £20.00, and £35.00 is asked for.",
        "young": YOUNG,
        "hidden": YOUNG,
    }
    assert set(rows["add_on"]) == {"book voucher"}
    assert waiting.loc["young", "why"].endswith(YOUNG)
    assert "voucher" not in waiting.loc["other", "why"]
    hidden = seen[~seen["is_listed"]]
    assert len(hidden) == 1
    assert hidden["intervention"].isna().all()
