"""Races of real processes for the same rows: ``python -m tests.services.races`` prints what came out, as JSON.

It makes the database that ``race_settings`` names, runs every race in it, and drops it. Each race forks its processes,
lets them wait for each other, and starts them at one moment.
"""

import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import django

RACERS = multiprocessing.get_context("fork")


def outcome(act: Callable[[], Any]) -> str:
    """``done``, the code of a refusal, or what nobody caught."""
    from django_prodev.exceptions import ProdevError

    try:
        act()
    except ProdevError as error:
        return error.code
    except Exception as error:  # noqa: BLE001  what nobody caught is what a race is to show
        return f"uncaught {type(error).__name__}: {error}"
    return "done"


def race(lanes: Sequence[Sequence[Callable[[], Any]]]) -> dict[str, int]:
    """Run each lane in a process of its own, all from the same moment. Returns how often each outcome occurred."""
    from django.db import connections

    connections.close_all()
    barrier = RACERS.Barrier(len(lanes))
    results: Any = RACERS.Queue()

    def run(lane: Sequence[Callable[[], Any]]) -> None:
        barrier.wait(timeout=30)
        results.put([outcome(act) for act in lane])
        connections.close_all()

    processes = [RACERS.Process(target=run, args=(lane,)) for lane in lanes]
    for process in processes:
        process.start()
    counted = Counter(result for _ in lanes for result in results.get(timeout=60))
    for process in processes:
        process.join()
    return dict(counted)


def in_lanes(acts: Sequence[Callable[[], Any]], count: int) -> list[Sequence[Callable[[], Any]]]:
    return [acts[lane::count] for lane in range(count)]


def enrol_200_people_in_30_places() -> dict[str, Any]:
    from django_prodev import api
    from django_prodev.models import Enrollment, Event
    from tests.services.school import School

    school = School(capacity=30)
    school.enrollment.delete()
    people = make_people(200)
    acts = [
        lambda user=user: api.enroll(program=school.program, user=user, actor=user, cohort=school.cohort)
        for user in people
    ]
    outcomes = race(in_lanes(acts, 10))
    rows = Enrollment.objects.filter(cohort=school.cohort)
    waiting = list(rows.filter(status="waitlisted").order_by("enrolled_at", "pk").values_list("uuid", flat=True))
    recorded = Event.objects.filter(type="prodev.enrollment.waitlisted.v1").order_by("pk")
    return {
        "outcomes": outcomes,
        "statuses": dict(Counter(rows.values_list("status", flat=True))),
        "people": rows.values("user").distinct().count(),
        "in_order": waiting == list(recorded.values_list("object_uuid", flat=True)),
    }


def enrol_twice_at_once() -> dict[str, Any]:
    from django_prodev import api
    from django_prodev.models import Enrollment
    from tests.services.school import School

    school = School()
    people = make_people(5)
    acts = [
        lambda user=user: api.enroll(program=school.program, user=user, actor=user) for user in people for _ in range(4)
    ]
    outcomes = race(in_lanes(acts, 4))
    return {"outcomes": outcomes, "rows": Enrollment.objects.filter(program=school.program, cohort=None).count()}


def leave_while_others_enrol() -> dict[str, Any]:
    from django_prodev import api
    from django_prodev.models import Enrollment
    from tests.services.school import School

    school = School(capacity=10)
    inside = [
        api.enroll(program=school.program, user=user, actor=None, cohort=school.cohort) for user in make_people(14)
    ]
    leaving = [lambda row=row: api.withdraw_enrollment(enrollment=row, actor=None) for row in inside[:8]]
    coming = [
        lambda user=user: api.enroll(program=school.program, user=user, actor=user, cohort=school.cohort)
        for user in make_people(8)
    ]
    acts = [act for pair in zip(leaving, coming, strict=True) for act in pair]
    outcomes = race(in_lanes(acts, 4))
    rows = Enrollment.objects.filter(cohort=school.cohort)
    return {"outcomes": outcomes, "statuses": dict(Counter(rows.values_list("status", flat=True)))}


def publish_at_once() -> dict[str, Any]:
    from django_prodev import api
    from django_prodev.models import Event
    from tests.services.school import School

    school = School()
    total: Counter[str] = Counter()
    for _ in range(5):
        draft = api.draft_curriculum(program=school.program, actor=school.editor)
        publish = [lambda draft=draft: api.publish_curriculum(curriculum=draft, actor=school.editor)]
        total.update(race([publish, publish]))
    recorded = Event.objects.filter(type="prodev.curriculum.published.v1", program=school.program).count()
    return {
        "outcomes": dict(total),
        "published": school.program.curricula.filter(status="published").count(),
        "events": recorded,
    }


def complete_at_once() -> dict[str, Any]:
    from django_prodev import api
    from django_prodev.models import Event, Progress
    from tests.services.school import School

    school = School(units=1)
    unit = school.all_units[0]
    mark = [lambda: api.complete_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)]
    finish = [lambda: api.complete_enrollment(enrollment=school.enrollment, actor=school.learner)]
    outcomes = Counter(race([mark] * 6))
    outcomes.update(race([finish] * 6))
    events = Event.objects.filter(program=school.program, type__contains=".completed.")
    return {
        "outcomes": dict(outcomes),
        "marks": Progress.objects.filter(enrollment=school.enrollment).count(),
        "events": dict(Counter(events.values_list("type", flat=True))),
    }


def edit_at_once() -> dict[str, Any]:
    from django_prodev import api
    from django_prodev.models import Event
    from tests.services.school import School

    school = School()
    seen = api.version_of(school.program)
    edits = [
        [
            lambda title=title: api.edit_program(
                program=school.program, actor=school.editor, title=title, expected_version=seen
            )
        ]
        for title in ("One", "Two", "Three", "Four")
    ]
    return {
        "outcomes": race(edits),
        "events": Event.objects.filter(program=school.program, type="prodev.program.edited.v1").count(),
    }


def make_people(count: int) -> list[Any]:
    from django_prodev.testing.factories import make_user

    return [make_user() for _ in range(count)]


RACES = (
    enrol_200_people_in_30_places,
    enrol_twice_at_once,
    leave_while_others_enrol,
    publish_at_once,
    complete_at_once,
    edit_at_once,
)


def main() -> None:
    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        json.dump({race.__name__: race() for race in RACES}, sys.stdout)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
