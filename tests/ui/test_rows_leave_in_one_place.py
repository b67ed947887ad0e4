"""Rows reach the browser through the table, the chart and the download alone, which leave out who may not be listed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from vs_core import charts, ui
from vs_core.access.viewer import Viewer
from vs_core.charts.drawing import Chart
from vs_core.rules.listed import Unmarked
from vs_core.ui import chart, downloads, tables
from vs_core.ui.tables import Column

HOUSE = Path(ui.__path__[0]).parents[1]
DRAWING = {
    "dataframe": "vs_core/ui/tables.py",
    "vega_lite_chart": "vs_core/ui/chart.py",
    "xlsx_bytes": "vs_core/ui/downloads.py",
    "csv_bytes": "vs_core/ui/downloads.py",
}
"""Whatever sends rows, and the one file above the reports that may ask for it."""
NOWHERE = {
    "data_editor",
    "table",
    "json",
    "write",
    "altair_chart",
    "bar_chart",
    "line_chart",
    "area_chart",
    "scatter_chart",
    "plotly_chart",
    "pydeck_chart",
    "map",
    "pyplot",
    "download_button",
    "write_stream",
}
"""Other ways of Streamlit's to send rows, which nothing here uses."""
ROWS = pd.DataFrame({"child_key": [1, 2], "child": ["Seen", "Unseen"], "is_listed": [True, False], "days": [3, 4]})
COLUMNS = (Column("child", "Child"), Column("days", "Days", "number"))
MARKS_EACH_CHILD = {"child_by_week", "days_against_limits", "child_calendar"}
COUNTS_CHILDREN = {"bands": "a bar for each band"}
"""Charts over a row a child that draw no mark for each, and what they draw."""


def calls() -> Iterator[tuple[str, str, str]]:
    """File, object and method of every call of pages and of what they are made of."""
    for file in [HOUSE / "app.py", *(HOUSE / "pages").glob("*.py"), *(HOUSE / "vs_core" / "ui").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield file.relative_to(HOUSE).as_posix(), ast.unparse(node.func.value), node.func.attr


def test_rows_are_sent_from_one_place() -> None:
    every = set(calls())
    assert {(method, file) for file, _, method in every if method in DRAWING} == set(DRAWING.items())
    assert [each for each in every if each[1] in ("st", "streamlit") and each[2] in NOWHERE] == []


def test_what_the_table_and_the_file_are_given_is_who_may_be_listed() -> None:
    assert list(tables.drawn(ROWS, COLUMNS)["Child"]) == ["Seen"]
    with pytest.raises(Unmarked):
        tables.drawn(ROWS.drop(columns="is_listed"), COLUMNS)


def test_a_file_says_how_many_are_not_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {}
    monkeypatch.setattr(downloads, "lazily", lambda viewer, read, columns, **more: given.update(more, rows=read()))
    viewer = Viewer(1, "h", "h", "headteacher", "session")
    downloads.table(viewer, ROWS, COLUMNS, title="T", notes=["N"], as_at=date(2026, 11, 23))
    assert list(given["rows"]["child"]) == ["Seen"]
    assert given["notes"] == ["N", "1 child whose whereabouts are restricted is counted and not listed."]
    given.clear()
    downloads.table(viewer, ROWS[1:], COLUMNS, title="T", notes=[], as_at=date(2026, 11, 23))
    assert given == {}


def test_a_chart_with_a_mark_for_each_child_draws_who_may_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[pd.DataFrame] = []
    monkeypatch.setattr(chart.st, "vega_lite_chart", lambda rows, *_, **__: drawn.append(rows.to_pandas()))
    monkeypatch.setattr(chart, "is_dark", lambda: False)
    rows = ROWS.rename(columns={"child": "name", "days": "term_days"}).assign(year_days=[3, 4])
    chart.draw(charts.days_against_limits, rows, alt="", key="limits")
    assert "Seen" in set(drawn[0]["name"])
    assert "Unseen" not in set(drawn[0]["name"])
    with pytest.raises(Unmarked):
        chart.draw(charts.days_against_limits, rows[["name", "term_days", "year_days"]], alt="", key="limits")


def test_every_chart_over_children_says_whether_it_marks_each() -> None:
    """By what it says of its rows."""
    every = {name: each for name in dir(charts) if isinstance(each := getattr(charts, name), Chart)}
    of_children = {name for name, each in every.items() if "a row a child" in (each.__doc__ or "")}
    marking = {name for name, each in every.items() if each.marks_each_child}
    assert marking == MARKS_EACH_CHILD
    assert of_children - marking == set(COUNTS_CHILDREN)
