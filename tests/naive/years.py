"""Ages, school years, academic and financial years, terms."""

from datetime import date, timedelta

from .deliveries import Row, day

TERM_HALVES = {
    "autumn": ("half term 1", "half term 2"),
    "spring": ("half term 3", "half term 4"),
    "summer": ("half term 5", "half term 6"),
}


def age_on(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def academic_year_start(on: date) -> date:
    return date(on.year if on.month >= 9 else on.year - 1, 9, 1)


def financial_year_start(on: date) -> date:
    return date(on.year if on.month >= 4 else on.year - 1, 4, 1)


def financial_year_name(on: date) -> str:
    first = financial_year_start(on).year
    return f"{first}-{(first + 1) % 100:02d}"


def financial_year_of_term(term: str) -> str:
    """`2026/27 autumn` or spring is paid in 2026-27, its summer in 2027-28."""
    years, name = term.split()
    first = int(years[:4]) + (1 if name == "summer" else 0)
    return financial_year_name(date(first, 4, 1))


def year_from_dob(born: date | None, as_at: date) -> str:
    """By the age on the 31 August before the academic year of as_at."""
    if born is None:
        return "not known"
    age = age_on(born, academic_year_start(as_at) - timedelta(days=1))
    if age < 2:
        return "under 2"
    if age >= 18:
        return "over 18"
    return {2: "N1", 3: "N2", 4: "R"}.get(age, str(age - 4))


def easter_sunday(year: int) -> date:
    """The anonymous Gregorian rule (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, g = b // 4, b % 4, (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day_before = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day_before + 1)


def term_of(on: date, calendar: list[Row]) -> tuple[int, str]:
    """(first year of the academic year, term) of a day: by the calendar when one is held, else by Easter.

    A day in the holidays belongs to the term before it, one before the first day of September's term to autumn.
    """
    first = academic_year_start(on).year
    starts = _term_starts(first, calendar)
    if len(starts) == len(TERM_HALVES):
        begun = [term for term in ("autumn", "spring", "summer") if starts[term] <= on]
        return first, begun[-1] if begun else "autumn"
    if on.month >= 9:
        return first, "autumn"
    return first, "spring" if on <= easter_sunday(on.year) else "summer"


def _term_starts(first: int, calendar: list[Row]) -> dict[str, date]:
    found: dict[str, date] = {}
    for row in calendar:
        start = day(row["start"])
        if row.get("urn") or start is None or academic_year_start(start).year != first:
            continue
        for term, halves in TERM_HALVES.items():
            if row["what"] in halves:
                found[term] = min(start, found.get(term, start))
    return found
