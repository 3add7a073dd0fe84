"""The settings, read once at start from a mapping of environment variables."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cds_service.site_file import SiteFile, SiteFileError, read_site_file
from cds_service.start_refusals.smart_clients import client_secrets
from hcc_pathway.errors import HccCdsError

DEFAULT_DATABASE_URL = "sqlite:///hcc-cds.db"
_SHORTEST_SECRET = 32
_MAKE_A_KEY = "set the output of: openssl rand -base64 48"
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingError(HccCdsError):
    """A setting that cannot be used: which one, and what is wrong."""


class Mode(StrEnum):
    """How the service runs."""

    DEMO = "demo"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return host and port as servers take them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether nothing but this machine reaches it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that the environment and the site file decide."""

    mode: Mode
    bind: Address
    bind_was_given: bool
    metrics_bind: Address | None
    public_url: str
    database_url: str
    secret_key: bytes
    site: SiteFile
    site_path: Path | None
    deadline_ms: int
    max_body_bytes: int
    today: date | None
    log_level: int
    smart_secrets: Mapping[str, str] = field(repr=False, default_factory=dict)  # by EHR

    @property
    def is_demo(self) -> bool:
        """Whether this is the demonstration: sample patients, no client authentication."""
        return self.mode is Mode.DEMO


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read and check every setting.

    Raises:
        SettingError: names the variable and what is wrong with it.
        SiteFileError: names the site file, the key and what is wrong with it.

    """
    mode = _one_of(environment, "HCC_CDS_MODE", [m.value for m in Mode], Mode.PRODUCTION.value)
    is_demo = mode == Mode.DEMO
    site, site_path = _site(environment.get("HCC_CDS_SITE_FILE"), is_demo=is_demo)
    metrics = environment.get("HCC_CDS_METRICS_BIND", "" if is_demo else "127.0.0.1:9464")
    return Settings(
        mode=Mode(mode),
        bind=_address("HCC_CDS_BIND", environment.get("HCC_CDS_BIND", "127.0.0.1:8000")),
        bind_was_given="HCC_CDS_BIND" in environment,
        metrics_bind=_address("HCC_CDS_METRICS_BIND", metrics) if metrics else None,
        public_url=_public_url(environment.get("HCC_CDS_PUBLIC_URL", "http://127.0.0.1:8000")),
        database_url=environment.get("HCC_CDS_DATABASE_URL", DEFAULT_DATABASE_URL),
        secret_key=_secret(environment.get("HCC_CDS_SECRET_KEY"), is_demo=is_demo),
        site=site,
        site_path=site_path,
        deadline_ms=_positive(environment, "HCC_CDS_DEADLINE_MS", 1500),
        max_body_bytes=_positive(environment, "HCC_CDS_MAX_BODY_BYTES", 8_000_000),
        today=_today(environment.get("HCC_CDS_TODAY"), is_demo=is_demo),
        log_level=logging.getLevelNamesMapping()[
            _one_of(environment, "HCC_CDS_LOG_LEVEL", _LOG_LEVELS, "INFO")
        ],
        smart_secrets=client_secrets(environment, site, site_path),
    )


def _site(name: str | None, *, is_demo: bool) -> tuple[SiteFile, Path | None]:
    if not name:
        if is_demo:
            return SiteFile(), None
        message = (
            "HCC_CDS_SITE_FILE: production needs a site file: write one that sets timezone and "
            "an [[ehr]] block, and name it here"
        )
        raise SettingError(message)
    path = Path(name)
    site = read_site_file(path)
    if not is_demo and site.timezone is None:
        why = 'production needs the zone whose days count: write e.g. timezone = "Europe/Berlin"'
        raise SiteFileError(path, "timezone", why)
    return site, path


def _one_of(
    environment: Mapping[str, str], name: str, allowed: tuple[str, ...] | list[str], default: str
) -> str:
    found = environment.get(name, default)
    if found not in allowed:
        message = f"{name}: {found!r} is not one of {', '.join(allowed)}"
        raise SettingError(message)
    return found


def _positive(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        message = f"{name}: {text!r} is not a whole number above 0"
        raise SettingError(message)
    return int(text)


def _address(name: str, text: str) -> Address:
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 1 << 16):
        message = f"{name}: {text!r} is not HOST:PORT"
        raise SettingError(message)
    return Address(host.removeprefix("[").removesuffix("]"), int(port))


def _public_url(text: str) -> str:
    try:
        url = urlsplit(text)
        is_usable = url.scheme in {"http", "https"} and bool(url.hostname) and not url.query
    except ValueError:
        is_usable = False
    if not is_usable:
        message = f"HCC_CDS_PUBLIC_URL: {text!r} is not an http or https address"
        raise SettingError(message)
    return text.rstrip("/")


def _secret(text: str | None, *, is_demo: bool) -> bytes:
    if text is None:
        if not is_demo:
            message = f"HCC_CDS_SECRET_KEY: is required in production: {_MAKE_A_KEY}"
            raise SettingError(message)
        return secrets.token_bytes(_SHORTEST_SECRET)
    if len(text.strip().encode()) < _SHORTEST_SECRET:
        message = f"HCC_CDS_SECRET_KEY: is shorter than {_SHORTEST_SECRET} bytes: {_MAKE_A_KEY}"
        raise SettingError(message)
    return text.encode()


def _today(text: str | None, *, is_demo: bool) -> date | None:
    if text is None:
        return None
    if not is_demo:
        message = "HCC_CDS_TODAY: is refused in production, which answers for today: unset it"
        raise SettingError(message)
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"HCC_CDS_TODAY: {text!r} is not a date (YYYY-MM-DD)"
        raise SettingError(message) from None
