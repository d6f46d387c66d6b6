"""A request that is sent again while the first attempt runs, or after it was killed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module", params=[pytest.param("postgres", marks=pytest.mark.postgres), "sqlite"])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    suffix = os.environ.get("PRODEV_TEST_DB_SUFFIX", "")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.services.race_settings",
        "PRODEV_TEST_DB_SUFFIX": f"{suffix}_keys".lstrip("_"),
    }
    if request.param == "sqlite":
        environment["PRODEV_RACE_SQLITE"] = str(tmp_path_factory.mktemp("race") / "race.sqlite3")
    done = subprocess.run(
        [sys.executable, "-m", "tests.writing.key_races"],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_eight_at_once_have_one_effect_and_one_answer(results: dict[str, Any]) -> None:
    assert results["eight_at_once"] == {
        "statuses": {"201": 8},
        "answers": 1,
        "replayed": 7,
        "rows": 1,
        "receipts": 1,
        "events": 1,
    }


def test_an_attempt_that_was_killed_leaves_nothing_and_can_be_sent_again(results: dict[str, Any]) -> None:
    assert results["killed_before_commit"] == {"exit": -9, "left": [0, 0, 0], "again": 201, "rows": [1, 1, 1]}
