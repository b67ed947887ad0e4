"""Where a request comes from and what it was addressed to: host, origin, https, the person's own address."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import unquote, urlsplit

from starlette.types import Scope as AsgiScope

from vs_core.settings import LOOPBACK, Settings

LONGEST_TARGET = 2000
LONGEST_ADDRESS = 60
MACHINERY = frozenset(
    {"login", "logout", "download", "draft", "session", "_stcore", "static", "media", "component", "app"}
)
SECURE_COOKIE = "__Host-vs"
LOOPBACK_COOKIE = "vs"


def header(scope: AsgiScope, name: str) -> str:
    """The first header of that name, or an empty text."""
    wanted = name.lower().encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == wanted), "")


def cookies(scope: AsgiScope, name: str) -> list[str]:
    """Every value that the client sent for one cookie name."""
    sent = (value.decode("latin-1") for key, value in scope["headers"] if key.lower() == b"cookie")
    pairs = (part.strip().partition("=") for line in sent for part in line.split(";"))
    return [value for key, _, value in pairs if key == name]


def host_is_ours(scope: AsgiScope, rules: Settings) -> bool:
    """Was the request addressed to this machine's own names or to the public address, and to nothing else?"""
    hosts = [value for key, value in scope["headers"] if key.lower() == b"host"]
    if len(hosts) != 1:
        return False
    host = hosts[0].decode("latin-1").lower()
    if _plain(_netloc(f"//{host}")) != host:
        return False
    return _hostname(host) in LOOPBACK or (bool(rules.public_url) and host == _public_host(rules))


def origin_is_ours(scope: AsgiScope, rules: Settings) -> bool:
    """Does what the browser says of the request's origin fit the host it was sent to, and https where people reach us
    by it? Absent is taken: a form's own token and SameSite cookies decide then."""
    site = header(scope, "sec-fetch-site")
    if site and site not in {"same-origin", "none"}:
        return False
    origin = header(scope, "origin")
    if origin in {"", "null"}:
        return origin == "" or site == "same-origin"
    scheme = "https" if is_secure(scope, rules) else "http"
    return origin.lower() == f"{scheme}://{header(scope, 'host').lower()}"


def asked_by_own_page(scope: AsgiScope) -> bool:
    """Does the browser itself vouch that one of our pages sent this request?"""
    return header(scope, "sec-fetch-site") == "same-origin"


def is_secure(scope: AsgiScope, rules: Settings) -> bool:
    """Does the person reach us by https?"""
    return scope["scheme"] in {"https", "wss"} or rules.public_url.startswith("https://")


def cookie_name(scope: AsgiScope, rules: Settings) -> str:
    """The session cookie's name: bound to the host on https, a plain one on a machine's own http."""
    return SECURE_COOKIE if is_secure(scope, rules) else LOOPBACK_COOKIE


def address(scope: AsgiScope, rules: Settings) -> str:
    """The person's own address: the nearest one that is not a trusted proxy (`VS_TRUSTED_PROXIES`).

    X-Forwarded-For is read from its end, where the nearest proxy wrote, and only as far as each one that says so is
    trusted; an entry that is no address ends the reading. An IPv4 address in IPv6 form is given as IPv4."""
    said = _forwarded(scope)
    peer = _peer(scope, said)
    nearest = _ip(peer)
    while said and nearest is not None and any(nearest in network for network in rules.trusted_proxies):
        further = _ip(said.pop())
        if further is None:
            break
        nearest = further
    return (peer if nearest is None else str(nearest))[:LONGEST_ADDRESS]


def local_path(target: str) -> str:
    """`target` when it is a page of ours to return to after signing in, else the first page."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return "/"
    if len(target) > LONGEST_TARGET or not target.isprintable():
        return "/"
    return "/" if _is_machinery(urlsplit(target).path) else target


def _is_machinery(path: str) -> bool:
    """Whether the path leads to what is no page, however it is written: a browser leaves `.` and `..` out itself."""
    steps = [step for step in unquote(path).split("/") if step not in {"", "."}]
    return ".." in steps or bool(steps) and steps[0] in MACHINERY


def _forwarded(scope: AsgiScope) -> list[str]:
    """Every entry of every X-Forwarded-For header, in order: a proxy may add a header of its own below the client's."""
    sent = (value.decode("latin-1") for key, value in scope["headers"] if key.lower() == b"x-forwarded-for")
    return [part.strip() for line in sent for part in line.split(",") if part.strip()]


def _peer(scope: AsgiScope, said: list[str]) -> str:
    """Who opened the connection, also where uvicorn has put what a peer on this machine said in the place of it: then
    the port is 0, or the one that was said."""
    host, port = scope.get("client") or ("", 0)
    replaced = any(port == 0 or (host in entry and _says_port(entry, port)) for entry in said)
    return "127.0.0.1" if replaced else str(host)


def _says_port(entry: str, port: int) -> bool:
    try:
        return int(entry.rpartition(":")[2]) == port
    except ValueError:
        return False


def _ip(entry: str) -> IPv4Address | IPv6Address | None:
    """The address in `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]` or `[::1]:80`, in quotes or not; None for what is none."""
    plain = re.sub(r"^\[(.*)\](:\d+)?$|^([^:]*):\d+$", r"\1\3", entry.strip('" '))
    try:
        found = ip_address(plain.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _plain(netloc: str) -> str:
    return netloc if "@" not in netloc else ""


def _netloc(address: str) -> str:
    """Host and port of an address; nothing for what is none."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _public_host(rules: Settings) -> str:
    return urlsplit(rules.public_url).netloc.lower()
