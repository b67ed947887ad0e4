"""A small authority to write rows into."""

import pytest
from sqlalchemy import Engine

from tests.queries.written import Written


@pytest.fixture
def written(engine: Engine) -> Written:
    return Written(engine)
