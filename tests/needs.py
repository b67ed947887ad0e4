"""What to do when this machine lacks something that a test needs."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


class Unavailable(Exception):
    """Something that the tests need is not on this machine; the text says what."""


def missing(what: Unavailable) -> NoReturn:
    """Skip the test for what this machine lacks; where everything must run (`CI=true`), fail it."""
    if IN_CI:
        pytest.fail(f"Must run here, and cannot: {what}", pytrace=False)
    pytest.skip(str(what))
