"""The real app on a free loopback port, for tests that speak to it as a browser would."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.prepared import Process, prepared
from tests.waiting import came_true

REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Server:
    """url: address without a last slash; port; database_url; log: the file with all that the process printed;
    process: so that a test can end it in the middle of something."""

    url: str
    port: int
    database_url: str
    log: Path
    process: Process

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(database_url: str, log: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The app started as its users start it, ready to answer; ended, by its process id, on leaving.

    settings: further `VS_` variables. Raises RuntimeError with what the app printed when it does not come up.
    """
    port = free_port()
    command = ["streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    process = prepared(REPOSITORY).start(command, REPOSITORY, _environment(database_url, port, settings or {}), log)
    server = Server(f"http://127.0.0.1:{port}", port, database_url, log, process)
    try:
        _wait(server)
        yield server
    finally:
        process.end(STOP_SECONDS)


def _environment(database_url: str, port: int, settings: Mapping[str, str]) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("VS_", "STREAMLIT_"))}
    chosen = {"VS_DATABASE_URL": database_url, "VS_PORT": str(port), "VS_ADDRESS": "127.0.0.1", "VS_DEMO": "1"}
    return own | chosen | dict(settings)


def _wait(server: Server) -> None:
    came_true(lambda: server.process.poll() is not None or _healthy(server.url), START_SECONDS)
    if server.process.poll() is not None:
        raise RuntimeError(f"The app ended with {server.process.returncode}:\n{server.printed()[-4000:]}")
    if not _healthy(server.url):
        raise RuntimeError(f"The app did not answer within {START_SECONDS:.0f} seconds:\n{server.printed()[-4000:]}")


def _healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_stcore/health", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
