"""An error of any library is logged by kind and place, never with its text, which may hold a child's data."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from vs_core.ui import failure


@pytest.fixture
def without_texts() -> Iterator[None]:
    usual = logging.getLogRecordFactory()
    failure.keep_errors_out_of_the_log()
    yield
    logging.setLogRecordFactory(usual)


@pytest.mark.parametrize("name", ["streamlit.runtime.app_session", "uvicorn.error", "asyncio", "vs_core"])
def test_the_text_of_an_error_is_not_logged(name: str, without_texts: None, caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("Canary, born 1 May")
    except ValueError:
        logging.getLogger(name).exception("It went wrong for %s", "Canary")
    assert "Canary" not in caplog.text
    assert "Traceback" not in caplog.text
    assert "ValueError at " in caplog.text


def test_what_is_no_error_is_logged_as_it_is(without_texts: None, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("vs_core").warning("Sessions cannot be looked up: %s", "OperationalError")
    assert "Sessions cannot be looked up: OperationalError" in caplog.text
