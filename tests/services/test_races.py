"""Rules that hold whatever runs at once, with real processes on databases that they share."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DATABASES = [
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("sqlite"),
]


@pytest.fixture(scope="module", params=DATABASES)
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What all races came to on one database, from one run of ``races``."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.services.race_settings"}
    if request.param != "postgres":
        environment["PRODEV_RACE_SQLITE"] = str(tmp_path_factory.mktemp("race") / "race.sqlite3")
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.races"],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_200_people_for_30_places_make_30_active_and_170_waiting_in_order(results: dict[str, Any]) -> None:
    assert results["enrol_200_people_in_30_places"] == {
        "outcomes": {"done": 200},
        "statuses": {"active": 30, "waitlisted": 170},
        "people": 200,
        "in_order": True,
    }


def test_enrolling_at_the_same_moment_is_enrolling_once(results: dict[str, Any]) -> None:
    assert results["enrol_twice_at_once"] == {"outcomes": {"done": 5, "already_enrolled": 15}, "rows": 5}


def test_no_seat_is_lost_or_given_twice_while_people_come_and_go(results: dict[str, Any]) -> None:
    assert results["leave_while_others_enrol"] == {
        "outcomes": {"done": 16},
        "statuses": {"active": 10, "waitlisted": 5, "withdrawn": 8},
    }


def test_of_two_publications_one_wins_and_one_is_a_conflict(results: dict[str, Any]) -> None:
    assert results["publish_at_once"] == {
        "outcomes": {"done": 5, "already_published": 5},
        "published": 1,
        "events": 5,
    }


def test_completing_at_the_same_moment_is_completing_once(results: dict[str, Any]) -> None:
    assert results["complete_at_once"] == {
        "outcomes": {"done": 12},
        "marks": 1,
        "events": {"prodev.progress.completed.v1": 1, "prodev.enrollment.completed.v1": 1},
    }


def test_of_edits_of_the_same_version_one_is_stored(results: dict[str, Any]) -> None:
    assert results["edit_at_once"] == {"outcomes": {"done": 1, "conflict": 3}, "events": 1}
