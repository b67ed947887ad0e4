"""The order of the files of a whole run: the slowest first, so that no process waits long for another.

Seconds as measured on two cores; only their order matters, and a file that is not named here comes after them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

SECONDS = {
    "access/matrix/test_matrix.py": 170,
    "browser/test_pages.py": 150,
    "access/test_nothing_leaks.py": 110,
    "browser/test_hostile_names.py": 90,
    "figures/test_attention.py": 70,
    "store/test_check.py": 65,
    "commands/test_exporting.py": 63,
    "properties/test_figures_agree.py": 62,
    "intake/test_repeats.py": 61,
    "store/test_backup.py": 60,
    "browser/test_triage.py": 59,
    "pages/test_weekly_review.py": 58,
    "access/test_signed_out.py": 57,
    "test_app.py": 56,
    "properties/test_triage_agrees.py": 55,
    "browser/test_screen.py": 54,
    "demo/test_broken_off.py": 53,
    "commands/test_people_and_figures.py": 52,
    "pages/test_children_pages.py": 50,
    "intake/test_kills.py": 46,
    "commands/test_exporting_reports.py": 44,
    "browser/test_heatmaps.py": 43,
    "intake/test_same_figures.py": 42,
    "intake/test_real_input.py": 42,
    "access/test_sessions_end.py": 41,
    "naive/test_real_input.py": 38,
    "demo/test_county.py": 35,
    "access/test_two_hundred_guesses.py": 33,
}


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The same tests; those of a file stay together and in their order."""
    here = items[0].config.rootpath / "tests" if items else None
    own = {item.path: -SECONDS.get(item.path.relative_to(here).as_posix(), 0) for item in items}
    return sorted(items, key=lambda item: own[item.path])
