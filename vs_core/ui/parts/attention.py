"""What needs somebody's decision, first on a page: a heading and a sentence each, with nothing to click away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from vs_core.ui import words


@dataclass(frozen=True)
class Point:
    """headline: what is the matter, with its figure; detail: what it rests on and what to do next."""

    headline: str
    detail: str


def draw(points: Sequence[Point], *, nothing: str) -> None:
    """The points in one box; without any, the sentence that nothing waits (empty where that cannot be said)."""
    if not points:
        if nothing:
            st.success(nothing, icon=":material/check:")
        return
    with st.container(border=True, gap="xsmall", key="attention"):
        for point in points:
            st.markdown(f":material/flag: **{words.plain(point.headline)}** {words.plain(point.detail)}")
