"""Runs the example site, filled, and prints what to open; with ``--check`` it opens all of it itself, then stops.

``python scripts/demo.py [--port 8000] [--check]``. ``--check`` uses a free port, says what it saw at every address that
was printed, and ends with exit code 1 where one is wrong.
"""

import argparse
import html
import json
import re
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from running_site import Answer, Browser, SiteError, free_port, running

SITE = Path(__file__).resolve().parent.parent / "example_project"
PROGRAM = "Backend Engineering Program"
PROGRAM_PATH = "/learning/programs/harbour-school/backend-engineering-program/"
PEOPLE = {"admin": "demo-admin", "amina": "demo-amina", "tomas": "demo-tomas"}


def page_title(answer: Answer) -> str:
    found = re.search(r"<title>(.*?)</title>", answer.text(), re.DOTALL)
    if found is None:
        raise SiteError(f"{answer.url} is a page without a title")
    return " ".join(html.unescape(found[1]).split())


def first_program(answer: Answer) -> str:
    rows = answer.json()["results"]
    if not rows:
        raise SiteError(f"{answer.url} lists nothing")
    return str(rows[0]["title"])


def first_node(answer: Answer) -> str:
    return str(answer.json()["data"]["programs"]["edges"][0]["node"]["title"])


def own_entries(answer: Answer) -> str:
    own = answer.text().count('class="state">for: ')
    return f"{own} entries of one's own" if own else "none"


def schema_version(answer: Answer) -> str:
    return f"OpenAPI {answer.json()['openapi']}, {len(answer.json()['paths'])} paths"


@dataclass(frozen=True)
class Address:
    """Something to open: ``saw`` says in a few words what is there, and ``expected`` must be among them."""

    label: str
    path: str
    saw: Callable[[Answer], str]
    expected: str
    accept: str = "text/html"


ADDRESSES = (
    Address("Programs", "/learning/", page_title, "Learning programs"),
    Address("A program", PROGRAM_PATH, page_title, PROGRAM),
    Address("A topic", "/learning/topics/technology/django/", page_title, "Django"),
    Address("REST", "/learning/api/v1/programs/", first_program, PROGRAM, "application/json"),
    Address(
        "REST, described", "/learning/api/v1/schema/?format=json", schema_version, "OpenAPI 3.1", "application/json"
    ),
    Address("Swagger UI", "/learning/api/v1/docs/", page_title, "Program learning"),
    Address("Redoc", "/learning/api/v1/redoc/", page_title, "Program learning"),
    Address("GraphQL (GraphiQL)", "/learning/graphql/", page_title, "Graph"),
    Address("Log in", "/accounts/login/", page_title, "Log in"),
    Address("Admin", "/admin/", page_title, "Log in"),
)


def introduce(base: str) -> None:
    width = max(len(address.label) for address in ADDRESSES)
    print("\nOpen:")
    for address in ADDRESSES:
        print(f"  {address.label:<{width}}  {base}{address.path}")
    print("\nLog in (for this demo only):")
    for name, password in PEOPLE.items():
        print(f"  {name} / {password}")


def check(base: str) -> int:
    """Open every printed address; the number of those that are wrong."""
    browser, wrong = Browser(), 0
    print("\nSaw:")
    for address in ADDRESSES:
        answer = browser.get(base + address.path, accept=address.accept)
        wrong += _told(address.label, answer, address.saw, address.expected)
        wrong += sum(_is_missing(browser, answer, url) for url in loaded_by(answer))
    query = json.dumps({"query": "{ programs(first: 1) { edges { node { title } } } }"})
    answer = browser.post_json(f"{base}/learning/graphql/", query)
    wrong += _told("GraphQL query", answer, first_node, PROGRAM)
    admin = log_in(browser, f"{base}/admin/login/", "admin", then="/admin/")
    wrong += _told("Admin as admin", admin, page_title, "Site administration")
    learner = log_in(Browser(), f"{base}/accounts/login/", "amina", then=f"{PROGRAM_PATH}journal/")
    wrong += _told("Her journal as amina", learner, own_entries, "of one's own")
    return wrong


def loaded_by(answer: Answer) -> list[str]:
    """The addresses of the style sheets and scripts that a page loads."""
    if answer.content_type != "text/html":
        return []
    tags = re.findall(r"<(?:script|link)\b[^>]*>", answer.text())
    named = [re.search(r'\b(?:src|href)="([^"]+)"', tag) for tag in tags]
    return [
        urllib.parse.urljoin(answer.url, html.unescape(found[1])) for found in named if found and found[1] != "data:,"
    ]


def _is_missing(browser: Browser, page: Answer, url: str) -> bool:
    """Whether ``page`` loads something that is not on this site; if so, print that."""
    own = "{0.scheme}://{0.netloc}/".format(urllib.parse.urlsplit(page.url))
    is_missing = not url.startswith(own) or browser.get(url, accept="*/*").status != 200
    if is_missing:
        print(f"  WRONG  {page.url} loads {url}, which this site does not have")
    return is_missing


def _told(label: str, answer: Answer, saw: Callable[[Answer], str], expected: str) -> bool:
    """Print what ``answer`` is; whether that is wrong."""
    if answer.status != 200:
        seen, is_wrong = answer.text()[:200], True
    else:
        try:
            seen = saw(answer)
        except (SiteError, LookupError, ValueError, TypeError) as error:
            seen, is_wrong = f"{type(error).__name__}: {error}", True
        else:
            is_wrong = expected not in seen
    print(f"  {'WRONG' if is_wrong else 'ok':<5}  {label}: {answer.status}, {seen}")
    return is_wrong


def log_in(browser: Browser, url: str, name: str, *, then: str) -> Answer:
    """The page ``then``, as ``name`` gets it after logging in at ``url``."""
    browser.get(url)
    token = next((cookie.value for cookie in browser.cookies if cookie.name == "csrftoken"), None) or ""
    fields = {"username": name, "password": PEOPLE[name], "csrfmiddlewaretoken": token, "next": then}
    return browser.post_form(url, fields)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    people = [f"--person={name}:{password}" for name, password in PEOPLE.items()]
    python = Path(sys.executable)
    prepared = subprocess.run([python, "manage.py", "prepare_demo", *people], cwd=SITE, check=False)
    if prepared.returncode:
        return prepared.returncode
    port = free_port() if options.check else options.port
    # So that the site stops too where this is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with running(python, SITE, port) as site:
            introduce(site.address)
            if options.check:
                return 1 if check(site.address) else 0
            print("\nStop it with Ctrl-C.", flush=True)
            return site.server.wait()
    except SiteError as error:
        print(f"demo: {error}\nAnother port: make demo PORT=8001", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
