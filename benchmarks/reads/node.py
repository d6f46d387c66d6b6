"""How PostGraphile's worker is started: a process of Node that reads and answers the same lines as ours."""

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent / "postgraphile"

OLDEST = 22
"""The oldest Node that PostGraphile 5 runs on."""


class NoNode(Exception):
    """What is missing; the text names it."""


def command() -> list[str]:
    """The worker's command line.

    ``make bench`` installs a Node beside PostGraphile where there is a package of it; elsewhere the machine's is taken.

    Raises:
        NoNode: PostGraphile is not installed, or no Node that it runs on.
    """
    modules = HERE / "node_modules"
    node = shutil.which("node", path=str(modules / ".bin")) or shutil.which("node")
    if node is None:
        raise NoNode("Node is missing")
    if not (modules / "postgraphile").is_dir():
        raise NoNode("it is not installed: make bench does it, with npm")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(said.removeprefix("v").partition(".")[0]) < OLDEST:
        raise NoNode(f"Node {OLDEST} is needed, and this is {said}")
    return [node, "--expose-gc", str(HERE / "worker.mjs")]


def environment(database: str) -> dict[str, str]:
    """What the worker finds in its environment: the server of ``DATABASE_URL``, and that it is in production."""
    server, _, _ = (os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres").rpartition("/")
    return {"PRODEV_BENCH_ADDRESS": f"{server}/{database}", "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
