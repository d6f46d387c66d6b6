"""The example site for an ASGI server.

Django runs each request for a plain view in a thread of its own: 500 requests at once are 500 threads, which take the
processor from the event loop. ``Bounded`` lets as many in as the site has database connections to work with; the others
wait in the loop, where waiting costs nothing.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.asgi import get_asgi_application

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Bounded:
    """An ASGI application that works on at most ``most`` requests at a time."""

    def __init__(self, application: Application, most: int) -> None:
        self.application = application
        self.places = asyncio.Semaphore(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self.places:
            await self.application(scope, receive, send)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")

application = Bounded(get_asgi_application(), most=int(os.environ.get("CONCURRENT_REQUESTS", "20")))
