"""Rates, policies and limits as the Pupil Premium Plus page shows them: what ships and what people changed of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.casework.reference import EDITABLE_LIMITS
from vs_core.figures import fetch
from vs_core.rules import pp_policy, reference_changes
from vs_core.rules.dated import Threshold
from vs_core.rules.frame import Frame
from vs_core.rules.pp_policy import Policy, PolicyTerm
from vs_core.rules.reference_changes import Change, Rate
from vs_core.store.engine import retried
from vs_core.ui.load import Version, kept, version


@dataclass(frozen=True)
class Lists:
    """rates: by financial year and fund; policies: each as it holds on the day, by its key; limits: those that hold
    whichever policy does, in force on the day; chosen: which policy holds, None where none is chosen; changes: what
    people changed by then, in order."""

    rates: dict[tuple[str, str], Rate]
    policies: dict[str, Policy]
    limits: tuple[Threshold, ...]
    chosen: Change | None
    changes: tuple[Change, ...]

    @property
    def policy(self) -> Policy | None:
        """The policy that holds."""
        return self.policies.get(self.chosen.value) if self.chosen else None

    @property
    def last(self) -> int:
        """The number of the last change."""
        return reference_changes.last_number(self.changes)

    def change_of(self, list_name: str, subject: str, name: str, starts_on: date | None) -> Change | None:
        """The last change of a row; None for one as it ships."""
        return reference_changes.latest(self.changes, list_name).get((subject, name, starts_on))


def lists(viewer: Viewer, frame: Frame) -> Lists:
    """Rates, policies and limits on the last day of the period. Raises PermissionError without `see money`."""
    if not viewer.may(roles.SEE_MONEY):
        raise PermissionError("This role may not see money.")
    found: Lists = _lists(version(), frame.end, frame.known_on)
    return found


@kept
def _lists(at: Version, on: date, known_on: date | None) -> Lists:
    return retried(lambda connection: _read(connection, on, known_on))


def _read(connection: Connection, on: date, known_on: date | None) -> Lists:
    changes = fetch.changes(connection, known_on)
    terms: list[PolicyTerm] = fetch.policy_terms(connection, known_on)
    limits = fetch.thresholds(connection, known_on)
    return Lists(
        fetch.pp_rates(connection, known_on),
        {key: pp_policy.policy(terms, key, on) for key in dict.fromkeys(term.policy for term in terms)},
        tuple(limits.row(name, on) for name in EDITABLE_LIMITS),
        reference_changes.in_force_on(changes, on),
        tuple(changes),
    )
