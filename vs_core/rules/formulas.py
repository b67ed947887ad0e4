"""Text that a spreadsheet would take for a formula, and the apostrophe that stops it. The two ways undo each other.

Source: OWASP, CSV Injection.
"""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def escaped(text: str) -> str:
    """The text as a CSV cell: with one more apostrophe before it when a spreadsheet would run it."""
    return f"'{text}" if _runs(text) else text


def unescaped(cell: str) -> str:
    """The text of a CSV cell that `escaped` wrote."""
    return cell[1:] if cell.startswith("'") and _runs(cell) else cell


def _runs(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(FORMULA_STARTS) or bare.lstrip().startswith(FORMULA_STARTS)
