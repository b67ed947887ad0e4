"""How a child is written in a list and beside a chart: by name, or by its number where the reader may not see names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.rules.frame import Frame
from vs_core.rules.words import year as year
from vs_core.ui import links
from vs_core.ui.tables import Column

OPEN = Column("open", "Open", "link", "The child's page, in a new tab")
CHILD = Column("child", "Child")
YEAR = Column("year", "Year")
SCHOOL = Column("school", "School")
ADVISER = Column("adviser", "Adviser", names_people=True)
SOCIAL_WORKER = Column("social_worker", "Social worker", names_people=True)


def with_names(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `child` (name, else number) and `year` (`Year 7`, `Reception`), ready to be listed."""
    return rows.assign(child=names(rows), year=rows["year_group"].map(year))


def linked(
    viewer: Viewer, rows: pd.DataFrame, columns: Sequence[Column], frame: Frame
) -> tuple[pd.DataFrame, Sequence[Column]]:
    """Rows about children with the address of each one's page on the frame's day, in a column before the others; for
    a viewer who may not open children's pages as they are."""
    return with_links(rows, columns, frame) if viewer.may(roles.SEE_CHILD) else (rows, columns)


def with_links(rows: pd.DataFrame, columns: Sequence[Column], frame: Frame) -> tuple[pd.DataFrame, Sequence[Column]]:
    """The same for who may open them."""
    if "child_key" not in rows:
        return rows, columns
    addresses = pd.Series([_address(key, frame) for key in rows["child_key"]], rows.index, dtype=object)
    return rows.assign(open=addresses), (OPEN, *columns)


def _address(child_key: Any, frame: Frame) -> str | None:
    return None if pd.isna(child_key) else links.to_child(int(child_key), frame)


def by_surname(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as a register has them: by surname, forename, number."""
    return rows.sort_values(["surname", "forename", "child_id"], kind="stable")


def names(rows: pd.DataFrame) -> pd.Series[str]:
    """Forename and surname; the child's number (opaque for who may not see names) where there are none."""
    whole = rows["forename"].fillna("").str.cat(rows["surname"].fillna(""), sep=" ").str.strip()
    return whole.where(whole != "", rows["child_id"]).astype(object)
