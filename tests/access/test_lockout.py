"""How many wrong passwords of one name are compared, and whom that keeps out. The clock is given."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from vs_core.access import attempts, known_browser
from vs_core.access.attempts import MOST_FROM_AN_ADDRESS, MOST_TRIES, WINDOW, Booked, Locked, Try
from vs_core.settings import read_settings
from vs_core.store.access_tables import sign_in_attempt
from vs_core.store.base import metadata
from vs_core.store.engine import engine_for, writing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RULES = read_settings({"VS_DEMO": "1"})
WHO = attempts.name_hash("somebody", RULES)
OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.7"

Guess = Callable[..., Booked | Locked]


@pytest.fixture
def store(database_url: str) -> Iterator[Engine]:
    made = engine_for(database_url)
    metadata.create_all(made, tables=[sign_in_attempt])
    yield made
    made.dispose()


@pytest.fixture
def guess(store: Engine) -> Guess:
    """`guess("place", at, browser=None, who=WHO, worked=False)`: one try; what came of it."""

    def try_once(
        place: str = OFFICE, at: datetime = AT, *, browser: str | None = None, who: str = WHO, worked: bool = False
    ) -> Booked | Locked:
        with writing(store) as connection:
            found = attempts.begin(connection, Try(who, place, browser), at)
            if isinstance(found, Booked):
                attempts.finish(connection, found, worked)
        return found

    return try_once


def compared(found: list[Booked | Locked]) -> int:
    return sum(isinstance(one, Booked) for one in found)


def test_guesses_at_once_are_counted_one_by_one(store: Engine) -> None:
    """Also those whose comparison is not over yet, or never will be: nobody says here how they came out."""
    found: list[Booked | Locked] = []

    def guess_on() -> None:
        for number in range(5):
            with writing(store) as connection:
                found.append(attempts.begin(connection, Try(WHO, f"place {number}"), AT))

    threads = [threading.Thread(target=guess_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert compared(found) == attempts.MOST_FROM_NEW_PLACES
    with writing(store) as connection:
        assert isinstance(attempts.begin(connection, Try(WHO, "place 1"), AT + WINDOW), Booked)


def test_one_place_cannot_lock_out_another(guess: Guess) -> None:
    assert compared([guess(OFFICE) for _ in range(20)]) == attempts.MOST_FROM_A_NEW_PLACE
    assert isinstance(guess(ELSEWHERE), Booked)


def test_many_places_cannot_lock_out_where_a_name_is_at_home(guess: Guess) -> None:
    guess(OFFICE, AT - timedelta(days=29), worked=True)
    assert compared([guess(f"203.0.113.{number}") for number in range(50)]) == attempts.MOST_FROM_NEW_PLACES
    assert [isinstance(guess(OFFICE), Booked) for _ in range(3)] == [True, True, False]


def test_nobody_can_lock_out_a_known_browser(guess: Guess) -> None:
    guess(OFFICE, AT - timedelta(days=1), worked=True)
    flood = [guess(place) for place in (OFFICE, *(f"203.0.113.{number}" for number in range(50))) for _ in range(6)]
    assert compared(flood) == attempts.MOST_FROM_OTHER_BROWSERS
    assert compared([guess(OFFICE, browser="known") for _ in range(6)]) == 3


def test_a_known_browser_cannot_lock_out_everywhere_else(guess: Guess) -> None:
    assert compared([guess(OFFICE, browser="known") for _ in range(20)]) == attempts.MOST_FROM_KNOWN_BROWSERS
    assert compared([guess(ELSEWHERE) for _ in range(5)]) == 2


def test_it_opens_by_itself_and_refused_tries_prolong_nothing(guess: Guess) -> None:
    for _ in range(attempts.MOST_FROM_A_NEW_PLACE):
        guess()
    for seconds in range(0, 299, 13):
        assert guess(at=AT + seconds * SECOND) == "name"
    assert isinstance(guess(at=AT + WINDOW), Booked)


def test_right_passwords_do_not_count(guess: Guess) -> None:
    assert compared([guess(worked=True) for _ in range(30)]) == 30
    assert isinstance(guess(), Booked)


def test_a_place_has_a_limit_over_all_names_but_not_for_known_browsers(guess: Guess) -> None:
    found = [guess(who=f"name {number}") for number in range(MOST_FROM_AN_ADDRESS + 5)]
    assert compared(found) == MOST_FROM_AN_ADDRESS
    assert [one.closes for one in found if isinstance(one, Booked)][-2:] == [None, "place"]
    assert found[-1] == "place"
    assert isinstance(guess(browser="known"), Booked)
    assert isinstance(guess(ELSEWHERE), Booked)


def test_the_try_that_uses_up_the_last_says_so_and_the_refused_write_nothing(guess: Guess, store: Engine) -> None:
    found = [guess() for _ in range(30)]
    assert [one.closes for one in found if isinstance(one, Booked)] == [None, None, None, "name"]
    with writing(store) as connection:
        assert len(connection.execute(select(sign_in_attempt)).all()) == attempts.MOST_FROM_A_NEW_PLACE


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_tried_no_more_than_ten_are_compared_in_any_five_minutes(guess: Guess, seed: int) -> None:
    chance = random.Random(seed)
    places = [OFFICE, ELSEWHERE, *(f"203.0.113.{number}" for number in range(5))]
    at, moments = AT, []
    for _ in range(150):
        at += timedelta(seconds=chance.expovariate(1 / 6))
        browser = chance.choice([None, None, "one", "another"])
        worked = chance.random() < 0.05
        if isinstance(guess(chance.choice(places), at, browser=browser, worked=worked), Booked) and not worked:
            moments.append(at)
    busiest = max(sum(start <= one < start + WINDOW for one in moments) for start in moments)
    assert busiest == MOST_TRIES


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_what_an_address_is_counted_as(address: str, place: str) -> None:
    assert attempts.place_of(address) == place


HASH = "$2b$12$a hash"


def test_a_browser_is_known_again_for_the_person_who_signed_in(store: Engine) -> None:
    cookie = known_browser.with_person("", WHO, HASH, RULES, AT)
    found = known_browser.found_in(cookie, WHO, HASH, RULES, AT + timedelta(days=89))
    assert found is not None
    assert len(found) == 64
    assert cookie not in found
    assert "somebody" not in cookie


@pytest.mark.parametrize(
    ("who", "password_hash", "rules", "later"),
    [
        (attempts.name_hash("another", RULES), HASH, RULES, timedelta()),
        (WHO, "$2b$12$another", RULES, timedelta()),
        (WHO, "", RULES, timedelta()),
        (WHO, HASH, read_settings({"VS_COOKIE_KEY": "another key"}), timedelta()),
        (WHO, HASH, RULES, timedelta(days=90)),
    ],
    ids=["another name", "a new password", "nobody", "a new key", "too old"],
)
def test_and_for_nobody_else(who: str, password_hash: str, rules, later: timedelta) -> None:
    cookie = known_browser.with_person("", WHO, HASH, RULES, AT)
    assert known_browser.found_in(cookie, who, password_hash, rules, AT + later) is None


@pytest.mark.parametrize(
    "cookie", ["", "~", "..", "a.b.c", "é.1.é", "a.1.b~" * 300, "a.99999999999999999999.b", "\udcff"]
)
def test_garbage_is_no_known_browser(cookie: str) -> None:
    assert known_browser.found_in(cookie, WHO, HASH, RULES, AT) is None
    assert known_browser.with_person(cookie, WHO, HASH, RULES, AT).isascii()


def test_a_shared_computer_knows_the_last_five_people() -> None:
    people = [attempts.name_hash(f"person {number}", RULES) for number in range(7)]
    cookie = ""
    for number, who in enumerate([*people, people[3]]):
        cookie = known_browser.with_person(cookie, who, HASH, RULES, AT + number * SECOND)
    at = AT + timedelta(days=1)
    known = [known_browser.found_in(cookie, who, HASH, RULES, at) is not None for who in people]
    assert known == [False, False, True, True, True, True, True]
    assert len(cookie) < known_browser.LONGEST_COOKIE
