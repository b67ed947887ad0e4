"""The authority whose requests are paid."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.casework import paying


@pytest.fixture
def paid(engine: Engine) -> Engine:
    paying.authority(engine)
    return engine
