"""What a sheet of Excel can hold. Anything beyond is refused in a sentence, because Excel would lose it."""

from __future__ import annotations

MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767


class TooLargeForExcel(ValueError):
    """A sheet cannot hold it; the text says what and names the way out."""


def refuse_rows(number: int) -> None:
    """Raises TooLargeForExcel for more rows, with those of the headings, than a sheet has."""
    if number > MOST_ROWS:
        raise TooLargeForExcel(
            f"A sheet of Excel ends at row {MOST_ROWS:,}, and this table goes on: take it as .csv instead."
        )


def fitting(text: str) -> str:
    """The text as it is. Raises TooLargeForExcel for one that is longer, in Excel's units, than a cell may be."""
    if len(text) * 2 > LONGEST_CELL and len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_CELL:
        raise TooLargeForExcel(
            f"A cell of Excel holds {LONGEST_CELL:,} characters, and one here is longer: take it as .csv instead."
        )
    return text
