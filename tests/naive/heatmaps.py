"""Cells of heatmaps: the sessions of each child and week, school and week, and half day, one mark after the other."""

from datetime import date, timedelta
from typing import Any

from .attendance import class_of
from .deliveries import Row, day
from .setting import Setting

Counts = tuple[int, int, int, int]
"""Possible sessions, attended ones, authorised and unauthorised absence."""
COUNTED = ("attended", "authorised", "unauthorised")


def cells(s: Setting) -> dict[str, dict[Any, Counts]]:
    """By view the cells that have a possible session, each by its row and column."""
    cohort, found = s.children_in_period(), dict[str, dict[Any, list[str]]]()
    for row in s.known.of("attendance"):
        on = day(row["date"])
        assert on is not None
        if row["child_id"] in cohort and s.start <= on <= s.end and _inside(s, row, on):
            monday = on - timedelta(days=on.weekday())
            places = {
                "child and week": (row["child_id"], monday),
                "school and week": (row["urn"], monday),
                "half day": (on, row["session"]),
            }
            for view, place in places.items():
                found.setdefault(view, {}).setdefault(place, []).append(class_of(row["code"].strip(), on))
    return {view: _counted(places) for view, places in found.items()}


def _inside(s: Setting, row: Row, on: date) -> bool:
    return not s.while_in_care or s.belongs(row["child_id"], on)


def _counted(places: dict[Any, list[str]]) -> dict[Any, Counts]:
    sums = {place: tuple(kinds.count(each) for each in COUNTED) for place, kinds in places.items()}
    return {place: (sum(own), own[0], own[1], own[2]) for place, own in sums.items() if sum(own)}
