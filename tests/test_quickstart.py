"""The quickstart, run command by command in an empty folder, against the package as it is installed."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from markdown_it import MarkdownIt

from scripts.running_site import Browser, RunningSite, free_port, running

QUICKSTART = Path(__file__).resolve().parent.parent / "docs" / "quickstart.md"
SUPERUSER = {
    "DJANGO_SUPERUSER_USERNAME": "staff",
    "DJANGO_SUPERUSER_EMAIL": "staff@example.com",
    "DJANGO_SUPERUSER_PASSWORD": "quickstart-only",
}
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "PYTHONPATH"}
}


@dataclass
class Reader:
    """Someone who follows the page in ``folder`` and does what each block says."""

    folder: Path
    stack: ExitStack
    site: RunningSite | None = None
    printed: dict[str, str] = field(default_factory=dict)

    def run(self, line: str) -> None:
        command = shlex.split(line)
        match command:
            case ["python", "-m", "pip", "install", "django-prodev"]:
                assert version("django-prodev")
            case ["python", "manage.py", "runserver"]:
                site = running(Path(sys.executable), self.folder, free_port(), ENVIRONMENT)
                self.site = self.stack.enter_context(site)
            case ["curl", address, *rest]:
                self.printed[line] = self.fetch(address, rest)
            case ["python", "manage.py", "createsuperuser"]:
                self.printed[line] = self.execute([*command, "--noinput"])
            case _:
                self.printed[line] = self.execute(command)

    def execute(self, command: list[str]) -> str:
        programs = {"python": [sys.executable], "django-admin": [sys.executable, "-m", "django"]}
        command = [*programs[command[0]], *command[1:]]
        environment = ENVIRONMENT | SUPERUSER
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def fetch(self, address: str, options: list[str]) -> str:
        assert self.site is not None, f"{address} is opened before the site runs"
        address, browser = address.replace("http://127.0.0.1:8000", self.site.address), Browser()
        match options:
            case []:
                answer = browser.get(address, accept="*/*")
            case ["--json", data]:
                answer = browser.post_json(address, data)
            case _:
                raise AssertionError(f"curl with {options}")
        assert answer.status == 200, answer
        return answer.text()

    def save(self, name: str, text: str) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}")


def blocks() -> Iterator[tuple[str, str, str]]:
    """The language, the file name (empty for commands) and the text of each fenced block."""
    for token in MarkdownIt().parse(QUICKSTART.read_text(encoding="utf-8")):
        if token.type == "fence":
            language, _, rest = token.info.partition(" ")
            yield language, rest.removeprefix('title="').removesuffix('"'), token.content


def test_every_command_of_the_quickstart_works_and_the_program_comes_out_everywhere(tmp_path: Path) -> None:
    title = "Web Security Basics"
    with ExitStack() as stack:
        reader = Reader(tmp_path, stack)
        for language, name, text in blocks():
            if name:
                reader.save(name, text)
            else:
                assert language == "sh"
                for line in text.splitlines():
                    reader.run(line)
        for address in re.findall(r"<(http://127\.0\.0\.1:8000/[^>]*)>", QUICKSTART.read_text(encoding="utf-8")):
            reader.printed[address] = reader.fetch(address, [])
    outputs = [text for line, text in reader.printed.items() if "learning/" in line or "export" in line]
    assert len(outputs) == 4
    assert all(title in text for text in outputs)
