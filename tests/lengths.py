"""How far tests with random examples search: in a usual run as far as finds what somebody breaks, and further by night.

VS_TESTS=long make test
"""

from __future__ import annotations

import os

LONG = os.environ.get("VS_TESTS") == "long"


def examples(usual: int, long: int) -> int:
    """How many examples or seeds this run takes."""
    return long if LONG else usual
