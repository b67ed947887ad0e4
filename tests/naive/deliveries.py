"""Files as they came, and what is held of one key on one day."""

from dataclasses import dataclass
from datetime import date, datetime

Row = dict[str, str]
Key = tuple[object, ...]
History = dict[Key, dict[date, Row | None]]

DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


@dataclass(frozen=True)
class Delivery:
    """One file: its kind, the day from which it is known, its rows as text under the contract's column names."""

    kind: str
    known_on: date
    rows: list[Row]
    columns: tuple[str, ...] = ()


def day(text: str | None) -> date | None:
    """A date from a cell, None when the cell is empty."""
    text = (text or "").strip()
    if not text:
        return None
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(f"not a date: {text!r}")


def held(dated: dict[date, Row | None], on: date) -> Row | None:
    """What the last delivery dated by then says; None when there is none, or when it took the row back."""
    days = [known_from for known_from in dated if known_from <= on]
    return dated[max(days)] if days else None
