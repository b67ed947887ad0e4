"""The first start on a new machine: without a database set, the invented authority is built before serving."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from vs_core.demo import build, progress
from vs_core.demo.plan import Size
from vs_core.intake.problems import FileProblem
from vs_core.intake.readiness import make_ready
from vs_core.settings import SettingError, settings
from vs_core.store.engine import engine
from vs_core.store.prepare import SchemaProblem
from vs_core.store.trouble import trouble

SIZE: Size = "county"


def first_start() -> None:
    """Make the database ready; in demo mode fill an empty one, or go on where filling it was broken off. Leaves with a
    sentence when the database cannot be used, or its schema is another."""
    try:
        make_ready(engine())
        _fill()
    except (SchemaProblem, SettingError, FileProblem) as problem:
        sys.exit(f"The dashboard does not start: {problem}")
    except SQLAlchemyError as error:
        said = trouble(error)
        if said is None:
            raise
        sys.exit(f"The dashboard does not start: {said}")


def _fill() -> None:
    half = progress.unfinished(engine())
    if not settings().builds_demo:
        if half:
            raise FileProblem(f"The building of {half} was broken off. Finish it: python -m vs_core demo")
        return
    if half is None and progress.holds_data(engine()):
        return
    sys.stderr.write("Building the invented county of Westmere (once, a minute or two) ...\n")
    asked = half or progress.Asked(datetime.now(UTC).astimezone().date(), SIZE)
    build.build(engine(), asked.as_at, asked.size, asked.full, progress=sys.stderr.write)
