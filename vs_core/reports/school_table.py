"""One page about a school's children on the worklist, for a letter to the school: the fewest columns that it needs.

Who acts, what carers said and what else is known of a child stays out of it: the school is asked what it will do."""

from __future__ import annotations

from collections.abc import Sequence
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
NOT_THE_SCHOOLS = ACTING | {"custody", "woken"}
"""Keys of the parts of which a school is not told: who acts, who was put off, and that a child is in custody."""


def answerable(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of children who may be listed and of whom there is something to ask the school."""
    own = listed(rows)
    return own[pd.Series([bool(_asked(parts, parts)) for parts in own["parts"]], own.index, dtype=bool)]


def content(rows: pd.DataFrame, school: str, as_at: date, authority: str) -> bytes:
    """A Word file. rows: of `figures.triage_letter.at_school`; those that are not `answerable` are left out,
    and after the heaviest ON_A_PAGE it says how many more there are."""
    own = answerable(rows)
    file = WordFile(f"Attendance at {school}", "Children in care whose attendance needs an answer", as_at)
    by = f"{authority} Virtual School" if authority else "The Virtual School"
    file.paragraph(
        f"{by}, {words.long_day(as_at)}. Attendance is of the academic year so far, over all possible sessions in your "
        "register; missed are the half days of absence in it. Please tell us for each child what the school has tried "
        "and what it will do next."
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
    """The heaviest reasons that the school can answer."""
    told = "; ".join(_asked(row.parts, row.reasons)[:REASONS])
    return told[:1].upper() + told[1:]


def _asked(parts: Sequence[str], reasons: Sequence[str]) -> list[str]:
    """In a letter `severe` says of what."""
    told = [(key, said) for key, said in zip(parts, reasons, strict=True) if key not in NOT_THE_SCHOOLS]
    return [said.replace("severe", "severely absent") if key.endswith("severe") else said for key, said in told]
