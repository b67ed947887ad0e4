"""The commands on an authority with no data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.commands.line import CommandLine, command_line


@pytest.fixture
def line(prepared_url: str) -> Iterator[CommandLine]:
    """`line("import", "schools", file)`, on both databases."""
    with command_line(prepared_url) as made:
        yield made
