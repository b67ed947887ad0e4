"""Every cell and row of a sheet checked against its KIND: what can be taken in, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vs_core.intake import cells, columns
from vs_core.intake.cells import Value
from vs_core.intake.codes import Codes
from vs_core.intake.kind import Column, Kind, Row, matched
from vs_core.intake.problems import CellProblem, RowProblem, Severity
from vs_core.intake.reading import Sheet

NUMBER_OF_CELLS = "number of cells"
EMPTY = CellProblem("empty cell", "the cell is empty and must not be")
LEFT_EMPTY = CellProblem("empty cell", "the cell is empty: somebody should fill it in")


@dataclass
class Checked:
    """sheet: as read; places: of the columns, by table column; values: by table column, one value a row of the sheet;
    problems: everything noticed; ignored: columns of the file without a meaning; notes: sentences on the whole file;
    keys: of the rows as `keys` gives them, once they are known (not of register marks)."""

    kind: Kind
    sheet: Sheet
    places: dict[str, int]
    values: dict[str, list[Any]]
    problems: list[RowProblem] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    @property
    def rejected_numbers(self) -> set[int]:
        return {problem.row_number for problem in self.problems if problem.severity == "rejected"}

    def accepted(self) -> Iterator[int]:
        """Positions of the rows that can be taken in."""
        rejected = self.rejected_numbers
        return (place for place, number in enumerate(self.sheet.row_numbers) if number not in rejected)

    def rows(self) -> list[Row]:
        """Every row, each a dict by table column, None for what cannot be read; children and schools still by their own
        numbers."""
        by_name = list(self.values.items())
        return [{name: values[place] for name, values in by_name} for place in range(len(self.sheet.rows))]


def check(kind: Kind, sheet: Sheet, codes: Codes) -> Checked:
    """Check a sheet. Raises FileProblem when a required column is missing, or two columns mean the same."""
    places = matched(kind, sheet.header)
    columns.refuse_missing(kind, sheet.name, sheet.header, places)
    columns.refuse_repeated(kind, sheet.name, sheet.header)
    checked = Checked(kind, sheet, places, {}, ignored=columns.ignored(kind, sheet.header))
    _check_widths(checked)
    for column in kind.columns:
        if column.to in places:
            _check_column(checked, column, places[column.to])
    for column in kind.columns:
        if column.list and column.to in places:
            _check_codes(checked, column, codes)
    _check_rows(checked)
    checked.problems = _worth_saying(checked)
    checked.problems.sort(key=lambda problem: problem.row_number)
    return checked


def _check_widths(checked: Checked) -> None:
    width, extra = len(checked.sheet.header), columns.extra_cells(checked.sheet.header)
    for number, row in zip(checked.sheet.row_numbers, checked.sheet.rows, strict=True):
        if len(row) != width:
            few = "few" if len(row) < width else "many"
            sentence = f"the row has too {few} cells: {len(row)} where the header has {width}"
            checked.problems.append(RowProblem(number, "whole row", NUMBER_OF_CELLS, sentence))
        for place in extra if len(row) == width else ():
            if row[place].strip():
                sentence = "the row had more cells than columns: put this text where it belongs and empty the cell"
                checked.problems.append(RowProblem(number, checked.sheet.header[place], NUMBER_OF_CELLS, sentence))


def _worth_saying(checked: Checked) -> list[RowProblem]:
    """Without complaints about the cells of a row that has too many or too few of them, and without queries about rows
    that are refused anyway."""
    rejected = checked.rejected_numbers
    misfits = {problem.row_number for problem in checked.problems if problem.rule == NUMBER_OF_CELLS}
    return [
        problem
        for problem in checked.problems
        if (problem.rule == NUMBER_OF_CELLS or problem.row_number not in misfits)
        and (problem.severity == "rejected" or problem.row_number not in rejected)
    ]


def _check_column(checked: Checked, column: Column, place: int) -> None:
    width = len(checked.sheet.header)
    texts = [row[place] if len(row) == width else "" for row in checked.sheet.rows]
    distinct = set(texts)
    spaces_count = column.reads is cells.text and not column.filled
    blank = {cell for cell in distinct if not (cell if spaces_count else cell.strip())}
    read = column.reads(distinct - blank)
    found = {cell: _value_or_problem(read, cell) for cell in distinct - blank}
    bad = {cell: value for cell, value in found.items() if isinstance(value, CellProblem)}
    checked.values[column.to] = [None if cell in blank or cell in bad else found[cell] for cell in texts]
    if column.filled:
        bad |= dict.fromkeys(blank, EMPTY)
    if bad:
        _complain(checked, column, texts, bad, "rejected")
    if column.query_empty and blank:
        _complain(checked, column, texts, dict.fromkeys(blank, LEFT_EMPTY), "query")


def _value_or_problem(read: cells.Reader, cell: str) -> Value | CellProblem:
    try:
        return read(cell)
    except CellProblem as problem:
        return problem


def _complain(
    checked: Checked, column: Column, texts: list[str], bad: dict[str, CellProblem], severity: Severity
) -> None:
    for number, cell in zip(checked.sheet.row_numbers, texts, strict=True):
        problem = bad.get(cell)
        if problem is not None:
            checked.problems.append(RowProblem(number, column.name, problem.rule, str(problem), severity))


def _check_codes(checked: Checked, column: Column, codes: Codes) -> None:
    values = checked.values[column.to]
    days = checked.values.get(column.dated_by) or [None] * len(values)
    wrong: dict[tuple[Value, Value], str] = {}
    for code, on in set(zip(values, days, strict=True)):
        said = codes.problem(column.list, str(code), on if isinstance(on, date) else None) if code is not None else None
        if said:
            wrong[code, on] = said
    if not wrong:
        return
    for number, pair in zip(checked.sheet.row_numbers, zip(values, days, strict=True), strict=True):
        if pair in wrong:
            checked.problems.append(RowProblem(number, column.name, "list of codes", wrong[pair]))


def _check_rows(checked: Checked) -> None:
    kind = checked.kind
    if kind.rules is None and kind.queries is None:
        return
    by_name = list(checked.values.items())
    rejected = checked.rejected_numbers
    for place, number in enumerate(checked.sheet.row_numbers):
        if number in rejected:
            continue
        row = {name: values[place] for name, values in by_name}
        for column, rule, sentence in kind.rules(row) if kind.rules else ():
            checked.problems.append(RowProblem(number, column, rule, sentence))
        for column, rule, sentence in kind.queries(row) if kind.queries else ():
            checked.problems.append(RowProblem(number, column, rule, sentence, "query"))
