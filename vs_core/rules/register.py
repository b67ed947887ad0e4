"""What a register mark means, and when absence is persistent or severe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from fractions import Fraction

import pandas as pd

PERSISTENT_ABSENCE_PERCENT = 10
"""DfE, Working together to improve school attendance, 2024: 10 per cent or more of possible sessions missed. The
department's line, like the severe one: no threshold, so that no authority compares itself by a line of its own."""
SEVERE_ABSENCE_PERCENT = 50
"""DfE, Working together to improve school attendance, 2024: 50 per cent or more of possible sessions missed."""


class StatisticalClass(Enum):
    """DfE's statistical meaning of a register code (SI 2024/208, regulation 10)."""

    PRESENT = "present"
    APPROVED_EDUCATIONAL_ACTIVITY = "approved educational activity"
    AUTHORISED_ABSENCE = "authorised absence"
    UNAUTHORISED_ABSENCE = "unauthorised absence"
    NOT_POSSIBLE = "not a possible session"
    ADMINISTRATIVE = "administrative"

    @property
    def is_attended(self) -> bool:
        return self in (StatisticalClass.PRESENT, StatisticalClass.APPROVED_EDUCATIONAL_ACTIVITY)

    @property
    def is_absence(self) -> bool:
        return self in (StatisticalClass.AUTHORISED_ABSENCE, StatisticalClass.UNAUTHORISED_ABSENCE)

    @property
    def is_possible(self) -> bool:
        """Whether the session counts below the line: attended or absent."""
        return self.is_attended or self.is_absence


COUNTED_CODES = {
    "late_sessions": "L",
    "late_after_register_sessions": "U",
    "part_time_sessions": "C2",
    "suspended_sessions": "E",
    "study_leave_sessions": "S",
    "dual_registered_sessions": "D",
    "unexplained_sessions": "N",
}
"""The code that each of these counts of sessions counts."""
COUNTED_CLASSES = {
    "possible_sessions": frozenset(each.value for each in StatisticalClass if each.is_possible),
    "attended_sessions": frozenset(each.value for each in StatisticalClass if each.is_attended),
    "authorised_absence_sessions": frozenset({StatisticalClass.AUTHORISED_ABSENCE.value}),
    "unauthorised_absence_sessions": frozenset({StatisticalClass.UNAUTHORISED_ABSENCE.value}),
    "not_possible_sessions": frozenset({StatisticalClass.NOT_POSSIBLE.value}),
}
"""The statistical classes that each of these counts of sessions counts."""


@dataclass(frozen=True)
class Band:
    """A band of attendance: over `lower_percent` (or from it, where inclusive), with its colours."""

    key: str
    label: str
    lower_percent: int
    lower_included: bool
    colour: str
    ink: str


NO_SESSIONS = Band("none", "no sessions", 0, True, "rgba(128,128,128,.18)", "#141414")
BANDS = (
    Band("severe", "50 or under (severe)", 0, True, "#7a2c05", "#ffffff"),
    Band("under 80", "over 50 to 80", 50, False, "#b85a14", "#ffffff"),
    Band("persistent", "over 80 to 90 (persistent)", 80, False, "#f0b27a", "#141414"),
    Band("under 95", "over 90 and under 95", 90, False, "#c6dbef", "#141414"),
    Band("good", "95 and over", 95, True, "#2f6fae", "#ffffff"),
)
BAND_EDGES = (0, 50, 80, 90, 95, 100)


def band_labels(attended: pd.Series[int], possible: pd.Series[int]) -> pd.Series[str]:
    """The label of the band of each row of two aligned columns of sessions, decided in integers; that of NO_SESSIONS
    where none was possible."""
    labels = pd.Series(NO_SESSIONS.label, index=possible.index, dtype="object")
    for each in BANDS:
        edge = possible * each.lower_percent
        above = (attended * 100 >= edge) if each.lower_included else (attended * 100 > edge)
        labels[above & (possible > 0)] = each.label
    return labels


def band_label(attended: int, possible: int) -> str:
    """The same of one pair of sessions."""
    if possible <= 0:
        return NO_SESSIONS.label
    part = attended * 100
    within = (
        b
        for b in reversed(BANDS)
        if part > possible * b.lower_percent or (b.lower_included and part == possible * b.lower_percent)
    )
    return next(within).label


COUNTED_BANDS = {
    "band_50": "50 or under",
    "band_80": "Over 50 to 80",
    "band_90": "Over 80 to 90",
    "band_95": "Over 90, under 95",
    "band_under_100": "95 to under 100",
    "band_100": "100",
}
"""The bands in which children are counted, lowest first: those of the legend, the highest with 100 set apart."""
_LEGEND = {band.label: key for band, key in zip(BANDS, COUNTED_BANDS, strict=False)}


def counted_bands(attended: pd.Series[int], possible: pd.Series[int]) -> pd.Series[str]:
    """The key of COUNTED_BANDS of each row of two aligned columns of sessions, decided in integers; empty where none
    was possible."""
    keys = band_labels(attended, possible).map(_LEGEND).fillna("").astype(object)
    return keys.mask((attended == possible) & (possible > 0), "band_100")


def percent_of(part: int, whole: int) -> float | None:
    """`part` of `whole` as 0-100, unrounded; None when the whole is 0."""
    return part * 100 / whole if whole else None


def percent_text(part: int, whole: int, edges: Sequence[int] = BAND_EDGES) -> str:
    """A percentage to print in a cell: whole, with decimals only where a whole number would name a band's edge.

    79.6 is `79.6` and never `80`; exactly 80 is `80`; no sessions is an empty text.
    """
    if whole <= 0:
        return ""
    exact = Fraction(part * 100, whole)
    decimals = 0
    while (shown := _rounded(exact, decimals)) in edges and exact != Fraction(shown):
        decimals += 1
    return str(shown)


def _rounded(value: Fraction, decimals: int) -> Decimal:
    scaled = int(value * 10**decimals + Fraction(1, 2))
    return Decimal(scaled).scaleb(-decimals).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
