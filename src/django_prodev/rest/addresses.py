"""Addresses of rows: the UUID in them, and the whole of one."""

import uuid

from rest_framework.request import Request
from rest_framework.reverse import reverse

from django_prodev.exceptions import NotFound


def identifier_of(text: str) -> uuid.UUID:
    """The UUID in an address.

    Raises:
        NotFound: where the text is none, so that nothing can have the address.
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound(f"“{text[:40]}” is not a UUID, so nothing has this address.") from None


def address_of(request: Request, basename: str, identifier: str) -> str:
    """The absolute address of a row, in the name space that the request came in by."""
    namespace = request.resolver_match.namespace if request.resolver_match else ""
    name = f"{basename}-detail"
    return str(reverse(f"{namespace}:{name}" if namespace else name, [identifier], request=request))
