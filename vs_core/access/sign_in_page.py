"""The sign-in form and the few other pages that work without a script, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

PRODUCT = "Virtual School dashboard"
STYLESHEET = Path(__file__).with_name("sign_in.css").read_text(encoding="utf-8")
STYLESHEET_PATH = "/login.css"


@dataclass(frozen=True)
class Form:
    """target: page to go on to; token: proves that the form is ours; name: typed before; problem: what went wrong;
    notice: why the last session ended; demo: sign-in names of the demo and their password, or nothing;
    problem_at: id of what the problem is with; council: text of the button to the council's single sign-on, if there
    is one; passwords: may people come in with a password; leave_council: offer to sign out there too."""

    target: str
    token: str
    name: str = ""
    problem: str = ""
    notice: str = ""
    demo: tuple[Sequence[str], str] | None = None
    problem_at: str = "name"
    council: str = ""
    passwords: bool = True
    leave_council: bool = False


def sign_in_page(form: Form) -> str:
    """The sign-in form."""
    title = f"{'Error: ' if form.problem else ''}Sign in - {PRODUCT}"
    with_password = _with_password(form) if form.passwords else ""
    return _page(title, f"<h1>Sign in</h1>{_notice(form)}{_problem(form)}{_council(form)}{with_password}")


def _council(form: Form) -> str:
    """A link, not a form: `form-action` of our policy would also forbid the way on to the provider."""
    if not form.council:
        return ""
    link = f"/login/council?next={quote(form.target, safe='')}"
    start = "" if form.problem else " autofocus"
    button = f'<p><a class="button" id="council" href="{escape(link)}"{start}>{escape(form.council)}</a></p>'
    return button + ('<p class="or">or with a password</p>' if form.passwords else "")


def _with_password(form: Form) -> str:
    return (
        f'<form method="post" action="/login" novalidate>'
        f'<input type="hidden" name="token" value="{escape(form.token)}">'
        f'<input type="hidden" name="next" value="{escape(form.target)}">'
        f"{_fields(form)}"
        f'<button type="submit"{_second(form)}>Sign in</button></form>{_demo(form)}'
    )


def _second(form: Form) -> str:
    return ' class="second"' if form.council else ""


def sign_out_page(token: str) -> str:
    """Asks a person who came from elsewhere whether to sign out."""
    body = (
        '<h1>Sign out</h1><p>This ends your session in every open tab.</p><form method="post" action="/logout">'
        f'<input type="hidden" name="token" value="{escape(token)}"><button type="submit">Sign out</button></form>'
        '<p><a href="/">Back to the dashboard</a></p>'
    )
    return _page(f"Sign out - {PRODUCT}", body)


def message_page(title: str, sentence: str) -> str:
    """A page with one sentence and the way back."""
    body = f'<h1>{escape(title)}</h1><p>{escape(sentence)}</p><p><a href="/">Back to the dashboard</a></p>'
    return _page(f"{title} - {PRODUCT}", body)


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{STYLESHEET_PATH}"></head>'
        f'<body><main><p class="product">{PRODUCT}</p>{body}</main></body></html>'
    )


def _notice(form: Form) -> str:
    if not form.notice or form.problem:
        return ""
    leave = '<p><a href="/login/council/out">Also sign out of your council account</a></p>'
    notice = f'<p class="notice" role="status">{escape(form.notice)}</p>'
    return notice + (leave if form.council and form.leave_council else "")


def _problem(form: Form) -> str:
    if not form.problem:
        return ""
    return (
        '<div class="problem" role="alert" aria-labelledby="problem-title" tabindex="-1" autofocus>'
        '<h2 id="problem-title">There is a problem</h2>'
        f'<p><a href="#{form.problem_at}">{escape(form.problem)}</a></p></div>'
    )


def _fields(form: Form) -> str:
    is_here = form.problem and form.problem_at == "name"
    wrong = ' aria-invalid="true" aria-describedby="problem-title"' if is_here else ""
    start = "" if form.problem or form.council else " autofocus"
    return (
        '<label for="name">Sign-in name</label>'
        f'<input id="name" name="name" type="text" value="{escape(form.name)}" autocomplete="username" maxlength="100" '
        f'autocapitalize="none" spellcheck="false" required{wrong}{start}>'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" maxlength="128" '
        f"required{wrong}>"
    )


def _demo(form: Form) -> str:
    if form.demo is None:
        return ""
    names, password = form.demo
    rows = "".join(f"<li><code>{escape(name)}</code></li>" for name in names)
    return (
        '<section class="demo" aria-labelledby="demo-title"><h2 id="demo-title">This is an invented county</h2>'
        "<p>No child here is real. Sign in as one of these; the password of each is "
        f"<code>{escape(password)}</code></p><ul>{rows}</ul></section>"
    )
