"""Signing in with a council account (OpenID Connect, authorization code with PKCE): the routes.

A person who presses the button goes to the provider (START), comes back with a code (BACK) and is let in if an account
of ours is theirs. Whatever goes wrong on the way ends on the sign-in page with a sentence.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vs_core.access import door, origin, sessions, sign_in, trail
from vs_core.access import single_sign_on_attempt as attempts
from vs_core.access import single_sign_on_people as people
from vs_core.access import single_sign_on_provider as provider
from vs_core.access import single_sign_on_token as tokens
from vs_core.access.single_sign_on_provider import Attempt, ProviderProblem
from vs_core.access.single_sign_on_token import TokenRefused, Vouched
from vs_core.access.viewer import Viewer
from vs_core.settings import SingleSignOn, settings
from vs_core.store.engine import writing

START, BACK, OUT = "/login/council", "/login/council/back", "/login/council/out"
COOKIE = "vs-council"
AT_ONCE = 4
ALTOGETHER_SECONDS = 20.0
AWAY = "Your council's sign-in does not answer as it should. Try again in a minute. Reference: {}"
STOPPED = "Your council's sign-in did not let you through. Reference: {}"
NOT_BELIEVED = "What your council's sign-in said of you could not be verified. Reference: {}"
STALE = "This sign-in was begun too long ago, or in another window. Please try again."
NOBODY = (
    "Your council account is known, but nobody has given it access here. Ask whoever looks after this dashboard to add "
    "you."
)
NO_WAY_OUT = "Your council's sign-in could not be asked to sign you out. Close the browser instead. Reference: {}"

log = logging.getLogger("vs_core")
_threads = ThreadPoolExecutor(AT_ONCE, "council")
_returns = attempts.Returns()
T = TypeVar("T")


async def _start(request: Request) -> Response:
    rules, target = settings(), sign_in.target_of(request, request.query_params.get("next", "/"))
    if rules.single_sign_on is None:
        return await sign_in.sign_in_form(request, target, 404)
    if isinstance(await door.viewer_of(request.scope), Viewer):
        return sign_in.onward(target)
    cookie = attempts.begun(target, sessions.now(), rules)
    attempt = attempts.attempt(cookie.split(".")[0], rules, _redirect(request))
    try:
        url = await _asked(_authorization_url, rules.single_sign_on, attempt)
    except ProviderProblem as problem:
        return await _sorry(request, target, 503, AWAY, str(problem))
    answer = RedirectResponse(url, 303)
    sign_in.set_cookie(request, answer, sign_in.own_cookie(request, COOKIE), cookie, attempts.LASTS)
    return answer


async def _back(request: Request) -> Response:
    given, begun = settings().single_sign_on, _begun(request)
    if given is None or begun is None:
        return await sign_in.sign_in_form(request, "/", 400, problem=STALE if given else "", problem_at="council")
    attempt, target = begun
    answer = await _let_in(request, given, attempt, target)
    secure = origin.is_secure(request.scope, settings())
    answer.delete_cookie(sign_in.own_cookie(request, COOKIE), path="/", secure=secure, httponly=True, samesite="lax")
    return answer


async def _let_in(request: Request, given: SingleSignOn, attempt: Attempt, target: str) -> Response:
    said = request.query_params
    if "error" in said or "code" not in said or said.get("iss", given.issuer) != given.issuer:
        return await _sorry(request, target, 403, STOPPED, provider.plain_error(said.get("error")))
    try:
        who = await _asked(_vouched, given, attempt, said["code"])
    except ProviderProblem as problem:
        return await _sorry(request, target, 503, AWAY, str(problem))
    except TokenRefused as refused:
        return await _sorry(request, target, 403, NOT_BELIEVED, str(refused), is_refusal=True)
    found = await run_in_threadpool(people.admit, who, _seen(request), settings())
    if found is None:
        return await sign_in.sign_in_form(request, target, 403, problem=NOBODY, problem_at="council")
    return sign_in.with_session(request, found, target)


async def _out(request: Request) -> Response:
    given = settings().single_sign_on
    if given is None:
        return await sign_in.sign_in_form(request, "/", 404)
    try:
        url = await _asked(_sign_out_url, given)
    except ProviderProblem as problem:
        return await _sorry(request, "/", 503, NO_WAY_OUT, str(problem))
    return RedirectResponse(url, 303)


def _authorization_url(given: SingleSignOn, attempt: Attempt) -> str:
    return provider.authorization_url(given, provider.discovered(given), attempt)


def _vouched(given: SingleSignOn, attempt: Attempt, code: str) -> Vouched:
    found = provider.discovered(given)
    token = provider.id_token(given, found, attempt, code)
    try:
        return tokens.vouched(token, provider.signing_keys(found), given, attempt.nonce)
    except tokens.UnknownKey:
        return tokens.vouched(token, provider.signing_keys(found, again=True), given, attempt.nonce)


def _sign_out_url(given: SingleSignOn) -> str:
    return provider.sign_out_url(given, provider.discovered(given))


async def _asked(ask: Callable[..., T], *given: object) -> T:
    """What the provider says, asked by few threads of its own, so that a slow one holds nobody else up."""
    asking = asyncio.get_running_loop().run_in_executor(_threads, ask, *given)
    try:
        return await asyncio.wait_for(asking, ALTOGETHER_SECONDS)
    except TimeoutError:
        raise ProviderProblem("it took too long") from None


def _begun(request: Request) -> tuple[Attempt, str] | None:
    """The attempt that this browser began and that comes back now, for the first time; else None."""
    sent = origin.cookies(request.scope, sign_in.own_cookie(request, COOKIE))
    at = sessions.now()
    begun = attempts.read(sent[0], at, settings(), _redirect(request)) if len(sent) == 1 else None
    states = request.query_params.getlist("state")
    if begun is None or len(states) != 1 or not hmac.compare_digest(begun[0].state.encode(), states[0].encode()):
        return None
    return begun if _returns.is_first(begun[0].state, at) else None


def _redirect(request: Request) -> str:
    """Where the provider sends people back to: the public address, or on one's own machine the one that was typed,
    which the door lets through only if it is this machine's."""
    return (settings().public_url or f"{request.url.scheme}://{request.headers['host']}") + BACK


def _seen(request: Request) -> people.Seen:
    scope, rules = request.scope, settings()
    return people.Seen(
        origin.address(scope, rules), origin.header(scope, "user-agent"), sign_in.session_before(request)
    )


async def _sorry(
    request: Request, target: str, status: int, sentence: str, why: str, *, is_refusal: bool = False
) -> Response:
    """The sign-in page with a sentence. Its reference stands in the log beside why, and for a refusal on the trail."""
    reference = secrets.token_hex(4)
    log.warning("Single sign-on %s: %s", reference, why)
    if is_refusal:
        await run_in_threadpool(_record_refusal, origin.address(request.scope, settings()), reference)
    said = sentence.format(reference)
    return await sign_in.sign_in_form(request, target, status, problem=said, problem_at="council")


def _record_refusal(address: str, reference: str) -> None:
    detail = {"address": address, "how": sessions.SINGLE_SIGN_ON, "why": "not verified", "reference": reference}
    with writing() as connection:
        trail.record(connection, "unknown", "sign-in refused", detail=detail)


ROUTES = [
    Route(START, _start, methods=["GET"]),
    Route(BACK, _back, methods=["GET"]),
    Route(OUT, _out, methods=["GET"]),
]
