"""What a page says where there is nothing to show: what is missing and what brings it."""

import streamlit as st

NOTHING = {
    "cohort": "No children are known for these choices. Import the children and their episodes on the Data page.",
    "attendance": "No possible sessions are recorded for these choices. Choose another period, or import attendance.",
    "exclusions": "No suspension or exclusion starts in this period for these children.",
    "pp-plus": "No Pupil Premium Plus is recorded for this financial year. Import the allocation and the requests.",
    "payments": "No request is approved yet, so there is nothing to pay. Import the requests on the Data page.",
    "training": "No training session is dated in this period. Import courses and bookings on the Data page.",
    "projects": "No project has a place or an eligible child for these choices.",
    "pep": "No personal education plan is due in this period for these children.",
    "provision": "No part-time timetable or alternative provision is open on this day.",
    "post-16": "Nobody in Years 11 to 13 belongs to these choices.",
    "actions": "No action has been opened by this day.",
    "imports": "Nothing has been imported yet. Start with the children, their episodes and the schools.",
}


def nothing(subject: str) -> None:
    """The sentence of a subject without rows, in place of its tiles, chart and list."""
    st.info(NOTHING[subject], icon=":material/info:")


def no_children_behind(figure: str) -> str:
    """Under a list's choice of figure, when the figure is 0."""
    return f"Nobody is behind “{figure}” for these choices."
