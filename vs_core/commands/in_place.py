"""A file put in place whole: until then, and whenever something fails, what was there before stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vs_core.intake.problems import FileProblem


@contextmanager
def put_in_place(file: Path, content: bytes) -> Iterator[Callable[[], None]]:
    """Gives what puts the content in place, to be called in the block. When the block fails, the file is as it was.
    Raises FileProblem when it cannot be written."""
    target = file.resolve()
    part, former = (target.with_name(target.name + ending) for ending in (".part", ".former"))
    is_put: list[bool] = []

    def put() -> None:
        os.replace(part, target)
        is_put.append(True)

    try:
        _write(part, content, target)
        _keep(target, former)
        yield put
    except BaseException as error:
        if is_put:
            _put_back(target, former)
        if isinstance(error, OSError):
            raise FileProblem(f"The file {file.name} cannot be written: {error.strerror or error}.") from error
        raise
    finally:
        for left in (part, former):
            left.unlink(missing_ok=True)


def _write(part: Path, content: bytes, target: Path) -> None:
    """Whoever may read the file that it replaces may read it, and nobody else."""
    part.unlink(missing_ok=True)
    part.touch()
    if target.exists():
        shutil.copymode(target, part)
    part.write_bytes(content)


def _keep(target: Path, former: Path) -> None:
    former.unlink(missing_ok=True)
    if target.is_file():
        try:
            os.link(target, former)
        except OSError:
            shutil.copy2(target, former)


def _put_back(target: Path, former: Path) -> None:
    if former.exists():
        os.replace(former, target)
    else:
        target.unlink()
