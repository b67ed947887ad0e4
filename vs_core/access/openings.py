"""Who opened which child's page, who was refused, and who searched: each an event of the trail, written before anything
of the child is sent.

Of a search the trail keeps the way (by name, number or school), how many characters were typed and how many children
were found, and not what was typed: a name is personal data that would be kept for years longer than the child's own
record, of a child that perhaps is none of ours; and a hash of it, keyed or not, gives the name to whoever can try names
with the key. Whom somebody came to see is known from the pages that were opened then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vs_core.access import trail
from vs_core.access.viewer import Viewer
from vs_core.store.engine import writing

OPENED, REFUSED, SEARCHED = "child opened", "child refused", "search"
NOBODY = "There is no such child among those you may see."
_KEY = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_LARGEST_KEY = 2**31 - 1


def key_of(given: Sequence[str]) -> int | None:
    """The child's key as it stands once in an address; None for anything else."""
    if len(given) != 1 or not _KEY.fullmatch(given[0]) or int(given[0]) > _LARGEST_KEY:
        return None
    return int(given[0])


def subject_of(child_key: int | None) -> str:
    """What the trail calls a child; what was no key is not repeated there, for it may be a name."""
    return "child" if child_key is None else f"child {child_key}"


def opened(viewer: Viewer, child_key: int, at: datetime | None = None) -> None:
    """Write that a child's page is opened. Whatever goes wrong is raised: the page must not be shown then."""
    _write(viewer, OPENED, subject_of(child_key), at=at)


def refused(viewer: Viewer, child_key: int | None) -> None:
    """Write that somebody asked for a child that there is not, or that is not theirs."""
    _write(viewer, REFUSED, subject_of(child_key))


def searched(viewer: Viewer, way: str, characters: int, results: int) -> None:
    """Write that somebody searched, and how many children were found."""
    _write(viewer, SEARCHED, "children", {"by": way, "characters": characters, "results": results})


def _write(
    viewer: Viewer, what: str, of: str, detail: dict[str, Any] | None = None, at: datetime | None = None
) -> None:
    with writing() as connection:
        trail.record(connection, viewer, what, of, detail, at)
