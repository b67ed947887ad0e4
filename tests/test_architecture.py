"""The rooms of the house: read from the source itself, and seen to fail on a house built badly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rooms import (
    CHECKS,
    EXPECTED,
    LET_IN,
    LONGEST_FILE,
    LONGEST_FUNCTION,
    LONGEST_PAGE,
    Source,
    imports,
    our_own,
    problems,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_is_in_order(check: Callable[[Source], Iterator[str]]) -> None:
    found = [problem for source in our_own() for problem in check(source)]
    assert not found, "\n" + "\n".join(found)


def test_every_room_is_there() -> None:
    """Else the checks above would hold of an empty house."""
    assert sorted(EXPECTED - {source.room for source in our_own()}) == []


def test_every_exception_is_still_needed() -> None:
    used = {(source.path, name.split(".")[0]) for source in our_own() for _, name in imports(source)}
    assert set(LET_IN) <= used


PAGE = "from vs_core import access\n\nviewer = access.require('cohort')\n"
FUNCTION_TOO_LONG = "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION

BAD = [
    ("vs_core/cellar/a.py", "x = 1\n", "room 'cellar' is not in the table"),
    ("vs_core/rules/a.py", "from vs_core.store import schema\n", "rules may not use vs_core.store.schema"),
    ("vs_core/rules/a.py", "from vs_core import queries\n", "rules may not use vs_core.queries"),
    ("vs_core/rules/a.py", "from ..store import schema\n", "rules may not use vs_core.store.schema"),
    ("vs_core/rules/a.py", "def f():\n    import vs_core.ui.load\n", "rules may not use vs_core.ui.load"),
    ("vs_core/store/a.py", "from vs_core.intake import taking_in\n", "store may not use vs_core.intake"),
    ("vs_core/queries/a.py", "from vs_core.figures import cohort\n", "queries may not use vs_core.figures"),
    ("vs_core/figures/a.py", "from vs_core.ui import load\n", "figures may not use vs_core.ui.load"),
    ("vs_core/charts/a.py", "from vs_core.queries import cohort\n", "charts may not use vs_core.queries"),
    ("vs_core/ui/a.py", "import pages.cohort\n", "ui may not use pages.cohort"),
    ("pages/cohort.py", PAGE + "from vs_core.queries import cohort\n", "pages may not use vs_core.queries"),
    ("pages/cohort.py", PAGE + "from vs_core.store import engine\n", "pages may not use vs_core.store"),
    ("pages/cohort.py", PAGE + "from vs_core.figures import cohort\n", "pages may not use vs_core.figures"),
    ("pages/cohort.py", PAGE + "from sqlalchemy import select\n", "pages may not use sqlalchemy"),
    ("pages/cohort.py", PAGE + "import altair as alt\n", "pages may not use altair"),
    ("vs_core/ui/a.py", "import altair as alt\n", "ui may not use altair"),
    ("vs_core/ui/a.py", "from sqlalchemy import Connection\n", "ui may not use sqlalchemy"),
    ("vs_core/ui/load/a.py", "from sqlalchemy import select\n", "ui may not use sqlalchemy"),
    ("vs_core/reports/a.py", "import altair as alt\n", "reports may not use altair"),
    ("vs_core/reports/a.py", "import streamlit as st\n", "reports may not use streamlit"),
    ("vs_core/ui/a.py", "import typst\n", "only reports may use typst"),
    ("vs_core/commands/a.py", "def f():\n    from docx import Document\n", "only reports may use docx"),
    ("vs_core/charts/a.py", "import vl_convert\n", "only reports may use vl_convert"),
    ("vs_core/rules/a.py", "import sqlalchemy as sa\n", "rules may not use sqlalchemy"),
    ("vs_core/charts/a.py", "import streamlit as st\n", "charts may not use streamlit"),
    ("vs_core/figures/a.py", "import streamlit as st\n", "figures may not use streamlit"),
    ("vs_core/access/a.py", "import pandas as pd\n", "access may not use pandas"),
    ("vs_core/access/trail.py", "import streamlit as st\n", "access may not use streamlit"),
    ("vs_core/rules/a.py", "from datetime import date\nx = date.today()\n", "rules may not ask for today's date"),
    ("vs_core/figures/a.py", "import datetime\nx = datetime.datetime.now(None)\n", "figures may not ask for today's"),
    ("vs_core/queries/a.py", "from sqlalchemy import func\nx = func.now()\n", "queries may not ask for today's date"),
    (
        "vs_core/queries/a.py",
        "from sqlalchemy import func\nx = func.current_date()\n",
        "queries may not ask for today's",
    ),
    ("vs_core/summaries/a.py", "x = text('where d < CURRENT_DATE')\n", "summaries may not ask for today's date"),
    ("vs_core/summaries/a.py", "x = text(\"where d < date('now')\")\n", "summaries may not ask for today's date"),
    ("vs_core/rules/a.py", "import pandas as pd\nx = pd.Timestamp.today()\n", "rules may not ask for today's date"),
    ("vs_core/rules/a.py", "import time\nx = time.time()\n", "rules may not ask for today's date"),
    ("vs_core/ui/a.py", "import os\nx = os.environ['VS_A']\n", "only vs_core/settings.py reads the environment"),
    ("vs_core/store/a.py", "from os import getenv\n", "only vs_core/settings.py reads the environment"),
    ("vs_core/__main__.py", "import os\nx = os.getenv('VS_A')\n", "only vs_core/settings.py reads the environment"),
    ("vs_core/ui/a.py", "import streamlit as st\nx = st.secrets['a']\n", "only vs_core/settings.py reads secrets"),
    ("pages/cohort.py", "x = 1\n" + PAGE, "the first statement of a page is"),
    ("pages/cohort.py", "import streamlit as st\nst.title('Cohort')\n", "the first statement of a page is"),
    ("pages/cohort.py", PAGE.replace("cohort", "attendance"), "access.require('cohort')"),
    ("pages/cohort.py", "", "the first statement of a page is"),
    ("pages/cohort.py", PAGE + "x = 1\n" * LONGEST_PAGE, "103 lines; 100 at most"),
    ("vs_core/rules/a.py", "x = 1\n" * (LONGEST_FILE + 1), "401 lines; 400 at most"),
    ("vs_core/rules/a.py", FUNCTION_TOO_LONG, "f has 51 lines; 50 at most"),
    ("vs_core/store/migrations/a.py", FUNCTION_TOO_LONG, "f has 51 lines; 50 at most"),
    ("vs_core/queries/a.py", "from vs_core.summaries import weeks\n", "queries may not use vs_core.summaries"),
    ("vs_core/rules/utils.py", "x = 1\n", "'utils' says nothing"),
]

GOOD = [
    ("pages/cohort.py", '"""Who is there?"""\n\nimport streamlit as st\n' + PAGE + "st.title('Cohort')\n"),
    (
        "vs_core/rules/a.py",
        '"""Never date.today(), nor CURRENT_DATE."""\nfrom datetime import date\nx = date(2026, 9, 1)\n',
    ),
    ("vs_core/figures/a.py", "from vs_core.queries import cohort\nfrom vs_core.rules.frame import Frame\n"),
    ("vs_core/intake/a.py", "from datetime import date\nfrom vs_core.summaries import weeks\nx = date.today()\n"),
    ("vs_core/access/guard.py", "def f():\n    import streamlit as st\n"),
    ("vs_core/charts/a.py", "import altair as alt\n"),
    ("vs_core/reports/a.py", "import typst\nimport docx\nimport vl_convert\n"),
    ("vs_core/ui/load/a.py", "from sqlalchemy import Connection\n"),
    ("vs_core/store/migrations/versions/a.py", FUNCTION_TOO_LONG),
    ("vs_core/settings.py", "import os\nx = os.environ\n"),
    ("vs_core/__main__.py", "from vs_core.figures import cohort\nfrom vs_core.demo import build\n"),
]


def _build(house: Path, path: str, text: str) -> Path:
    file = house / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return house


@pytest.mark.parametrize(("path", "text", "said"), BAD, ids=range(len(BAD)))
def test_what_is_out_of_order_is_seen(tmp_path: Path, path: str, text: str, said: str) -> None:
    found = problems(_build(tmp_path, path, text))
    assert any(said in problem and problem.startswith(path) for problem in found), found


@pytest.mark.parametrize(("path", "text"), GOOD, ids=[path for path, _ in GOOD])
def test_what_is_in_order_is_left_alone(tmp_path: Path, path: str, text: str) -> None:
    assert problems(_build(tmp_path, path, text)) == []
