"""What is measured of the pages can be put together; how long it takes no test says."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.access.matrix.house import build
from tests.bench.builds import AS_USUAL, ONE_PAGE_MORE
from tests.bench.pages import Line
from tests.bench.views import VIEWS
from vs_core.commands import bench_pages
from vs_core.intake.problems import FileProblem


def test_the_usual_app_differs_from_ours_where_it_is_said(tmp_path: Path) -> None:
    """An edit that no longer fits raises."""
    build(tmp_path / "app", [ONE_PAGE_MORE, *AS_USUAL])
    assert "gc.freeze" not in (tmp_path / "app" / "vs_core" / "access" / "front.py").read_text()
    assert "postScriptGC" not in (tmp_path / "app" / ".streamlit" / "config.toml").read_text()
    assert "st.altair_chart" in (tmp_path / "app" / "vs_core" / "ui" / "chart.py").read_text()


def test_every_view_of_both_pages_has_an_address_of_its_own_and_a_way_to_it() -> None:
    assert {view.page for view in VIEWS} == {"attendance", "triage"}
    assert len({view.name for view in VIEWS}) == len(VIEWS) > 10
    assert [view for view in VIEWS if view.to == view.off] == []


@pytest.mark.parametrize(("value", "said"), [(0.4, "met     "), (0.41, "NOT MET ")])
def test_a_line_says_whether_its_limit_is_met(value: float, said: str) -> None:
    assert str(Line("a view", value, 0.4, "so much")) == f"{said}a view: so much"


def test_what_the_framework_warns_of_is_left_unsaid_only_meanwhile(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger(bench_pages.KEEPS_ANSWERS)
    monkeypatch.setattr(logger, "propagate", True)

    def measured(*_: object) -> list[str]:
        logger.warning("no server")
        logger.error("an error")
        return []

    monkeypatch.setattr(bench_pages, "import_module", lambda _: SimpleNamespace(measure=measured))
    assert bench_pages.measure("sqlite:///not-read.db", date(2026, 11, 23), "") == 0
    logger.warning("afterwards")
    assert {record.getMessage() for record in caplog.records} == {"an error", "afterwards"}


def test_without_what_tests_need_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_pages, "MEASURED_BY", "tests.nothing.there")
    with pytest.raises(FileProblem, match=r"pip install -r requirements-dev\.txt"):
        bench_pages.measure(None, date(2026, 11, 23), "")
