"""When the data behind a subject came."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from vs_core.queries import knowledge
from vs_core.rules import measures
from vs_core.rules.frame import Frame
from vs_core.rules.measure import COHORT_FILE


def arrived_on(connection: Connection, subject: str, frame: Frame) -> date | None:
    """The day on which the newest file of the subject's own kinds came, not counting the one that says who is in the
    cohort; None where none has."""
    needs = {kind for each in measures.of_subject(subject) for kind in each.needs} - {COHORT_FILE}
    newest = connection.execute(knowledge.deliveries(sorted(needs), frame.known_on)).first() if needs else None
    return newest.known_on if newest else None
