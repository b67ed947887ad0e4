"""The year's premium: what came, what was asked for, approved and paid by the end of the period."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from . import pp_forecast
from .cohort import pp_plus_eligible
from .deliveries import Row, day
from .percent import half_up, pence
from .setting import Setting
from .years import financial_year_name, financial_year_of_term, financial_year_start

APPROVED = ("approved", "part-approved")
OPEN = ("requested", "queried")


@dataclass
class Request:
    request_id: str
    child: str
    financial_year: str
    requested_on: date
    decided_on: date | None
    status: str
    asked_pence: int
    approved_pence: int


def figures(s: Setting) -> dict[str, Any]:
    year = financial_year_name(s.end)
    allocation, is_final = _allocation(s, year)
    retained = None if allocation is None else half_up(allocation * _kept(s))
    everything = _requests(s)
    requests = None if everything is None else [row for row in everything if row.financial_year == year]
    paid_by, paid = _payments(s, year, "paid")
    _, recovered = _payments(s, year, "recovered")
    found: dict[str, Any] = {
        "financial_year": year,
        "allocation_pence": allocation,
        "allocation_is_final": is_final,
        "retained_pence": retained,
        "requested_pence": _total(requests, OPEN),
        "approved_pence": _total(requests, APPROVED),
        "paid_pence": paid,
        "committed_pence": _committed(requests, paid_by),
        "recovered_pence": recovered,
    }
    found |= _outlook(s, found, everything)
    found["children_without_spend"] = _without_spend(s, requests)
    return found


def _is_premium(row: Row) -> bool:
    return row.get("fund", "").strip() in ("", "PP+")


def _allocation(s: Setting, year: str) -> tuple[int | None, bool | None]:
    if not s.arrived("pp-allocations"):
        return None, None
    amounts = {}
    for row in s.known.of("pp-allocations"):
        notified_on = day(row["notified_on"])
        if row["fund"] == "PP+" and row["financial_year"] == year and notified_on and notified_on <= s.end:
            amounts[row["stage"]] = pence(row["amount"])
    if "final" in amounts:
        return amounts["final"], True
    return (amounts["provisional"], False) if "provisional" in amounts else (None, None)


def _requests(s: Setting) -> list[Request] | None:
    if not s.arrived("pp-requests"):
        return None
    found = []
    for row in s.known.of("pp-requests"):
        requested_on = day(row["requested_on"])
        if _is_premium(row) and requested_on is not None and requested_on <= s.end:
            found.append(_request(row, requested_on, s.end))
    return found


def _request(row: Row, requested_on: date, end: date) -> Request:
    decided_on = day(row.get("decided_on"))
    undecided = decided_on is not None and decided_on > end
    return Request(
        request_id=row["request_id"],
        child=row["child_id"],
        financial_year=financial_year_of_term(row["term"]) if row["term"] else financial_year_name(requested_on),
        requested_on=requested_on,
        decided_on=decided_on,
        status="requested" if undecided else row["status"],
        asked_pence=pence(row["amount"]),
        approved_pence=pence(row.get("approved_amount") or row["amount"]),
    )


def _total(requests: list[Request] | None, statuses: tuple[str, ...]) -> int | None:
    if requests is None:
        return None
    asked = statuses == OPEN
    return sum(row.asked_pence if asked else row.approved_pence for row in requests if row.status in statuses)


def _payments(s: Setting, year: str, status: str) -> tuple[dict[str, int] | None, int | None]:
    """(pence by request, pence in all) of the year's payments of one status by the end."""
    if not s.arrived("pp-payments"):
        return None, None
    requests = {row["request_id"]: row for row in s.known.of("pp-requests")}
    by_request: dict[str, int] = {}
    for row in s.known.of("pp-payments"):
        paid_on = day(row["paid_on"])
        if row["status"] != status or paid_on is None or paid_on > s.end or not _is_premium(row):
            continue
        request = requests.get(row["request_id"])
        if _payment_year(request, paid_on) == year:
            by_request[row["request_id"]] = by_request.get(row["request_id"], 0) + pence(row["amount"])
    return by_request, sum(by_request.values())


def _payment_year(request: Row | None, paid_on: date) -> str | None:
    if request is None:
        return financial_year_name(paid_on)
    if not _is_premium(request):
        return None
    if request["term"]:
        return financial_year_of_term(request["term"])
    return financial_year_name(day(request["requested_on"]) or paid_on)


def _committed(requests: list[Request] | None, paid_by: dict[str, int] | None) -> int | None:
    if requests is None or paid_by is None:
        return None
    approved = [row for row in requests if row.status in APPROVED]
    return sum(max(0, row.approved_pence - paid_by.get(row.request_id, 0)) for row in approved)


def _outlook(s: Setting, f: dict[str, Any], requests: list[Request] | None) -> dict[str, int | None]:
    if requests is None or f["paid_pence"] is None:
        return dict.fromkeys(("remaining_pence", "forecast_pence", "at_risk_pence"))
    expected = f["requested_pence"] * _approval_share(requests, s.end)
    forecast = half_up(f["paid_pence"] - f["recovered_pence"] + f["committed_pence"] + expected)
    if s.end >= _last_run(s):
        forecast = f["paid_pence"] - f["recovered_pence"]
    as_before = _as_years_before(s, f, requests)
    forecast = forecast if as_before is None else as_before
    if f["allocation_pence"] is None:
        return {"remaining_pence": None, "forecast_pence": forecast, "at_risk_pence": None}
    to_spend = f["allocation_pence"] - f["retained_pence"]
    return {
        "remaining_pence": to_spend - f["paid_pence"] - f["committed_pence"] + f["recovered_pence"],
        "forecast_pence": forecast,
        "at_risk_pence": max(0, to_spend - forecast),
    }


def _as_years_before(s: Setting, f: dict[str, Any], requests: list[Request]) -> int | None:
    first = financial_year_start(s.end).year
    names = [financial_year_name(date(year, 4, 1)) for year in range(first - 3, first + 1)]
    allocations = {name: _allocation(s, name)[0] for name in names}
    come = {name: pounds for name, pounds in allocations.items() if pounds is not None}
    share, is_run_left = _approval_share(requests, s.end), s.end < _last_run(s)
    return pp_forecast.expected(s, share, is_run_left, come, lambda pounds: half_up(pounds * _kept(s)))


def _kept(s: Setting) -> Fraction:
    return Fraction(str(s.reference.get("top_slice_percent", 20))) / 100


def _last_run(s: Setting) -> date:
    """The last payment run before the 31 March that ends the year: a Friday where its day is at the weekend."""
    run = date(financial_year_start(s.end).year + 1, 3, int(s.reference.get("last_payment_run_day_in_march", 15)))
    return run - timedelta(days=max(0, run.weekday() - 4))


def _approval_share(requests: list[Request], end: date) -> Fraction:
    """Of what was asked in requests decided in the 365 days to the end, the part approved; 1 when none was decided."""
    first = end - timedelta(days=364)
    decided = [row for row in requests if row.decided_on is not None and first <= row.decided_on <= end]
    asked = sum(row.asked_pence for row in decided)
    approved = sum(row.approved_pence for row in decided if row.status in APPROVED)
    return Fraction(approved, asked) if asked else Fraction(1)


def _without_spend(s: Setting, requests: list[Request] | None) -> int | None:
    if requests is None or not s.arrived("ssda903-episodes"):
        return None
    return len(pp_plus_eligible(s, s.end) - {row.child for row in requests})
