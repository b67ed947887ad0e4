"""Rows without a number of their own: the n-th such row of the file, also where some of them are refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, select

from vs_core.intake.checking import Checked
from vs_core.intake.kind import Kind, Row
from vs_core.intake.refusals import Refused
from vs_core.store import schema

OWN, KEY, NTH = "notice_id", "notice_key", "occurrence"


def number(connection: Connection, checked: Checked, rows: list[Row], named: Mapping[int, Refused]) -> None:
    """Fill in `notice_key` and `occurrence` of every row of the sheet; None where the row cannot be told.

    A refused row that is offered again (`named`, by place) keeps the number that it had in its file; when that could
    not be read then, it takes the next that nobody has."""
    seen: Counter[str] = Counter()
    for place, row in enumerate(rows):
        such = such_rows(checked.kind, row)
        own = row.get(OWN)
        exported = _number_in(str(own), such) if own is not None and such else None
        row[NTH], row[KEY] = 1, own
        if (own is not None and exported is None) or such is None:
            continue
        if OWN in row:
            row[OWN] = None
        if exported:
            nth = exported
        elif place in named:
            nth = kept(named[place], such) or _next_free(connection, checked.kind, such, rows[:place])
        else:
            seen[such] += 1
            nth = seen[such]
        row[NTH], row[KEY] = nth, f"{such}|{nth}"


def such_rows(kind: Kind, row: Row) -> str | None:
    """What the rows have in common among which one is the n-th; None when it cannot be read."""
    parts = [row.get(name) for name in kind.nth_of]
    return None if None in parts else "|".join(str(part) for part in parts)


def _number_in(key: str, such: str) -> int | None:
    """The number in the key of such a row, as an export names it."""
    start, _, nth = key.rpartition("|")
    return int(nth) if start == such and nth.isascii() and nth.isdigit() and len(nth) < 9 else None


def kept(refused: Refused, such: str) -> int | None:
    """The number that a refused row had among such rows of its file."""
    return _number_in(str(json.loads(refused.row_key)[0]), such) if refused.row_key else None


def _next_free(connection: Connection, kind: Kind, such: str, before: list[Row]) -> int:
    """After all such rows that are held, that wait, or that stand before this one."""
    held = kind.table.c[KEY]
    keys = list(connection.scalars(select(held).where(held.startswith(f"{such}|", autoescape=True)).distinct()))
    row = schema.rejected_row.c
    waiting = select(row.row_key).where(row.kind == kind.name, row.state == "waiting", row.row_key.is_not(None))
    keys += [str(json.loads(str(key))[0]) for key in connection.scalars(waiting)]
    keys += [str(one[KEY]) for one in before]
    return max((nth for key in keys if (nth := _number_in(key, such))), default=0) + 1
