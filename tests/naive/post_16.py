"""What young people of year 12 and 13 do, and year 11 without an offer, at as_at."""

from typing import Any

from .deliveries import Row, day
from .setting import Setting

EET = {"education", "employment", "training", "employment without training"}
NO_OFFER = {"", "no", "n", "0", "false"}


def figures(s: Setting) -> dict[str, Any]:
    if not s.arrived("destinations", *s.cohort_kinds()):
        return dict.fromkeys(("in_education_employment_training", "neet", "not_known", "year_11_without_offer"))
    years = {child: s.year_group(child) for child in s.children_on(s.as_at)}
    statuses = [_status(_latest(s, child)) for child, year in years.items() if year in ("12", "13")]
    year_11 = [_latest(s, child) for child, year in years.items() if year == "11"]
    return {
        "in_education_employment_training": sum(status in EET for status in statuses),
        "neet": statuses.count("neet"),
        "not_known": statuses.count("not known"),
        "year_11_without_offer": sum(row is None or _has_no_offer(row) for row in year_11),
    }


def _latest(s: Setting, child: str) -> Row | None:
    dated = []
    for row in s.known.of("destinations"):
        on = day(row["on"])
        if row["child_id"] == child and on is not None and on <= s.as_at:
            dated.append((on, row))
    return max(dated, key=lambda pair: pair[0])[1] if dated else None


def _status(row: Row | None) -> str:
    return (row["status"] if row else "") or "not known"


def _has_no_offer(row: Row) -> bool:
    return row.get("offer", "").strip().lower() in NO_OFFER
