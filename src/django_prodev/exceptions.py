"""What the package refuses, and why: exceptions that every interface answers in the same way.

Each carries a stable ``code`` for programs, a ``message`` for people, and ``fields`` for what is wrong with which
input. A code, once published, keeps its meaning. REST turns them into problem+json (RFC 9457), GraphQL into
``extensions.code``, the admin into messages. Nothing about HTTP comes in here.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class ProdevError(Exception):
    """The base of every refusal.

    ``fields`` maps the name of an input to the sentences about it; what concerns no single input stands under ``""``.
    """

    default_code: ClassVar[str] = "error"
    default_message: ClassVar[str] = "The request could not be carried out."

    def __init__(self, message: str = "", *, code: str = "", fields: Mapping[str, Sequence[str]] | None = None) -> None:
        self.message = message or self.default_message
        self.code = code or self.default_code
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in (fields or {}).items()}
        super().__init__(self.message)


class Invalid(ProdevError):
    """Input that cannot be stored; ``fields`` names all of it at once."""

    default_code = "invalid"
    default_message = "Some of the input is not valid."


class NotFound(ProdevError):
    """There is no such row for whoever asks: the answer is the same whether it is absent or hidden."""

    default_code = "not_found"
    default_message = "There is nothing here, or nothing that you may see."


class PermissionDenied(ProdevError):
    """The row may be seen, but the action is for others."""

    default_code = "permission_denied"
    default_message = "You may not do this."


class Refused(ProdevError):
    """A rule of the model forbids the action in the state that things are in."""

    default_code = "refused"
    default_message = "This is not possible in the present state."


class Conflict(ProdevError):
    """Someone else was first: the row changed since it was read, or what was to be made exists."""

    default_code = "conflict"
    default_message = "This was changed by someone else since it was read."


class Busy(ProdevError):
    """The database gave the transaction up to let another one through. Nothing was written; a retry may succeed."""

    default_code = "busy"
    default_message = "Too many changes at the same moment. Please try again."


class NotMigrated(ProdevError):
    """The tables are missing: a step of the installation was forgotten."""

    default_code = "not_migrated"
    default_message = "The tables of django-prodev are missing. Run manage.py migrate."


class DocumentError(ProdevError):
    """A document cannot be imported; nothing of it is written."""

    default_code = "document"
    default_message = "The document cannot be imported."


class DocumentTooLarge(DocumentError):
    """The source is larger than the cap."""

    default_code = "document_too_large"
    default_message = "The document is too large."


class DecisionsRefused(DocumentError):
    """Decisions about a document's records that do not fit it; ``fields`` has what is wrong by the record's key."""

    default_code = "document_decisions"
    default_message = "The decisions do not fit the document."


class UndecodableDocument(DocumentError):
    """The bytes are not text in an encoding that can be told."""

    default_code = "document_undecodable"
    default_message = "The document is not text that can be read."


class NotAnOverview(DocumentError):
    """The source holds no learning record.

    ``document`` is what was read of it: no records, and every piece of the source in its ``left_out``.
    """

    default_code = "document_not_an_overview"
    default_message = "The document holds no learning record."

    def __init__(self, message: str = "", *, document: object = None) -> None:
        super().__init__(message)
        self.document = document


class UnfilledTemplate(NotAnOverview):
    """The source is a template whose places were never filled in."""

    default_code = "document_unfilled_template"
    default_message = "The document is a template that was never filled in."


class EmptySkeleton(NotAnOverview):
    """The source has the headings of an overview and nothing under them."""

    default_code = "document_empty_skeleton"
    default_message = "The document has headings and nothing under them."
