"""The random authorities reach the edges: whatever mistake is made on purpose shows in a figure of some of them."""

import pytest

from tests.properties.mistakes import ENOUGH, MISTAKES, showing


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_shows(mistake: str) -> None:
    assert any(mistake in own for own in showing().values()), f"no authority of {ENOUGH} shows it"
