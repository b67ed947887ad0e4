"""Pupil premium: what was paid, run by run, what the bank returned, what schools paid back."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo.money import Award
from vs_core.demo.payment_runs import CLOSES_BEFORE, last_run, run_after
from vs_core.demo.plan import Plan
from vs_core.demo.plans import Signed
from vs_core.demo.world import Row
from vs_core.rules.frame import financial_year_bounds, financial_year_of_label, parse_term

COST_CODES = {"PP+": "E4410", "EYPP": "E4420", "post-16": "E4430"}
CHASED, ACCRUED = 0.8, 0.4
"""Of what would come too late for the year's last run, the share that the team gets in in time; of invoices that come
between it and 31 March, the share that finance accrues."""
COLUMNS = (
    "_known",
    "payment_id",
    "request_id",
    "amount",
    "status",
    "paid_on",
    "batch",
    "urn",
    "vendor",
    "invoice",
    "cost_code",
    "fund",
)


def payment_rows(plan: Plan, awards: list[Award], signed: Signed) -> pd.DataFrame:
    """Monthly runs: an award is paid once its plan is signed off and the school has sent what finance needs.

    The year's last run is in mid-March. After 31 March only what is accrued is paid for the year that is over: an
    invoice for what was delivered by then, and what the bank returned of the last run. The rest goes back."""
    chance = plan.chance("payments")
    listed: list[Row] = []
    for award in awards:
        ready = _ready_on(chance, award, signed)
        if ready and award.cast != "unpaid":
            listed += _paid(chance, award, ready)
    return pd.DataFrame([row for row in listed if row["_known"] <= plan.as_at], columns=list(COLUMNS))


def _ready_on(chance: Random, award: Award, signed: Signed) -> date | None:
    """No signed plan, no payment; invoices and new suppliers take their time; a few never come, or too late."""
    plan_signed = signed.get((award.child_id, award.term))
    if plan_signed is None or chance.random() < 0.03:
        return None
    waiting = 0 if chance.random() < 0.6 else int(chance.lognormvariate(2.9, 0.6))
    complete = max(award.decided, plan_signed) + timedelta(days=2)
    ready, closes = complete + timedelta(days=waiting), _closes(award)
    if complete <= closes < ready and chance.random() < CHASED:
        return closes
    return ready if ready <= closes or _is_accrued(chance, award, ready) else None


def _closes(award: Award) -> date:
    """The last day on which an award can still be put into its year's last batch."""
    return last_run(_year_end(award)) - CLOSES_BEFORE


def _year_end(award: Award) -> date:
    return financial_year_of_label(parse_term(award.term).financial_year)[1]


def _is_accrued(chance: Random, award: Award, ready: date) -> bool:
    return _sends_invoice(award) and ready <= _year_end(award) and chance.random() < ACCRUED


def _sends_invoice(award: Award) -> bool:
    return int(award.urn) % 4 == 0


def _paid(chance: Random, award: Award, ready: date) -> Iterator[Row]:
    run = run_after(ready)
    payment = award.request_id.replace("R", "P")
    row = {
        "_known": max(run - CLOSES_BEFORE, award.decided),
        "payment_id": payment,
        "request_id": award.request_id,
        "amount": f"{award.pounds}.00",
        "status": "in batch",
        "paid_on": None,
        "batch": _batch(award, run),
        "urn": award.urn,
        "vendor": f"V{award.urn[2:]}",
        "invoice": f"INV-{payment[1:]}" if _sends_invoice(award) else "",
        "cost_code": COST_CODES[award.fund],
        "fund": award.fund,
    }
    yield row
    outcome = chance.random()
    paid = {**row, "_known": run + timedelta(days=1), "status": "paid", "paid_on": run}
    if outcome < 0.02:
        yield {**paid, "status": "returned"}
        again = run_after(run + timedelta(days=7))
        yield {
            **paid,
            "_known": again + timedelta(days=1),
            "payment_id": f"{payment}-2",
            "paid_on": again,
            "batch": _batch(award, again),
        }
        return
    yield paid
    if outcome > 0.985:
        yield _recovered(chance, award, paid, run)


def _batch(award: Award, run: date) -> str:
    """Its name; of what is paid in April or later for the year before it says that it was accrued."""
    accrued = financial_year_bounds(run)[0] > _year_end(award)
    return f"B{run:%Y%m}" + (" accrued" if accrued else "")


def _recovered(chance: Random, award: Award, paid: Row, run: date) -> Row:
    back = run + timedelta(days=chance.randint(60, 130))
    part = award.pounds if chance.random() < 0.5 else award.pounds // 2
    return {
        **paid,
        "_known": back,
        "payment_id": f"{paid['payment_id']}-R",
        "status": "recovered",
        "paid_on": back,
        "amount": f"{part}.00",
    }
