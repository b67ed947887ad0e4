"""Two small sums: a percentage, and pence from pounds."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def percent(part: int, whole: int) -> float | None:
    """0-100, unrounded; None of nothing."""
    return 100 * part / whole if whole else None


def pence(pounds: str | None) -> int:
    """`12.5` is 1250; an empty cell is nothing."""
    return int(Decimal(pounds.strip()) * 100) if pounds and pounds.strip() else 0


def half_up(amount: Fraction) -> int:
    """To whole pence, halves away from zero."""
    return int((Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal(1), ROUND_HALF_UP))
