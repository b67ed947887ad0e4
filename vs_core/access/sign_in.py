"""Signing in and out: routes that work without a script in the browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote

from sqlalchemy import Connection, Row, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from vs_core.access import attempts, door, guard, origin, passwords, sessions, trail, users
from vs_core.access.sign_in_page import STYLESHEET, STYLESHEET_PATH, Form, sign_in_page, sign_out_page
from vs_core.access.viewer import Viewer
from vs_core.settings import Settings, settings
from vs_core.store.access_tables import user_account
from vs_core.store.engine import reading, retried, writing

DEMO_KEY = "a demo has nothing to keep secret"
SHORTEST_KEY = 32
MOST_BYTES = 10_000
FORM_COOKIE = "vs-form"
WRONG = "The name or the password is not right."
LOCKED = "Too many tries with this name. It opens again by itself in five minutes."
INCOMPLETE = "Enter your sign-in name and your password."
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
    sessions.ROLE_CHANGED: "Your role was changed. Sign in again to go on.",
    sessions.SIGN_IN_CHANGED: "The way you sign in was changed. Sign in again to go on.",
}


@dataclass(frozen=True)
class Refused:
    """Nobody was let in; `sentence` says what may be said about it."""

    sentence: str


def check_key(rules: Settings) -> None:
    """Raises RuntimeError outside demo mode when the key that signs forms is missing, short or simple."""
    if rules.demo:
        return
    if len(rules.cookie_key) < SHORTEST_KEY or len(set(rules.cookie_key)) < 10:
        raise RuntimeError(
            f"VS_COOKIE_KEY must be a random text of at least {SHORTEST_KEY} characters. Make one with: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if rules.public_url and not rules.public_url.startswith("https://"):
        raise RuntimeError("VS_PUBLIC_URL must start with https:// because children's data must not travel in clear.")


def admit(name: str, password: str, address: str, rules: Settings) -> str | Refused:
    """The cookie of a new session for the right name and password, else why not. Takes as long for unknown names."""
    who = attempts.name_hash(users.folded(name), _key(rules))
    with writing() as connection:
        attempt = attempts.begin(connection, who, address, sessions.now())
        if attempt is None:
            trail.record(connection, "unknown", "sign-in locked", detail={"address": address})
            return Refused(LOCKED)
        person = _person(connection, name, rules)
    right = passwords.matches(password, person.password_hash if person else None) and not (person and person.disabled)
    with writing() as connection:
        attempts.finish(connection, attempt, right)
        if not right or person is None:
            tried = person.name if person else "unknown"
            trail.record(connection, tried, "sign-in failed", detail={"address": address})
            return Refused(WRONG)
        trail.record(connection, person.name, "signed in", detail={"address": address})
        return sessions.open_session(connection, person.id, address, rules, sessions.now())


def _person(connection: Connection, name: str, rules: Settings) -> Row[Any] | None:
    named = select(user_account).where(user_account.c.name_folded == users.folded(name))
    found = connection.execute(named).one_or_none()
    return None if found is not None and found.is_demo and not rules.demo else found


def _key(rules: Settings) -> str:
    return rules.cookie_key or DEMO_KEY


def _token(seed: str) -> str:
    return hmac.new(_key(settings()).encode(), b"form:" + seed.encode("latin-1", "replace"), hashlib.sha256).hexdigest()


def _form_cookie(request: Request) -> str:
    return f"__Host-{FORM_COOKIE}" if origin.is_secure(request.scope, settings()) else FORM_COOKIE


def _is_own_form(request: Request, token: str) -> bool:
    seed = request.cookies.get(_form_cookie(request), "")
    return len(seed) >= 32 and hmac.compare_digest(_token(seed).encode(), token.encode())


def _show(request: Request, page: Callable[[str], str], status: int = 200) -> Response:
    """`page(token)` as an answer, with the cookie that its token belongs to."""
    seed = request.cookies.get(_form_cookie(request), "")
    if len(seed) < 32 or not seed.isascii():
        seed = secrets.token_urlsafe(32)
    answer = HTMLResponse(page(_token(seed)), status)
    _set_cookie(request, answer, _form_cookie(request), seed, same_site="strict")
    return answer


def _set_cookie(
    request: Request, answer: Response, name: str, value: str, same_site: Literal["lax", "strict"] = "lax"
) -> None:
    secure = origin.is_secure(request.scope, settings())
    answer.set_cookie(name, value, path="/", secure=secure, httponly=True, samesite=same_site)


def _drop_session_cookie(request: Request, answer: Response) -> None:
    rules = settings()
    name, secure = origin.cookie_name(request.scope, rules), origin.is_secure(request.scope, rules)
    answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


async def _form(request: Request) -> Response:
    if isinstance(await door.viewer_of(request.scope), Viewer):
        return _onward(origin.local_path(request.query_params.get("next", "/")))
    why = request.query_params.get("ended", "")
    usual = BACK if why in (sessions.IDLE, sessions.EXPIRED) else "/"
    return await _sign_in_form(request, request.query_params.get("next", usual), notice=NOTICES.get(why, ""))


async def _sign_in_form(request: Request, target: str, status: int = 200, **shown: str) -> Response:
    demo = await run_in_threadpool(_demo_sign_ins) if settings().demo else None
    local = target if target == BACK else origin.local_path(target)
    return _show(request, lambda token: sign_in_page(Form(local, token, demo=demo, **shown)), status)


def _demo_sign_ins() -> tuple[list[str], str] | None:
    with reading() as connection:
        demo = select(user_account.c.name).where(user_account.c.is_demo, ~user_account.c.disabled)
        names = list(connection.scalars(demo.order_by(user_account.c.id)))
    return (names, users.DEMO_PASSWORD) if names else None


async def _sign_in(request: Request) -> Response:
    fields = await _fields(request)
    name, target = fields.get("name", ""), _target(request, fields.get("next", "/"))
    if not _is_own_form(request, fields.get("token", "")):
        return await _sign_in_form(request, target, 403, name=name, problem=STALE)
    if not name.strip() or not fields.get("password"):
        return await _sign_in_form(request, target, 400, name=name, problem=INCOMPLETE)
    rules = settings()
    password = fields["password"][: passwords.LONGEST + 1]
    found = await run_in_threadpool(admit, name, password, origin.address(request.scope, rules), rules)
    if isinstance(found, Refused):
        status = 429 if found.sentence == LOCKED else 401
        return await _sign_in_form(request, target, status, name=name, problem=found.sentence)
    answer = _onward(target)
    _set_cookie(request, answer, origin.cookie_name(request.scope, rules), found)
    answer.delete_cookie(BACK_COOKIE, path="/login")
    return answer


def _target(request: Request, wanted: str) -> str:
    """Where to go on to: the page wanted, or the one on which the session ended by itself."""
    return origin.local_path(unquote(request.cookies.get(BACK_COOKIE, "/")) if wanted == BACK else wanted)


def _onward(target: str) -> Response:
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
