"""One page about a school's children on the worklist, for a letter to the school: the fewest columns that it needs.

Who acts, what carers said and what else is known of a child stays out of it: the school is asked what it will do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from vs_core.reports.word import WordFile
from vs_core.rules import words
from vs_core.rules.listed import listed
from vs_core.rules.triage import ACTING

HEADER = ("Child", "Year", "Attendance", "Missed", "What we ask about")
WIDTHS_CM = (4.2, 1.8, 2.2, 1.8, 6.6)
ON_A_PAGE, REASONS = 20, 2


def content(rows: pd.DataFrame, school: str, as_at: date, authority: str) -> bytes:
    """A Word file. rows: of `figures.triage.worklist`, of one school; those that may not be listed are left out, and
    after the heaviest ON_A_PAGE it says how many more there are."""
    own = listed(rows)
    file = WordFile(f"Attendance at {school}", "Children in care whose attendance needs an answer", as_at)
    by = f"{authority} Virtual School" if authority else "The Virtual School"
    file.paragraph(
        f"{by}, {words.long_day(as_at)}. Attendance is of the academic year so far, over all possible sessions; missed "
        "are the half days of absence in it. Please tell us for each child what the school has tried and what it will "
        "do next."
    )
    shown = own.head(ON_A_PAGE)
    file.table(HEADER, [_row(row) for row in shown.itertuples()], WIDTHS_CM)
    if len(own) > len(shown):
        file.paragraph(f"{words.counted(len(own) - len(shown), 'more child', 'more children')} are on our list.")
    file.paragraph("Official: sensitive. For the designated teacher only.", faint=True)
    return file.content()


def _row(row: Any) -> tuple[str, ...]:
    name = " ".join(str(part) for part in (row.forename, row.surname) if part and not pd.isna(part))
    attended = "" if pd.isna(row.attendance_percent) else f"{row.attendance_percent:.1f}%"
    return name or str(row.child_id), str(row.year_group or ""), attended, f"{int(row.absent_sessions)}", asked(row)


def asked(row: Any) -> str:
    """The heaviest reasons that the school can answer: who acts for a child is no matter of the school's."""
    reasons = [said for key, said in zip(row.parts, row.reasons, strict=True) if key not in ACTING]
    told = "; ".join(reasons[:REASONS])
    return told[:1].upper() + told[1:]
