"""What the environment says, as the values that Django's settings take."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


def names(name: str, default: str) -> list[str]:
    """The comma-separated values of the variable ``name``."""
    return [value.strip() for value in os.environ.get(name, default).split(",") if value.strip()]


def secret_key(folder: Path) -> str:
    """``SECRET_KEY``, or one that is made once and kept in ``folder``, so that sessions outlive a restart."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = folder / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii")


def database(folder: Path) -> dict[str, Any]:
    """The database that ``DATABASE_URL`` names, or SQLite in ``folder``."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if url.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "OPTIONS": {"pool": {"min_size": 2, "max_size": 20, "timeout": 10}},
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "db.sqlite3",
        # A write takes its lock at the start, and readers are not kept waiting by it.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        },
    }


def cache() -> dict[str, Any]:
    """The cache that ``REDIS_URL`` names, or the process's own memory."""
    if url := os.environ.get("REDIS_URL"):
        return {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": url}
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
