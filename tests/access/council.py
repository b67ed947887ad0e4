"""Identity providers on this machine for tests of the single sign-on: npm's oidc-provider, and one of our own that says
whatever it is told to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc.jwk import RSAKey

from tests.needs import Unavailable
from tests.serving import free_port

FOLDER = Path(__file__).with_name("oidc_provider")
TENANT = "9f6d2c1e-5b7a-4c0e-8a33-0d1b7c2e4f5a"
CLIENT, SECRET = "dashboard", "the secret between the dashboard and its provider"
BACK = "/login/council/back"
MOST_STEPS = 8


def settings(issuer: str, **more: str) -> dict[str, str]:
    """The `VS_` settings of an app that trusts this issuer."""
    return {"VS_OIDC_ISSUER": issuer, "VS_OIDC_CLIENT_ID": CLIENT, "VS_OIDC_CLIENT_SECRET": SECRET, **more}


def issuer_on(port: int) -> str:
    return f"http://127.0.0.1:{port}/{TENANT}/v2.0"


def installed() -> str:
    """Node's program; oidc-provider is there afterwards. Raises Unavailable."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None:
        raise Unavailable("Node.js, on which the provider of the single sign-on tests runs: `make provider`.")
    if not (FOLDER / "node_modules" / "oidc-provider").is_dir():
        if npm is None:
            raise Unavailable("npm, which installs the provider of the single sign-on tests: `make provider`.")
        done = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, timeout=120)
        if done.returncode:
            raise Unavailable("oidc-provider, which npm could not install: `make provider`.")
    return node


@contextmanager
def oidc_provider(issuer: str, app_url: str, **usual_person: Any) -> Iterator[None]:
    """npm's oidc-provider, answering; ended by its process id on leaving. Raises Unavailable.

    usual_person: claims of whoever signs in there without saying who they are."""
    command = [installed(), "provider.js", issuer, app_url + BACK]
    environment = {**os.environ, "CLIENT_SECRET": SECRET, "USUAL_PERSON": _hint(usual_person)}
    with subprocess.Popen(
        command, cwd=FOLDER, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
            yield
        finally:
            process.terminate()


def sent_to_the_provider(web: httpx.Client, target: str = "/") -> str:
    """Press the button; the address at the provider that the browser is sent to."""
    answer = web.get("/login/council", params={"next": target})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def asked(address: str) -> dict[str, str]:
    """What an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def signed_in_there(address: str, **claims: Any) -> str:
    """Sign in at oidc-provider as a person with these claims; the address of ours that it sends the browser back to."""
    address = f"{address}&login_hint={_hint(claims)}"
    with httpx.Client() as browser:
        for _ in range(MOST_STEPS):
            answer = browser.get(address)
            assert answer.status_code in {302, 303}, answer.text
            address = str(httpx.URL(address).join(answer.headers["location"]))
            if urlsplit(address).path == BACK:
                return address
    raise AssertionError("The provider never sent the browser back.")


def come_in(web: httpx.Client, target: str = "/", **claims: Any) -> httpx.Response:
    """The whole way: the button, the provider, and back to us."""
    return web.get(signed_in_there(sent_to_the_provider(web, target), **claims))


@dataclass
class Hostile:
    """A provider of our own. Each answer is (status, body): of `discovery`, `keys` and `token`; None takes what an
    honest one says, and `id_token` is what it says of people. `asked` holds the forms sent to the token endpoint,
    `elsewhere` counts who went where a redirect of it leads."""

    issuer: str
    key: RSAKey
    id_token: str = ""
    discovery: tuple[int, bytes] | None = None
    keys: tuple[int, bytes] | None = None
    token: tuple[int, bytes] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    elsewhere: int = 0

    def honest(self) -> None:
        """Forget every other answer."""
        self.id_token, self.discovery, self.keys, self.token = "", None, None, None

    def answer(self, path: str) -> tuple[int, bytes]:
        base = urlsplit(self.issuer).path
        self.elsewhere += path == f"{base}/elsewhere"
        documents = {
            f"{base}/.well-known/openid-configuration": self.discovery or (200, _json(self.description())),
            f"{base}/keys": self.keys or (200, _json({"keys": [self.public()]})),
            f"{base}/token": self.token or (200, _json({"token_type": "Bearer", "id_token": self.id_token})),
        }
        return documents.get(path, (404, b"nothing here"))

    def description(self) -> dict[str, Any]:
        names = ("authorization_endpoint", "token_endpoint", "end_session_endpoint")
        paths = ("authorize", "token", "logout")
        own = {name: f"{self.issuer}/{path}" for name, path in zip(names, paths, strict=True)}
        ways = {"token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"]}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **own, **ways}

    def public(self) -> dict[str, Any]:
        return {**self.key.as_dict(private=False), "kid": "its own", "use": "sig"}


class Quiet(ThreadingHTTPServer):
    """A server that prints nothing when whoever asked has gone away: it would stand in what another test reads."""

    def handle_error(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def hostile_provider() -> Iterator[Hostile]:
    """Such a provider on a free port, answering."""
    one = Hostile(issuer_on(free_port()), RSAKey.generate_key(2048))

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*one.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            one.asked.append({name: values[0] for name, values in parse_qs(body).items()})
            self._say(*one.answer(self.path))

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            if status in {301, 302, 307}:
                self.send_header("location", one.issuer + "/elsewhere")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    port = urlsplit(one.issuer).port
    assert port is not None
    server = Quiet(("127.0.0.1", port), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _hint(claims: dict[str, Any]) -> str:
    return urlsafe_b64encode(_json(claims)).decode().rstrip("=")


def _json(content: object) -> bytes:
    return json.dumps(content).encode()
