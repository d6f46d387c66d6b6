"""How the tests say that something is refused."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from django_prodev.exceptions import ProdevError


@contextmanager
def refused(error: type[ProdevError], code: str = "") -> Iterator[pytest.ExceptionInfo[ProdevError]]:
    """The block raises exactly ``error``, with ``code`` or the error's default one."""
    with pytest.raises(error) as caught:
        yield caught
    assert type(caught.value) is error
    assert caught.value.code == (code or error.default_code)
