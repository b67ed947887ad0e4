"""To wait for something instead of for some time."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSE_SECONDS = 0.05


def came_true(what: Callable[[], object], seconds: float) -> bool:
    """Whether it came true within so many seconds; asked again and again."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True
