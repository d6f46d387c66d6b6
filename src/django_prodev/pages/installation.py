"""A page of a site whose tables are missing says what to do, to whoever is setting it up."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from django_prodev.exceptions import NotMigrated
from django_prodev.models.tables import means_not_migrated

View = Callable[..., HttpResponseBase]


def told_if_not_migrated(view: View) -> View:
    """Answer 503 with the step that is missing, where ``view`` fails because the tables are not there."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DatabaseError as error:
            if not means_not_migrated(error):
                raise
            return HttpResponse(NotMigrated.default_message, status=503, content_type="text/plain; charset=utf-8")

    return answer
