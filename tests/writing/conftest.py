"""The world of a module: made once, and gone with the module."""

from tests.writing.fixtures import world

__all__ = ["world"]
