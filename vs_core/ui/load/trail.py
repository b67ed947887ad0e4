"""What the page Trail reads. Nothing here is kept: the trail grows with every look at it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from vs_core.access import chain as chains
from vs_core.access import roles
from vs_core.access.chain import Chain
from vs_core.access.events import in_words
from vs_core.access.viewer import Viewer, scope
from vs_core.figures import fetch
from vs_core.queries import people
from vs_core.queries import trail as queries
from vs_core.queries.trail import Asked
from vs_core.store.engine import engine, retried
from vs_core.ui import words

A_PAGE = 50
NOT_ON_THE_TRAIL = "something that is not on the trail"
MOST_IN_A_FILE = 50_000
CHILD = re.compile(r"child ([1-9][0-9]{0,8})")
NUMBER = re.compile(r"#?([1-9][0-9]{0,8})")


@dataclass(frozen=True)
class Page:
    """rows: `when`, `who`, `what`, `about`, `detail`, newest first; before, after: where the older and the newer events
    go on, None at either end."""

    rows: pd.DataFrame
    before: int | None
    after: int | None


def events(viewer: Viewer, asked: Asked, before: int | None = None, after: int | None = None) -> Page:
    """A page of the trail. Raises PermissionError without the right to read it."""
    _check(viewer)
    found = _found(queries.events(asked, A_PAGE + 1, before=before, after=after))
    more, found = len(found) > A_PAGE, found[:A_PAGE]
    if after is not None:
        found = found[::-1]
    is_last, is_first = (not more, before is None) if after is None else (False, not more)
    return Page(
        _in_words(viewer, found),
        None if is_last or not found else found[-1].id,
        None if is_first or not found else found[0].id,
    )


def for_a_file(viewer: Viewer, asked: Asked) -> pd.DataFrame:
    """The rows of `events`, the newest 50,000 of them. Raises PermissionError without the right to read the trail."""
    _check(viewer)
    return _in_words(viewer, _found(queries.events(asked, MOST_IN_A_FILE)))


def who_looked(viewer: Viewer, asked: Asked) -> pd.DataFrame:
    """Who opened the page of the child that `asked.subject` names, the latest first: `who`, `times`, `first`,
    `last`."""
    _check(viewer)
    key = child_key(asked.subject)
    rows = _found(queries.who_looked(key, asked)) if key is not None else []
    names = _people()
    told = [
        {
            "who": _who(row.user_name, names),
            "times": row.times,
            "first": _when(row.first_at),
            "last": _when(row.last_at),
        }
        for row in rows
    ]
    return pd.DataFrame(told, columns=pd.Index(["who", "times", "first", "last"]))


def what_somebody_did(viewer: Viewer, asked: Asked) -> pd.DataFrame:
    """What `asked.person` did, the most frequent first: `what`, `times`, `last`."""
    _check(viewer)
    rows = _found(queries.what_somebody_did(asked)) if asked.person else []
    told = [{"what": in_words(row.what), "times": row.times, "last": _when(row.last_at)} for row in rows]
    return pd.DataFrame(told, columns=pd.Index(["what", "times", "last"]))


def child(viewer: Viewer, subject: str) -> str:
    """How the viewer knows the child that a subject names: by name and number, or as `#17`; empty for no child."""
    _check(viewer)
    key = child_key(subject)
    return _children(viewer, [key]).get(key, f"#{key}") if key is not None else ""


def subject_of_number(viewer: Viewer, number: str) -> str:
    """What stands on the trail for the child with a number: the authority's for who may see names, else `#17`. Empty
    when the viewer knows no such child."""
    _check(viewer)
    typed = number.strip()
    found = _found(queries.child_of_number(typed, scope(viewer))) if typed else []
    if found:
        return queries.subject_of(found[0].id)
    own = NUMBER.fullmatch(typed)
    return queries.subject_of(int(own[1])) if own and (typed.startswith("#") or not scope(viewer).names) else ""


def to_be_told(viewer: Viewer, asked: Asked) -> Asked:
    """What is asked, as it is written to the trail: what stands nowhere there and is no child's key may be the name of
    a child."""
    _check(viewer)
    return replace(
        asked,
        person=_as_told("user_name", asked.person),
        what=_as_told("what", asked.what),
        subject=_as_told("subject", asked.subject),
    )


def persons(viewer: Viewer) -> list[str]:
    """The sign-in names that the trail may hold."""
    _check(viewer)
    return sorted(_people())


def chain(viewer: Viewer) -> Chain:
    """What is known of the trail's chain, followed a piece further."""
    _check(viewer)
    return chains.followed_on(engine())


def child_key(subject: str) -> int | None:
    """The key of the child that a subject names; None for anything else."""
    found = CHILD.fullmatch(subject)
    return int(found[1]) if found else None


def _as_told(column: str, text: str) -> str:
    is_known = not text or child_key(text) is not None or _found(queries.stands_there(column, text))
    return text if is_known else NOT_ON_THE_TRAIL


def _check(viewer: Viewer) -> None:
    if not viewer.may(roles.READ_TRAIL):
        raise PermissionError("This role may not read the trail.")


def _found(query: Any) -> list[Any]:
    return list(retried(lambda connection: connection.execute(query).all()))


def _people() -> dict[str, str]:
    rows = retried(lambda connection: fetch.rows(connection, people.names()))
    return dict(zip(rows["name"], rows["display_name"], strict=True))


def _in_words(viewer: Viewer, rows: list[Any]) -> pd.DataFrame:
    names, keys = _people(), {child_key(row.subject) for row in rows}
    known = _children(viewer, [key for key in keys if key is not None])
    told = [
        {
            "when": words.moment(row.at, seconds=True),
            "who": _who(row.user_name, names),
            "what": in_words(row.what),
            "about": _about(row.subject, known),
            "detail": _detail(row.detail),
        }
        for row in rows
    ]
    return pd.DataFrame(told, columns=pd.Index(["when", "who", "what", "about", "detail"]))


def _children(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    """Name and number of those whom the viewer may open, by key."""
    wanted = list(keys)
    rows = _found(queries.children(wanted, scope(viewer))) if wanted and scope(viewer).names else []
    named = {row.child_key: f"{row.forename or ''} {row.surname or ''}".strip() for row in rows}
    return {row.child_key: f"{named[row.child_key]} ({row.child_id})".lstrip() for row in rows}


def _about(subject: str, known: dict[int, str]) -> str:
    key = child_key(subject)
    return subject if key is None else known.get(key, f"child #{key}")


def _who(name: str, names: dict[str, str]) -> str:
    shown = names.get(name, name)
    return name if shown == name else f"{shown} ({name})"


def _when(at: Any) -> str:
    return words.moment(at)


def _detail(text: str) -> str:
    """`{"rows": 3, "kind": "peps"}` as `kind: peps; rows: 3`; what is no such thing as it is."""
    try:
        told = json.loads(text)
    except ValueError:
        return text
    return "; ".join(f"{key}: {_value(value)}" for key, value in told.items()) if isinstance(told, dict) else text


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)
