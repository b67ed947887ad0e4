"""The demo's authorities as files, written once for a run."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from tests import databases
from tests.demo.files import Authority
from vs_core.demo import write
from vs_core.demo.authority import Size

AS_AT = date(2026, 11, 23)


def _written(size: Size) -> Authority:
    """The files of an authority, written by the first process of the run that asks."""
    folder = databases.root() / f"files_{size}"
    kept = folder.with_suffix(".pickle")
    with databases.alone(folder.name):
        if not kept.exists():
            folder.mkdir(exist_ok=True)
            kept.write_bytes(pickle.dumps(write(folder, AS_AT, size)))
    return Authority(pickle.loads(kept.read_bytes()), AS_AT)


@pytest.fixture(scope="session")
def small() -> Authority:
    """The small authority's files as at AS_AT."""
    return _written("small")


@pytest.fixture(scope="session")
def county() -> Authority:
    """The county's files as at AS_AT."""
    return _written("county")
