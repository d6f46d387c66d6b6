"""PostgreSQL as libpq speaks to it: statements that are prepared once, sent, and waited for.

psycopg's cursors begin transactions, look through statements, and wait where they send. A read of ours needs none of
that, and sending and waiting are two things for it: something else can be asked meanwhile. So it goes by
``psycopg.pq``, which psycopg offers for this, and by psycopg's own adapters for values; outside of transactions alone,
where a failure breaks nothing.
"""

import select
from collections import OrderedDict
from hashlib import blake2b
from typing import Any

Rows = list[tuple[Any, ...]]

MOST_PREPARED = 250
"""Statements that a connection keeps prepared: each is planned once, and takes memory of the server's."""


NOT_THERE, THERE_ALREADY, OUTDATED = "26000", "42P05", "0A000"
"""SQL states of a prepared statement that is not there, is there already, or no longer fits the tables.

A pooler of transactions brings them about, psycopg itself after a rollback, and whoever alters a table.
"""

OFTEN = 3
"""Times in a row that a statement was lost within ``SOON`` statements: then something stands in between."""

SOON = 100


class Wire:
    """One connection of psycopg's. ``cursor`` says how values are adapted.

    A statement's name is a digest of it, so that whoever finds one by that name, on a connection that a pooler has
    handed on, finds the same statement.
    """

    def __init__(self, cursor: Any) -> None:
        from psycopg.adapt import PyFormat, Transformer
        from psycopg.pq import ExecStatus, TransactionStatus

        self._idle = TransactionStatus.IDLE
        self._format = PyFormat.AUTO
        self._well = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
        self._driver = cursor.connection
        self._libpq = cursor.connection.pgconn
        self._adapt = Transformer(cursor)
        self._names: OrderedDict[Any, bytes] = OrderedDict()
        self._sent = b""
        self._received = self._losses = 0
        self.is_shared = False
        """Whether psycopg prepared statements here, too: after a rollback it has the server forget all there are."""
        self._poll = select.poll()
        self._poll.register(self._libpq.socket, select.POLLIN)

    @classmethod
    def of(cls, cursor: Any) -> "Wire | None":
        """The wire of the cursor's connection; none on a system without ``poll``."""
        return cls(cursor) if hasattr(select, "poll") else None

    def is_free(self) -> bool:
        """Whether nothing else is going on: no transaction, and nothing that was sent."""
        return bool(self._driver.autocommit and self._libpq.transaction_status == self._idle)

    @property
    def loses_often(self) -> bool:
        """Whether preparing is of no use here."""
        return self._losses >= OFTEN

    def send(self, sql: bytes, params: list[Any]) -> None:
        """Send a statement, prepared; ``receive`` must follow.

        Raises:
            psycopg.Error: what PostgreSQL says of the statement, or of the connection.
        """
        adapt = self._adapt
        values = adapt.dump_sequence(params, [self._format] * len(params))
        key = (sql, adapt.types)
        name = self._names.get(key) or self._prepare(key)
        self._names.move_to_end(key)
        self._sent = name
        self._libpq.send_query_prepared(name, values, adapt.formats)
        while self._libpq.flush():
            self._poll.modify(self._libpq.socket, select.POLLIN | select.POLLOUT)
            self._poll.poll()
            self._libpq.consume_input()  # the server may wait to be heard before it hears more
            self._poll.modify(self._libpq.socket, select.POLLIN)

    def receive(self) -> Rows | None:
        """The rows of what was sent; none where the server has forgotten the statement.

        Raises:
            psycopg.Error: what PostgreSQL says of the statement, or of the connection.
        """
        libpq = self._libpq
        found: Any = None
        libpq.consume_input()  # it may be there already
        while True:
            while libpq.is_busy():
                self._poll.poll()
                libpq.consume_input()
            result = libpq.get_result()
            if result is None:
                break
            found = result
        if state := self._state(found, NOT_THERE, OUTDATED):
            self._lose(state)
            return None
        self._received += 1
        self._adapt.set_pgresult(found)
        rows: Rows = self._adapt.load_rows(0, found.ntuples, tuple)
        self._adapt.set_pgresult(None)
        return rows

    def _prepare(self, key: tuple[bytes, Any]) -> bytes:
        name = b"prodev_" + blake2b(repr(key).encode(), digest_size=16).hexdigest().encode()
        self._state(self._libpq.prepare(name, *key), THERE_ALREADY)
        self._names[key] = name
        if len(self._names) > MOST_PREPARED:
            self._libpq.exec_(b"DEALLOCATE " + self._names.popitem(last=False)[1])
        return name

    def _lose(self, state: str) -> None:
        if state == OUTDATED:
            self._libpq.exec_(b"DEALLOCATE " + self._sent)
        self._names.clear()
        if not self.is_shared:
            self._losses = self._losses + 1 if self._received < SOON else 1
        self._received = 0
        self.is_shared = False

    def _state(self, result: Any, *expected: str) -> str:
        """The SQL state of an error that is expected; none where there is no error, and any other is raised."""
        if result is not None and result.status in self._well:
            return ""
        from psycopg import OperationalError
        from psycopg.errors import error_from_result
        from psycopg.pq import DiagnosticField

        state = ((result and result.error_field(DiagnosticField.SQLSTATE)) or b"").decode()
        if not state:  # it is not the server who says so
            raise OperationalError(result.get_error_message() if result else "the connection gave no answer")
        if state in expected:
            return state
        raise error_from_result(result, encoding=self._driver.info.encoding)
