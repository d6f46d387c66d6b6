"""What ``open_connections`` serves: the example site's settings, and its application beside the pulse's address."""

import os
from typing import Any

from example_site.settings import *  # noqa: F403  the example site, but for its pool
from example_site.settings import DATABASES

DATABASES["default"]["OPTIONS"] = (
    {"pool": {"min_size": 4, "max_size": 20, "timeout": 60}} if os.environ.get("PRODEV_BENCH_POOL") == "1" else {}
)


def _application() -> Any:
    from example_site.asgi import application as site

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/pulse":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"ok"})
        elif scope["type"] == "http":
            await site(scope, receive, send)

    return application


def __getattr__(name: str) -> Any:
    # Django reads this module as settings before the application can be made of it.
    if name == "application":
        globals()[name] = _application()
        return globals()[name]
    raise AttributeError(name)
