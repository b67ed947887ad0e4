"""An authority in which everybody and everything is called what no page may take for more than a text.

Each text ends in a mark of its own, `zq17z`: wherever a page shows the mark, all of the text has to stand before it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from tests.access.canaries import AUTHORITY
from tests.serving import REPOSITORY
from vs_core.access import sessions, users
from vs_core.access.viewer import Viewer
from vs_core.casework import actions
from vs_core.casework.actions import NewAction
from vs_core.intake import cells, take_in
from vs_core.intake.kind import Column
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import csv_file, current_rows, header_of
from vs_core.intake.taking_in import Reconciliation
from vs_core.settings import read_settings
from vs_core.store.access_tables import user_account
from vs_core.store.engine import reading, writing
from vs_core.store.prepare import prepare
from vs_core.store.schema import child

FAR = "https://far.example"
"""Nobody may be asked anything there."""
RUN = "window.ran=1"
OWN = (
    f"<script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"</title></style></textarea></script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<IMG SRC={FAR}/a.png>",
    f"<svg/onload={RUN}>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<details open ontoggle={RUN}>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<iframe src=javascript:parent.ran=1></iframe>",
    f"<object data={FAR}/o></object>",
    f"<link rel=stylesheet href={FAR}/a.css>",
    f"<style>@import '{FAR}/b.css';</style>",
    f"<meta http-equiv=refresh content='0;url={FAR}'>",
    f"<base href={FAR}/>",
    f"<form action={FAR}><button>Go</button></form>",
    f"<a href='javascript:{RUN}'>Look</a>",
    f"<audio src={FAR}/a.mp3 autoplay onerror={RUN}>",
    f"<math><mi xlink:href='javascript:{RUN}'>x</mi></math>",
    f"![a picture]({FAR}/b.png)",
    f"![a picture][1] [1]: {FAR}/c.png",
    f"[Look here]({FAR})",
    f"[Look here](javascript:{RUN})",
    f"<{FAR}/d>",
    f"See {FAR}/e now",
    "www.far.example",
    "mail.me@far.example",
    "mailto:mail.me@far.example",
    "# A heading",
    "- a list",
    "1. a list",
    "> a quotation",
    "**bold** _slanted_ ~~gone~~ `code`",
    "    four spaces",
    "```mermaid graph TD; A-->B ```",
    "| a | b | |---|---| | 1 | 2 |",
    "- [ ] a box",
    "--- ***",
    "a[^1] [^1]: a note",
    "$x^2$ and $$\\frac{1}{2}$$",
    "\\(x^2\\) \\[y\\] \\href{javascript:window.ran=1}{z}",
    ":red[red] :blue-background[blue] :rainbow[all]",
    ":red-badge[a badge] :small[small] :shimmer[light]",
    ":help[look] :color[red]{foreground=red}",
    ":material/home: and :material_home:",
    ":streamlit: :smile: :+1: :100:",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &nbsp; &copy",
    "{{constructor.constructor('window.ran=1')()}}",
    "${window.ran=1} #{window.ran=1} <%= 1 %>",
    "datum['x']; event.view.ran=1; warn('x')",
    "signal: 'x', expr: 'event.view.ran=1'",
    "__proto__ constructor toString",
    "%s %d %n {0} {name} %(name)s",
    "\\ \\\\ \\n \\u003cscript\\u003e",
    "' OR '1'='1' -- ; DROP TABLE child; --",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "＝1+1",
    '=HYPERLINK("https://far.example","Look")',
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "\u202eteews si sihT",
    "\u2067‮ثم نفس سقطت\u2069",
    "z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "👩‍👩‍👧‍👦 🏳️‍🌈 ﷽",
    "a\u200bb\u2060c\ufeffd",
    "NULL undefined NaN None true",
    "../../etc/passwd%00 /child?child=1",
    "https://far.example/x.csv?a=1&b=2#c",
    'a,b;c|d"e"f\'g`h',
)
"""Markup of every kind that a page, a chart, a spreadsheet or a database might follow."""


def borrowed() -> list[str]:
    """Of the list of naughty strings those with markup or letters that are drawn in a way of their own."""
    listed = json.loads((REPOSITORY / "tests/real_data/tricky/blns.json").read_text(encoding="utf-8"))
    formulas = (REPOSITORY / "tests/real_data/tricky/csv-injection.txt").read_text(encoding="utf-8").splitlines()
    telling = [text for text in listed if re.search(r"[<>&{$|^`~]|\W{3}", text) and len(text) < 200]
    return [*telling, *formulas]


TEXTS = (*OWN, *borrowed())
SHORT = tuple(text for text in OWN if text.isprintable() and len(text) < 60)
MARK = re.compile(r"zq(\d+)z")
KNOWN_ON = date(2026, 9, 7)
COUNTED_BY = frozenset(
    {"la_code", "authority", "status", "phase", "project", "sex", "school_key", "level", "reason_ceased", "count_year"}
)
"""Columns of text by which rows are counted or found: hostile ones would leave pages empty."""
EVERY = {"ofsted_rating": 3, "type": 3, "child_key": 3}
"""Of how many different texts one is renamed, where it is not each."""
SAME = {"la_name": "la"}
NAMES = frozenset({"forename", "surname"})
NOT_HERE = frozenset({"benchmarks", "pp-allocations"})
ACTIONS = 12
FILE_NAME = "<img src=x onerror=window.ran=1> [Look](javascript) ![a](b) :material_home: zq{}z"
RULES = read_settings({"VS_DEMO": "1"})


@dataclass
class Renamed:
    """texts: the hostile texts, each at the place of its mark's number; given: by column and text what it became."""

    texts: list[str] = field(default_factory=list)
    given: dict[tuple[str, str], str] = field(default_factory=dict)
    turns: Counter[Any] = field(default_factory=Counter)

    def new(self, own: bool = False, short: bool = False) -> str:
        """A hostile text that nothing else is called. own: one of OWN, each in its turn; short: as an account's name
        may be."""
        of = SHORT if short else OWN if own else TEXTS
        self.turns[of] += 1
        self.texts.append(f"{of[self.turns[of] % len(of)]} zq{len(self.texts)}z".strip())
        return self.texts[-1]

    def named(self, text: str) -> str:
        """The text with a mark in the place of `{}`."""
        self.texts.append(text.format(len(self.texts)))
        return self.texts[-1]

    def cell(self, column: Column, text: str, whose: str = "") -> str:
        """What stands in the place of a cell's text: the same for the same text of a column of that name."""
        name = SAME.get(column.to, column.to)
        if not text or not _is_free(column) or (name, text) == ("la", AUTHORITY):
            return text
        key = name, whose if name in NAMES else text
        if key not in self.given:
            self.turns[name] += 1
            self.given[key] = text if self.turns[name] % EVERY.get(name, 1) else self.new(own=name in NAMES)
        return self.given[key]

    def row(self, columns: Sequence[Column], row: Sequence[str]) -> list[str]:
        """A row of a file renamed; a child with a hostile number has no name beside it."""
        made = [self.cell(column, text, row[0]) for column, text in zip(columns, row, strict=True)]
        numbered = MARK.search(made[0]) is not None
        return ["" if numbered and column.to in NAMES else cell for column, cell in zip(columns, made, strict=True)]


def _is_free(column: Column) -> bool:
    return column.reads in (cells.text, cells.identifier) and not column.list and column.to not in COUNTED_BY


def write(engine: Engine, of: Engine, folder: Path) -> Renamed:
    """Take the authority of the database `of` into an empty one as files, with everything in them renamed."""
    renamed = Renamed()
    prepare(engine)
    with reading(of) as connection:
        for kind in sorted(KINDS.values(), key=lambda kind: kind.name != "children"):
            if kind.name not in NOT_HERE:
                header = header_of(kind)
                columns = [next(each for each in kind.columns if each.name == name) for name in header]
                rows = [renamed.row(columns, row) for row in current_rows(connection, kind)]
                _take_in(engine, kind.name, folder / f"{kind.name}.csv", header, rows)
    _refused(engine, renamed, folder)
    return renamed


def _take_in(engine: Engine, kind: str, file: Path, header: list[str], rows: list[list[str]]) -> Reconciliation:
    file.write_bytes(csv_file(header, rows))
    return take_in(engine, kind, file, known_on=KNOWN_ON, by="a test")


def _refused(engine: Engine, renamed: Renamed, folder: Path) -> None:
    """A file of a hostile name with rows that nothing can be made of, and with a column without a meaning."""
    header = [*header_of(KINDS["exclusions"]), renamed.new()]
    rows = [[renamed.new() for _ in header] for _ in range(20)]
    name = renamed.named(FILE_NAME)
    told = _take_in(engine, "exclusions", folder / name, header, rows)
    assert told.counts.rejected == len(rows)


def let_in(engine: Engine, renamed: Renamed, role: str, **more: Any) -> str:
    """A person of a hostile name with a session; gives the session's cookie."""
    at, name = sessions.now(), renamed.new(short=True)
    given: dict[str, Any] = {"display_name": renamed.new(short=True), "sso_name": f"{role}@council.example", **more}
    with writing(engine) as connection:
        users.add(connection, "test", name, role, no_password=True, **given)
        user_id = connection.scalar(select(user_account.c.id).where(user_account.c.name == name))
        return sessions.open_session(connection, user_id, "", RULES, at, browser=renamed.new())


def act(engine: Engine, renamed: Renamed, cookie: str, today: date) -> None:
    """Actions about children that are open, one of them closed."""
    with reading(engine) as connection:
        viewer = sessions.look_up(connection, sessions.session_id_of(cookie), RULES, sessions.now())
        keys = connection.scalars(select(child.c.id).order_by(child.c.id).limit(ACTIONS)).all()
    assert isinstance(viewer, Viewer)
    for key in (None, *keys):
        new = NewAction(renamed.new(), renamed.new(), renamed.new(), today + timedelta(days=7), key)
        number = actions.open_action(viewer, new, today, engine)
    actions.close(viewer, number, renamed.new(), today, engine)
