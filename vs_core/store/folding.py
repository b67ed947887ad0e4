"""Text without regard to case, accents and the shape of an apostrophe: the same in Python and on both databases."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

ON_SQLITE = "vs_folded"
"""The function of `folded` in SQLite, which each of its connections is given (`store.engine`)."""
_APOSTROPHES = "’ʼ‘"
_MARKS = "[̀-ͯ]"


def fold(text: str | None) -> str | None:
    """`Siân O’Brien` as `sian o'brien`."""
    if text is None:
        return None
    plain = text.translate(dict.fromkeys(map(ord, _APOSTROPHES), "'"))
    return re.sub(_MARKS, "", unicodedata.normalize("NFKD", plain)).lower()


class folded(FunctionElement[str]):
    """A column as `fold` gives it. On PostgreSQL a letter without a plain form, such as Ł, keeps its case where the
    server's locale knows no other one."""

    type = Text()
    inherit_cache = True


@compiles(folded, "sqlite")
def _on_sqlite(element: folded, compiler: Any, **options: Any) -> str:
    return f"{ON_SQLITE}({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _on_postgresql(element: folded, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    plain = f"translate({column}, '{_APOSTROPHES}', '{chr(39) * 2 * len(_APOSTROPHES)}')"
    return f"lower(regexp_replace(normalize({plain}, NFKD), '{_MARKS}', '', 'g'))"
