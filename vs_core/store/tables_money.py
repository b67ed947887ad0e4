"""Pupil Premium Plus: what was allocated, asked for and paid. Money is in integer pence."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer

from vs_core.store.columns import child_column, day, school_column, text, versioned, word

FUNDS = ("PP+", "EYPP", "post-16")

pp_allocation = versioned(
    "pp_allocation",
    "The department's notices of allocation (KIND pp-allocations)",
    ("financial_year", "fund", "stage"),
    text("financial_year", "Financial year, as 2026-27", null=False),
    word("fund", FUNDS, "Fund", null=False),
    word("stage", ("provisional", "final"), "Stage of the notice", null=False),
    Column("children", Integer, comment="Children that the notice counts"),
    Column("amount_pence", BigInteger, comment="Amount, pence"),
    day("notified_on", "Date of the notice"),
    Column("rate_pence", Integer, comment="Rate a child, pence"),
    text("count_year", "Year of the count that the notice rests on"),
)

pp_request = versioned(
    "pp_request",
    "Requests for Pupil Premium Plus (KIND pp-requests)",
    ("request_id",),
    text("request_id", "Number of the request", null=False),
    child_column(),
    school_column(),
    text("term", "Term, as 2026/27 autumn"),
    text("financial_year", "Financial year of the term, as 2026-27"),
    Column("amount_pence", BigInteger, comment="Asked for, pence"),
    word(
        "area",
        ("high-quality teaching", "targeted academic support", "wider strategies"),
        "The department's area of spending",
    ),
    word("status", ("requested", "queried", "part-approved", "approved", "rejected", "lapsed"), "Where it stands"),
    day("requested_on", "Asked for"),
    text("target", "PEP target that it serves"),
    text("intervention", "What the money buys"),
    day("decided_on", "Decided"),
    text("decided_by", "Who decided"),
    Column("approved_amount_pence", BigInteger, comment="Approved, pence; empty on an approved request: all of it"),
    Column("exceptional", Boolean, comment="Outside the ordinary limits"),
    day("adviser_agreed_on", "The adviser agreed to the exception"),
    day("starts_on", "The intervention begins"),
    word("fund", FUNDS, "Fund; empty: PP+"),
    text("impact", "What came of it"),
)
Index("ix_pp_request_child_key", pp_request.c.child_key)

pp_payment = versioned(
    "pp_payment",
    "Payments from the finance system (KIND pp-payments); a recovery is a row of its own",
    ("payment_id",),
    text("payment_id", "Number of the payment", null=False),
    text("request_id", "Number of the request that is paid"),
    school_column(),
    Column("amount_pence", BigInteger, comment="Amount, pence"),
    word("status", ("in batch", "paid", "returned", "recovered"), "Where it stands"),
    day("paid_on", "Day of the payment"),
    text("batch", "Batch"),
    text("vendor", "Vendor number"),
    text("invoice", "Invoice number"),
    text("cost_code", "Cost code"),
    word("fund", FUNDS, "Fund; empty: the request's"),
)
Index("ix_pp_payment_request_id", pp_payment.c.request_id)
