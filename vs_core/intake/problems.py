"""What can be wrong with a file or a row of it, in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SAID_SINCE = "said since"
"""Rule of a refused row that is offered again after newer rows have said what it says."""
Severity = Literal["rejected", "query"]


class FileProblem(Exception):
    """The file as a whole cannot be taken in; nothing was written. The text says why."""


class CellProblem(ValueError):
    """A cell cannot be understood. `rule` is its short name, the text a plain sentence."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule


@dataclass(frozen=True)
class RowProblem:
    """row_number: as a spreadsheet counts, the header being row 1; column: as the file names it."""

    row_number: int
    column: str
    rule: str
    sentence: str
    severity: Severity = "rejected"

    def __str__(self) -> str:
        return f"Row {self.row_number}, {self.column}: {self.sentence} [{self.rule}]"
