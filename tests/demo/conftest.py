"""The demo's authorities as files, written once for a run."""

from __future__ import annotations

from datetime import date

import pytest

from tests.demo.files import Authority
from vs_core.demo import write

AS_AT = date(2026, 11, 23)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The small authority's files as at AS_AT."""
    return Authority(write(tmp_path_factory.mktemp("small"), AS_AT, "small"), AS_AT)


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The county's files as at AS_AT."""
    return Authority(write(tmp_path_factory.mktemp("county"), AS_AT), AS_AT)
