"""KINDs pp-allocations, pp-requests and pp-payments: the department's notices, ePEP requests, the finance system."""

from collections.abc import Iterator

from vs_core.intake import cells
from vs_core.intake.kind import Column, Complaint, Kind, Row, child, day, school
from vs_core.rules.frame import parse_term
from vs_core.store import schema
from vs_core.store.tables_money import FUNDS

fund = cells.one_of(FUNDS)


def _year_of_the_term(rows: list[Row]) -> None:
    for row in rows:
        if "term" in row:
            row["financial_year"] = parse_term(str(row["term"])).financial_year if row["term"] else None


def _not_negative(row: Row) -> Iterator[Complaint]:
    for column, name in (("amount_pence", "amount"), ("approved_amount_pence", "approved_amount")):
        if isinstance(row.get(column), int) and int(str(row[column])) < 0:
            yield name, "money", f"{name} is below zero"


def _approved_within_request(row: Row) -> Iterator[Complaint]:
    asked, approved = row.get("amount_pence"), row.get("approved_amount_pence")
    if asked is not None and approved is not None and int(str(approved)) > int(str(asked)):
        yield "approved_amount", "approved amount", "more was approved than was asked for"


allocations = Kind(
    "pp-allocations",
    "PP+ allocations",
    schema.pp_allocation,
    ("financial_year", "fund", "stage"),
    (
        Column("financial_year", "financial_year", cells.financial_year, required=True, filled=True),
        Column("fund", "fund", fund, required=True, filled=True),
        Column("stage", "stage", cells.one_of(("provisional", "final")), required=True, filled=True),
        Column("children", "children", cells.whole_number, required=True),
        Column("amount", "amount_pence", cells.pounds, required=True),
        day("notified_on", "notified_on", required=True),
        Column("rate", "rate_pence", cells.pounds),
        Column("count_year", "count_year", cells.identifier),
    ),
    rules=_not_negative,
    happens_on="notified_on",
)

requests = Kind(
    "pp-requests",
    "PP+ requests",
    schema.pp_request,
    ("request_id",),
    (
        Column("request_id", "request_id", cells.identifier, required=True, filled=True),
        child("child_id"),
        Column("term", "term", cells.term, required=True),
        Column("amount", "amount_pence", cells.pounds, required=True),
        Column(
            "area",
            "area",
            cells.one_of(
                ("high-quality teaching", "targeted academic support", "wider strategies"),
                {"targeted academic": "targeted academic support"},
            ),
            required=True,
        ),
        Column(
            "status",
            "status",
            cells.one_of(("requested", "queried", "part-approved", "approved", "rejected", "lapsed")),
            required=True,
        ),
        day("requested_on", "requested_on", required=True),
        Column("target", "target"),
        Column("intervention", "intervention"),
        school(),
        day("decided_on", "decided_on"),
        Column("decided_by", "decided_by"),
        Column("approved_amount", "approved_amount_pence", cells.pounds),
        Column("exceptional", "exceptional", cells.yes_no),
        day("adviser_agreed_on", "adviser_agreed_on"),
        day("starts_on", "starts_on"),
        Column("fund", "fund", fund),
        Column("impact", "impact"),
    ),
    rules=_not_negative,
    queries=_approved_within_request,
    complete=_year_of_the_term,
    happens_on="requested_on",
)

payments = Kind(
    "pp-payments",
    "PP+ payments",
    schema.pp_payment,
    ("payment_id",),
    (
        Column("payment_id", "payment_id", cells.identifier, required=True, filled=True),
        Column("request_id", "request_id", cells.identifier, required=True, query_empty=True),
        Column("amount", "amount_pence", cells.pounds, required=True),
        Column("status", "status", cells.one_of(("in batch", "paid", "returned", "recovered")), required=True),
        day("paid_on", "paid_on", required=True),
        Column("batch", "batch", cells.identifier),
        school(),
        Column("vendor", "vendor", cells.identifier),
        Column("invoice", "invoice", cells.identifier),
        Column("cost_code", "cost_code", cells.identifier),
        Column("fund", "fund", fund),
    ),
    rules=_not_negative,
    happens_on="paid_on",
)
