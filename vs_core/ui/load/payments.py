"""What the page of payments reads: what can be paid, what stands in batches, what finance answered."""

from __future__ import annotations

from datetime import date

from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.casework import payables
from vs_core.casework.payables import Book
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.load import Version, kept, version, version_of_payments


def book(viewer: Viewer, today: date) -> Book:
    """Everything about payments that this person may see, as it is now. Raises PermissionError without `pay`."""
    if not viewer.may(roles.PAY):
        raise PermissionError("This role may not open payments.")
    found: Book = _book(scope(viewer), (*version(), *version_of_payments()), today)
    return found


@kept
def _book(seen: Scope, at: Version, today: date) -> Book:
    return retried(lambda connection: payables.read(connection, seen, today, settings().authority))
