from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vs_core.rules.suppression import Sum, is_small, safe_counts


def named(row, column):
    return f"{row} {column}"


def line(counts):
    """A line of counts and its total, hidden together: what is shown of each, and of the total."""
    cells, total = table([counts])
    return cells[0][:-1], total[-1]


def table(counts):
    """Rows of counts with their totals, hidden together: the rows with their totals, and the totals below them."""
    rows = [[*row, sum(row)] for row in counts]
    grid = rows if len(rows) == 1 else [*rows, [sum(column) for column in zip(*rows, strict=True)]]
    height, width = len(grid), len(grid[0])
    sums = [
        Sum(named(row, width - 1), tuple(named(row, column) for column in range(width - 1))) for row in range(height)
    ]
    if len(rows) > 1:
        sums += [
            Sum(named(height - 1, column), tuple(named(row, column) for row in range(height - 1)))
            for column in range(width)
        ]
    shown = safe_counts({named(r, c): grid[r][c] for r in range(height) for c in range(width)}, sums, 1, 5)
    found = [tuple(shown[named(row, column)] for column in range(width)) for row in range(height)]
    return found[: len(rows)], found[-1]


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
    assert line(counts) == (cells, total)


def test_a_hidden_cell_takes_a_partner_in_its_row_and_in_its_column():
    rows, totals = table([[3, 10, 20], [8, 9, 30], [12, 40, 50]])
    assert rows == [(None, None, 20, 33), (None, None, 30, 47), (12, 40, 50, 102)]
    assert totals == (23, 59, 100, 182)


COUNTS = st.integers(0, 12)


@given(st.lists(COUNTS, max_size=6))
def test_no_hidden_count_of_a_line_has_only_one_possible_value(counts):
    cells, total = line(counts)
    if total is None or None not in cells:
        return
    hidden = cells.count(None)
    rest = total - sum(count for count in cells if count is not None)
    assert hidden >= 2
    assert rest > hidden  # else each of them could only be 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_small_counts_are_hidden_and_shown_ones_are_true(counts):
    rows, totals = table(counts)
    for row, shown in zip(counts, rows, strict=True):
        exact = [*row, sum(row)]
        assert all(cell in (None, count) for cell, count in zip(shown, exact, strict=True))
        assert all(cell is None for cell, count in zip(shown, exact, strict=True) if 1 <= count <= 5)
    assert not any(total is not None and 1 <= total <= 5 for total in totals)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_line_of_a_table_hides_a_single_cell(counts):
    rows, totals = table(counts)
    grid = [*rows, totals]
    for each in [*grid, *map(list, zip(*grid, strict=True))]:
        assert list(each).count(None) != 1


def solutions(counts, sums, shown):
    """Every way in which counts of 0 to 12 agree with what is shown and with the sums: a second opinion by trying."""
    names = ["a", "b", "c"]
    found = []
    for values in product(range(13), repeat=3):
        each = dict(zip(names, values, strict=True))
        for total in sums:
            each[total.whole] = sum(each[part] for part in total.parts)
        if all(shown[name] in (None, each[name]) for name in counts):
            found.append(each)
    return found


@given(COUNTS, COUNTS, COUNTS)
def test_no_small_named_count_is_given_away_by_the_sums_of_a_document(a, b, c):
    sums = [Sum("ab", ("a", "b")), Sum("all", ("ab", "c"))]
    counts = {"a": a, "b": b, "c": c, "ab": a + b, "all": a + b + c}
    shown = safe_counts(counts, sums, 1, 5)
    assert all(shown[name] in (None, count) for name, count in counts.items())
    possible = solutions(counts, sums, shown)
    for name, count in counts.items():
        if 1 <= count <= 5:
            assert len({each[name] for each in possible}) > 1


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (5, None), (6, 6)])
def test_a_named_count_at_the_edges(count, shown):
    assert safe_counts({"it": count}, [], 1, 5) == {"it": shown}


def test_a_difference_between_two_tables_gives_nothing_away():
    sums = [Sum("young", ("learning", "neet")), Sum("young", ("year 12", "year 13"))]
    counts = {"young": 40, "learning": 36, "neet": 4, "year 12": 22, "year 13": 18}
    shown = safe_counts(counts, sums, 1, 5)
    assert shown == {"young": 40, "learning": None, "neet": None, "year 12": 22, "year 13": 18}


def test_what_the_document_does_not_print_is_hidden_first():
    sums = [Sum("due", ("done", "rest"))]
    counts = {"due": 40, "done": 37, "rest": 3}
    assert safe_counts(counts, sums, 1, 5, unprinted=["rest"]) == {"due": 40, "done": None, "rest": None}
    counts = {"due": 40, "done": 3, "rest": 37}
    assert safe_counts(counts, sums, 1, 5, unprinted=["rest"]) == {"due": 40, "done": None, "rest": None}


def test_a_large_count_of_few_children_hides_with_a_partner():
    sums = [Sum("suspensions", ("drugs", "theft", "other"))]
    counts = {"suspensions": 40, "drugs": 9, "theft": 11, "other": 20}
    shown = safe_counts(counts, sums, 1, 5, also=["drugs"])
    assert shown == {"suspensions": 40, "drugs": None, "theft": None, "other": 20}


def test_a_sum_that_does_not_hold_hides_nothing():
    assert safe_counts({"all": 50, "a": 7, "b": 8}, [Sum("all", ("a", "b"))], 1, 5) == {"all": 50, "a": 7, "b": 8}
