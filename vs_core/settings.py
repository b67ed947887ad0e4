"""Every setting of the product, read in one place from `VS_` environment variables or Streamlit secrets.

Single sign-on (OpenID Connect), all optional:
VS_OIDC_ISSUER         who vouches for people, e.g. https://login.microsoftonline.com/TENANT-ID/v2.0
VS_OIDC_CLIENT_ID      what the issuer knows the dashboard by
VS_OIDC_CLIENT_SECRET  the secret that goes with it
VS_OIDC_LABEL          text of the button, "Sign in with your council account" where it is not set
VS_PASSWORD_SIGN_IN    on or off; off lets people in through the single sign-on only
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SECRETS = ROOT / ".streamlit" / "secrets.toml"
DEMO_DATABASE = DATA / "demo.db"
DEMO_AUTHORITY = "Westmere"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
COUNCIL_LABEL = "Sign in with your council account"
LONGEST_LABEL = 60
MICROSOFT = frozenset({"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"})
MANY_TENANTS = frozenset({"common", "organizations", "consumers"})
TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHORTEST_TRAIL_YEARS, LONGEST_TRAIL_YEARS = 6, 100


class SettingError(ValueError):
    """A setting is missing or unusable; the text says which and what to do."""


@dataclass(frozen=True)
class SingleSignOn:
    """issuer: who vouches for people, exactly as it calls itself; client_id and client_secret: of the dashboard's
    registration there; label: text of the button."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str

    @property
    def tenant(self) -> str:
        """The Entra tenant that the issuer's address names, or an empty text."""
        parts = urlsplit(self.issuer).path.lower().split("/")
        return next((part for part in parts if TENANT.fullmatch(part)), "")


@dataclass(frozen=True)
class Settings:
    """database_url: SQLAlchemy address; authority: the council's name, as its calendar and the department's tables
    spell it; demo: the data is invented; builds_demo: no database was named,
    so the first start fills the demo's own; cookie_key: secret that signs forms;
    idle_minutes and absolute_hours: how long a sign-in lasts; trusted_proxies: addresses and networks whose
    forwarding headers are believed; public_url: the https address that people type, empty on one's own machine;
    mapping_folder: where a council keeps its mapping files; trail_years: how long the trail is kept;
    single_sign_on: None where it is not set up; password_sign_in: may people come in with a password."""

    database_url: str
    authority: str
    demo: bool
    builds_demo: bool
    cookie_key: str
    idle_minutes: int
    absolute_hours: int
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    public_url: str
    mapping_folder: Path
    trail_years: int
    address: str
    port: int
    single_sign_on: SingleSignOn | None
    password_sign_in: bool


def _secrets() -> dict[str, object]:
    if not SECRETS.exists():
        return {}
    try:
        return tomllib.loads(SECRETS.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"The file {SECRETS.name} cannot be opened: {error.strerror}.") from error
    except ValueError as error:
        place = re.search(r"\(at [^()]*\)$", str(error))
        raise SettingError(
            f"The file {SECRETS.name} is not readable TOML {place[0] if place else ''}".strip() + "."
        ) from error


def _number(values: dict[str, str], name: str, default: int) -> int:
    text = values.get(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise SettingError(f"{name} must be a whole number above 0, not '{text}'.")
    return int(text)


def read_settings(values: dict[str, str]) -> Settings:
    """Settings out of a mapping of `VS_` names to text. Raises SettingError."""
    given_url = values.get("VS_DATABASE_URL", "")
    single_sign_on = _single_sign_on(values)
    return Settings(
        database_url=_with_driver(given_url or f"sqlite:///{DEMO_DATABASE}"),
        authority=values.get("VS_AUTHORITY", "" if given_url else DEMO_AUTHORITY),
        demo=_yes(values.get("VS_DEMO", "")) or not given_url,
        builds_demo=not given_url,
        cookie_key=values.get("VS_COOKIE_KEY", ""),
        idle_minutes=_number(values, "VS_IDLE_MINUTES", 15),
        absolute_hours=_number(values, "VS_ABSOLUTE_HOURS", 10),
        trusted_proxies=_networks(values.get("VS_TRUSTED_PROXIES", "")),
        public_url=values.get("VS_PUBLIC_URL", "").rstrip("/"),
        mapping_folder=Path(values.get("VS_MAPPING_FOLDER", str(DATA / "mappings"))),
        trail_years=_trail_years(values),
        address=values.get("VS_ADDRESS", "127.0.0.1"),
        port=_number(values, "VS_PORT", 8501),
        single_sign_on=single_sign_on,
        password_sign_in=_password_sign_in(values, single_sign_on),
    )


def _single_sign_on(values: dict[str, str]) -> SingleSignOn | None:
    names = ("VS_OIDC_ISSUER", "VS_OIDC_CLIENT_ID", "VS_OIDC_CLIENT_SECRET")
    given = {name: values.get(name, "").strip() for name in names}
    if not any(given.values()):
        return None
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise SettingError(f"Single sign-on is half set up: {' and '.join(missing)} must be set too.")
    issuer = _checked_issuer(given["VS_OIDC_ISSUER"])
    if not values.get("VS_PUBLIC_URL") and values.get("VS_ADDRESS", "127.0.0.1") not in LOOPBACK:
        raise SettingError("Single sign-on needs VS_PUBLIC_URL, because people are sent back to that address.")
    label = values.get("VS_OIDC_LABEL", "").strip() or COUNCIL_LABEL
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise SettingError(f"VS_OIDC_LABEL must be one line of at most {LONGEST_LABEL} characters.")
    return SingleSignOn(issuer, given["VS_OIDC_CLIENT_ID"], given["VS_OIDC_CLIENT_SECRET"], label)


def _checked_issuer(issuer: str) -> str:
    try:
        parts = urlsplit(issuer)
        host = parts.hostname or ""
    except ValueError as error:
        raise SettingError("VS_OIDC_ISSUER is not an address.") from error
    plain = not (parts.query or parts.fragment or parts.username or parts.password) and issuer.isprintable()
    if not host or not plain or not (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
        raise SettingError("VS_OIDC_ISSUER must be an https address without a query, as the issuer calls itself.")
    steps = parts.path.lower().strip("/").split("/")
    if MANY_TENANTS.intersection(steps):
        raise SettingError("VS_OIDC_ISSUER must name the council's own tenant, not 'common' or 'organizations'.")
    if host in MICROSOFT and not (len(steps) == 2 and TENANT.fullmatch(steps[0]) and parts.path.endswith("/v2.0")):
        raise SettingError(f"VS_OIDC_ISSUER must be https://{host}/TENANT-ID/v2.0 with the tenant's own number.")
    return issuer.lower() if host in MICROSOFT else issuer


def _password_sign_in(values: dict[str, str], single_sign_on: SingleSignOn | None) -> bool:
    text = values.get("VS_PASSWORD_SIGN_IN", "").strip().lower() or "on"
    if text in {"on", "1", "y", "yes", "true"}:
        return True
    if text not in {"off", "0", "n", "no", "false"}:
        raise SettingError(f"VS_PASSWORD_SIGN_IN must be on or off, not '{text}'.")
    if single_sign_on is None:
        raise SettingError("VS_PASSWORD_SIGN_IN is off and single sign-on is not set up: nobody could come in.")
    return False


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(_network(part.strip()) for part in text.split(",") if part.strip())


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        found = ip_network(text)
    except ValueError as error:
        raise SettingError(
            f"VS_TRUSTED_PROXIES: '{text}' is neither an address nor a network, as 10.0.0.7 or 10.0.0.0/24 are."
        ) from error
    if found.prefixlen == 0:
        raise SettingError("VS_TRUSTED_PROXIES must not name every address: anybody could then pass for anybody.")
    return found


def _trail_years(values: dict[str, str]) -> int:
    years = _number(values, "VS_TRAIL_YEARS", SHORTEST_TRAIL_YEARS)
    if not SHORTEST_TRAIL_YEARS <= years <= LONGEST_TRAIL_YEARS:
        raise SettingError(
            f"VS_TRAIL_YEARS must be {SHORTEST_TRAIL_YEARS} to {LONGEST_TRAIL_YEARS}: the trail is kept no shorter."
        )
    return years


def _yes(text: str) -> bool:
    return text.strip().lower() in {"1", "y", "yes", "true"}


def _with_driver(url: str) -> str:
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


@cache
def settings() -> Settings:
    """The settings of this process: the environment wins over Streamlit secrets."""
    secrets = {name: str(value) for name, value in _secrets().items() if name.startswith("VS_")}
    return read_settings(secrets | {name: value for name, value in os.environ.items() if name.startswith("VS_")})
