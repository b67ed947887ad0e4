"""The dated lists of codes that a row is checked against."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import Connection, select

from vs_core.store import schema

Span = tuple[date | None, date | None]


class Codes:
    """The codes in force, by list. Listed in `data/reference`, kept in the reference tables of the database."""

    def __init__(self, spans: dict[str, dict[str, list[Span]]]) -> None:
        self._spans = spans

    def problem(self, of: str, code: str, on: date | None) -> str | None:
        """Why `code` cannot stand in list `of` on that day, as the end of a sentence; None when it can."""
        spans = self._spans.get(of, {}).get(code)
        if spans is None:
            return f"'{code}' is not a code of this list"
        if on is None or any((start is None or start <= on) and (end is None or on <= end) for start, end in spans):
            return None
        return f"'{code}' was not in use on {on:%d/%m/%Y}"


def read_codes(connection: Connection) -> Codes:
    """Every dated list of the database."""
    spans: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for table in (schema.register_code, schema.suspension_reason):
        for row in connection.execute(select(table.c.code, table.c.starts_on, table.c.ends_on)):
            spans[table.name][row.code].append((row.starts_on, row.ends_on))
    listed = schema.code_value.c
    for value in connection.execute(select(listed.list, listed.code, listed.starts_on, listed.ends_on)):
        spans[value.list][value.code].append((value.starts_on, value.ends_on))
    return Codes({name: dict(codes) for name, codes in spans.items()})
