"""A page's tiles and its list, each from the figures now and a week before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from vs_core import figures
from vs_core.access.viewer import Viewer
from vs_core.figures.changes import Changes
from vs_core.figures.freshness import Freshness
from vs_core.figures.headline import SINCE, of_change
from vs_core.rules.listed import listed
from vs_core.ui import downloads, sentences, tables, words
from vs_core.ui.filters import Chosen
from vs_core.ui.parts import children
from vs_core.ui.tables import Column, Listing

__all__ = ["SINCE", "is_empty", "is_unknown", "labels", "listing", "moved", "nothing", "show", "tile"]

tile = of_change


def moved(compared: Changes, key: str, became: str, no_longer: str) -> str:
    """`9 children became severely absent since last week, 2 no longer are.`; empty where there is nothing to compare.

    became: what follows the count, such as `became persistently absent`; no_longer: such as `no longer are`."""
    if compared.before is None or compared.now.figures.get(key) is None or key in compared.before.notes:
        return ""
    came, went = len(compared.moved_in(key)), len(compared.moved_out(key))
    first = words.counted(came, "child", "children").capitalize()
    return f"{first} {became} since last week, {went or 'none'} {no_longer}."


def is_empty(compared: Changes, rows: str, fresh: Freshness) -> bool:
    """Whether there is no row to show; says then what is missing."""
    if len(compared.now.rows[rows]):
        return False
    nothing(compared.now.subject, fresh)
    return True


def nothing(subject: str, fresh: Freshness) -> None:
    """That a subject has no row to show, and what is missing."""
    sentences.nothing(subject)
    if fresh.missing:
        st.caption(words.plain(f"No file of {words.listed(list(fresh.missing))} has arrived yet."))


def is_unknown(compared: Changes, key: str) -> bool:
    """Whether a figure that the whole page is about is not known; says then why."""
    note = compared.now.notes.get(key, "")
    if not note:
        return False
    st.info(words.plain(f"{note} Import it on the Data page."), icon=":material/info:")
    return True


def listing(
    viewer: Viewer,
    chosen: Chosen,
    rows: pd.DataFrame,
    columns: Sequence[Column],
    *,
    title: str,
    noun: tuple[str, str] = ("child", "children"),
) -> None:
    """The rows behind a figure, in the columns in which the viewer may find anything, each with the way to the child's
    page for who may open it; beside their count the button that takes them away."""
    linked, with_link = children.linked(viewer, rows, tables.seen(columns, viewer), chosen.frame)
    show(viewer, chosen, tables.finish(linked, with_link, noun), lambda: rows, title=title, noun=noun)


def show(
    viewer: Viewer,
    chosen: Chosen,
    finished: Listing,
    read: Callable[[], pd.DataFrame],
    *,
    title: str,
    noun: tuple[str, str] = ("child", "children"),
) -> None:
    """The same of a finished list. read: its rows, for what is taken away."""
    with st.container(key=f"behind-list {title}"):
        tables.show(
            finished,
            key=f"list {title}",
            alt=f"{title}: one row for each {noun[0]}",
            noun=noun,
            empty=sentences.no_children_behind(title),
        )
        if finished.number:
            downloads.lazily(
                viewer,
                lambda: listed(read()),
                finished.columns,
                title=title,
                notes=list(filter(None, [chosen.sentence, finished.unlisted])),
                as_at=chosen.frame.as_at,
                rows=finished.number,
            )


def labels(subject: str, keys: Sequence[str]) -> dict[str, str]:
    """Label by key of a subject's figures, for the choice of a list."""
    return {key: figures.measure(subject, key).label for key in keys}
