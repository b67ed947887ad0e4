"""Every kind of viewer on every page of the real app, over its real WebSocket, searched byte by byte for canaries."""

from __future__ import annotations

import asyncio

import pytest

from tests.access.attacks.raw_requests import ask
from tests.access.canaries import FOREIGN, HIDDEN, OPEN, TEAM
from tests.access.matrix.authority import SIGN_IN, VIEWERS, Authority
from tests.access.matrix.conftest import CHILDREN, Walked, leaks, may, not_refused, opens
from tests.access.matrix.expected import MARK, NOT_AGAIN, PAGES, SIGHTS
from tests.access.matrix.found import canaries_in
from tests.access.matrix.walk import spellings, walking
from vs_core.access.viewer import Viewer, scope


@pytest.mark.parametrize("who", VIEWERS)
def test_nobody_is_shown_what_is_not_for_them(walked: Walked, who: str) -> None:
    """On pages that are theirs, in every part and menu, and in every file that they can take away."""
    assert leaks(who, walked.opened[who]) == {}
    assert walked.opened[who].failed == []
    assert walked.opened[who].refused == set()


def test_who_may_see_all_of_it_is_shown_it(walked: Walked) -> None:
    """Else the others would prove nothing."""
    seen = walked.opened["headteacher"]
    for whose in (HIDDEN, OPEN, FOREIGN):
        assert {(whose, f"child_details.{name}") for name in ("forename", "surname", "adviser")} <= seen.where.keys()
    assert {(HIDDEN, "school_details.name"), (HIDDEN, "pp_request.intervention")} <= seen.where.keys()
    assert {(SIGN_IN, f"name {who}") for who in VIEWERS} <= seen.where.keys()
    assert seen.files["csv"] > 20
    assert seen.files["xlsx"] > 20
    assert walked.opened["adviser"].files["pdf"] > 0
    assert {"csv", "xlsx", "pdf", "docx"} <= walked.opened["analyst"].files.keys()


@pytest.mark.parametrize("who", VIEWERS)
def test_a_page_is_not_to_be_had_by_another_way(walked: Walked, who: str) -> None:
    """By name with buttons of others pressed, by number, by other spellings, and by fragments of others."""
    seen = walked.forged[who]
    assert leaks(who, seen) == {}
    assert seen.failed == []
    assert not_refused(who, seen, [f"{page} by name" for page in PAGES if not may(who, page)]) == {}


@pytest.mark.parametrize("who", VIEWERS)
def test_no_address_shows_more(walked: Walked, who: str) -> None:
    assert leaks(who, walked.tainted[who]) == {}
    assert walked.tainted[who].failed == []


@pytest.mark.parametrize("who", [who for who in VIEWERS if opens(who, "child")])
def test_a_child_is_opened_and_found_by_whom_it_is_for(walked: Walked, who: str) -> None:
    seen, own = walked.opened[who], {(SIGN_IN, f"name {who}")}
    for whose, keys in walked.authority.children.items():
        for key in keys[:CHILDREN]:
            shown = seen.places[f"child {key}"]
            assert (whose in {each for each, _ in shown}) == (whose in SIGHTS[who].names), key
            assert whose in SIGHTS[who].names or shown == own, key
    found = set().union(*(shown for place, shown in seen.places.items() if place.startswith("search by ")))
    assert {whose for whose, column in found if column == "child_details.surname"} == SIGHTS[who].names


def test_nobody_is_told_what_lets_another_in(walked: Walked) -> None:
    for seen in (*walked.opened.values(), *walked.forged.values(), *walked.tainted.values()):
        assert seen.told == set()


def test_nothing_was_changed_by_any_of_it(walked: Walked) -> None:
    assert walked.before.keys() == walked.after.keys()
    assert [name for name in walked.before if walked.before[name] != walked.after[name]] == []


def test_who_opens_less_sees_the_same_rows(walked: Walked) -> None:
    for who, other in NOT_AGAIN.items():
        one, two = (_viewer(name) for name in (who, other))
        assert scope(one) == scope(two)
        assert SIGHTS[who] == SIGHTS[other]


def _viewer(name: str) -> Viewer:
    person = VIEWERS[name]
    return Viewer(1, name, name, person.role, "session", person.adviser, person.sees_restricted)


@pytest.mark.parametrize("who", [*VIEWERS, "nobody"])
def test_no_spelling_of_an_address_holds_data(walked: Walked, who: str) -> None:
    cookie = walked.authority.cookies.get(who, "")
    lines = [f"Cookie: vs={cookie}".encode(), b"Accept: text/html"]
    for page in PAGES:
        own = ask(walked.server.port, f"/{page}", lines)
        assert own.status == (200 if cookie else 303)
        for spelling in spellings(page):
            answer = ask(walked.server.port, f"/{spelling}".replace(" ", "%20"), lines)
            assert answer.status in ({200, 303, 404} if cookie else {303}), spelling
            if answer.status == 200:
                assert answer.everything.partition(b"\r\n\r\n")[2] == own.everything.partition(b"\r\n\r\n")[2]
            assert canaries_in(answer.everything) == set()


def test_files_of_others_are_not_to_be_had(walked: Walked) -> None:
    """Those that are offered at this moment, by every other viewer and by nobody."""

    async def steal() -> dict[str, set[int]]:
        async with walking(walked.server, walked.authority, "headteacher") as walker:
            await walker.open("cohort", take=())
            return {who: stolen(who, walker.seen.offers) for who in [*VIEWERS, "nobody"] if who != "headteacher"}

    def stolen(who: str, offers: list[str]) -> set[int]:
        lines = [f"Cookie: vs={walked.authority.cookies.get(who, '')}".encode(), b"Accept: text/html"]
        answers = [ask(walked.server.port, address, lines) for address in offers]
        assert answers
        assert not any(canaries_in(answer.everything) for answer in answers)
        return {answer.status for answer in answers}

    assert asyncio.run(steal()) == {
        who: {303 if who == "nobody" else 410} for who in [*VIEWERS, "nobody"] if who != "headteacher"
    }


def test_the_log_tells_nothing_of_anybody(walked: Walked, authority: Authority) -> None:
    printed = walked.server.printed()
    assert canaries_in(printed.encode()) == set()
    assert "Traceback" not in printed
    assert "Error " not in printed
    for secret in (MARK, *authority.secrets):
        assert secret not in printed


def test_every_class_of_canary_is_in_the_authority(walked: Walked) -> None:
    everything = "\n".join(row for rows in walked.before.values() for row in rows)
    found = {whose for whose, _ in canaries_in(everything.encode())}
    assert found == {HIDDEN, OPEN, FOREIGN, TEAM, SIGN_IN}
