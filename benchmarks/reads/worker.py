"""One worker process: a Django site with one peer, pinned to a core, that times requests to itself.

It reads commands as lines of JSON and answers each with a line. A request is an ``environ`` given to the WSGI handler,
and its time ends when the last byte of the answer was taken and the answer closed: what a server's own parsing costs
is the same for everyone and left out.
"""

import base64
import contextlib
import gc
import io
import json
import os
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from benchmarks.reads.workloads import Request

VISITORS = 100
"""Addresses that requests come from, by turns. REST framework's throttles keep the times of each one's requests: those
of one visitor alone would be more than any visitor is let have.
"""


def environ(request: Request, visitor: int = 0) -> dict[str, Any]:
    """What a WSGI server makes of a request."""
    path, _, query = request.path.partition("?")
    made: dict[str, Any] = {
        "REQUEST_METHOD": "POST" if request.body else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": f"192.0.2.{visitor % VISITORS}",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ACCEPT": "application/json",
        "HTTP_USER_AGENT": "benchmark",
        "CONTENT_LENGTH": str(len(request.body)) if request.body else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if request.body:
        made["CONTENT_TYPE"] = "application/json"
    for name, value in request.headers:
        made[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return made


class Site:
    """The site of this process."""

    def __init__(self) -> None:
        import django

        django.setup()
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()
        self.status = ""
        self.headers: list[tuple[str, str]] = []

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status, self.headers = status, headers

    def ask(self, request: Request) -> bytes:
        """The body of the answer."""
        answer = self.application(environ(request), self._start)
        try:
            return b"".join(answer)
        finally:
            answer.close()

    def time(self, requests: list[Request]) -> list[float]:
        """How long each request takes, in seconds."""
        environs = [environ(request, number) for number, request in enumerate(requests)]
        took = []
        for each in environs:
            begun = time.perf_counter()
            answer = self.application(each, self._start)
            b"".join(answer)
            answer.close()
            took.append(time.perf_counter() - begun)
        return took

    def statements(self, request: Request) -> tuple[int, int]:
        """How many SQL statements a request takes, and how many rows they give."""
        from django.db import connection

        counted = [0, 0]

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            result = execute(sql, params, many, context)
            counted[0] += 1
            counted[1] += max(context["cursor"].rowcount, 0)
            return result

        with connection.execute_wrapper(count):
            self.ask(request)
        return counted[0], counted[1]

    def pin_backend(self, core: int) -> None:
        """Keep PostgreSQL's process of this connection off the worker's core, where it runs here and may be moved."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            with contextlib.suppress(OSError):
                os.sched_setaffinity(cursor.fetchone()[0], {core})


def _request(found: dict[str, Any]) -> Request:
    return Request(found["path"], found["body"].encode(), tuple((name, value) for name, value in found["headers"]))


def _versions(packages: list[str]) -> dict[str, str]:
    found = {}
    for name in packages:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.reads.settings"
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[0]})
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a peer prints is no answer
    site = Site()
    site.pin_backend(cores[-1])
    print(json.dumps("ready"), file=channel, flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        requests = [_request(each) for each in command["requests"]]
        answer: Any
        match command["do"]:
            case "answer":
                body = site.ask(requests[0])
                answer = {
                    "status": site.status,
                    "headers": site.headers,
                    "body": base64.b64encode(body).decode(),
                }
            case "statements":
                answer = site.statements(requests[0])
            case "store":
                from benchmarks.reads import limits

                limits.store(base64.b64decode(command["body"]))
                answer = None
            case "versions":
                answer = _versions(command["packages"])
            case _:
                gc.collect()
                answer = site.time(requests * command.get("times", 1))
        print(json.dumps(answer), file=channel, flush=True)


if __name__ == "__main__":
    main()
