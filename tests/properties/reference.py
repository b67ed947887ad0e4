"""The reference lists that both computations rest on, read from the files that the product ships."""

import csv
from pathlib import Path
from typing import Any

from tests.properties.rows import Projects

FOLDER = Path(__file__).parents[2] / "data" / "reference"
YEARS = ("under 2", "N1", "N2", "R", *(str(number) for number in range(1, 14)), "over 18", "not known")
WITH_PLACES = ("Laptops", "Maths-Whizz", "Imagination Library")


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def reference() -> dict[str, Any]:
    """`projects` (name -> (year groups, minutes a week or None, cohorts)) and two limits."""
    limits = {row["name"]: row["value"] for row in _rows("thresholds.csv")}
    projects = {row["name"]: _project(row) for row in _rows("projects.csv")}
    names = ("top_slice_percent", "last_payment_run_day_in_march")
    return {"projects": projects, **{name: limits[name] for name in names}}


def _project(row: dict[str, str]) -> tuple[set[str], int | None, set[str]]:
    return _years(row), int(row["minutes_per_week"] or 0) or None, set(row["cohorts"].split(";"))


def _years(row: dict[str, str]) -> set[str]:
    first, last = row["years_from"], row["years_to"]
    return set(YEARS[YEARS.index(first) : YEARS.index(last) + 1] if first else YEARS)


def projects() -> Projects:
    """The projects that the random authorities send reports of: for everybody, with a usage rule, for the youngest."""
    everyone = reference()["projects"]
    return {name: everyone[name] for name in WITH_PLACES}
