"""The short form of ``make race``: on each database with its cache, the naive designs are caught and ours is not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PAIRS = [
    pytest.param("postgres", "redis", (), marks=pytest.mark.postgres, id="redis"),
    pytest.param("postgres", "redis", ("--memory=0",), marks=pytest.mark.postgres, id="redis each time"),
    pytest.param("postgres", "memcached", (), marks=pytest.mark.postgres, id="memcached"),
    pytest.param("sqlite", "locmem", (), id="locmem"),
]


@pytest.mark.parametrize(("database", "cache", "more"), PAIRS)
def test_nobody_reads_what_a_finished_write_made_stale(database: str, cache: str, more: tuple[str, ...]) -> None:
    options = (*more, "--reads=1500", "--commits=60", "--readers=3", "--writers=2", "--faults=1", "--seconds=60")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.race_cache", f"--database={database}", f"--cache={cache}", *options],
        cwd=ROOT,
        env=os.environ.copy(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    found = json.loads(done.stdout.splitlines()[-1])
    if "skipped" in found:
        pytest.skip(found["skipped"])
    ours = found["races"]["stamps"]
    assert (ours["stale"], ours["errors"]) == (0, [])
    assert ours["reads"] > 0
    assert ours["commits"] > 0
    if cache == "redis":
        assert set(found["faults"]["stamps"].values()) == {"1 of 1"}
