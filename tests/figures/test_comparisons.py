"""Changes since a week before, published figures, freshness, coverage, and the command."""

from __future__ import annotations

import argparse
import json
from datetime import date

import pytest

from tests.queries.written import Written, frame
from vs_core.commands import figures as command
from vs_core.figures import benchmarks, freshness
from vs_core.figures.changes import changes, week_before
from vs_core.figures.since_last_week import care_corrected
from vs_core.rules.frame import FrameError


def test_who_became_persistently_absent_this_week(written: Written) -> None:
    written.marks("A", "2024-10-07", "//" * 5, known_from="2024-10-11")
    written.marks("A", "2024-10-14", "OO" * 5, known_from="2024-10-18")
    written.marks("B", "2024-10-07", "OO" * 5, known_from="2024-10-11")
    with written.reading() as connection:
        answer = changes(connection, "attendance", frame("attendance", "2024-10-18", cohort="all"))
    assert answer.difference("persistently_absent") == 1
    assert list(answer.moved_in("persistently_absent")["child_id"]) == ["A"]
    assert answer.moved_out("persistently_absent").empty


def test_a_week_before_is_what_was_known_then(written: Written) -> None:
    earlier = week_before(frame("cohort", "2024-10-18"))
    assert earlier is not None
    assert (earlier.as_at, earlier.end, earlier.known_on) == (date(2024, 10, 11),) * 3


def test_a_period_that_began_this_week_has_no_week_before(written: Written) -> None:
    written.care("A", "2024-09-01")
    with written.reading() as connection:
        answer = changes(connection, "cohort", frame("cohort", "2024-09-05"))
    assert answer.before is None
    assert "01/09/2024" in answer.why_not
    assert answer.difference("in_care") is None
    assert answer.moved_out("in_care").empty


def test_joined_left_and_corrected_add_up_to_the_change_in_care(written: Written) -> None:
    written.care("joined", "2024-10-15", known_from="2024-10-16")
    written.care("left", "2024-01-01", known_to="2024-10-18")
    written.care("left", "2024-01-01", "2024-10-16", known_from="2024-10-18")
    written.care("back", "2024-01-01", "2024-10-02", known_to="2024-10-18")
    written.care("back", "2024-01-01", known_from="2024-10-18")
    written.care("stays", "2024-01-01")
    with written.reading() as connection:
        answer = changes(connection, "cohort", frame("cohort", "2024-10-18"))
    corrected = care_corrected(answer)
    assert list(corrected["child_id"]) == ["back"]
    joined, left = len(answer.moved_in("joined")), len(answer.moved_in("left"))
    assert answer.difference("in_care") == joined - left + len(corrected) == 1


def published(written: Written, level: str, region: str, la: str, absent: str, year: str = "202425") -> None:
    written.row(
        "benchmark",
        time_period=year,
        geographic_level=level,
        region_name=region,
        la_name=la,
        social_care_group="CLA 12 months at 31 March",
        phase_type_grouping="Total",
        pt_overall=absent,
        pt_pupils_pa_10_exact="c",
        pt_pupils_pa_50_exact="z",
    )


def test_published_figures_keep_their_symbols(written: Written) -> None:
    published(written, "National", "", "", "9")
    published(written, "National", "", "", "8", "202324")
    published(written, "Regional", "East", "", "7.8")
    published(written, "Local authority", "East", "Lakeshire", "x")
    with written.reading() as connection:
        found = benchmarks.published(connection, "in care", "Lakeshire")
        assert benchmarks.published(connection, "kinship", "Lakeshire") == []
    assert [(each.place, each.value, each.symbol) for each in found[:3]] == [
        ("England", 91, ""),
        ("East", pytest.approx(92.2), ""),
        ("Lakeshire", None, "x"),
    ]
    assert {each.symbol for each in found[3:]} == {"c", "z"}


def test_freshness_and_coverage(written: Written) -> None:
    written.child("A", born_on="2012-05-05")
    written.care("A", "2023-01-01")
    written.row("school_details", school="100001", name="Lake School", la_name="Essex")
    written.enrolled("A", "100001", "2024-09-09")
    written.row(
        "calendar_entry",
        la="Essex",
        school="",
        academic_year="2024/25",
        what="half term 1",
        started_on="2024-09-02",
        ended_on="2024-10-25",
    )
    written.marks("A", "2024-09-09", "///.", "100001", known_from="2024-09-12")
    of = frame("attendance", "2024-09-13")
    with written.reading() as connection:
        fresh = freshness.freshness(connection, "attendance", of)
        covered = freshness.coverage(connection, of, "")
        elsewhere = freshness.coverage(connection, frame("attendance", "2025-09-13"), "")
    assert (fresh.last_kind, fresh.known_on, fresh.last_on) == ("attendance", date(2024, 9, 12), date(2024, 9, 10))
    assert (covered.received, covered.expected, covered.percent) == (3, 10, 30)
    assert elsewhere.expected is None
    assert "not loaded" in elsewhere.why_not


def test_the_command_prints_json_by_subject(
    written: Written, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written.care("A", "2024-10-01")
    with written.reading():
        pass
    parser = argparse.ArgumentParser()
    command.add_to(parser.add_subparsers())
    monkeypatch.setattr(command, "ready_engine", lambda: written.engine)
    today = date(2025, 3, 31)
    assert command.run(parser.parse_args(["figures", "cohort", "--json"]), today) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["cohort"]["in_care"] == 1
    assert printed["frame"]["to"] == "2025-03-31"
    assert "cohort.kinship" in printed["notes"]
    assert command.run(parser.parse_args(["figures", "--as-at", "31/03/2025"]), today) == 0
    assert "children_without_spend" in capsys.readouterr().out
    with pytest.raises(FrameError):
        command.run(parser.parse_args(["figures", "cohort", "--from", "2025-05-01"]), today)
    assert command.run(parser.parse_args(["figures", "--describe"]), today) == 0
    assert "attendance.persistently_absent" in capsys.readouterr().out
