"""Signing in and out: routes that work without a script in the browser."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from vs_core.access import admission, door, guard, keys, known_browser, origin, passwords, sessions, users
from vs_core.access.admission import Asked, LetIn, Refused
from vs_core.access.open_tabs import TABS
from vs_core.access.sign_in_page import STYLESHEET, STYLESHEET_PATH, Form, sign_in_page, sign_out_page
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.store.access_tables import user_account
from vs_core.store.engine import reading, retried

MOST_BYTES = 10_000
FORM_COOKIE = "vs-form"
KNOWN_COOKIE = "vs-known"
INCOMPLETE = "Enter your sign-in name and your password."
NO_PASSWORDS = "Nobody comes in with a password here. Sign in with your council account."
STALE = "This form was open for too long. Please try again."
BACK = "back"
BACK_COOKIE = "vs-back"
"""The address of the screen that was left last, which `screen.js` notes: no name stands in an address."""
NOTICES = {
    sessions.SIGNED_OUT: "You are signed out.",
    sessions.IDLE: "You were signed out because nothing happened for a while.",
    sessions.EXPIRED: "You were signed out because your session had lasted its full time.",
    sessions.DISABLED: "Your sign-in was ended by an administrator.",
    sessions.PASSWORD_CHANGED: "Your password was changed. Sign in with the new one.",
    sessions.SIGNED_IN_AGAIN: "Somebody signed in again in this browser, which ended the sign-in before.",
    sessions.ROLE_CHANGED: "Your role was changed. Sign in again to go on.",
    sessions.SIGN_IN_CHANGED: "The way you sign in was changed. Sign in again to go on.",
    sessions.ENDED_BY_ADMINISTRATOR: "An administrator ended your session. Sign in again to go on.",
    sessions.ENDED_ELSEWHERE: "You ended this session from another browser.",
}


def _token(seed: str) -> str:
    return keys.signed(settings(), "form", seed)


def own_cookie(request: Request, name: str) -> str:
    """What a cookie of ours is called: bound to the host on https, as the session's own is."""
    return f"__Host-{name}" if origin.is_secure(request.scope, settings()) else name


def _is_own_form(request: Request, token: str) -> bool:
    seed = request.cookies.get(own_cookie(request, FORM_COOKIE), "")
    return len(seed) >= 32 and hmac.compare_digest(_token(seed).encode(), token.encode())


def _show(request: Request, page: Callable[[str], str], status: int = 200) -> Response:
    """`page(token)` as an answer, with the cookie that its token belongs to.

    The cookie comes along when somebody follows a link from an e-mail (Lax): a second tab must not get a new one, which
    would make the form in the first tab stale."""
    seed = request.cookies.get(own_cookie(request, FORM_COOKIE), "")
    if len(seed) < 32 or not seed.isascii():
        seed = secrets.token_urlsafe(32)
    answer = HTMLResponse(page(_token(seed)), status)
    set_cookie(request, answer, own_cookie(request, FORM_COOKIE), seed)
    return answer


def set_cookie(request: Request, answer: Response, name: str, value: str, lasts: timedelta | None = None) -> None:
    """A cookie that no script reads. lasts: None for as long as the browser is open."""
    secure, seconds = origin.is_secure(request.scope, settings()), int(lasts.total_seconds()) if lasts else None
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def _drop_session_cookie(request: Request, answer: Response) -> None:
    rules = settings()
    name, secure = origin.cookie_name(request.scope, rules), origin.is_secure(request.scope, rules)
    answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


async def _form(request: Request) -> Response:
    if isinstance(await door.viewer_of(request.scope), Viewer):
        return onward(origin.local_path(request.query_params.get("next", "/")))
    why = request.query_params.get("ended", "")
    usual = BACK if why in (sessions.IDLE, sessions.EXPIRED) else "/"
    target, leaves = request.query_params.get("next", usual), why == sessions.SIGNED_OUT
    return await sign_in_form(request, target, notice=NOTICES.get(why, ""), leave_council=leaves)


async def sign_in_form(request: Request, target: str, status: int = 200, **shown: Any) -> Response:
    """The sign-in page of a person who goes on to `target`. shown: further fields of Form."""
    rules = settings()
    ways: dict[str, Any] = {
        "council": rules.single_sign_on.label if rules.single_sign_on else "",
        "passwords": rules.password_sign_in,
        "demo": await run_in_threadpool(_demo_sign_ins) if rules.demo and rules.password_sign_in else None,
    }
    local = target if target == BACK else origin.local_path(target)
    return _show(request, lambda token: sign_in_page(Form(local, token, **(ways | shown))), status)


def _demo_sign_ins() -> tuple[list[str], str] | None:
    with reading() as connection:
        demo = select(user_account.c.name).where(user_account.c.is_demo, ~user_account.c.disabled)
        names = list(connection.scalars(demo.order_by(user_account.c.id)))
    return (names, users.DEMO_PASSWORD) if names else None


async def _sign_in(request: Request) -> Response:
    fields = await _fields(request)
    name, target = fields.get("name", ""), target_of(request, fields.get("next", "/"))
    if not settings().password_sign_in:
        return await sign_in_form(request, target, 403, problem=NO_PASSWORDS, problem_at="council")
    if not _is_own_form(request, fields.get("token", "")):
        return await sign_in_form(request, target, 403, name=name, problem=STALE)
    if not name.strip() or not fields.get("password"):
        return await sign_in_form(request, target, 400, name=name, problem=INCOMPLETE)
    found = await run_in_threadpool(admission.admit, _asked(request, name, fields["password"]), settings())
    if isinstance(found, Refused):
        status = 429 if found.locked else 401
        return await sign_in_form(request, target, status, name=name, problem=found.sentence)
    return _let_in(request, found, target)


def _asked(request: Request, name: str, password: str) -> Asked:
    scope, rules = request.scope, settings()
    known = origin.cookies(scope, own_cookie(request, KNOWN_COOKIE))
    return Asked(
        name,
        password[: passwords.LONGEST + 1],
        origin.address(scope, rules),
        known_browser=known[0] if len(known) == 1 else "",
        user_agent=origin.header(scope, "user-agent"),
        session_before=session_before(request),
    )


def session_before(request: Request) -> str | None:
    """The id of the session that this browser has now, whoever's it is."""
    before = origin.cookies(request.scope, origin.cookie_name(request.scope, settings()))
    return sessions.session_id_of(before[0]) if len(before) == 1 else None


def _let_in(request: Request, found: LetIn, target: str) -> Response:
    answer = with_session(request, found.session, target)
    set_cookie(request, answer, own_cookie(request, KNOWN_COOKIE), found.known_browser, known_browser.LASTS)
    return answer


def with_session(request: Request, session: str, target: str) -> Response:
    """On to the target, with the cookie of a session that was opened just now."""
    TABS.check_soon()
    answer = onward(target)
    set_cookie(request, answer, origin.cookie_name(request.scope, settings()), session)
    answer.delete_cookie(BACK_COOKIE, path="/login")
    return answer


def target_of(request: Request, wanted: str) -> str:
    """Where to go on to: the page wanted, or the one on which the session ended by itself."""
    return origin.local_path(unquote(request.cookies.get(BACK_COOKIE, "/")) if wanted == BACK else wanted)


def onward(target: str) -> Response:
    """The answer that leads on to a page of ours."""
    return RedirectResponse(quote(target, safe="/?&=%+,:;@!$'()*~-._#"), 303)


async def _fields(request: Request) -> dict[str, str]:
    """The form's fields; nothing when the body is not a small form."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return {}
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=10))
    except ValueError:
        return {}


async def _sign_out_link(request: Request) -> Response:
    """A link on our own page signs out at once; a person who comes from elsewhere is asked first."""
    if origin.asked_by_own_page(request.scope):
        return await _signed_out(request)
    return _show(request, sign_out_page)


async def _sign_out(request: Request) -> Response:
    fields = await _fields(request)
    if not _is_own_form(request, fields.get("token", "")):
        return _show(request, sign_out_page, 403)
    return await _signed_out(request)


async def _signed_out(request: Request) -> Response:
    viewer: Viewer = request.state.viewer
    await run_in_threadpool(guard.end_by_its_person, viewer)
    answer = RedirectResponse(f"/login?ended={quote(sessions.SIGNED_OUT)}", 303)
    _drop_session_cookie(request, answer)
    return answer


async def _session(request: Request) -> Response:
    """For an open screen: how long the session lasts, or why it is over. Asking is no deed of a person."""
    found = await door.viewer_of(request.scope)
    if not isinstance(found, Viewer):
        return JSONResponse({"why": found.why}, 401)
    return JSONResponse({"ends_in": await run_in_threadpool(_seconds_left, found)})


def _seconds_left(viewer: Viewer) -> float:
    return retried(lambda connection: sessions.seconds_left(connection, viewer.session_id, settings(), sessions.now()))


async def _stylesheet(_request: Request) -> Response:
    return Response(STYLESHEET, media_type="text/css")


ROUTES = [
    Route("/login", _form, methods=["GET"]),
    Route("/login", _sign_in, methods=["POST"]),
    Route(STYLESHEET_PATH, _stylesheet, methods=["GET"]),
    Route("/session", _session, methods=["GET"]),
    Route("/logout", _sign_out_link, methods=["GET"]),
    Route("/logout", _sign_out, methods=["POST"]),
]
