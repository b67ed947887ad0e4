"""A database made ready for files: its tables, its reference lists, and the published term dates and benchmarks."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, exists, select

from vs_core.intake.taking_in import take_in
from vs_core.store import schema
from vs_core.store.engine import reading
from vs_core.store.prepare import prepare
from vs_core.store.reference import FOLDER

SHIPPED = (
    ("calendar", "calendar.csv"),
    ("calendar", "calendar_unconfirmed.csv"),
    ("benchmarks", "absence_by_la_cla_cin_cp_2018-19_to_2024-25.csv"),
)
SHIPPED_BY = "shipped with the dashboard"
ALWAYS_KNOWN = date(2000, 1, 1)


def make_ready(engine: Engine) -> None:
    """Prepare the database; where no file has ever come, take in what the product ships with. Raises SchemaProblem."""
    prepare(engine)
    with reading(engine) as connection:
        begun = connection.execute(select(exists(select(schema.import_ledger.c.id)))).scalar()
    if begun:
        return
    for kind, name in SHIPPED:
        take_in(engine, kind, FOLDER / name, known_on=ALWAYS_KNOWN, by=SHIPPED_BY)
