"""The front door: `streamlit run app.py` serves the dashboard behind the sign-in."""

import streamlit as st

from vs_core.access import front
from vs_core.demo.start import first_start
from vs_core.ui import failure, starting

front.check()
first_start()
failure.keep_errors_out_of_the_log()

app = st.App(
    "vs_core/ui/frame.py",
    routes=front.ROUTES,
    middleware=front.MIDDLEWARE,
    lifespan=starting.lifespan,
    on_script_error=failure.on_script_error,
)
