"""A client for Redis that is as quick as its wire: the few commands that a store needs, over connections at hand.

Redis' own client takes a connection from its pool for each command, looks whether something waits on it, counts it, and
gives it back: that costs about as much as the answer. Here the connections that a pool has made are kept beside it.
Whatever goes wrong on one closes it, so that no answer is ever taken for that of another question.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from redis.exceptions import ConnectionError as ConnectionLost

from django_prodev.cache.stamps import nothing


class LeanRedis:
    """The client of one process. Its commands are named and raise as Redis' own.

    ``pool`` makes the connections, which count there as used, so that its limit holds.
    """

    def __init__(self, pool: Any) -> None:
        self.connection_pool = pool
        self._free: deque[Any] = deque()
        self._process = os.getpid()

    def get(self, key: str, work: Callable[[], None] = nothing) -> Any:
        return self.ask(("GET", key), work=work)[0]

    def set(self, key: str, value: bytes, *, ex: int, nx: bool = False) -> Any:
        return self.ask(("SET", key, value, "EX", ex, *(("NX",) if nx else ())))[0]

    def delete(self, *keys: str) -> Any:
        return self.ask(("DEL", *keys))[0]

    def scan_iter(self, *, match: str, count: int) -> Iterator[bytes]:
        cursor = b"0"
        while True:
            [(cursor, found)] = self.ask(("SCAN", cursor, "MATCH", match, "COUNT", count))
            yield from found
            if int(cursor) == 0:
                return

    def close(self) -> None:
        """Close the connections that are free."""
        while connection := self._at_hand():
            connection.disconnect()
            self.connection_pool.release(connection)

    def ask(self, *commands: tuple[Any, ...], work: Callable[[], None] = nothing) -> list[Any]:
        """The answers to commands that are sent together and done one after the other, with others' in between.

        ``work`` is called while they are under way; again where they are sent again.

        Raises:
            redis.RedisError: what one of them, or the connection, fails with. The others may have been done.
        """
        connection = self._at_hand()
        is_fresh = connection is None
        if is_fresh:
            connection = self.connection_pool.get_connection()
        try:
            try:
                return _asked(connection, commands, work)
            except ConnectionLost:
                # The server closes connections that nobody used for long, and all of them where it is restarted.
                if is_fresh:
                    raise
                return _asked(connection, commands, work)
        finally:
            self._free.append(connection)

    def _at_hand(self) -> Any:
        if self._process != os.getpid():  # a child must not speak on the connections of its parent
            self._free, self._process = deque(), os.getpid()
        try:
            return self._free.pop()
        except IndexError:
            return None


def _asked(connection: Any, commands: tuple[tuple[Any, ...], ...], work: Callable[[], None]) -> list[Any]:
    try:
        if len(commands) == 1:
            connection.send_command(*commands[0])
        else:
            connection.send_packed_command(connection.pack_commands(commands))
        work()
        answers = [connection.read_response() for _ in commands]
    except BaseException:
        connection.disconnect()
        raise
    moves = getattr(connection, "should_reconnect", None)
    if moves is not None and moves():  # the server has announced that it will be elsewhere
        connection.disconnect()
    return answers
