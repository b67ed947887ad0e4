"""Trail: who did what and when, by child and by person, and whether it holds."""

import streamlit as st

from vs_core import access
from vs_core.ui import load
from vs_core.ui.parts import trail

viewer = access.require("trail")
today = load.today()

st.title("Trail")
asked = trail.choose(viewer, today)
trail.tell(viewer, asked)
trail.chain(viewer)

trail.who_looked(viewer, asked)
trail.what_somebody_did(viewer, asked)
trail.events(viewer, asked, today)
