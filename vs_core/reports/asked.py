"""What a report is asked about: the day, what was known, the authority, and the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vs_core.reports.reader import COMMAND_LINE, Reader
from vs_core.rules import words
from vs_core.rules.frame import Frame


@dataclass(frozen=True)
class Asked:
    """as_at: the day that it speaks of; known_on: as known then (None: now); authority: its name, may be empty."""

    as_at: date
    known_on: date | None = None
    authority: str = ""
    reader: Reader = COMMAND_LINE

    @property
    def known(self) -> str:
        """`as known today`, `as known on 20 Nov 2026`."""
        return f"as known on {words.long_day(self.known_on)}" if self.known_on else "as known today"

    def frame(self, subject: str) -> Frame:
        """The usual frame of a subject on the day: the academic year so far, for money the financial year."""
        return Frame.for_subject(subject, self.as_at, self.known_on)

    @property
    def school(self) -> str:
        """`Westmere Virtual School`."""
        return f"{self.authority} Virtual School".strip()

    @property
    def whose(self) -> str:
        """`Westmere Virtual School`, for one adviser's children `Westmere Virtual School, caseload of A. Person`."""
        adviser = self.reader.scope.adviser
        return f"{self.school}, caseload of {adviser}" if adviser else self.school
