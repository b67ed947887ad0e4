"""How the text of a cell becomes a value. Each kind of cell reads a whole column's distinct texts at once,
so that a date form is found from the column and 160,000 marks cost as many steps as they have distinct texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from vs_core.intake.problems import CellProblem
from vs_core.rules.frame import financial_year as financial_year_on
from vs_core.rules.frame import financial_year_of_label, parse_academic_year, parse_term

Value = str | int | bool | date | datetime | None
Reader = Callable[[str], Value]
CellKind = Callable[[Iterable[str]], Reader]

YES = {"y", "yes", "true", "1"}
NO = {"n", "no", "false", "0"}
MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
TIME = r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|\+00:00)?)?"
DATE_FORMS: dict[str, re.Pattern[str]] = {
    "dd/mm/yyyy": re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})" + TIME),
    "dd-mm-yyyy": re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})" + TIME),
    "yyyy-mm-dd": re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})" + TIME),
    "yyyy-Mon-dd": re.compile(r"(?P<y>\d{4})-(?P<m>[A-Za-z]{3})-(?P<d>\d{1,2})" + TIME),
}
EARLIEST, LATEST = 1500, 2200
LARGEST_POUNDS = 20_000_000
"""Of one amount: more than any authority's allocation, and what every database holds as pence."""
POUNDS = re.compile(r"(-?)£?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?")


def _same(read: Reader) -> CellKind:
    return lambda _texts: read


def _text(cell: str) -> Value:
    if "\x00" in cell:
        raise CellProblem("text", "it holds a NUL character, which no text may have")
    return cell


def _identifier(cell: str) -> Value:
    return _text(cell.strip())


text = _same(_text)
identifier = _same(_identifier)


def _whole(cell: str) -> Value:
    stripped = cell.strip()
    if not re.fullmatch(r"\d{1,9}", stripped):
        raise CellProblem("whole number", f"'{cell}' is not a whole number of at most nine digits")
    return int(stripped)


whole_number = _same(_whole)


def _yes_no(cell: str) -> Value:
    folded = cell.strip().lower()
    if folded not in YES | NO:
        raise CellProblem("yes or no", f"'{cell}' is neither yes nor no (Y, N, yes, no, true, false, 1, 0)")
    return folded in YES


yes_no = _same(_yes_no)


def _pounds(cell: str) -> Value:
    match = POUNDS.fullmatch(cell.strip())
    if not match:
        raise CellProblem("money", f"'{cell}' is not an amount of pounds with at most two decimals")
    pence = int(match[2].replace(",", "")) * 100 + int((match[3] or "0").ljust(2, "0"))
    if pence > LARGEST_POUNDS * 100:
        raise CellProblem("money", f"'{cell}' is too large an amount: more than £{LARGEST_POUNDS:,}")
    return -pence if match[1] else pence


pounds = _same(_pounds)


def _hundredths(cell: str) -> Value:
    try:
        number = Decimal(cell.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or number > 10**6 or number != round(number, 2):
        raise CellProblem("number", f"'{cell}' is not a number with at most two decimals")
    return int(number * 100)


hundredths = _same(_hundredths)


def _label(parse: Callable[[str], object], what: str, example: str) -> CellKind:
    def read(cell: str) -> Value:
        try:
            return str(parse(cell))
        except ValueError as error:
            raise CellProblem(what, f"'{cell}' is not {example}") from error

    return _same(read)


term = _label(parse_term, "term", "a term such as '2026/27 autumn'")
academic_year = _label(parse_academic_year, "academic year", "an academic year such as '2026/27'")
financial_year = _label(
    lambda cell: financial_year_on(financial_year_of_label(cell)[0]),
    "financial year",
    "a financial year such as '2026-27'",
)


def one_of(words: Sequence[str], also: Mapping[str, str] | None = None) -> CellKind:
    """A word of a closed list, without regard to case; `also` maps other spellings to words of the list."""
    known = {word.lower(): word for word in words} | {other.lower(): word for other, word in (also or {}).items()}
    listed = ", ".join(words)

    def read(cell: str) -> Value:
        word = known.get(" ".join(cell.split()).lower())
        if word is None:
            raise CellProblem("list", f"'{cell}' is not one of: {listed}")
        return word

    return _same(read)


def _moment(form: str, cell: str) -> datetime:
    match = DATE_FORMS[form].fullmatch(cell.strip())
    if not match:
        raise CellProblem("date", f"'{cell}' is not a date of the form {form}, which this column has")
    month = MONTHS.get(match["m"].lower(), 0) if match["m"].isalpha() else int(match["m"])
    hour, minute, second = (int(part or 0) for part in match.groups()[-3:])
    try:
        moment = datetime(int(match["y"]), month, int(match["d"]), hour, minute, second)
    except ValueError as error:
        raise CellProblem("date", f"'{cell}' is not a day of the calendar") from error
    if not EARLIEST <= moment.year <= LATEST:
        raise CellProblem("date", f"'{cell}' is not between {EARLIEST} and {LATEST}")
    return moment


def _fits(form: str, cell: str) -> bool:
    try:
        _moment(form, cell)
    except CellProblem:
        return False
    return True


def date_form(texts: Iterable[str]) -> str:
    """The one form of a column: the one that most of its distinct texts fit; at a tie the first of the list."""
    distinct = list(texts)
    return max(DATE_FORMS, key=lambda form: sum(_fits(form, cell) for cell in distinct))


def likely_date_form(texts: Iterable[str]) -> str:
    """The form of a column's typed dates; empty when it has none."""
    distinct = list(texts)
    form = date_form(distinct)
    return form if any(_fits(form, cell) for cell in distinct) else ""


def in_form(form: str, day: date) -> str:
    """A date in one of the DATE_FORMS, with its time unless it is midnight."""
    month = next(name for name, number in MONTHS.items() if number == day.month).capitalize()
    parts = {"dd": f"{day.day:02d}", "mm": f"{day.month:02d}", "Mon": month, "yyyy": f"{day.year:04d}"}
    text = re.sub("dd|mm|Mon|yyyy", lambda part: parts[part[0]], form)
    at = day.time().replace(microsecond=0) if isinstance(day, datetime) else None
    return f"{text} {at}" if at else text


def day(texts: Iterable[str]) -> Reader:
    """A column of dates in one form."""
    form = date_form(texts)
    return lambda cell: _moment(form, cell).date()


def moment(texts: Iterable[str]) -> Reader:
    """A column of dates with times in one form."""
    form = date_form(texts)
    return lambda cell: _moment(form, cell)


def monday(texts: Iterable[str]) -> Reader:
    """A column of weeks, each named by its Monday."""
    form = date_form(texts)

    def read(cell: str) -> Value:
        found = _moment(form, cell).date()
        if found.weekday():
            raise CellProblem(
                "week", f"'{cell}' is not a Monday; its week began on {found - timedelta(found.weekday())}"
            )
        return found

    return read
