"""Every KIND of an authority exported and taken into an empty database: the figures of every subject are the same."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from vs_core.figures import SUBJECTS, compute
from vs_core.figures.describe import as_json
from vs_core.intake import take_in
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import csv_file, current_rows, header_of
from vs_core.rules.frame import COHORTS, Frame
from vs_core.store.engine import reading

AS_AT = date(2026, 11, 23)


def figures(engine: Engine) -> dict[str, object]:
    found = {}
    with reading(engine) as connection:
        for cohort in COHORTS:
            frames = [Frame.for_subject(subject, AS_AT, cohort=cohort) for subject in SUBJECTS]
            answers = [compute(connection, subject, frame) for subject, frame in zip(SUBJECTS, frames, strict=True)]
            found[cohort] = as_json(answers)
    return found


def test_an_exported_authority_has_the_same_figures(small_authority: Engine, engine: Engine, tmp_path: Path) -> None:
    for name, kind in KINDS.items():
        file = tmp_path / f"{name}.csv"
        with reading(small_authority) as connection:
            file.write_bytes(csv_file(header_of(kind), current_rows(connection, kind)))
        told = take_in(engine, name, file, known_on=date(2023, 9, 1), by="test")
        assert (told.counts.rejected, told.counts.corrected, told.counts.unchanged) == (0, 0, 0), told.lines()[:5]
    assert figures(engine) == figures(small_authority)
