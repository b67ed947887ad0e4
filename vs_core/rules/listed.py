"""Which of the rows that a figure counts may be shown one by one.

A child whose whereabouts are restricted is counted for everybody and listed for nobody but the people who are named for
it. Queries say it of each row about a child as `is_listed`, by the viewer's scope; whatever draws, offers or prints
rows takes them from here.
"""

from __future__ import annotations

import pandas as pd

from vs_core.rules import words

MARK = "is_listed"
ABOUT_A_CHILD = frozenset({"child_key", "child_id", "child", "forename", "surname"})
"""Columns by which rows are known to be about children."""
CHILD = ("child", "children")


class Unmarked(TypeError):
    """Rows about children that do not say which of them may be shown: none is."""


def listed(rows: pd.DataFrame, *, each_a_child: bool = False) -> pd.DataFrame:
    """The rows that may be shown one by one; all of them where they are about no child.

    each_a_child: they are about children, whatever their columns are called. Raises Unmarked for rows about children
    without `is_listed`. A row that does not say yes is not shown."""
    if MARK in rows:
        may = rows[MARK].eq(True)
        return rows if may.all() else rows[may]
    telling = sorted(ABOUT_A_CHILD & set(rows.columns))
    if telling or each_a_child:
        raise Unmarked(f"Rows about children need the column {MARK}, which queries give: {list(rows.columns)}.")
    return rows


def left_out(rows: pd.DataFrame, noun: tuple[str, str] = CHILD) -> str:
    """`2 children whose whereabouts are restricted are counted and not listed.`; empty where every row is listed.

    noun: one and many of what a row is."""
    number = int((~rows[MARK].eq(True)).sum()) if MARK in rows else len(rows) - len(listed(rows))
    if not number:
        return ""
    of_whom = ("", "") if noun == CHILD else (" about a child", " about children")
    one = number == 1
    counted = f"{words.counted(number, *noun)}{of_whom[not one]}".capitalize()
    return f"{counted} whose whereabouts are restricted {'is' if one else 'are'} counted and not listed."


def is_one_unlisted(rows: pd.DataFrame) -> bool:
    """Whether all the rows are about one and the same child, who may not be listed."""
    return "child_key" in rows and rows["child_key"].nunique() == 1 and listed(rows).empty
