"""The whole app, copied and put on the day of the authority, so that it shows the same on every day."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import serving as serving_module
from tests.access.canaries import AS_AT, AUTHORITY
from tests.access.matrix.authority import Authority
from tests.serving import REPOSITORY, Server, serving

Edit = tuple[str, str, str]
"""A file of the app, a text that stands in it, and what is put in its place."""
TODAY: Edit = (
    "vs_core/ui/load/__init__.py",
    "return datetime.now(UTC).astimezone().date()",
    f"return date({AS_AT.year}, {AS_AT.month}, {AS_AT.day})",
)
REAL = {"VS_DEMO": "0", "VS_COOKIE_KEY": "kq9Z-3xVbn_72LmTyW0pRd5sQeUaHgJf8c", "VS_AUTHORITY": AUTHORITY}


def build(folder: Path, edits: Sequence[Edit]) -> Path:
    """A copy of the app with these edits. Raises AssertionError for one that does not fit."""
    for name in ("vs_core", ".streamlit", "pages"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    shutil.copytree(REPOSITORY / "data" / "reference", folder / "data" / "reference")
    shutil.copy(REPOSITORY / "app.py", folder)
    for name, before, after in edits:
        text = (folder / name).read_text(encoding="utf-8")
        assert before in text, f"{name} has no {before!r}"
        (folder / name).write_text(text.replace(before, after), encoding="utf-8")
    return folder


@contextmanager
def open_house(authority: Authority, folder: Path, edits: Sequence[Edit] = ()) -> Iterator[Server]:
    """That copy on real terms over the authority, answering."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving_module, "REPOSITORY", build(folder, (TODAY, *edits)))
        with serving(authority.url, folder / "server.log", REAL) as started:
            yield started
