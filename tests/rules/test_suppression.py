import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vs_core.rules.suppression import is_small, safe_line, safe_percent, safe_table


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (5, True), (6, False)])
def test_one_to_five_is_small(count, small):
    assert is_small(count, 1, 5) is small


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ([0, 7, 20], (0, 7, 20), 27),
        ([3, 10, 20], (None, None, 20), 33),
        ([3, 0, 20], (None, 0, None), 23),
        ([1, 1, 20, 0], (None, None, None, 0), 22),
        ([3, 0, 0], (None, 0, 0), None),
        ([2, 3, 9], (None, None, 9), 14),
        ([], (), 0),
        ([0, 0], (0, 0), 0),
    ],
)
def test_a_line(counts, cells, total):
    found = safe_line(counts, 1, 5)
    assert (found.cells, found.total) == (cells, total)


def test_a_hidden_cell_takes_a_partner_in_its_row_and_in_its_column():
    found = safe_table([[3, 10, 20], [8, 9, 30], [12, 40, 50]], 1, 5)
    assert found.cells == ((None, None, 20), (None, None, 30), (12, 40, 50))
    assert (found.row_totals, found.column_totals, found.total) == ((33, 47, 102), (23, 59, 100), 182)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(10, 40, 25.0), (0, 40, 0.0), (40, 40, 100.0), (5, 40, None), (38, 40, None), (0, 3, None), (0, 0, None)],
)
def test_a_percentage_hides_with_its_part_rest_or_whole(part, whole, percent):
    assert safe_percent(part, whole, 1, 5) == percent


COUNTS = st.integers(0, 12)


@given(st.lists(COUNTS, max_size=6))
def test_no_hidden_count_of_a_line_has_only_one_possible_value(counts):
    found = safe_line(counts, 1, 5)
    if found.total is None or None not in found.cells:
        return
    hidden = found.cells.count(None)
    rest = found.total - sum(count for count in found.cells if count is not None)
    assert hidden >= 2
    assert rest > hidden  # else each of them could only be 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_small_counts_are_hidden_and_shown_ones_are_true(counts):
    found = safe_table(counts, 1, 5)
    for row, shown in zip(counts, found.cells, strict=True):
        assert all(cell in (None, count) for cell, count in zip(shown, row, strict=True))
        assert all(cell is None for cell, count in zip(shown, row, strict=True) if 1 <= count <= 5)
    totals = [*found.row_totals, *found.column_totals, found.total]
    assert not any(total is not None and 1 <= total <= 5 for total in totals)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_line_of_a_table_hides_a_single_cell(counts):
    found = safe_table(counts, 1, 5)
    rows = [[*cells, total] for cells, total in zip(found.cells, found.row_totals, strict=True)]
    grid = [*rows, [*found.column_totals, found.total]]
    for line in [*grid, *map(list, zip(*grid, strict=True))]:
        assert line.count(None) != 1
