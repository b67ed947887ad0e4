"""Ofsted's words about a school, each in its own regime: the two are not comparable and never translated."""

from __future__ import annotations

from typing import Literal

Regime = Literal["report card", "overall grade"]

REPORT_CARD = ("Exceptional", "Strong standard", "Expected standard", "Needs attention", "Urgent improvement")
"""Ofsted, education inspection toolkit, from November 2025; best first."""
OVERALL_GRADES = (
    "Outstanding",
    "Good",
    "Requires improvement",
    "Inadequate",
    "Serious Weaknesses",
    "Special Measures",
)
"""Ofsted, overall effectiveness, given until September 2024, with the categories of concern; best first."""


def regime(word: str) -> Regime | None:
    """The regime that a word belongs to; None for a word of neither (not inspected, no grade)."""
    plain = word.strip().casefold()
    if plain in {each.casefold() for each in REPORT_CARD}:
        return "report card"
    return "overall grade" if plain in {each.casefold() for each in OVERALL_GRADES} else None
