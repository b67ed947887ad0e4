"""Data: what has arrived and from whom, how complete it is, what was refused, and whether everything adds up."""

import streamlit as st

from vs_core import access
from vs_core.ui import load
from vs_core.ui.parts import data_agreement, data_arrivals, data_coverage, data_parts, data_refused, data_upload

viewer = access.require("data")
today = load.today()

st.title("Data")
data_parts.headline(viewer, today)
part = data_parts.choose(viewer)

if part == data_parts.ARRIVED:
    data_arrivals.show(viewer, today)
elif part == data_parts.UPLOAD:
    data_upload.show(viewer, today)
elif part == data_parts.REFUSED:
    data_refused.show(viewer, today)
elif part == data_parts.COMPLETE:
    data_coverage.show(viewer, today)
else:
    data_agreement.show(viewer, today)
