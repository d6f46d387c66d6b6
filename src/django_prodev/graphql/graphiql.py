"""The GraphiQL page, with its scripts and styles served by the site itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)


def page(request: HttpRequest) -> HttpResponse:
    """The page. It talks to the address it was fetched from."""
    answer = render(request, "django_prodev/graphql/graphiql.html")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
