"""What a person sees when a page fails: a number to quote, and never a text that may hold data."""

from __future__ import annotations

import logging

import streamlit as st

from vs_core.store.trouble import unforeseen

log = logging.getLogger("vs_core")


def keep_errors_out_of_the_log() -> None:
    """Streamlit logs the whole text of an error of a page; ours below says where it happened and nothing else."""
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.getMessage() != "Uncaught app execution")


def on_script_error(error: Exception) -> bool:
    """Show a reference number instead of the error, whose text may hold data; log where it happened, not its text."""
    reference, where = unforeseen(error)
    log.error("Error %s: %s", reference, where)
    st.error(f"Something went wrong on this page. Reference: {reference}", icon=":material/error:")
    return True
