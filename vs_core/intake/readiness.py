"""A database made ready for files: its tables, its reference lists, and the published term dates and benchmarks."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, select

from vs_core.intake.reading import sha256_of
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
    """Prepare the database and take in what the product ships with and is not there yet. Raises SchemaProblem.

    A shipped file is known by its bytes, and is left out where somebody has taken in a file of that kind: theirs holds.
    """
    prepare(engine)
    for kind, name in _not_there(engine):
        take_in(engine, kind, FOLDER / name, known_on=ALWAYS_KNOWN, by=SHIPPED_BY)


def _not_there(engine: Engine) -> list[tuple[str, str]]:
    row = schema.import_ledger.c
    kinds = {kind for kind, _ in SHIPPED}
    with reading(engine) as connection:
        found = connection.execute(select(row.kind, row.file_hash, row.imported_by).where(row.kind.in_(kinds))).all()
    own = {each.kind for each in found if each.imported_by != SHIPPED_BY}
    there = {(each.kind, each.file_hash) for each in found if each.imported_by == SHIPPED_BY}
    return [(kind, name) for kind, name in SHIPPED if kind not in own and (kind, sha256_of(FOLDER / name)) not in there]
