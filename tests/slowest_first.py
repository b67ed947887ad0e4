"""The order of the files of a whole run: the slowest first, so that no process waits long for another.

Seconds as measured on two cores; only their order matters, and a file that is not named here comes after them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

SECONDS = {
    "browser/test_pages.py": 182,
    "access/test_nothing_leaks.py": 110,
    "intake/test_repeats.py": 95,
    "browser/test_hostile_names.py": 88,
    "test_app.py": 81,
    "access/matrix/test_matrix.py": 80,
    "pages/test_weekly_review.py": 56,
    "figures/test_attention.py": 50,
    "browser/test_triage.py": 49,
    "commands/test_exporting.py": 47,
    "store/test_check.py": 45,
    "commands/test_people_and_figures.py": 43,
    "intake/test_real_input.py": 43,
    "pages/test_children_pages.py": 40,
    "access/test_sessions_end.py": 39,
    "browser/test_screen.py": 38,
    "access/test_signed_out.py": 36,
    "browser/test_heatmaps.py": 36,
    "properties/test_figures_agree.py": 35,
    "commands/test_importing.py": 33,
    "pages/test_attendance_page.py": 32,
    "intake/test_undo.py": 31,
    "demo/test_broken_off.py": 31,
    "access/test_signing_in.py": 30,
    "casework/test_batches.py": 20,
    "pages/test_attendance_views.py": 28,
    "access/test_two_hundred_guesses.py": 28,
    "intake/test_kills.py": 27,
    "pages/test_restricted_children.py": 26,
    "access/attacks/test_on_a_socket.py": 24,
    "summaries/test_in_step.py": 24,
    "pages/test_child.py": 23,
    "commands/test_exporting_reports.py": 23,
    "casework/test_release_kills.py": 23,
    "browser/test_payments.py": 22,
    "store/test_constraints.py": 20,
    "store/test_backup.py": 19,
    "charts/test_charts.py": 19,
    "figures/test_subjects.py": 19,
    "demo/test_county.py": 18,
    "access/test_forged_tokens.py": 18,
    "reports/test_board_pack.py": 17,
    "properties/test_triage_agrees.py": 17,
    "access/test_people_and_passwords.py": 17,
    "store/test_prepare.py": 16,
    "reports/test_weekly_brief.py": 15,
    "intake/test_same_figures.py": 15,
    "casework/test_entries.py": 14,
    "figures/test_attendance.py": 14,
    "access/test_screen.py": 13,
    "intake/test_data_page_flow.py": 13,
    "intake/test_kinds.py": 13,
    "access/test_single_sign_on.py": 13,
    "intake/test_layout.py": 13,
    "access/test_the_trail.py": 12,
    "access/test_retention.py": 12,
    "access/test_what_a_role_sees.py": 12,
    "figures/test_heatmaps.py": 11,
    "browser/test_council_account.py": 11,
    "properties/test_every_pound.py": 11,
}


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The same tests; those of a file stay together and in their order."""
    here = items[0].config.rootpath / "tests" if items else None
    own = {item.path: -SECONDS.get(item.path.relative_to(here).as_posix(), 0) for item in items}
    return sorted(items, key=lambda item: own[item.path])
