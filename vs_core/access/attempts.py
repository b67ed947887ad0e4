"""Lockout: at most ten passwords are compared for one name in five minutes, also over restarts."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, cast, func, insert, literal, select, update

from vs_core.store.access_tables import sign_in_attempt

MOST_TRIES = 10
WINDOW = timedelta(minutes=5)


def name_hash(name_folded: str, key: str) -> str:
    """What a typed name is kept as: somebody may have typed a password there."""
    return hmac.new(key.encode(), b"name:" + name_folded.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def begin(connection: Connection, who: str, address: str, at: datetime) -> int | None:
    """Book one try before the password is compared; its number, or None when this name is locked."""
    _one_at_a_time(connection, who)
    recent = (
        select(func.count())
        .select_from(sign_in_attempt)
        .where(
            sign_in_attempt.c.name_hash == who,
            sign_in_attempt.c.at > at - WINDOW,
            sign_in_attempt.c.outcome != "worked",
        )
    )
    if (connection.scalar(recent) or 0) >= MOST_TRIES:
        return None
    row = insert(sign_in_attempt).values(name_hash=who, address=address, at=at, outcome="checking")
    return int(connection.execute(row.returning(sign_in_attempt.c.id)).scalar_one())


def finish(connection: Connection, attempt: int, worked: bool) -> None:
    """Say how a booked try came out."""
    outcome = "worked" if worked else "failed"
    connection.execute(update(sign_in_attempt).where(sign_in_attempt.c.id == attempt).values(outcome=outcome))


def _one_at_a_time(connection: Connection, who: str) -> None:
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(bytes.fromhex(who[:16]), "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(cast(literal(key), BigInteger))))
