"""Which servers answer: PostgreSQL, Redis and RabbitMQ at their usual local ports, or where the environment says.

``PRODEV_TEST_DATABASE=sqlite`` (or ``postgres``) decides the database whatever answers; ``PRODEV_TEST_REDIS=no`` and
``PRODEV_TEST_BROKER=no`` keep Redis and RabbitMQ out.
"""

import os
import socket
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit


@cache
def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _url(variable: str, default: str) -> str:
    """The address to use: the one the environment names, or the default; empty where nothing listens there."""
    url = os.environ.get(variable) or default
    usual, named = urlsplit(default), urlsplit(url)
    return url if _answers(named.hostname or str(usual.hostname), named.port or int(usual.port or 0)) else ""


def postgres_url() -> str:
    url = _url("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    return url if url.startswith(("postgres://", "postgresql://")) else ""


def redis_url() -> str:
    if os.environ.get("PRODEV_TEST_REDIS") == "no":
        return ""
    return _url("REDIS_URL", "redis://127.0.0.1:6379/9")


def broker_url() -> str:
    if os.environ.get("PRODEV_TEST_BROKER") == "no":
        return ""
    return _url("BROKER_URL", "amqp://guest:guest@127.0.0.1:5672//")


def postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    suffix = os.environ.get("PRODEV_TEST_DB_SUFFIX", "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "postgres",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "127.0.0.1",
        "PORT": str(parts.port or 5432),
        "TEST": {"NAME": f"test_prodev{'_' + suffix if suffix else ''}"},
    }


def sqlite() -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


def database() -> dict[str, Any]:
    """The database of this run: PostgreSQL where it answers, otherwise SQLite."""
    wanted = os.environ.get("PRODEV_TEST_DATABASE", "")
    url = postgres_url()
    if wanted == "sqlite" or not url:
        return sqlite()
    return postgres(url)
