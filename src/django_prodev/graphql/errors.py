"""Errors as GraphQL answers them: ours with their code, GraphQL's own without its guesses, all others with a number.

What an exception that is not a refusal says goes to the log, never to whoever asked.
"""

import logging
import uuid
from typing import Any

from graphql import GraphQLError

from django_prodev.exceptions import NotMigrated, ProdevError
from django_prodev.models.tables import means_not_migrated

logger = logging.getLogger("django_prodev")

_GUESS = " Did you mean "
_LONGEST = 300
_PLACES = 5


def from_refusal(error: ProdevError, nodes: Any = None, path: list[str | int] | None = None) -> GraphQLError:
    """A refusal of this package as a GraphQL error."""
    extensions: dict[str, Any] = {"code": error.code.upper()}
    if error.fields:
        extensions["fields"] = error.fields
    detail = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.fields.items())
    message = f"{error.message} {detail}" if detail else error.message
    return GraphQLError(message, nodes=nodes, path=path, extensions=extensions, original_error=error)


def formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as it is answered."""
    original = error.original_error
    if means_not_migrated(original):
        original, error = None, from_refusal(NotMigrated(), error.nodes, list(error.path) if error.path else None)
    if isinstance(original, ProdevError) and not error.extensions:
        error = from_refusal(original, error.nodes, list(error.path) if error.path else None)
    elif original is not None and not isinstance(original, GraphQLError | ProdevError):
        return _numbered(error, original)
    answer: dict[str, Any] = {"message": error.message.partition(_GUESS)[0][:_LONGEST]}
    if error.locations:
        answer["locations"] = [{"line": at.line, "column": at.column} for at in error.locations[:_PLACES]]
    if error.path:
        answer["path"] = list(error.path)
    answer["extensions"] = error.extensions or {"code": "GRAPHQL"}
    return answer


def _numbered(error: GraphQLError, original: BaseException) -> dict[str, Any]:
    number = uuid.uuid4().hex[:12]
    logger.error("GraphQL error %s", number, exc_info=original)
    answer: dict[str, Any] = {"message": f"Something went wrong; it was noted as {number}."}
    if error.path:
        answer["path"] = list(error.path)
    answer["extensions"] = {"code": "INTERNAL"}
    return answer
