"""What the product ships with comes in once, each file for itself, and never over somebody's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from vs_core.intake import readiness, take_in
from vs_core.intake.readiness import SHIPPED, SHIPPED_BY, make_ready
from vs_core.store.engine import reading
from vs_core.store.schema import import_ledger

NAMES = [name for _, name in SHIPPED]
OWN = "la,academic_year,what,start,end\nEssex,2026/27,half term 1,2026-09-02,2026-10-23\n"


def shipped(engine: Engine) -> list[str]:
    row = import_ledger.c
    with reading(engine) as connection:
        return list(connection.scalars(select(row.file_name).where(row.imported_by == SHIPPED_BY).order_by(row.id)))


def test_each_file_comes_once(engine: Engine) -> None:
    make_ready(engine)
    make_ready(engine)
    assert shipped(engine) == NAMES


@pytest.mark.parametrize("before", [0, 1, 2])
def test_what_a_killed_start_left_out_comes_at_the_next(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(readiness, "SHIPPED", SHIPPED[:before])
        make_ready(engine)
    assert shipped(engine) == NAMES[:before]
    make_ready(engine)
    assert shipped(engine) == NAMES


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_nobody_s_own_file_is_overwritten(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(readiness, "SHIPPED", SHIPPED[:1])
        make_ready(engine)
    (tmp_path / "own.csv").write_text(OWN)
    take_in(engine, "calendar", tmp_path / "own.csv", known_on=date(2026, 9, 1), by="Sam")
    make_ready(engine)
    assert shipped(engine) == [NAMES[0], NAMES[2]]
