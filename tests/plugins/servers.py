"""A pytest plugin: leaves out the tests whose server does not answer, and says at the end which servers were used.

``PRODEV_REQUIRED_SERVERS`` (``"postgres redis rabbitmq"``, or some of them) makes the run fail where one of these was
not used: a continuous build sets it for the servers its machine has.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.servers import broker_url, database, redis_url


@dataclass(frozen=True)
class Server:
    """A server that some tests need: ``marker`` is their pytest marker, ``address`` is empty where it is not used."""

    marker: str
    name: str
    address: str


def servers() -> tuple[Server, ...]:
    used = database()
    postgres = f"{used['HOST']}:{used['PORT']}" if used["ENGINE"].endswith("postgresql") else ""
    return (
        Server("postgres", "PostgreSQL", postgres),
        Server("redis", "Redis", _without_credentials(redis_url())),
        Server("rabbitmq", "RabbitMQ", _without_credentials(broker_url())),
    )


def _without_credentials(url: str) -> str:
    return url.partition("://")[2].rpartition("@")[2]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for server in servers():
        if not server.address and item.get_closest_marker(server.marker):
            pytest.skip(f"{server.name} does not answer")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    terminalreporter.section("servers")
    for line in _summary(terminalreporter):
        terminalreporter.line(line)
    for name in missing():
        terminalreporter.line(f"ERROR {name} is required here (PRODEV_REQUIRED_SERVERS) and was not used", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.OK and missing():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def missing() -> list[str]:
    """The names of the required servers that this run does not use."""
    required = os.environ.get("PRODEV_REQUIRED_SERVERS", "").split()
    return [server.name for server in servers() if server.marker in required and not server.address]


def _summary(reporter: pytest.TerminalReporter) -> Iterator[str]:
    for server in servers():
        ran = sum(_needing(server, reporter, outcome) for outcome in ("passed", "failed"))
        skipped = _needing(server, reporter, "skipped")
        if server.address:
            yield f"{server.name:<10} ran: {ran} tests that need it, at {server.address}"
        else:
            yield f"{server.name:<10} skipped: {skipped} tests, for want of a server"
    if not servers()[0].address:
        yield "Database   SQLite"


def _needing(server: Server, reporter: pytest.TerminalReporter, outcome: str) -> int:
    reports = reporter.stats.get(outcome, ())
    return sum(server.marker in getattr(report, "keywords", ()) for report in reports)
