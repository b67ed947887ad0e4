"""Hosts, origins, addresses and cookie names, read from requests as they arrive."""

from __future__ import annotations

import pytest

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
        ([("origin", "null")], False),
        ([("origin", "http://[")], False),
        ([("origin", "null"), ("sec-fetch-site", "same-origin")], True),
        ([("sec-fetch-site", "same-site")], False),
        ([("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8501")], False),
    ],
)
def test_which_origins_are_ours(sent: list[tuple[str, str]], ours: bool) -> None:
    assert origin.origin_is_ours(request(("host", "localhost:8501"), *sent)) == ours


@pytest.mark.parametrize(
    ("forwarded", "client", "address"),
    [
        ("", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.9", "10.0.0.1", "192.0.2.9"),
        ("198.51.100.1, 192.0.2.9, 10.0.0.2", "10.0.0.1", "192.0.2.9"),
        ("198.51.100.1", "192.0.2.7", "192.0.2.7"),
    ],
)
def test_a_persons_address_is_what_a_trusted_proxy_says(forwarded: str, client: str, address: str) -> None:
    assert origin.address(request(("x-forwarded-for", forwarded), client=client), PUBLIC) == address


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
