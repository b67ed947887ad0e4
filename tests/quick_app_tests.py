"""Streamlit's AppTest without what would take a quarter of its time: reading at every run what of the installed
packages has components, and asking a thousand times a second whether the script has finished.
"""

from __future__ import annotations

import functools

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

ask_until_finished = local_script_runner.require_widgets_deltas


def wait_until_finished(runner: LocalScriptRunner, timeout: float = 3) -> None:
    if runner._script_thread is not None:
        runner._script_thread.join(timeout)
    ask_until_finished(runner, timeout)


def for_all() -> None:
    """From now on, for every AppTest of this process."""
    manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
    local_script_runner.require_widgets_deltas = wait_until_finished
