"""Addresses of other pages; of a child's by its key alone, which says nothing to who may not open it."""

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from vs_core.access import openings
from vs_core.rules.frame import Frame
from vs_core.settings import ROOT
from vs_core.ui import load

_PAGES = ROOT / "pages"


def to_child(child_key: int, frame: Frame | None = None) -> str:
    """`/child?child=17`; with the day of the frame where it is another than today."""
    return f"/child?{urlencode({'child': child_key} | (_day(frame.as_at, frame.known_on) if frame else {}))}"


def to_child_here(label: str, child_key: int) -> None:
    """A link that opens the child's page in this tab."""
    st.page_link(_PAGES / "child.py", label=label, icon=":material/person:", query_params={"child": str(child_key)})


def to_search(label: str) -> None:
    """A link to the search for a child, in this tab."""
    st.page_link(_PAGES / "child.py", label=label, icon=":material/search:")


def to_payments(label: str) -> None:
    """A link to the page of payments, in a new tab."""
    st.markdown(f":material/payments: [{label}](/payments)")


def to_trail(label: str, child_key: int) -> None:
    """A link to all that the trail says of a child."""
    about = {"about": openings.subject_of(child_key)}
    st.page_link(_PAGES / "trail.py", label=label, icon=":material/footprint:", query_params=about)


def _day(as_at: date, known_on: date | None) -> dict[str, str]:
    if as_at == load.today():
        return {}
    return {"as_at": as_at.isoformat()} | ({"as_then": "true"} if known_on else {})
