"""A release as a process of its own makes it."""

from __future__ import annotations

from tests.casework.paying import BEN, CAT, MONDAY
from vs_core.casework import batches
from vs_core.casework.batches import Seen


def release(who: str, batch_id: int, lines: int, total_pence: int) -> None:
    viewer = {viewer.name: viewer for viewer in (BEN, CAT)}[who]
    batches.release(viewer, batch_id, MONDAY, seen=Seen(lines, total_pence))
