"""run: serve the dashboard."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from datetime import date
from typing import Any

from vs_core.settings import ROOT, settings


def add_to(commands: Any) -> None:
    parser = commands.add_parser("run", help="serve the dashboard; without a database set, the demo authority")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace, _today: date) -> int:
    """The server's exit status. Where the system allows, this process becomes the server, so that a signal ends it."""
    given = settings()
    os.chdir(ROOT)
    options = [f"--server.address={given.address}", f"--server.port={given.port}", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options]
    if os.name != "nt":
        os.execv(sys.executable, command)
    return subprocess.call(command)
