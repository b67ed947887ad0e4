"""Two hundred guesses at one person's password, by eight clients at once, over five restarts of the server.

The clients have addresses of their own, as a trusted proxy in front would say; two share the person's home.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx
from sqlalchemy import ColumnElement, Engine, func, select, update

from tests.access.conftest import DEMO_PASSWORD, form_token, post_sign_in
from tests.databases import SqliteFiles
from tests.serving import Server
from vs_core.access.attempts import MOST_FROM_OTHER_BROWSERS, MOST_TRIES, WINDOW
from vs_core.store.access_tables import audit_event, sign_in_attempt
from vs_core.store.engine import engine_for, reading, writing

HOME, ELSEWHERE = "192.0.2.10", "198.51.100.77"
CLIENTS = [HOME, HOME, *(f"203.0.113.{number}" for number in range(6))]
RESTARTS, GUESSES_OF_A_CLIENT = 5, 5


def test_no_more_than_ten_are_compared_and_the_right_person_gets_in(serve: Callable, sqlite_files: SqliteFiles) -> None:
    url = sqlite_files.blank()
    database, known, answers = engine_for(url), httpx.Cookies(), Counter[int]()
    for start in range(RESTARTS):
        with serve(url=url, VS_TRUSTED_PROXIES="127.0.0.1") as app, browser(app, HOME, known) as at_the_desk:
            if start == 0:
                assert post_sign_in(at_the_desk, "analyst").status_code == 303
            with ThreadPoolExecutor(len(CLIENTS)) as clients:
                guessing = [clients.submit(guess, app, address) for address in CLIENTS]
                if start == 2:
                    at_the_desk.cookies.delete("vs")
                    assert post_sign_in(at_the_desk, "analyst").status_code == 303
            answers += answers_of(guessing)
    with serve(url=url, VS_TRUSTED_PROXIES="127.0.0.1") as app:
        assert sign_in_elsewhere(app) == 429
        let_the_window_pass(database)
        assert sign_in_elsewhere(app) == 303
    compared = count(database, sign_in_attempt.c.outcome != "worked")
    assert answers.total() == RESTARTS * len(CLIENTS) * GUESSES_OF_A_CLIENT == 200
    assert answers == {401: compared, 429: 200 - compared}
    assert compared == count(database, audit_event.c.what == "sign-in failed")
    assert compared == MOST_FROM_OTHER_BROWSERS < MOST_TRIES
    assert count(database, sign_in_attempt.c.outcome == "worked") == 3
    assert 1 <= count(database, audit_event.c.what == "sign-in locked") <= compared
    database.dispose()


@contextmanager
def browser(app: Server, address: str, cookies: httpx.Cookies | None = None) -> Iterator[httpx.Client]:
    """A browser at an address; what it keeps goes into `cookies`."""
    headers = {"Accept": "text/html", "X-Forwarded-For": address}
    with httpx.Client(base_url=app.url, headers=headers, cookies=cookies, timeout=60) as web:
        yield web
        if cookies is not None:
            cookies.update(web.cookies)


def guess(app: Server, address: str) -> list[int]:
    with browser(app, address) as web:
        form = {"token": form_token(web), "name": "Analyst", "next": "/"}
        guesses = [{**form, "password": f"{DEMO_PASSWORD} {number}"} for number in range(GUESSES_OF_A_CLIENT)]
        return [web.post("/login", data=one).status_code for one in guesses]


def answers_of(guessing: list[Future[list[int]]]) -> Counter[int]:
    return Counter(status for client in guessing for status in client.result())


def sign_in_elsewhere(app: Server) -> int:
    with browser(app, ELSEWHERE) as web:
        return post_sign_in(web, "analyst").status_code


def let_the_window_pass(database: Engine) -> None:
    with writing(database) as connection:
        for number, at in connection.execute(select(sign_in_attempt.c.id, sign_in_attempt.c.at)).all():
            mine = sign_in_attempt.c.id == number
            connection.execute(update(sign_in_attempt).where(mine).values(at=at - WINDOW))


def count(database: Engine, which: ColumnElement[bool]) -> int:
    with reading(database) as connection:
        return int(connection.scalar(select(func.count()).where(which)) or 0)
