"""What went wrong, told without any data: the database in a sentence, the unforeseen as a reference."""

from __future__ import annotations

import secrets
import traceback

from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

PLACES_TOLD = 6

FULL = "The disk of the database is full, or cannot be written. Nothing was kept."
BUSY = "Somebody else is writing into the database. Nothing was kept; try again in a while."
READ_ONLY = "The database may be read here, but not written. Nothing was kept."
NO_OPENING = "The file of the database cannot be opened: its folder is not there, or may not be written by this user."
NOT_A_DATABASE = "The file is not a database, or it is damaged. Restore a backup, or name another file."
NOT_LET_IN = "The server does not let this user in: see the name, the password and the server's own rules."
NO_RIGHT = "The database's user has not the right to do this. Nothing was kept."
NO_SUCH_DATABASE = "The server has no database of that name."
NO_FREE_CONNECTION = "The server has no free connection. Try again in a while."
NOT_YET = "The server is starting or stopping. Try again in a while."
LOST = "The connection to the server was lost. Try again in a while."
REFUSED = "The connection was refused: no server listens at that address and port."
NO_SUCH_HOST = "There is no host of that name."
UNREACHABLE = "The host cannot be reached from here."

BY_CODE = (
    ("SQLITE_FULL", FULL),
    ("SQLITE_IOERR", FULL),
    ("SQLITE_BUSY", BUSY),
    ("SQLITE_LOCKED", BUSY),
    ("SQLITE_READONLY", READ_ONLY),
    ("SQLITE_PERM", READ_ONLY),
    ("SQLITE_CANTOPEN", NO_OPENING),
    ("SQLITE_NOTADB", NOT_A_DATABASE),
    ("SQLITE_CORRUPT", NOT_A_DATABASE),
    ("53100", FULL),
    ("55P03", BUSY),
    ("40", BUSY),
    ("25006", READ_ONLY),
    ("42501", NO_RIGHT),
    ("28", NOT_LET_IN),
    ("3D000", NO_SUCH_DATABASE),
    ("53300", NO_FREE_CONNECTION),
    ("57P", NOT_YET),
    ("08001", UNREACHABLE),
    ("08", LOST),
)
"""SQLite's names of errors, PostgreSQL's SQLSTATEs; the first that begins like the error's own."""
BY_TEXT = (
    ("connection refused", REFUSED),
    ("resolve host", NO_SUCH_HOST),
    ("translate host name", NO_SUCH_HOST),
    ("timeout", UNREACHABLE),
    ("timed out", UNREACHABLE),
    ("unreachable", UNREACHABLE),
    ("no route to host", UNREACHABLE),
    ("no such file or directory", REFUSED),
    ("authentication failed", NOT_LET_IN),
    ("no password supplied", NOT_LET_IN),
    ("pg_hba.conf", NOT_LET_IN),
    ('role "', NOT_LET_IN),
    ("does not exist", NO_SUCH_DATABASE),
    ("too many clients", NO_FREE_CONNECTION),
    ("starting up", NOT_YET),
    ("shutting down", NOT_YET),
    ("closed the connection", LOST),
    ("connection is lost", LOST),
)
"""What PostgreSQL's driver says when no connection came about: it gives no code then."""


def trouble(error: SQLAlchemyError) -> str | None:
    """What is wrong with the database, in a sentence that names it; never the text of the error, which may hold data.
    None when the fault is not the database's, but the product's."""
    cause = getattr(error, "orig", None) or error
    code = str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
    said = next((sentence for start, sentence in BY_CODE if code.startswith(start)), None)
    if said is None and isinstance(error, OperationalError):
        said = _by_text(str(cause).lower()) if not code else None
        said = said or f"The database cannot be used: {type(cause).__name__} {code}".rstrip() + "."
    return " ".join([said, *getattr(error, "__notes__", [])]) if said else None


def _by_text(text: str) -> str | None:
    return next((sentence for part, sentence in BY_TEXT if part in text), None)


def place(url: str) -> str:
    """Where a database is, without user and password: `PostgreSQL database 'vs' on db.example:5432`."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return f"SQLite file {parts.database}"
    host = parts.host or parts.query.get("host") or "this machine"
    port = f":{parts.port}" if parts.port else ""
    return f"PostgreSQL database '{parts.database or parts.username or ''}' on {host}{port}"


def unforeseen(error: BaseException) -> tuple[str, str]:
    """A reference to quote, and where in the program it happened: no word of the error's own."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    return secrets.token_hex(4), f"{type(error).__name__} at {' < '.join(reversed(places[-PLACES_TOLD:]))}"
