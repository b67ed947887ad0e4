"""What a person sees when a page fails: a number to quote, and never a text that may hold data."""

from __future__ import annotations

import logging
from typing import Any

import streamlit as st

from vs_core.store.trouble import unforeseen

log = logging.getLogger("vs_core")


def keep_errors_out_of_the_log() -> None:
    """Whoever logs an error with its text, ours or a library, has its kind and place logged instead: the text may hold
    data of a child. Streamlit's own report of a page's error is left out, because ours says the same."""
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.getMessage() != "Uncaught app execution")
    usual = logging.getLogRecordFactory()

    def without_text(*given: Any, **named: Any) -> logging.LogRecord:
        record = usual(*given, **named)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            reference, where = unforeseen(error)
            record.msg, record.args = "Error %s: %s", (reference, where)
            record.exc_info = record.exc_text = None
        return record

    logging.setLogRecordFactory(without_text)


def on_script_error(error: Exception) -> bool:
    """Show a reference number instead of the error, whose text may hold data; log where it happened, not its text."""
    reference, where = unforeseen(error)
    log.error("Error %s: %s", reference, where)
    st.error(f"Something went wrong on this page. Reference: {reference}", icon=":material/error:")
    return True
