"""Every setting of the product, read in one place from `VS_` environment variables or Streamlit secrets."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SECRETS = ROOT / ".streamlit" / "secrets.toml"
DEMO_DATABASE = DATA / "demo.db"
DEMO_AUTHORITY = "Westmere"


class SettingError(ValueError):
    """A setting is missing or unusable; the text says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """database_url: SQLAlchemy address; authority: the council's name, as its calendar and the department's tables
    spell it; demo: the data is invented; builds_demo: no database was named,
    so the first start fills the demo's own; cookie_key: secret that signs forms;
    idle_minutes and absolute_hours: how long a sign-in lasts; trusted_proxies: addresses whose forwarding
    headers are believed; public_url: the https address that people type, empty on one's own machine;
    mapping_folder: where a council keeps its mapping files."""

    database_url: str
    authority: str
    demo: bool
    builds_demo: bool
    cookie_key: str
    idle_minutes: int
    absolute_hours: int
    trusted_proxies: tuple[str, ...]
    public_url: str
    mapping_folder: Path
    address: str
    port: int


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
    return Settings(
        database_url=_with_driver(given_url or f"sqlite:///{DEMO_DATABASE}"),
        authority=values.get("VS_AUTHORITY", "" if given_url else DEMO_AUTHORITY),
        demo=_yes(values.get("VS_DEMO", "")) or not given_url,
        builds_demo=not given_url,
        cookie_key=values.get("VS_COOKIE_KEY", ""),
        idle_minutes=_number(values, "VS_IDLE_MINUTES", 15),
        absolute_hours=_number(values, "VS_ABSOLUTE_HOURS", 10),
        trusted_proxies=tuple(part.strip() for part in values.get("VS_TRUSTED_PROXIES", "").split(",") if part.strip()),
        public_url=values.get("VS_PUBLIC_URL", "").rstrip("/"),
        mapping_folder=Path(values.get("VS_MAPPING_FOLDER", str(DATA / "mappings"))),
        address=values.get("VS_ADDRESS", "127.0.0.1"),
        port=_number(values, "VS_PORT", 8501),
    )


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
