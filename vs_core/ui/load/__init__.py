"""All that pages read, kept by (scope of the viewer, version of the data, choices) and never by a frame of rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from vs_core import figures
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, week
from vs_core.queries import versions
from vs_core.queries.payments import written
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.periods import HalfTerm
from vs_core.rules.worklist_views import Choice
from vs_core.settings import settings
from vs_core.store.engine import retried

KEPT_SECONDS = 3600
KEPT_ANSWERS = 48
Version = tuple[int, ...]


def today() -> date:
    """The day on which the page is looked at; rules and queries are told, they do not ask."""
    return datetime.now(UTC).astimezone().date()


def version() -> Version:
    """What has been taken in so far: any import, undoing or correction, and any change of a rate, policy or limit makes
    every kept answer old."""
    now = retried(lambda connection: connection.execute(versions.data_version()).one())
    return (now.imports, now.settled, now.changes)


def version_with_actions() -> Version:
    """The same for what is made of the team's actions and entries too: nothing else grows old when one is written."""
    return tuple(retried(lambda connection: connection.execute(versions.data_version()).one()))


def version_of_payments() -> Version:
    """What has been written about payments here: nothing else grows old with it."""
    return tuple(retried(lambda connection: connection.execute(written()).one()))


def kept(read: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the answers of a reading function. Its arguments are the scope, the version and the choices, never rows."""
    return st.cache_data(ttl=KEPT_SECONDS, max_entries=KEPT_ANSWERS, show_spinner=False, hash_funcs=_KEYS)(read)


finished = kept
"""Keep what is made of other kept answers alone, ready to be sent: a drawing, a list."""


_KEYS: dict[Any, Callable[[Any], str]] = {Scope: repr, Frame: repr, Narrowing: repr, Choice: repr}
"""What tells these apart: all that they hold, as it is written; quicker than Streamlit's own walk through them."""


def figures_of(seen: Scope, at: Version, subject: str, frame: Frame) -> SubjectFigures:
    """The figures of a subject with the rows behind them, for a viewer's scope and a version of the data."""
    answer: SubjectFigures = _figures(seen, at, subject, frame)
    return answer


@kept
def _figures(seen: Scope, at: Version, subject: str, frame: Frame) -> SubjectFigures:
    return retried(lambda connection: figures.compute(connection, subject, frame, seen))


def of_subject(viewer: Viewer, subject: str, frame: Frame) -> SubjectFigures:
    """The figures of a subject with the rows behind them."""
    at = version_with_actions() if subject == "actions" else version()
    return figures_of(scope(viewer), at, subject, frame)


@kept
def _half_terms(at: Version) -> list[HalfTerm]:
    return retried(lambda connection: week.half_terms(connection, settings().authority))


def half_terms() -> list[HalfTerm]:
    """The half terms of the authority's calendar; none where its calendar is not loaded."""
    listed: list[HalfTerm] = _half_terms(version())
    return listed
