"""The short form of ``make race-enrollment``: the doors mixed, on each database, with faults that must be caught."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.race_doors import DOORS, Clients, went

OPTIONS = ("--rounds=8", "--processes=8", "--places=4")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres), "sqlite"])
def test_no_place_is_given_twice_or_lost_through_whichever_door(database: str) -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/race_enrollment.py", *OPTIONS, f"--database={database}"],
        cwd=ROOT,
        env=os.environ.copy(),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    found = json.loads(done.stdout.splitlines()[-1])
    result = found["result"]
    assert found["control"]["oversold"] > 0
    assert found["broken"]["uncaught"] == 8 * len(DOORS)
    assert (result["rounds"], result["outcomes"]) == (8, {"done": 48, "already_enrolled": 16})
    assert not any(result[kind] for kind in ("oversold", "underfilled", "twice", "uncaught", "miscounted"))


def test_an_error_that_is_only_logged_is_no_ordinary_outcome() -> None:
    def swallow(person: Any, cohort: Any, clients: Clients) -> None:
        logging.getLogger("django_prodev.cache").error("lost")

    clients = Clients(person=None, staff=None)
    assert went(swallow, None, None, clients) == "logged lost, then done"
    assert went(lambda person, cohort, clients: None, None, None, clients) == "done"
