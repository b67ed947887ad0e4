"""Who on this machine may read the file of an SQLite database. Windows keeps other rights, which are not looked at."""

from __future__ import annotations

import os
import shlex
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

BESIDE = ("", "-wal", "-shm", "-journal")
OTHERS = 0o007
OWNER_ONLY = 0o600


def file_of(url: str) -> Path | None:
    """The file of an SQLite database's address; None for a server's, and for what is no address."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return None
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    named = address.database
    return Path(unquote(urlsplit(named).path) if named.startswith("file:") else named)


def open_to_others(url: str) -> str | None:
    """A sentence when somebody who is neither the owner nor of the group may read or write the database's file, or one
    that lies beside it; None when nobody may, when there is no file yet, and on Windows."""
    file = file_of(url)
    if file is None or os.name == "nt":
        return None
    wide = [str(one) for one in (Path(f"{file}{end}") for end in BESIDE) if _is_wide(one)]
    if not wide:
        return None
    names = " ".join(shlex.quote(one) for one in wide)
    return f"Everybody on this machine may open the file of the database. Close it: chmod 600 {names}"


def make_private(file: str) -> None:
    """Make an empty file that its owner alone may open, before SQLite makes one that everybody may read. One that is
    there stays as it is; where none can be made, SQLite says why."""
    if os.name != "nt" and not file.startswith("file:"):
        with suppress(OSError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))


def _is_wide(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & OTHERS)
    except OSError:
        return False
