"""The children behind each figure of the attendance page."""

from __future__ import annotations

import streamlit as st

from vs_core import access
from vs_core.access.viewer import Viewer
from vs_core.rules.measures_sessions import LATE, MEASURES, TAKEN_OUT, is_too_short
from vs_core.rules.register import COUNTED_BANDS
from vs_core.ui import tables
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import attendance_listed as read
from vs_core.ui.parts import comparing

ABSENT = ("persistently_absent", "severely_absent")
HEADLINE = ("unauthorised_absence_sessions", "authorised_absence_sessions", "children")


def offered(chosen: Chosen) -> dict[str, str]:
    """Label by key of the figures whose children can be listed; persistent and severe absence of a longer period."""
    frame = chosen.frame
    absent = () if is_too_short(frame.start, frame.end) else ABSENT
    more = {key: MEASURES[key].label for key in (*LATE, *TAKEN_OUT, *read.APART, read.COVERAGE)}
    bands = {key: f"Attendance {label[:1].lower()}{label[1:]}" for key, label in COUNTED_BANDS.items()}
    return comparing.labels("attendance", (*absent, *HEADLINE)) | bands | more


@st.fragment
def listing(chosen: Chosen) -> None:
    """The children behind a figure that is chosen, lowest attendance first. Another choice runs this part of the page
    alone, which asks again who is looking."""
    viewer = access.require("attendance")
    labels = offered(chosen)
    key = tables.behind(labels)
    of_figure(viewer, chosen, key, labels[key])


def of_figure(viewer: Viewer, chosen: Chosen, key: str, title: str) -> None:
    """The children behind one figure."""
    found = read.behind(viewer, chosen, key)
    comparing.show(viewer, chosen, found, lambda: read.rows_behind(viewer, chosen, key), title=title)
