"""Funds of their own: to the penny, and never in a figure of Pupil Premium Plus."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from tests.queries.written import Written
from vs_core.access.viewer import EVERYTHING
from vs_core.figures import compute, pp_funds
from vs_core.rules.frame import Frame

FRAME = Frame.for_subject("pp-plus", date(2026, 11, 23))


def write(written: Written) -> None:
    for number, (fund, status, asked) in enumerate(
        (
            ("EYPP", "approved", 12_500),
            ("EYPP", "requested", 700),
            ("post-16", "approved", 40_000),
            (None, "approved", 9),
        )
    ):
        own = {"request_id": f"R{number}", "child": "A", "school": "", "status": status, "fund": fund}
        decided = None if status == "requested" else "2026-09-10"
        year = {"term": "2026/27 autumn", "financial_year": "2026-27"}
        written.row("pp_request", amount_pence=asked, requested_on="2026-09-02", decided_on=decided, **own, **year)
    moved = (("R0", "paid", 12_000, None), ("R2", "paid", 40_000, "post-16"), ("R2", "recovered", 1_000, None))
    for number, (request, status, pence, fund) in enumerate((*moved, ("R3", "paid", 9, "EYPP"))):
        own = {"payment_id": f"P{number}", "request_id": request, "status": status, "fund": fund, "school": ""}
        written.row("pp_payment", amount_pence=pence, paid_on="2026-10-01", **own)
    notice = {"financial_year": "2026-27", "notified_on": "2026-06-20", "children": 1}
    written.row("pp_allocation", fund="EYPP", stage="final", amount_pence=20_000, **notice)


def test_each_fund_has_its_own_sums(written: Written) -> None:
    write(written)
    with written.reading() as connection:
        rows = pp_funds.other_funds(connection, FRAME).set_index("fund")
        figures = compute(connection, "pp-plus", FRAME).figures
        one_caseload = pp_funds.other_funds(connection, FRAME, replace(EVERYTHING, adviser="Nobody"))
    early = rows.loc["EYPP"]
    assert [int(early[name]) for name in pp_funds.AMOUNTS] == [20_000, 12_000, 500, 700, 0, 7_500]
    assert (bool(early["allocation_is_final"]), early["requests"]) == (True, 2)
    older = rows.loc["post-16"]
    assert [older[name] for name in ("paid_pence", "committed_pence", "recovered_pence")] == [40_000, 0, 1_000]
    assert pd.isna(older["allocation_pence"])
    assert pd.isna(older["left_pence"])
    assert (figures["paid_pence"], figures["committed_pence"], figures["requested_pence"]) == (0, 9, 0)
    assert one_caseload["allocation_pence"].isna().all()
