"""Installs a wheel into an empty environment beside a bare site, follows the README's steps, and reads a program back.

Usage: ``python scripts/check_wheel.py dist/django_prodev-*.whl``. The site is what ``django-admin startproject`` makes;
nothing of this repository is importable there. Ends with exit code 1 and one line where something is wrong.
"""

import json
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from running_site import Answer, Browser, SiteError, free_port, running

ROOT = Path(__file__).resolve().parent.parent
OVERVIEW = ROOT / "example_project" / "documents" / "overview.md"


def run(*command: str | Path, cwd: Path) -> None:
    """Run ``command``.

    Raises:
        SiteError: with its output, where it ends with anything but 0.
    """
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        shown = " ".join(map(str, command))
        raise SiteError(f"{shown} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def readme_steps() -> tuple[str, str]:
    """The lines that the README adds to ``settings.py`` and to ``urls.py``."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    settings = next((block for block in blocks if "INSTALLED_APPS" in block), None)
    urls = next((block for block in blocks if "django_prodev.urls" in block), None)
    if settings is None or urls is None:
        raise SiteError("the README does not show what to add to settings.py and urls.py")
    return settings, urls


def make_site(python: Path, folder: Path) -> None:
    """A bare new project in ``folder`` with the README's lines added, migrated."""
    run(python, "-m", "django", "startproject", "bare", folder, cwd=folder)
    settings, urls = readme_steps()
    for name, lines in (("settings.py", settings), ("urls.py", urls)):
        path = folder / "bare" / name
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{lines}", encoding="utf-8")
    run(python, "manage.py", "check", "--fail-level", "WARNING", cwd=folder)
    run(python, "manage.py", "migrate", "--verbosity", "0", cwd=folder)


def ok(answer: Answer) -> Answer:
    if answer.status != 200:
        raise SiteError(f"{answer.url} answered {answer.status}: {answer.body[:500]!r}")
    return answer


def read_back(base: str) -> str:
    """The title of the one program, read through REST and through GraphQL.

    Raises:
        SiteError: where one of them fails, or the two disagree.
    """
    browser = Browser()
    listed = ok(browser.get(f"{base}/learning/api/v1/programs/", accept="application/json")).json()["results"]
    if len(listed) != 1:
        raise SiteError(f"REST lists {len(listed)} programs instead of one")
    query = "{ programs(first: 10) { edges { node { slug title } } } }"
    answer = ok(browser.post_json(f"{base}/learning/graphql/", json.dumps({"query": query}))).json()
    if answer.get("errors"):
        raise SiteError(f"GraphQL answers with errors: {answer['errors']}")
    nodes = [edge["node"] for edge in answer["data"]["programs"]["edges"]]
    expected = [{"slug": listed[0]["slug"], "title": listed[0]["title"]}]
    if nodes != expected:
        raise SiteError(f"REST says {expected}, GraphQL says {nodes}")
    return str(listed[0]["title"])


def check(wheel: Path, folder: Path) -> str:
    """Install ``wheel`` and use it in ``folder``; the title of the program that came through."""
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    site = folder / "site"
    site.mkdir()
    make_site(python, site)
    run(python, "manage.py", "prodev_import", OVERVIEW, "--publish", cwd=site)
    run(python, "manage.py", "prodev_export_table", "topics", "--output", "topics.xlsx", cwd=site)
    run(python, "manage.py", "prodev_import_table", "topics", "topics.xlsx", cwd=site)
    with running(python, site, free_port()) as served:
        return read_back(served.address)


def main() -> int:
    wheel = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="prodev-wheel-") as folder:
        try:
            title = check(wheel, Path(folder))
        except SiteError as error:
            print(f"wheel check failed: {error}", file=sys.stderr)
            return 1
    print(f"wheel check: {wheel.name} in a bare site serves “{title}” over REST and GraphQL")
    return 0


if __name__ == "__main__":
    sys.exit(main())
