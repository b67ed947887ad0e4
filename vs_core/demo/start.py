"""The first start on a new machine: without a database set, the invented authority is built before serving."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from vs_core.demo import build
from vs_core.intake.readiness import make_ready
from vs_core.settings import settings
from vs_core.store.engine import engine
from vs_core.store.prepare import SchemaProblem


def first_start() -> None:
    """Make the database ready; in demo mode fill an empty one. Leaves with a sentence when the schema is another."""
    given = settings()
    try:
        make_ready(engine())
    except SchemaProblem as problem:
        sys.exit(f"The dashboard does not start: {problem}")
    if not given.builds_demo or build.holds_data(engine()):
        return
    sys.stderr.write("Building the invented county of Westmere (once, a minute or two) ...\n")
    today = datetime.now(UTC).astimezone().date()
    build.build(engine(), as_at=today, size="county", full=False, progress=sys.stderr.write)
