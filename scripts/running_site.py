"""A Django site running as a separate process, and requests to it: what the scripts that try a site out share.

Standard library only: it must work before anything is installed.
"""

import json
import socket
import subprocess
import tempfile
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
def running(python: Path, site: Path, port: int, env: dict[str, str] | None = None) -> Iterator[RunningSite]:
    """The site in the folder ``site``, served by ``python`` in the environment ``env`` until the block ends.

    Raises:
        SiteError: where the port is taken, the site ends, or it does not answer within 60 seconds; with what it said.
    """
    if not _is_free(port):
        raise SiteError(f"port {port} is in use")
    command = [str(python), "manage.py", "runserver", "--noreload", str(port)]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(command, cwd=site, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            if trouble := _trouble_starting(server, port):
                log.seek(0)
                raise SiteError(f"{trouble}\n{log.read()}")
            yield RunningSite(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()
            server.wait(timeout=10)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _trouble_starting(server: "subprocess.Popen[Any]", port: int) -> str:
    """Wait until the site answers; what went wrong, or an empty string."""
    for _attempt in range(300):
        if server.poll() is not None:
            return f"the site ended with {server.returncode} before it answered"
        if not _is_free(port):
            return ""
        time.sleep(0.2)
    return "the site did not answer within 60 seconds"
