"""When the app starts and ends, around Streamlit: checks, the demo's sign-ins, the watch over open tabs, the work of
each day."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import func, select
from starlette.middleware import Middleware

from vs_core.access import daily, door, downloads, drafts, keys, passwords, roles, shell, sign_in, single_sign_on, users
from vs_core.access.open_tabs import TABS
from vs_core.settings import LOOPBACK, SettingError, Settings, settings
from vs_core.store.access_tables import user_account
from vs_core.store.engine import reading, writing
from vs_core.store.file_rights import open_to_others
from vs_core.store.schema import child_details

ROUTES = [*sign_in.ROUTES, *single_sign_on.ROUTES, *shell.ROUTES, *downloads.ROUTES, *drafts.ROUTES]
MIDDLEWARE = [Middleware(door.Door)]


def check() -> None:
    """Leave with a sentence, before anything is served, when the settings would leave the door open."""
    try:
        _check_real_data(settings())
        door.check_configuration()
    except (RuntimeError, SettingError) as error:
        sys.exit(f"The dashboard does not start: {error}")


def _check_real_data(rules: Settings) -> None:
    """Raises RuntimeError when the settings would leave real data open; of invented data nothing is asked."""
    if rules.demo:
        return
    keys.check(rules)
    if rules.public_url and not rules.public_url.startswith("https://"):
        raise RuntimeError("VS_PUBLIC_URL must start with https:// because children's data must not travel in clear.")
    if not rules.public_url and rules.address not in LOOPBACK:
        raise RuntimeError(
            "VS_ADDRESS lets other machines in, and VS_PUBLIC_URL is not set: children's data must not travel in clear."
        )
    if wide := open_to_others(rules.database_url):
        raise RuntimeError(wide)
    if rules.public_url and not rules.trusted_proxies:
        sys.stderr.write(
            "VS_TRUSTED_PROXIES is not set: behind a proxy, everybody seems to come from the proxy's address.\n"
        )


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Warm up, and watch over open tabs for as long as the server runs. The database is ready by then."""
    await asyncio.to_thread(_warm_up)
    running = [asyncio.create_task(TABS.watch()), asyncio.create_task(daily.every_day())]
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        for task in running:
            with suppress(asyncio.CancelledError):
                await task


def _warm_up() -> None:
    passwords.matches("", None)
    if settings().demo and settings().password_sign_in:
        _demo_sign_ins()
        sys.stderr.write(f"Demo sign-ins: {', '.join(roles.ROLES)}. Password of each: {users.DEMO_PASSWORD}\n")


def _demo_sign_ins() -> None:
    """One sign-in a role, where nobody can sign in yet."""
    adviser = child_details.c.adviser
    busiest = select(adviser).where(adviser != "").group_by(adviser).order_by(func.count().desc(), adviser).limit(1)
    with reading() as connection:
        if connection.scalar(select(func.count()).select_from(user_account)):
            return
        caseload = connection.scalar(busiest)
    with writing() as connection:
        users.add_demo(connection, caseload or "no caseload yet")
