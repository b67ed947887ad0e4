"""Cookies that an attacker may send: forged ones, and ones that once counted."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from vs_core.access import sessions, users
from vs_core.access.users import DEMO_PASSWORD
from vs_core.settings import read_settings
from vs_core.store.access_tables import session, user_account

RULES = read_settings({"VS_DEMO": "1"})


@dataclass(frozen=True)
class Known:
    """What an attacker may have got hold of: live, a cookie that counts; its form cookie; old, cookies that counted."""

    live: str
    form: str
    old: dict[str, str]


STALE: dict[str, Callable[[Connection, str, str], object]] = {
    "signed out": lambda connection, name, mine: sessions.end(connection, mine, sessions.SIGNED_OUT, sessions.now()),
    "disabled": lambda connection, name, mine: users.disable(connection, "test", name),
    "disabled and enabled again": lambda connection, name, mine: [
        users.disable(connection, "test", name),
        users.enable(connection, "test", name),
    ],
    "role changed": lambda connection, name, mine: users.set_role(connection, "test", name, "headteacher"),
    "password changed": lambda connection, name, mine: sessions.end_all_of(
        connection, _number(connection, name), sessions.PASSWORD_CHANGED, sessions.now()
    ),
    "signed in again": lambda connection, name, mine: sessions.open_session(
        connection, _number(connection, name), "", RULES, sessions.now(), instead_of=mine
    ),
    "idle": lambda connection, name, mine: connection.execute(
        update(session)
        .where(session.c.token_hash == mine)
        .values(created_at=_ago(30), last_seen_at=_ago(RULES.idle_minutes + 1))
    ),
    "expired": lambda connection, name, mine: connection.execute(
        update(session).where(session.c.token_hash == mine).values(created_at=_ago(700), expires_at=_ago(1))
    ),
    "by a way in that is closed": lambda connection, name, mine: connection.execute(
        update(session).where(session.c.token_hash == mine).values(how=sessions.SINGLE_SIGN_ON)
    ),
}


def _ago(minutes: int) -> datetime:
    return sessions.now() - timedelta(minutes=minutes)


def _number(connection: Connection, name: str) -> int:
    return int(connection.scalar(select(user_account.c.id).where(user_account.c.name == name)))


def vs(value: str | bytes) -> list[bytes]:
    return [b"Cookie: vs=" + (value.encode() if isinstance(value, str) else value)]


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _jwt(live: str) -> str:
    parts = {"alg": "none", "typ": "JWT"}, {"sub": "headteacher", "sid": live, "exp": 4_000_000_000}
    return ".".join(_base64(json.dumps(part)).rstrip("=") for part in parts) + "."


FORGED: dict[str, Callable[[Known], list[bytes]]] = {
    "nothing": lambda known: [],
    "empty": lambda known: vs(""),
    "the database's own name of the session": lambda known: vs(sessions.session_id_of(known.live)),
    "the form's cookie": lambda known: vs(known.form),
    "another name": lambda known: [b"Cookie: session=%b; VS=%b; vs2=%b" % ((known.live.encode(),) * 3)],
    "the name of https": lambda known: [b"Cookie: __Host-vs=%b; __Secure-vs=%b" % ((known.live.encode(),) * 2)],
    "the header's name": lambda known: [
        b"Cookie: X-Vs-Session=%b; x-vs-session=%b" % ((sessions.session_id_of(known.live).encode(),) * 2)
    ],
    "the framework's name": lambda known: [
        b"Cookie: _streamlit_user=%b; _streamlit_user_tokens=%b" % ((known.live.encode(),) * 2)
    ],
    "twice the same": lambda known: [b"Cookie: vs=%b; vs=%b" % ((known.live.encode(),) * 2)],
    "twice, in two lines": lambda known: vs(known.live) * 2,
    "a wrong one first": lambda known: [b"Cookie: vs=x; vs=" + known.live.encode()],
    "quoted": lambda known: vs(f'"{known.live}"'),
    "after a space": lambda known: vs(f" {known.live}"),
    "with a space inside": lambda known: vs(f"{known.live[:20]} {known.live[20:]}"),
    "with a tab inside": lambda known: vs(f"{known.live[:20]}\t{known.live[20:]}"),
    "in the other case": lambda known: vs(known.live.swapcase()),
    "without its end": lambda known: vs(known.live[:-1]),
    "without its beginning": lambda known: vs(known.live[1:]),
    "with something after it": lambda known: vs(f"{known.live}A"),
    "with an equals sign": lambda known: vs(f"{known.live}="),
    "backwards": lambda known: vs(known.live[::-1]),
    "percent-encoded": lambda known: vs("".join(f"%{ord(sign):02X}" for sign in known.live)),
    "wide letters": lambda known: vs("".join(chr(ord(sign) + 0xFEE0) for sign in known.live)),
    "a letter with an accent": lambda known: vs(known.live.encode() + b"\xcc\x81"),
    "not UTF-8": lambda known: vs(known.live.encode() + b"\xff\xfe"),
    "a NUL": lambda known: vs(known.live.encode() + b"\x00"),
    "a line break": lambda known: vs(known.live.encode() + b"\rX: y"),
    "eight thousand letters": lambda known: vs(known.live + "A" * 8_000),
    "five hundred cookies": lambda known: [b"Cookie: " + b"; ".join(b"vs%d=x" % number for number in range(500))],
    "a token that signs itself": lambda known: vs(_jwt(known.live)),
    "in base64": lambda known: vs(_base64(known.live)),
    "its hash in base64": lambda known: vs(_base64(sessions.session_id_of(known.live))),
    "a pattern": lambda known: vs("%"),
    "a question to the database": lambda known: vs("' or '1'='1"),
    "a path": lambda known: vs("../../../etc/passwd"),
    "a template": lambda known: vs("{{session}}${session}"),
    "an authorization": lambda known: [
        b"Authorization: Bearer " + known.live.encode(),
        b"Authorization: Basic " + _base64(f"headteacher:{DEMO_PASSWORD}").encode(),
    ],
    "a cookie to be set": lambda known: [b"Set-Cookie: vs=" + known.live.encode(), b"Cookie2: vs=x"],
}
OF_OTHERS = "of another database"
KINDS = [*FORGED, *(f"stale: {why}" for why in STALE), f"stale: {OF_OTHERS}"]


def lines_of(kind: str, known: Known) -> list[bytes]:
    """The header lines of one of KINDS."""
    return vs(known.old[kind.removeprefix("stale: ")]) if kind.startswith("stale: ") else FORGED[kind](known)
