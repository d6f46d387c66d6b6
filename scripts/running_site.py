"""A Django site running as a separate process, and requests to it: what the scripts that try a site out share.

Standard library only: it must work before anything is installed.
"""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any


class SiteError(Exception):
    """What is wrong with the site, in one sentence."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. ``url`` is the last address where redirects were followed."""

    status: int
    url: str
    content_type: str
    body: bytes

    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Browser:
    """Requests that keep their cookies and don't raise for a 4xx or 5xx."""

    def __init__(self) -> None:
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def get(self, url: str, accept: str = "text/html") -> Answer:
        return self._open(urllib.request.Request(url, headers={"Accept": accept}))

    def post_json(self, url: str, data: str) -> Answer:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        return self._open(urllib.request.Request(url, data=data.encode(), headers=headers))

    def post_form(self, url: str, fields: dict[str, str]) -> Answer:
        data = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(url, data=data, headers={"Referer": url}))

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.url, answer.headers.get_content_type(), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.url, error.headers.get_content_type(), error.read())


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass(frozen=True)
class RunningSite:
    """A site that answers at ``address``."""

    address: str
    server: "subprocess.Popen[Any]"


@contextmanager
def running(python: Path, site: Path, port: int, **options: Any) -> Iterator[RunningSite]:
    """The site in the folder ``site``, served by ``python`` until the block ends. ``options`` go to the process.

    Raises:
        SiteError: where the port is taken, the site ends, or it does not answer within 30 seconds.
    """
    if not _is_free(port):
        raise SiteError(f"port {port} is in use")
    server = subprocess.Popen([str(python), "manage.py", "runserver", "--noreload", str(port)], cwd=site, **options)
    try:
        _wait_for(port, server)
        yield RunningSite(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait(timeout=10)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _wait_for(port: int, server: "subprocess.Popen[Any]") -> None:
    for _attempt in range(150):
        if server.poll() is not None:
            raise SiteError(f"the site ended with {server.returncode} before it answered")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SiteError("the site did not answer within 30 seconds")
