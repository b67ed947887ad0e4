"""Taking reports away from the weekly review: offered once, made only when fetched, to whom may."""

from __future__ import annotations

from datetime import date

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.pages.conftest import Open, viewer
from tests.reports.files import pdf_text
from vs_core.access import downloads, roles
from vs_core.reports.catalogue import REPORTS
from vs_core.ui import downloads as ui


class Opened:
    """A popover that somebody has opened."""

    open = True

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[downloads.Offer]:
    """What is offered where the popover is open."""
    given: list[downloads.Offer] = []

    def offer(viewer, name, media_type, content, detail=None):  # type: ignore[no-untyped-def]
        address = real(viewer, name, media_type, content, detail)
        given.append(downloads._offers[address.rpartition("/")[2]])
        return address

    real = downloads.offer
    monkeypatch.setattr(downloads, "offer", offer)
    monkeypatch.setattr(st, "popover", lambda *_, **__: Opened())
    return given


@pytest.mark.parametrize("role", roles.ROLES)
def test_who_may_export_is_offered_three_reports(small: Open, offered: list[downloads.Offer], role: str) -> None:
    ui.take_away(viewer(role), SMALL_AUTHORITY_AS_AT, None)
    names = ["weekly-brief-2026-11-23.pdf", "board-pack-2026-11-23.docx", "figures-2026-11-23.xlsx"]
    assert [each.name for each in offered] == (names if roles.may(role, roles.EXPORT) else [])
    assert all(callable(each.content) for each in offered)


def test_what_is_fetched_is_the_viewer_s(small: Open, offered: list[downloads.Offer]) -> None:
    adviser = viewer("adviser")
    ui.take_away(adviser, date(2026, 11, 16), date(2026, 11, 16))
    brief = offered[0]
    assert brief.detail == {"title": "Weekly brief", "as_at": "2026-11-16", "known_on": "2026-11-16"}
    said = pdf_text(downloads._made(brief, adviser))
    assert f"Caseload of {adviser.adviser}. Monday 16 November 2026, as known on that day" in said
    assert [each.media_type for each in offered] == [each.media_type for each in REPORTS.values()]


def test_nothing_is_offered_before_it_is_opened(small: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    monkeypatch.setattr(downloads, "offer", lambda *each: given.append(each) or "/download/x")
    test: AppTest = small("weekly_review")
    assert not test.exception
    assert given == []
