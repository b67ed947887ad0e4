"""Hosts, origins, addresses and cookie names, read from requests as they arrive."""

from __future__ import annotations

import asyncio

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from vs_core.access import headers, origin
from vs_core.settings import read_settings

LOCAL = read_settings({"VS_DEMO": "1"})
PUBLIC = read_settings({"VS_PUBLIC_URL": "https://virtual-school.example", "VS_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2"})


def request(*sent: tuple[str, str], scheme: str = "http", client: str = "10.0.0.1") -> dict:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in sent]
    return {"type": "http", "scheme": scheme, "headers": raw, "client": (client, 5000)}


@pytest.mark.parametrize(
    ("host", "rules", "ours"),
    [
        ("127.0.0.1:8501", LOCAL, True),
        ("localhost", LOCAL, True),
        ("[::1]:8501", LOCAL, True),
        ("virtual-school.example", LOCAL, False),
        ("virtual-school.example", PUBLIC, True),
        ("Virtual-School.Example", PUBLIC, True),
        ("virtual-school.example.evil", PUBLIC, False),
        ("virtual-school.example:444", PUBLIC, False),
        ("evil@localhost", PUBLIC, False),
        ("localhost/x", PUBLIC, False),
        ("localhost:99999999", PUBLIC, True),
        ("", PUBLIC, False),
        ("[", PUBLIC, False),
        ("[::1", LOCAL, False),
    ],
)
def test_which_hosts_are_ours(host: str, rules, ours: bool) -> None:
    assert origin.host_is_ours(request(("host", host)), rules) == ours


def test_two_hosts_or_none_are_nobodys() -> None:
    assert not origin.host_is_ours(request(), LOCAL)
    assert not origin.host_is_ours(request(("host", "localhost"), ("host", "localhost")), LOCAL)


@pytest.mark.parametrize(
    ("sent", "ours"),
    [
        ([], True),
        ([("origin", "http://localhost:8501")], True),
        ([("origin", "http://localhost:8502")], False),
        ([("origin", "https://localhost:8501")], False),
        ([("origin", "http://somebody@localhost:8501")], False),
        ([("origin", "null")], False),
        ([("origin", "http://[")], False),
        ([("origin", "null"), ("sec-fetch-site", "same-origin")], True),
        ([("sec-fetch-site", "same-site")], False),
        ([("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8501")], False),
    ],
)
def test_which_origins_are_ours(sent: list[tuple[str, str]], ours: bool) -> None:
    assert origin.origin_is_ours(request(("host", "localhost:8501"), *sent), LOCAL) == ours


@pytest.mark.parametrize(("scheme", "ours"), [("https", True), ("http", False)])
def test_who_is_reached_by_https_has_no_origin_without_it(scheme: str, ours: bool) -> None:
    sent = [("host", "virtual-school.example"), ("origin", f"{scheme}://virtual-school.example")]
    assert origin.origin_is_ours(request(*sent), PUBLIC) == ours


PROXIES = read_settings({"VS_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2, 172.16.0.0/12, 2001:db8:aa::/48"})


@pytest.mark.parametrize(
    ("forwarded", "client", "address"),
    [
        ("", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.9", "10.0.0.1", "192.0.2.9"),
        ("198.51.100.1, 192.0.2.9, 10.0.0.2", "10.0.0.1", "192.0.2.9"),
        ("198.51.100.1", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.9,172.31.255.254", "172.16.0.1", "192.0.2.9"),
        ("10.0.0.2", "10.0.0.1", "10.0.0.2"),
        ("192.0.2.9:443", "10.0.0.1", "192.0.2.9"),
        ('"[2001:db8::9]:443"', "10.0.0.1", "2001:db8::9"),
        ("[2001:db8::9]", "10.0.0.1", "2001:db8::9"),
        ("2001:DB8:0::9", "2001:db8:aa::1", "2001:db8::9"),
        ("fe80::9%eth0", "10.0.0.1", "fe80::9"),
        ("::ffff:192.0.2.9", "10.0.0.1", "192.0.2.9"),
        ("192.0.2.9", "::ffff:10.0.0.1", "192.0.2.9"),
        ("198.51.100.1, unknown", "10.0.0.1", "10.0.0.1"),
        ("198.51.100.1, _hidden, 10.0.0.2", "10.0.0.1", "10.0.0.2"),
        ("unknown, 192.0.2.9", "10.0.0.1", "192.0.2.9"),
        (" , 192.0.2.9, ,", "10.0.0.1", "192.0.2.9"),
        ("<script>", "10.0.0.1", "10.0.0.1"),
        ("192.0.2.9", "testclient", "testclient"),
        ("1" * 5000, "10.0.0.1", "10.0.0.1"),
    ],
)
def test_a_persons_address_is_what_a_trusted_proxy_says(forwarded: str, client: str, address: str) -> None:
    assert origin.address(request(("x-forwarded-for", forwarded), client=client), PROXIES) == address


def test_a_proxys_own_header_counts_below_the_one_that_a_client_made_up() -> None:
    sent = [("x-forwarded-for", "198.51.100.1"), ("X-Forwarded-For", "192.0.2.9")]
    assert origin.address(request(*sent), PROXIES) == "192.0.2.9"
    assert origin.address(request(*sent, client="203.0.113.5"), PROXIES) == "203.0.113.5"


SAID = {
    "198.51.100.1": "198.51.100.1",
    "198.51.100.1:80": "198.51.100.1",
    "[2001:db8::9]:80": "2001:db8::9",
    "198.51.100.1, 127.0.0.1": "198.51.100.1",
    "198.51.100.1, 192.0.2.9": "192.0.2.9",
    "1.2.3.4:0080": "1.2.3.4",
    "1.2.3.4:999999": "1.2.3.4",
    "unknown": "127.0.0.1",
    "a:b": "127.0.0.1",
}


@pytest.mark.parametrize("forwarded", SAID)
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
def test_a_peer_on_this_machine_is_believed_only_where_it_is_trusted(forwarded: str, peer: str) -> None:
    """uvicorn believes it in any case, and puts what it said in the place of its address."""
    scope = request(("x-forwarded-for", forwarded), client=peer)
    asyncio.run(ProxyHeadersMiddleware(_nothing, "127.0.0.1,::1")(scope, None, None))
    assert scope["client"][0] != peer
    assert origin.address(scope, PROXIES) == "127.0.0.1"
    assert origin.address(scope, read_settings({"VS_TRUSTED_PROXIES": "127.0.0.1"})) == SAID[forwarded]


async def _nothing(*_: object) -> None:
    """An app behind the middleware."""


def test_the_cookie_is_bound_to_the_host_on_https() -> None:
    assert origin.cookie_name(request(), LOCAL) == "vs"
    assert origin.cookie_name(request(), PUBLIC) == "__Host-vs"
    assert origin.cookie_name(request(scheme="https"), LOCAL) == "__Host-vs"


def test_https_is_kept_and_data_is_not() -> None:
    found = dict(headers.security(is_asset=False, is_secure=True))
    assert found[b"strict-transport-security"] == b"max-age=31536000"
    assert found[b"cache-control"] == b"no-store"
    assert b"strict-transport-security" not in dict(headers.security(is_asset=False, is_secure=False))
    assert b"cache-control" not in dict(headers.security(is_asset=True, is_secure=False))


def test_only_streamlits_own_inline_scripts_run() -> None:
    policy = headers.policy()
    assert policy.count("'sha256-") == 1
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
