"""A provider that lies, stammers or is away; and a server without passwords."""

from __future__ import annotations

import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jwe
from joserfc.jwk import RSAKey
from sqlalchemy import select

from tests.access import council
from tests.access.conftest import DEMO_PASSWORD
from tests.access.council import CLIENT, SECRET, TENANT, Hostile, asked, sent_to_the_provider
from tests.serving import Server
from tests.waiting import came_true
from vs_core.access import single_sign_on_provider as provider
from vs_core.access import single_sign_on_token, users
from vs_core.access.single_sign_on_provider import Attempt, ProviderProblem
from vs_core.settings import SingleSignOn, read_settings
from vs_core.store.access_tables import user_account
from vs_core.store.engine import engine_for, reading, writing

PERSON = "ann@council.example"
PASSWORD = "the person's own password"
STRANGER = RSAKey.generate_key(2048)
UP_AGAIN_SECONDS = 10.0


@dataclass(frozen=True)
class Trusting:
    """An app that trusts the hostile provider. away: what it said while the provider was broken, at its start."""

    app: Server
    provider: Hostile
    away: httpx.Response


@pytest.fixture(scope="module")
def trusting(serve: Callable) -> Iterator[Trusting]:
    with council.hostile_provider() as hostile:
        given = council.settings(hostile.issuer, VS_PASSWORD_SIGN_IN="off", VS_OIDC_LABEL="Sign in as <staff>")
        with serve(**given) as app:
            hostile.discovery = (500, b"Traceback: out of order")
            away = httpx.get(f"{app.url}/login/council")
            hostile.honest()
            came_true(lambda: httpx.get(f"{app.url}/login/council").status_code == 303, UP_AGAIN_SECONDS)
            _add_person(app)
            yield Trusting(app, hostile, away)


def _add_person(app: Server) -> None:
    engine = engine_for(app.database_url)
    with writing(engine) as connection:
        users.add(connection, "test", "ann", "headteacher", password=PASSWORD, sso_name=PERSON)
        users.add_demo(connection, "A. Adviser")
    engine.dispose()


@pytest.fixture
def hostile(trusting: Trusting) -> Iterator[Hostile]:
    yield trusting.provider
    trusting.provider.honest()


@pytest.fixture
def web(trusting: Trusting) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=trusting.app.url, headers={"Accept": "text/html"}) as one:
        yield one


def claims(hostile: Hostile, nonce: str, /, **changes: Any) -> dict[str, Any]:
    """What an honest ID token says, changed; None leaves a claim out."""
    now = int(time.time())
    said = {"iss": hostile.issuer, "aud": CLIENT, "sub": "s", "tid": TENANT, "preferred_username": PERSON}
    said |= {"iat": now, "nbf": now, "exp": now + 300, "nonce": nonce}
    return {name: value for name, value in (said | changes).items() if value is not None}


def signed(hostile: Hostile, said: object, key: RSAKey | None = None, **header: Any) -> str:
    """Signed with RS256 by hand: a library might refuse to make what is wrong."""
    start = f"{part({'alg': 'RS256', 'kid': 'its own', **header})}.{part(said)}"
    made = (key or hostile.key).private_key.sign(start.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{start}.{text(made)}"


def part(content: object) -> str:
    return text(json.dumps(content).encode())


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def changed(**changes: Any) -> Callable[[Hostile, str], str]:
    return lambda hostile, nonce: signed(hostile, claims(hostile, nonce, **changes))


def tampered(hostile: Hostile, nonce: str) -> str:
    head, _, signature = signed(hostile, claims(hostile, nonce, sub="another")).split(".")
    return f"{head}.{part(claims(hostile, nonce))}.{signature}"


def unsigned(name: str) -> Callable[[Hostile, str], str]:
    return lambda hostile, nonce: f"{part({'alg': name, 'kid': 'its own'})}.{part(claims(hostile, nonce))}."


def with_a_shared_secret(secret_of: Callable[[Hostile], bytes]) -> Callable[[Hostile, str], str]:
    return lambda hostile, nonce: sealed(secret_of(hostile), claims(hostile, nonce), "its own")


def sealed(secret: bytes, said: object, kid: str) -> str:
    """Signed with HS256 by hand."""
    start = f"{part({'alg': 'HS256', 'kid': kid})}.{part(said)}"
    return f"{start}.{text(hmac.digest(secret, start.encode(), 'sha256'))}"


def by_a_stranger(**header: Any) -> Callable[[Hostile, str], str]:
    return lambda hostile, nonce: signed(hostile, claims(hostile, nonce), STRANGER, **header)


def encrypted(hostile: Hostile, nonce: str) -> str:
    content = json.dumps(claims(hostile, nonce)).encode()
    return jwe.encrypt_compact({"alg": "RSA-OAEP", "enc": "A128GCM", "kid": "its own"}, content, hostile.key)


NOW = time.time()
FORGED: dict[str, Callable[[Hostile, str], str]] = {
    "alg none": unsigned("none"),
    "alg NONE": unsigned("NONE"),
    "no signature": lambda hostile, nonce: signed(hostile, claims(hostile, nonce)).rpartition(".")[0] + ".",
    "HS256 with the client secret": with_a_shared_secret(lambda _: SECRET.encode()),
    "HS256 with the public key": with_a_shared_secret(lambda hostile: hostile.key.as_pem(private=False)),
    "HS256 with the modulus": with_a_shared_secret(lambda hostile: hostile.public()["n"].encode()),
    "a stranger's key": by_a_stranger(),
    "a key in the header": by_a_stranger(jwk=STRANGER.as_dict(private=False)),
    "a key elsewhere": by_a_stranger(jku="https://elsewhere.example/keys"),
    "an unknown key": by_a_stranger(kid="another"),
    "changed after signing": tampered,
    "encrypted": encrypted,
    "an extension that must be understood": lambda hostile, nonce: signed(
        hostile, claims(hostile, nonce), crit=["x"], x=1
    ),
    "for another application": changed(aud="another"),
    "for another application, by ours": changed(aud="another", azp=CLIENT),
    "for several, without azp": changed(aud=[CLIENT, "another"]),
    "for several, azp another": changed(aud=[CLIENT, "another"], azp="another"),
    "azp another": changed(azp="another"),
    "for nobody": changed(aud=None),
    "of another issuer": changed(iss="https://login.microsoftonline.com/x/v2.0"),
    "of an issuer and a slash": lambda hostile, nonce: signed(
        hostile, claims(hostile, nonce, iss=hostile.issuer + "/")
    ),
    "of several issuers": lambda hostile, nonce: signed(hostile, claims(hostile, nonce, iss=[hostile.issuer])),
    "of no issuer": changed(iss=None),
    "of another tenant": changed(tid="11111111-5b7a-4c0e-8a33-0d1b7c2e4f5a"),
    "of a tenant that is no text": changed(tid=[TENANT]),
    "over": changed(exp=int(NOW) - 120),
    "without an end": changed(exp=None),
    "with an end that is a text": changed(exp="9999999999"),
    "not yet": changed(nbf=int(NOW) + 86_400),
    "issued tomorrow": changed(iat=int(NOW) + 86_400),
    "issued at no time": changed(iat=None),
    "of another sign-in": changed(nonce="another"),
    "of no sign-in": changed(nonce=None),
    "of nobody": changed(sub=None),
    "of an empty subject": changed(sub=""),
    "of a number": changed(sub=7),
    "of an endless subject": changed(sub="s" * 256),
    "of two lines": changed(sub="s\ns"),
    "a list": lambda hostile, _: signed(hostile, ["a"]),
    "no token": lambda *_: "no token at all",
    "nothing": lambda *_: "",
}


def came_back(web: httpx.Client, hostile: Hostile, token: Callable[[Hostile, str], str]) -> httpx.Response:
    said = asked(sent_to_the_provider(web, "/attendance"))
    hostile.id_token = token(hostile, said["nonce"])
    return web.get("/login/council/back", params={"code": "a code", "state": said["state"]})


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_token_is_refused(trusting: Trusting, hostile: Hostile, web: httpx.Client, what: str) -> None:
    answer = came_back(web, hostile, FORGED[what])
    assert answer.status_code == 403
    assert "could not be verified" in answer.text
    assert answer.text.split("Reference: ")[1][:8] in trusting.app.printed()
    assert "vs" not in web.cookies
    engine = engine_for(trusting.app.database_url)
    with reading(engine) as connection:
        linked = connection.scalars(select(user_account.c.sso_subject).where(user_account.c.name == "ann"))
        assert [subject for subject in linked if subject not in {None, "s"}] == []
    engine.dispose()


def test_the_same_token_unforged_lets_in(trusting: Trusting, hostile: Hostile, web: httpx.Client) -> None:
    """Else the refusals above would show nothing. What an audience list of one says is the same."""
    answer = came_back(web, hostile, changed(aud=[CLIENT], azp=CLIENT, exp=int(NOW) + 3600))
    assert (answer.status_code, answer.headers["location"]) == (303, "/attendance")
    sent = hostile.asked[-1]
    assert sent["grant_type"] == "authorization_code"
    assert sent["client_secret"] == SECRET
    assert len(sent["code_verifier"]) >= 43
    assert SECRET not in trusting.app.printed()
    assert sent["code_verifier"] not in trusting.app.printed()


TROUBLE = {
    "an error": (500, b"<h1>Out of order</h1>"),
    "a refusal": (400, b'{"error": "invalid_grant", "error_description": "Ann Person of 1 Some Street"}'),
    "a refusal without a plain name": (400, b'{"error": "Ann Person"}'),
    "a refusal that is no text": (400, b'{"error": ["Ann Person"]}'),
    "a page": (200, b"<h1>Ann Person</h1>"),
    "a list": (200, b"[]"),
    "a number for a token": (200, b'{"id_token": 7}'),
    "no token": (200, b'{"access_token": "x", "token_type": "Bearer"}'),
    "a time that is none": (200, b'{"id_token": "x", "expires_in": "Ann Person"}'),
    "a way elsewhere": (307, b""),
    "no end": (200, b'{"id_token": "x", "more": "' + b"x" * 1_100_000 + b'"}'),
    "a hole without a ground": (200, b"[" * 200_000),
    "no letters": (200, b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("what", TROUBLE)
def test_a_provider_in_trouble_gets_a_sentence(
    trusting: Trusting, hostile: Hostile, web: httpx.Client, what: str
) -> None:
    hostile.token = TROUBLE[what]
    answer = came_back(web, hostile, changed())
    assert answer.status_code == 503
    assert hostile.elsewhere == 0
    assert "does not answer as it should" in answer.text
    assert answer.text.split("Reference: ")[1][:8] in trusting.app.printed()
    assert "Ann Person" not in trusting.app.printed() + answer.text
    assert "Traceback" not in trusting.app.printed()


def test_a_provider_that_is_away_at_first_is_asked_again(trusting: Trusting) -> None:
    assert trusting.away.status_code == 503
    assert "does not answer as it should" in trusting.away.text
    assert 'id="council"' in trusting.away.text


def test_without_passwords_the_form_has_one_button(trusting: Trusting, web: httpx.Client) -> None:
    page = web.get("/login").text
    assert "Sign in as &lt;staff&gt;</a>" in page
    for absent in ("<form", 'type="password"', "invented county", DEMO_PASSWORD):
        assert absent not in page
    assert "Demo sign-ins" not in trusting.app.printed()


@pytest.mark.parametrize(("name", "password"), [("ann", PASSWORD), ("headteacher", DEMO_PASSWORD), ("nobody", "x")])
def test_without_passwords_nobody_comes_in_with_one(web: httpx.Client, name: str, password: str) -> None:
    web.get("/login")
    token = "0" * 64
    answer = web.post("/login", data={"token": token, "name": name, "password": password, "next": "/"})
    assert answer.status_code == 403
    assert "Sign in with your council account" in answer.text
    assert "vs" not in web.cookies


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    """A provider of one's own for tests of the calls themselves, without a server between."""
    monkeypatch.setattr(provider, "_KEPT", provider._Kept())
    monkeypatch.setattr(provider, "LEFT_ALONE_SECONDS", 0.0)
    monkeypatch.setattr(provider, "TIMEOUT_SECONDS", 0.3)
    with council.hostile_provider() as one:
        yield one


def given(hostile: Hostile) -> SingleSignOn:
    found = read_settings(council.settings(hostile.issuer)).single_sign_on
    assert found is not None
    return found


def described(hostile: Hostile, **changes: Any) -> tuple[int, bytes]:
    said = hostile.description() | changes
    return 200, json.dumps({name: value for name, value in said.items() if value is not None}).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://another.example"},
        {"issuer": None},
        {"token_endpoint": "http://another.example/token"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": ["https://another.example"]},
        {"end_session_endpoint": "http://another.example/out"},
    ],
)
def test_a_description_that_cannot_be_right_is_refused(alone: Hostile, changes: dict[str, Any]) -> None:
    assert provider.discovered(given(alone))
    provider._KEPT.__init__()
    alone.discovery = described(alone, **changes)
    with pytest.raises(ProviderProblem):
        provider.discovered(given(alone))


@pytest.mark.parametrize("what", TROUBLE)
def test_a_description_that_is_none_is_refused(alone: Hostile, what: str) -> None:
    alone.discovery = TROUBLE[what]
    with pytest.raises(ProviderProblem) as problem:
        provider.discovered(given(alone))
    assert "Ann" not in str(problem.value)
    assert alone.elsewhere == 0


def test_a_description_of_any_length_is_not_read(alone: Hostile) -> None:
    alone.discovery = described(alone, more="x" * 1_100_000)
    with pytest.raises(ProviderProblem):
        provider.discovered(given(alone))


@pytest.mark.parametrize("keys", [{}, {"keys": "x"}, {"keys": []}, {"keys": [7]}, {"keys": [{"kty": "RSA"}]}])
def test_keys_that_are_none_verify_nothing(alone: Hostile, keys: dict[str, Any]) -> None:
    token = signed(alone, claims(alone, "n"))
    with pytest.raises(single_sign_on_token.TokenRefused):
        single_sign_on_token.vouched(token, keys, given(alone), "n")


def test_a_shared_key_among_the_providers_own_verifies_nothing(alone: Hostile) -> None:
    shared = {"kty": "oct", "kid": "shared", "k": part("x" * 40)}
    token = sealed(b'"' + b"x" * 40 + b'"', claims(alone, "n"), "shared")
    with pytest.raises(single_sign_on_token.TokenRefused):
        single_sign_on_token.vouched(token, {"keys": [shared, alone.public()]}, given(alone), "n")


def test_new_keys_are_asked_for_when_a_token_names_one_and_not_all_the_time(
    alone: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = provider.discovered(given(alone))
    before = provider.signing_keys(found)
    alone.key = RSAKey.generate_key(2048)
    assert provider.signing_keys(found, again=True) == before
    monkeypatch.setattr(provider, "KEYS_ASKED_AGAIN_AFTER_SECONDS", 0.0)
    assert provider.signing_keys(found) == before
    assert provider.signing_keys(found, again=True) != before


def test_a_provider_that_does_not_answer_is_not_waited_for(alone: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    given_up, waited_for = threading.Event(), []

    def silent(path: str) -> tuple[int, bytes]:
        waited_for.append("not" if given_up.wait(20) else path)
        return 200, b"{}"

    monkeypatch.setattr(alone, "answer", silent)
    with pytest.raises(ProviderProblem):
        provider.discovered(given(alone))
    assert waited_for == []
    given_up.set()
    assert came_true(lambda: waited_for == ["not"], 20)


def test_nobody_listens(alone: Hostile) -> None:
    gone = SingleSignOn("http://127.0.0.1:9/x", CLIENT, SECRET, "")
    with pytest.raises(ProviderProblem):
        provider.discovered(gone)


def test_a_secret_goes_into_the_header_where_the_provider_wants_it(alone: Hostile) -> None:
    alone.discovery = described(alone, token_endpoint_auth_methods_supported=None)
    found = provider.discovered(given(alone))
    attempt = Attempt("state", "nonce", "v" * 43, "http://127.0.0.1/login/council/back")
    alone.id_token = "x.y.z"
    assert provider.id_token(given(alone), found, attempt, "code") == "x.y.z"
    assert "client_secret" not in alone.asked[-1]


def test_a_provider_without_a_sign_out_says_so(alone: Hostile) -> None:
    alone.discovery = described(alone, end_session_endpoint=None)
    with pytest.raises(ProviderProblem, match="no sign-out"):
        provider.sign_out_url(given(alone), provider.discovered(given(alone)))
