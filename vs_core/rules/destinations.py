"""Where young people go at 16 and after: the figures."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vs_core.rules.day_columns import on_or_before
from vs_core.rules.frame import Frame
from vs_core.rules.measure import COHORT_FILE, Figures, Measure

IN_EDUCATION_EMPLOYMENT_TRAINING = frozenset({"education", "employment", "training", "employment without training"})
NEET, NOT_KNOWN = "neet", "not known"
POST_16_YEARS = ("12", "13")
NO_OFFER = frozenset({"", "no", "n", "0", "false"})
_DUTY = "Education and Skills Act 2008: participation in education or training to 18"
_NEEDS = ("destinations", COHORT_FILE)

MEASURES = (
    Measure(
        "in_education_employment_training",
        "post-16",
        "In education, employment or training",
        "Young people in year 12 or 13 who on the day learn or work.",
        "Latest destination on or before the day is education, employment (with training or without) or training.",
        _DUTY,
        "count",
        "up",
        _NEEDS,
    ),
    Measure(
        "neet",
        "post-16",
        "Not in education, employment or training",
        "Young people in year 12 or 13 who on the day neither learn nor work.",
        "Latest destination on or before the day is neet.",
        _DUTY,
        "count",
        "down",
        _NEEDS,
    ),
    Measure(
        "not_known",
        "post-16",
        "Destination not known",
        "Young people in year 12 or 13 of whom nobody has said what they do.",
        "No destination on or before the day, or the latest one is not known.",
        _DUTY,
        "count",
        "down",
        _NEEDS,
    ),
    Measure(
        "year_11_without_offer",
        "post-16",
        "Year 11 without an offer",
        "Children in year 11 who have no place offered for next year.",
        "Year 11 on the day, and the latest destination row has no offer or there is none.",
        "DfE, September guarantee: an offer of a suitable place for every 16-year-old",
        "count",
        "down",
        _NEEDS,
    ),
)


def post_16(children: pd.DataFrame, destinations: pd.DataFrame, frame: Frame) -> Figures:
    """The post-16 figures at `frame.as_at`.

    `children`: one row a child of the cohort on the day: `child_id`, `year_group`.
    `destinations`: one row a record: `child_id`, `on`, `status`, `offer`.
    """
    rows = with_destination(children, destinations, frame)
    older = rows[rows["year_group"].isin(POST_16_YEARS)]
    return {
        "in_education_employment_training": int((older["outcome"] == "in education, employment or training").sum()),
        "neet": int((older["outcome"] == NEET).sum()),
        "not_known": int((older["outcome"] == NOT_KNOWN).sum()),
        "year_11_without_offer": int(((rows["year_group"] == "11") & ~rows["has_offer"]).sum()),
    }


def with_destination(children: pd.DataFrame, destinations: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """`children` with the latest `status` on the day, its `outcome` (the group counted) and `has_offer` (bool)."""
    known = destinations[on_or_before(destinations["on"], frame.as_at)].sort_values("on", kind="stable")
    latest = known.drop_duplicates("child_id", keep="last").set_index("child_id")
    rows = children.copy()
    rows["status"] = rows["child_id"].map(latest["status"])
    rows["outcome"] = pd.Series([outcome(status) for status in rows["status"]], rows.index, dtype=object)
    offers = rows["child_id"].map(latest["offer"])
    rows["has_offer"] = pd.Series([has_offer(offer) for offer in offers], rows.index, dtype=bool)
    return rows


def outcome(status: Any) -> str:
    """The group that a destination counts in; empty or unheard of is not known."""
    if status in IN_EDUCATION_EMPLOYMENT_TRAINING:
        return "in education, employment or training"
    return NEET if status == NEET else NOT_KNOWN


def has_offer(offer: Any) -> bool:
    """Whether a destination row's `offer` names one: empty, no, n, 0 and false do not."""
    return not pd.isna(offer) and str(offer).strip().lower() not in NO_OFFER
