"""The only reader of the environment. Everything configurable is a field of `Settings`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


class BadSettings(Exception):
    """The environment asks for something Upstream cannot start with; the message says what to change."""


def shipped(name: str) -> Path:
    """The folder of data that travels with Upstream (`questionnaires`, `factors`, `migrations`).

    Inside an installed wheel it lies in the package, in a source checkout at the top of the tree.
    """
    inside = PACKAGE / "shipped" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True)
class Settings:
    """How this portal runs. Units: sizes in bytes, times in minutes or days as named."""

    database_url: str
    data_dir: Path
    secret_key: str
    public_url: str
    organisation: str
    production: bool
    trusted_hosts: tuple[str, ...]
    proxy_hops: int
    upload_limit: int
    ledger_limit: int
    supplier_quota: int
    idle_minutes: int
    absolute_hours: int
    invitation_days: int
    time_zone: str
    default_locale: str
    estimate_engine: str

    @property
    def vault_dir(self) -> Path:
        return self.data_dir / "vault"

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read settings from `env` (default: the process environment).

    Raises BadSettings, with a sentence saying what to set, when production is asked for without a secret key
    or a number is not a number.
    """
    env = os.environ if env is None else env
    production = env.get("UPSTREAM_ENV", "production") == "production"
    secret_key = env.get("SECRET_KEY", "")
    if production and len(secret_key) < 32:
        raise BadSettings(
            "SECRET_KEY is missing or shorter than 32 characters. Set it to a long random text, for example the output of: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))". For a trial on this machine use `upstream demo`.'
        )
    data_dir = Path(env.get("UPSTREAM_DATA", "var")).resolve()
    public_url = env.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
    return Settings(
        database_url=env.get("DATABASE_URL", f"sqlite:///{data_dir / 'upstream.db'}"),
        data_dir=data_dir,
        secret_key=secret_key or "development-only-secret-key-not-for-production",
        public_url=public_url,
        organisation=env.get("ORGANISATION", "Example Solar"),
        production=production,
        trusted_hosts=tuple(h for h in env.get("TRUSTED_HOSTS", "").replace(",", " ").split() if h),
        proxy_hops=_whole(env, "PROXY_HOPS", 0),
        upload_limit=_whole(env, "UPLOAD_LIMIT_MB", 30) * 1024 * 1024,
        ledger_limit=_whole(env, "LEDGER_LIMIT_MB", 500) * 1024 * 1024,
        supplier_quota=_whole(env, "SUPPLIER_QUOTA_MB", 2048) * 1024 * 1024,
        idle_minutes=_whole(env, "SESSION_IDLE_MINUTES", 120),
        absolute_hours=_whole(env, "SESSION_HOURS", 12),
        invitation_days=_whole(env, "INVITATION_DAYS", 14),
        time_zone=env.get("TIME_ZONE", "Asia/Shanghai"),
        default_locale=env.get("DEFAULT_LOCALE", "en"),
        estimate_engine=env.get("ESTIMATE_ENGINE", "duckdb"),
    )


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise BadSettings(f"{name} must be a whole number, found {text!r}.")
    return int(text)
