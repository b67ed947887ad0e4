"""The app three times over: as it is with an empty page more, and with every view built the usual way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import serving as serving_module
from tests.access.matrix.house import Edit, build
from tests.serving import Server, serving
from vs_core.access import sessions, users
from vs_core.settings import read_settings
from vs_core.store.access_tables import user_account
from vs_core.store.engine import engine_for, writing

EMPTY = "empty"
EMPTY_PAGE = f'import streamlit as st\n\nfrom vs_core import access\n\naccess.require("{EMPTY}")\nst.title("Empty")\n'
ONE_PAGE_MORE: Edit = (
    "vs_core/access/roles.py",
    '    "cohort": PageEntry(',
    f'    "{EMPTY}": PageEntry("Empty", ":material/check:", "Nothing."),\n    "cohort": PageEntry(',
)
AS_USUAL: tuple[Edit, ...] = (
    ("vs_core/access/front.py", "    gc.freeze()\n", ""),
    (".streamlit/config.toml", "postScriptGC = false\n", ""),
    (
        "vs_core/ui/chart.py",
        "    state = st.vega_lite_chart(\n        finished.rows,\n        drawing.specification(),\n",
        "    state = st.altair_chart(\n        replace(drawing, rows=finished.rows.to_pandas()).chart(),\n",
    ),
)
"""Garbage is collected as Streamlit does it by itself, and every run makes its Altair charts anew; the frames stay kept
in `st.cache_data`, and the page shows the same."""
FINISHED = "@finished\n"
"""Usually what is made of kept frames is made again at each run."""
FRAGMENT = re.compile(r"^\s*@st\.fragment.*\n", re.MULTILINE)
"""Usually a click runs the whole page."""
PEOPLE = 20
RULES = read_settings({"VS_DEMO": "1"})


def let_in(url: str, count: int = PEOPLE) -> list[str]:
    """The cookies of so many sessions of a headteacher, who is added to the database."""
    engine, at = engine_for(url), sessions.now()
    with writing(engine) as connection:
        users.add(connection, "bench", "bench", "headteacher", sso_name="bench@council.example", no_password=True)
        user_id = connection.scalar(select(user_account.c.id).where(user_account.c.name == "bench"))
        cookies = [sessions.open_session(connection, user_id, "", RULES, at) for _ in range(count)]
    engine.dispose()
    return cookies


@contextmanager
def ours(url: str, folder: Path) -> Iterator[Server]:
    """The app with an empty page, in the same frame and with the same settings."""
    with _standing(url, build(folder, [ONE_PAGE_MORE]), folder) as server:
        yield server


@contextmanager
def usual(url: str, folder: Path) -> Iterator[Server]:
    """The same app, its pages built the usual way."""
    build(folder, [ONE_PAGE_MORE, *AS_USUAL])
    for file in [*(folder / "pages").rglob("*.py"), *(folder / "vs_core" / "ui").rglob("*.py")]:
        text = file.read_text(encoding="utf-8")
        file.write_text(FRAGMENT.sub("", text.replace(FINISHED, "")), encoding="utf-8")
    with _standing(url, folder, folder) as server:
        yield server


@contextmanager
def _standing(url: str, app: Path, folder: Path) -> Iterator[Server]:
    (app / "pages" / f"{EMPTY}.py").write_text(EMPTY_PAGE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving_module, "REPOSITORY", app)
        with serving(url, folder / "server.log", {"VS_AUTHORITY": "Westmere"}) as server:
            yield server
