"""Every pound is in exactly one state, to the penny, on every past day, then and now, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from sqlalchemy import Connection, Engine

from tests.conftest import Databases, prepare
from tests.databases import SqliteFiles
from tests.properties.pounds import LAST, Books, History, Step, histories, replayed
from tests.properties.pounds_told import told
from tests.queries.written import Written
from vs_core.figures import SubjectFigures, compute
from vs_core.rules import measures_pp_plus, pp_plus
from vs_core.rules.frame import Frame
from vs_core.store.engine import engine_for

EXAMPLES = {"sqlite": 7, "postgresql": 4}
DAYS = 4
"""Past days that are asked of each history, besides the last of what happened and of the year."""

A_YEAR: list[Step] = [
    ("notice", 20, 0, 90_000),
    ("ask", 5, 0, 30_001),
    ("ask", 5, 1, 40_000),
    ("ask", 5, 9, 50_000),
    ("ask", 5, 2, 20_000),
    ("approve", 5, 0, 1),
    ("part", 5, 0, 35_000),
    ("pay", 5, 3, 1),
    ("approve", 5, 0, 1),
    ("pay", 5, 0, 10_000),
    ("notice", 5, 2, 80_000),
    ("pay", 5, 0, 9_999),
    ("return", 5, 1, 1),
    ("recover", 5, 0, 4_000),
    ("pay", 5, 4, 20_000),
    ("lapse", 5, 0, 1),
    ("amend payment", 5, 1, 7_777),
    ("pay", 5, 1, 500),
]  # fmt: skip


@contextmanager
def _written(databases: Databases, history: History) -> Iterator[Connection]:
    url = databases.copy_of("prepared", prepare)
    engine = engine_for(url)
    try:
        with _rows_of(engine, history).reading() as connection:
            yield connection
    finally:
        engine.dispose()
        databases.drop(url)


def _rows_of(engine: Engine, history: History) -> Written:
    written = Written(engine)
    for kind in ("pp-allocations", "pp-requests", "pp-payments", "ssda903-episodes"):
        written.arrive(kind)
    for table, since, until, row in history.rows():
        written.row(table, since.isoformat(), until.isoformat() if until else None, **row)
    return written


def _asked_of(history: History) -> list[date]:
    """Some days on which something happened, the last one and the last of the year."""
    days = sorted(history.kept)
    return sorted({*days[1 :: max(1, len(days) // DAYS)][:DAYS], *days[-1:], LAST})


def _faults(connection: Connection, history: History) -> list[str]:
    """A line for each day and knowledge on which the product and the books differ by a penny."""
    found: list[str] = []
    for day in _asked_of(history):
        then = compute(connection, "pp-plus", Frame.for_subject("pp-plus", day, day))
        now = compute(connection, "pp-plus", Frame.for_subject("pp-plus", day))
        entered = [figures for on, figures in history.kept.items() if on <= day]
        found += _differing(f"{day} as kept", then.figures, entered[-1] if entered else Books().figures())
        for name, of, known_on in (("then", then, day), ("now", now, LAST)):
            books = replayed(history, day, known_on)
            found += _differing(f"{day} as known {name}", of.figures, books.figures())
            found += _adds_up(f"{day} as known {name}", of.figures)
            found += [f"{day} as known {name}: {line}" for line in _of_each_request(of, books)]
    return found


def _differing(when: str, product: dict[str, Any], books: dict[str, int | None]) -> list[str]:
    return [
        f"{when}: {name} is {product[name]}, in the books {pence}"
        for name, pence in books.items()
        if product[name] != pence
    ]


def _adds_up(when: str, of: dict[str, Any]) -> list[str]:
    if of["allocation_pence"] is None:
        return []
    stands = sum(of[f"{state}_pence"] for state in ("retained", "remaining", "committed", "paid"))
    difference = of["allocation_pence"] - (stands - of["recovered_pence"])
    return [f"{when}: {difference} pence are in no state, or in two"] if difference else []


def _of_each_request(of: SubjectFigures, books: Books) -> list[str]:
    """What was asked is waiting, refused, promised or paid, each penny of it once, and as the books have it."""
    lines = []
    for row in of.rows["requests"].to_dict("records"):
        key, asked, is_open = row["request_id"], int(row["amount_pence"]), row["state"] in pp_plus.OPEN_STATES
        stands = (
            asked if is_open else 0,
            0 if is_open else asked - int(row["approved_pence"]),
            int(row["committed_pence"]),
            int(row["approved_pence"]) - int(row["committed_pence"]),
        )
        paid = books.paid_of.get(key, 0) - books.over.get(key, 0)
        entered = (books.waiting.get(key, 0), books.refused.get(key, 0), books.committed.get(key, 0), paid)
        if sum(stands) != asked or stands != entered or int(row["paid_pence"]) != books.paid_of.get(key, 0):
            lines.append(f"{key} of {asked} stands {stands}, in the books {entered}")
    return lines


def test_every_pound_is_in_exactly_one_state(dialect: str, server_of_databases: Databases) -> None:
    @settings(max_examples=EXAMPLES[dialect], database=None, phases=[Phase.explicit, Phase.generate, Phase.shrink])
    @given(histories())
    def holds(steps: list[Step]) -> None:
        history = told(steps)
        with _written(server_of_databases, history) as connection:
            assert _faults(connection, history) == []

    holds()


def _without_recovered(allocation: int, kept: int, paid: int, committed: int, recovered: int) -> int:
    return allocation - kept - paid - committed


def _lapsed_is_promised(state: str, amount_pence: int, approved_pence: int | None) -> int:
    return amount_pence if approved_pence is None and state != "requested" else approved_pence or 0


def _paid_is_promised(requests: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    return requests.assign(paid_pence=0, committed_pence=requests["approved_pence"])


MISTAKES: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "recovered money is lost": (pp_plus, "remaining", _without_recovered),
    "a lapsed request is promised": (measures_pp_plus, "approved_amount", _lapsed_is_promised),
    "paid is still promised": (measures_pp_plus, "_with_committed", _paid_is_promised),
    "decided before the day": (measures_pp_plus, "state_at", lambda status, decided_on, on: status),
    "half a penny down": (pp_plus, "half_up", lambda exact: int(exact) - 1),
}


def test_a_year_by_hand(sqlite_files: SqliteFiles) -> None:
    history = told(A_YEAR)
    with _written(sqlite_files, history) as connection:
        assert _faults(connection, history) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_pound_that_is_lost_or_counted_twice_is_seen(
    sqlite_files: SqliteFiles, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    history = told(A_YEAR)
    monkeypatch.setattr(*MISTAKES[mistake])
    with _written(sqlite_files, history) as connection:
        assert _faults(connection, history) != []
