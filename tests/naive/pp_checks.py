"""A second computation of what stands outside the policy: plain loops over rows of text, sharing no code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
ENDED = ("rejected", "lapsed")


def state(row: Row, on: str) -> str:
    return "requested" if row["decided_on"] and row["decided_on"] > on else str(row["status"])


def made(rows: Iterable[Row], on: str) -> list[Row]:
    return [row for row in rows if row["requested_on"] <= on and state(row, on) not in ENDED]


def over_limit(rows: Iterable[Row], on: str, limit: int) -> dict[tuple[str, str], int]:
    """Pence over the limit by child and term."""
    sums: dict[tuple[str, str], int] = {}
    for row in made(rows, on):
        pence = row["amount_pence"]
        if state(row, on) in ("approved", "part-approved") and row["approved_amount_pence"] is not None:
            pence = row["approved_amount_pence"]
        key = row["child"], row["term"]
        sums[key] = sums.get(key, 0) + pence
    return {key: total - limit for key, total in sums.items() if total > limit}


def exceptions(rows: Iterable[Row], on: str, threshold: int) -> set[str]:
    """Numbers of exceptional requests without an adviser's agreement, or agreed or asked for too late."""
    found = set()
    for row in made(rows, on):
        if not row["exceptional"] and row["amount_pence"] <= threshold:
            continue
        agreed, starts = row["adviser_agreed_on"], row["starts_on"]
        if agreed is None or (starts is not None and (agreed >= starts or row["requested_on"] >= starts)):
            found.add(row["request_id"])
    return found


def laptops(rows: Iterable[Row], on: str, words: Iterable[str]) -> set[str]:
    return {row["request_id"] for row in made(rows, on) if _says(row, words)}


def of_plans(
    rows: Iterable[Row], on: str, words: Iterable[str], plans: Mapping[str, tuple[str, str | None]]
) -> set[str]:
    """plans: first and last day of an education, health and care plan by child."""
    found = set()
    for row in made(rows, on):
        if row["child"] in plans and _says(row, words):
            first, last = plans[row["child"]]
            if first <= row["requested_on"] and (last is None or row["requested_on"] <= last):
                found.add(row["request_id"])
    return found


def asked_twice(rows: Iterable[Row], on: str) -> dict[str, str]:
    """The first request for the same child, term and intervention, by the number of each later one."""
    first: dict[tuple[str, str, str], str] = {}
    again = {}
    for row in sorted(made(rows, on), key=lambda each: (each["requested_on"], each["request_id"])):
        what = (row["intervention"] or "").strip().lower()
        if not what:
            continue
        before = first.setdefault((row["child"], row["term"], what), row["request_id"])
        if before != row["request_id"]:
            again[row["request_id"]] = before
    return again


def _says(row: Row, words: Iterable[str]) -> bool:
    text = f"{row['target'] or ''} {row['intervention'] or ''}".lower()
    return any(word in text for word in words)
