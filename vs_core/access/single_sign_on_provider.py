"""The council's identity provider over the network: where it answers, its keys, and a code turned into an ID token.

Only what a provider that is away, slow or broken can do to us is guarded here; whether a token may be believed is asked
in single_sign_on_token.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter

from vs_core.settings import LOOPBACK, SingleSignOn

SCOPE = "openid profile email"
TIMEOUT_SECONDS = 5.0
WHOLE_ANSWER_SECONDS = 10.0
MOST_BYTES = 1_000_000
KEPT_SECONDS = 3600.0
KEYS_ASKED_AGAIN_AFTER_SECONDS = 60.0
LEFT_ALONE_SECONDS = 2.0
PLAIN_ERROR = re.compile(r"[a-z_]{1,40}")


class ProviderProblem(Exception):
    """The provider did not answer as it should; the text says how, for the log, and holds nothing that it sent."""


@dataclass(frozen=True)
class Provider:
    """Where the provider answers, as it says itself. end_session: where people sign out there, or an empty text;
    secret_in_body: how the client's secret is sent."""

    authorization: str
    token: str
    keys: str
    end_session: str
    secret_in_body: bool


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way: the secrets that tie its parts together, and the address to come back to."""

    state: str
    nonce: str
    verifier: str
    redirect: str


def discovered(given: SingleSignOn) -> Provider:
    """The provider's own description of itself, kept for an hour. Raises ProviderProblem."""
    document = _KEPT.get(f"{given.issuer.rstrip('/')}/.well-known/openid-configuration", KEPT_SECONDS)
    if document.get("issuer") != given.issuer:
        raise ProviderProblem("it calls itself by another name than VS_OIDC_ISSUER")
    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        authorization=_endpoint(document, "authorization_endpoint"),
        token=_endpoint(document, "token_endpoint"),
        keys=_endpoint(document, "jwks_uri"),
        end_session=_endpoint(document, "end_session_endpoint") if document.get("end_session_endpoint") else "",
        secret_in_body=isinstance(methods, list) and "client_secret_post" in methods,
    )


def signing_keys(provider: Provider, *, again: bool = False) -> dict[str, Any]:
    """The keys that the provider signs with, kept for an hour; `again`: asked anew, at most once a minute, because a
    token names one that is not among them. Raises ProviderProblem."""
    return _KEPT.get(provider.keys, KEYS_ASKED_AGAIN_AFTER_SECONDS if again else KEPT_SECONDS)


def authorization_url(given: SingleSignOn, provider: Provider, attempt: Attempt) -> str:
    """Where to send a browser so that its person signs in with the provider."""
    with _client(given, provider, attempt) as client:
        url, _ = client.create_authorization_url(
            provider.authorization, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
        )
    return str(url)


def id_token(given: SingleSignOn, provider: Provider, attempt: Attempt, code: str) -> str:
    """The ID token that the provider gives for a code, not yet looked at. Raises ProviderProblem."""
    with _client(given, provider, attempt) as client:
        token = _asked(
            lambda: client.fetch_token(
                provider.token,
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
                allow_redirects=False,
            )
        )
    found = token.get("id_token")
    if not isinstance(found, str):
        raise ProviderProblem("it gave no ID token")
    return found


def sign_out_url(given: SingleSignOn, provider: Provider) -> str:
    """Where to send a browser so that its person signs out of the council account too. Raises ProviderProblem."""
    if not provider.end_session:
        raise ProviderProblem("it has no sign-out")
    return str(add_params_to_uri(provider.end_session, [("client_id", given.client_id)]))


def plain_error(code: object) -> str:
    """A provider's error code where it is a word such as access_denied, which may be logged."""
    return code if isinstance(code, str) and PLAIN_ERROR.fullmatch(code) else "an error without a plain name"


class _Bounded(HTTPAdapter):
    """Answers that are read whole at once: of at most MOST_BYTES, within WHOLE_ANSWER_SECONDS."""

    def send(self, request: PreparedRequest, *_: Any, **options: Any) -> Response:
        answer = super().send(request, **{**options, "stream": True, "timeout": TIMEOUT_SECONDS})
        until, body = time.monotonic() + WHOLE_ANSWER_SECONDS, b""
        for part in answer.iter_content(8192):
            body += part
            if len(body) > MOST_BYTES or time.monotonic() > until:
                answer.close()
                raise RequestException("too much or too slow")
        answer._content = body
        return answer


class _Kept:
    """Documents of the provider by their address, asked for one at a time; one that fails is left alone for a
    moment, so that people who press the button do not add to the provider's trouble."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, tuple[float, dict[str, Any]]] = {}
        self._failed: dict[str, float] = {}

    def get(self, address: str, at_most_seconds: float) -> dict[str, Any]:
        with self._lock:
            asked_at, document = self._found.get(address, (0.0, None))
            if document is not None and time.monotonic() - asked_at < at_most_seconds:
                return document
            if time.monotonic() < self._failed.get(address, 0.0):
                raise ProviderProblem("it did not answer a moment ago")
            return self._fetched(address)

    def _fetched(self, address: str) -> dict[str, Any]:
        try:
            document = _document(address)
        except ProviderProblem:
            self._failed[address] = time.monotonic() + LEFT_ALONE_SECONDS
            raise
        self._found[address] = (time.monotonic(), document)
        return document


_KEPT = _Kept()


def _document(address: str) -> dict[str, Any]:
    with _session() as client:
        answer = _asked(lambda: client.get(address, withhold_token=True, allow_redirects=False))
        if answer.status_code != 200:
            raise ProviderProblem(f"it answered with {answer.status_code}")
        document = _asked(answer.json)
    if not isinstance(document, dict):
        raise ProviderProblem("its answer is not a JSON object")
    return document


def _asked(ask: Callable[[], Any]) -> Any:
    """What the provider answers. Errors of the network and of its text become a ProviderProblem without that text."""
    try:
        return ask()
    except OAuthError as error:
        raise ProviderProblem(f"it refused: {plain_error(error.error)}") from None
    except (RequestException, ValueError, RecursionError, AttributeError, TypeError, KeyError) as error:
        raise ProviderProblem(f"{type(error).__name__}") from None


def _client(given: SingleSignOn, provider: Provider, attempt: Attempt) -> OAuth2Session:
    return _session(
        client_id=given.client_id,
        client_secret=given.client_secret,
        token_endpoint_auth_method="client_secret_post" if provider.secret_in_body else "client_secret_basic",
        scope=SCOPE,
        redirect_uri=attempt.redirect,
        code_challenge_method="S256",
    )


def _session(**chosen: Any) -> OAuth2Session:
    session = OAuth2Session(**chosen)
    session.mount("https://", _Bounded())
    session.mount("http://", _Bounded())
    return session


def _endpoint(document: dict[str, Any], name: str) -> str:
    """An address of the provider's, by https except on this machine itself."""
    address = document.get(name)
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
    except ValueError:
        parts = urlsplit("")
    if parts.scheme == "https" and parts.hostname or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return str(address)
    raise ProviderProblem(f"its {name} cannot be used")
