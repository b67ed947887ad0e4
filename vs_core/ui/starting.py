"""Before the first page is asked for: what pages are put together from is there, and counts as there for good."""

from __future__ import annotations

import asyncio
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import vs_core.ui
from vs_core.access import front

RUNS_AT_ONCE = "vs_core.ui.frame"
"""Streamlit's main script: bringing it in would run it."""


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """The life of the app, with every module of the pages brought in before it: what is there then is left out of
    every later collection of garbage."""
    await asyncio.to_thread(_bring_in)
    async with front.lifespan(app):
        yield


def _bring_in() -> None:
    for module in pkgutil.walk_packages(vs_core.ui.__path__, f"{vs_core.ui.__name__}."):
        if module.name != RUNS_AT_ONCE:
            import_module(module.name)
