"""The questions of ``prodev_import`` in a real terminal, in a process with a database that it makes and throws away."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

from tests.documents.proposals import PROPOSED

SCRIPT = """
import fcntl, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # the terminal is this process's own, so that Ctrl-C reaches it
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs the tests may ignore it, as in the background
import django
from django.conf import settings
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_prodev"],
    USE_TZ=True,
)
django.setup()
from django.core.management import call_command, CommandError
call_command("migrate", verbosity=0)
from django_prodev.models import Entry
for turn in range(4):
    try:
        call_command("prodev_import", sys.argv[1], interactive=True)
    except CommandError as error:
        print("REFUSED", error)
    print("ENTRIES", Entry.objects.count())
"""

QUESTION, CONFIRMATION = "without writing? ", "[y/N] "
TYPED = [
    *[(QUESTION, b"\x04")],
    *[(QUESTION, b"\x03")],
    *[(QUESTION, b"a\n"), (CONFIRMATION, b"\x03")],
    *[(QUESTION, b"a\n"), (CONFIRMATION, b"y\n")],
]
"""Ctrl-D, Ctrl-C, Ctrl-C at the very end, and yes to all."""


def at_a_terminal(overview: Path) -> str:
    """Type each answer once its prompt stands on the screen; the answer is all that was shown."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"PYTHONPATH": "src"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    child = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(overview)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=Path(__file__).parents[2],
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    screen, at, quiet = b"", 0, 0
    waiting, typed = list(TYPED), b""
    while quiet < 60:
        if not select.select([ours], [], [], 5)[0]:
            quiet += 1
            # A signal between the prompt and the reading is noticed with the next key, as by whoever presses it again.
            if typed == b"\x03" and b"REFUSED" not in screen[at:]:
                os.write(ours, typed)
            continue
        quiet = 0
        try:
            read = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        screen += read
        if waiting and (found := screen.find(waiting[0][0].encode(), at)) >= 0:
            at = found + 1
            typed = waiting.pop(0)[1]
            os.write(ours, typed)
    os.close(ours)
    assert child.wait(timeout=60) == 0, screen
    return screen.decode()


def test_a_terminal_is_asked_and_leaving_it_writes_nothing(tmp_path: Path) -> None:
    overview = tmp_path / "overview.md"
    overview.write_text(PROPOSED, encoding="utf-8")
    screen = at_a_terminal(overview)
    assert [line for line in screen.split("\r\n") if line.startswith(("REFUSED", "ENTRIES"))] == [
        *["REFUSED Nothing was written.", "ENTRIES 0"] * 3,
        "ENTRIES 5",
    ]
    assert "Traceback" not in screen
