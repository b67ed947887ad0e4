"""Where the product's figures differ from the second opinion, and the smallest authority that shows it."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, select

from tests import naive
from tests.naive import Delivery
from tests.properties.authorities import Authority, Question
from vs_core import figures
from vs_core.figures import heatmaps
from vs_core.intake import take_in
from vs_core.rules.frame import Frame
from vs_core.rules.heatmaps import COUNTS
from vs_core.store.engine import reading
from vs_core.store.schema import child
from vs_core.summaries import proof

TRIALS = 120


def disagreements(
    engine: Engine,
    authority: Authority,
    folder: Path,
    reference: dict[str, Any],
    subjects: Iterable[str] = tuple(naive.SUBJECTS),
) -> list[str]:
    """A line for each figure on which the two differ, for each row refused, and for each summary out of step."""
    refused = [line for delivery in authority.deliveries for line in _taken_in(engine, delivery, folder)]
    with reading(engine) as connection:
        stale = [f"summary: {line}" for line in proof.differences(connection)]
        return refused + stale + differing(connection, authority, reference, subjects)


def differing(
    connection: Connection, authority: Authority, reference: dict[str, Any], subjects: Iterable[str]
) -> list[str]:
    """A line for each figure of an authority already taken in on which the two differ."""
    return [
        line
        for question in authority.questions
        for subject in subjects
        for line in _differing(connection, authority, question, subject, reference)
    ]


def _taken_in(engine: Engine, delivery: Delivery, folder: Path) -> list[str]:
    file = folder / f"{delivery.kind}.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, delivery.columns)
        writer.writeheader()
        writer.writerows(delivery.rows)
    told = take_in(engine, delivery.kind, file, known_on=delivery.known_on, by="test")
    return [f"refused: {delivery.kind}: {problem}" for problem in told.problems if problem.severity == "rejected"]


def _differing(
    connection: Connection, authority: Authority, question: Question, subject: str, reference: dict[str, Any]
) -> Iterator[str]:
    frame = Frame(**vars(question))
    if subject == "attendance":
        yield from _cells_differing(connection, authority, question)
    found = figures.compute(connection, subject, frame).figures
    expected = naive.figures(authority.deliveries, subject, **vars(question), reference=reference)
    for name in sorted({*found, *expected}):
        if not _same(found.get(name, "absent"), expected.get(name, "absent")):
            yield (
                f"{subject}.{name}: product {found.get(name, 'absent')!r}, by hand {expected.get(name, 'absent')!r}"
                f" for {question}"
            )


def _cells_differing(connection: Connection, authority: Authority, question: Question) -> Iterator[str]:
    """A line for each cell of a heatmap on which the two differ."""
    expected = naive.cells(authority.deliveries, **vars(question))
    for view, found in _cells(connection, Frame(**vars(question))).items():
        own = expected.get(view, {})
        yield from (
            f"heatmap by {view}, {place}: product {found.get(place)}, by hand {own.get(place)} for {question}"
            for place in sorted({*found, *own}, key=str)
            if found.get(place) != own.get(place)
        )


def _cells(connection: Connection, frame: Frame) -> dict[str, dict[Any, tuple[int, ...]]]:
    names = {row.id: row.child_id for row in connection.execute(select(child.c.id, child.c.child_id))}
    rows = heatmaps.weeks(connection, frame).rows
    weeks = rows.assign(child=rows["child_key"].map(names), week=rows["week"].dt.date, urn=rows["urn"].astype(object))
    days = heatmaps.days(connection, frame)
    return {
        "child and week": _sums(weeks, "child", "week"),
        "school and week": _sums(weeks, "urn", "week"),
        "half day": _sums(days, "day", "session"),
    }


def _sums(rows: pd.DataFrame, row: str, column: str) -> dict[Any, tuple[int, ...]]:
    sums = rows.groupby([row, column])[list(COUNTS)].sum()
    return {
        place: tuple(int(count) for count in each)
        for place, each in zip(sums.index, sums.to_numpy(), strict=True)
        if each[0]
    }


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(_same(found[name], expected[name]) for name in found)
    if found is None or expected is None or isinstance(found, bool | str) or isinstance(expected, bool | str):
        return found is expected or (type(found) is type(expected) and found == expected)
    if isinstance(found, float) or isinstance(expected, float):
        return bool(found == pytest.approx(expected, rel=0, abs=1e-9))
    return bool(found == expected)


def smallest(authority: Authority, differs: Callable[[Authority], bool]) -> Authority:
    """Leave out questions, files and rows for as long as the two still differ."""
    trials = iter(range(TRIALS))
    for question in authority.questions:
        alone = replace(authority, questions=(question,))
        if differs(alone):
            authority = alone
            break
    while smaller := next(
        (one for one in _smaller(authority) if next(trials, None) is not None and differs(one)), None
    ):
        authority = smaller
    return authority


def _smaller(authority: Authority) -> Iterator[Authority]:
    files = authority.deliveries
    for number in range(len(files)):
        yield replace(authority, deliveries=files[:number] + files[number + 1 :])
    for number, file in enumerate(files):
        rows = file.rows
        halves = [rows[: len(rows) // 2], rows[len(rows) // 2 :]] if len(rows) > 2 else []
        for fewer in halves + [rows[:place] + rows[place + 1 :] for place in range(len(rows))]:
            yield replace(authority, deliveries=(*files[:number], replace(file, rows=fewer), *files[number + 1 :]))


def told(authority: Authority) -> str:
    """The files and questions as text for a failure's message."""
    lines = [f"{file.kind} known on {file.known_on}: {file.rows}" for file in authority.deliveries]
    return "\n".join([*lines, *map(str, authority.questions)])
