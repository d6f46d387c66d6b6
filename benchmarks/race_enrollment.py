"""Processes that enrol for the same few places at one moment, over and over: ``make race-enrollment``.

In each round every process enrols a person through another door (the service, REST, GraphQL, a list that is imported),
and some people are enrolled by two processes at once. Afterwards exactly the places are taken, the others wait, nobody
is there twice, and nothing was raised that is not a refusal. A control with a planted fault, which counts the places
and then inserts, runs before: a harness that does not catch it proves nothing.

It makes a database of its own (``tests.services.race_settings``) and drops it. The last line of its output is JSON.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

CONTEXT = multiprocessing.get_context("fork")
CONTROL_ROUNDS = 30
PATIENCE = 120


def main() -> int:
    options = _options()
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root), str(root / "src")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.services.race_settings"
    suffix = os.environ.get("PRODEV_TEST_DB_SUFFIX", "")
    os.environ["PRODEV_TEST_DB_SUFFIX"] = f"{suffix}_seats".lstrip("_")
    with tempfile.TemporaryDirectory() as folder:
        if options.database == "sqlite":
            os.environ["PRODEV_RACE_SQLITE"] = str(Path(folder) / "race.sqlite3")
        import django

        django.setup()
        from django.db import connection

        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            return _run(options)
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--places", type=int, default=10)
    parser.add_argument("--database", choices=["postgres", "sqlite"], default="postgres")
    return parser.parse_args()


def _run(options: argparse.Namespace) -> int:
    crew = Crew(options.processes, options.places)
    try:
        control = crew.rounds(CONTROL_ROUNDS, planted=True, until=lambda found: found["oversold"] > 0)
        result = crew.rounds(options.rounds, planted=False)
    finally:
        crew.dismiss()
    caught = control["oversold"] > 0
    clean = not any(result[kind] for kind in ("oversold", "underfilled", "twice", "uncaught"))
    print(json.dumps({"database": options.database, "control": control, "result": result, "ok": caught and clean}))
    if not caught:
        print("The planted fault was not caught: this run proves nothing.", file=sys.stderr)
    return 0 if caught and clean else 1


class Crew:
    """Worker processes that live for the whole run, and act when they are told to, all at one moment."""

    def __init__(self, processes: int, places: int) -> None:
        from django.db import connections

        from tests.services.races import make_people

        self.processes, self.places = processes, places
        self.people = make_people(processes - processes // 4)
        self.barrier = CONTEXT.Barrier(processes)
        self.pipes: list[Any] = []
        self.workers: list[Any] = []
        clients = [_signed_in(person) for person in self.people]
        _warm_up(self.people[0], clients[0])
        connections.close_all()
        for number in range(processes):
            ours, theirs = CONTEXT.Pipe()
            which = number % len(self.people)
            worker = CONTEXT.Process(
                target=_work, args=(number, self.people[which], clients[which], theirs, self.barrier), daemon=True
            )
            worker.start()
            self.pipes.append(ours)
            self.workers.append(worker)

    def rounds(self, count: int, *, planted: bool, until: Callable[[Any], bool] | None = None) -> dict[str, Any]:
        """Run so many rounds, or fewer where ``until`` is content. Returns what came out, in numbers."""
        found: dict[str, Any] = dict.fromkeys(("rounds", "oversold", "underfilled", "twice", "uncaught"), 0)
        outcomes: Counter[str] = Counter()
        started = time.perf_counter()
        for number in range(count):
            said = self._round(number, planted=planted, found=found)
            outcomes.update(said)
            found["rounds"] += 1
            if until is not None and until(found):
                break
        found["seconds"] = round(time.perf_counter() - started, 1)
        found["outcomes"] = dict(outcomes)
        return found

    def _round(self, number: int, *, planted: bool, found: dict[str, Any]) -> list[str]:
        from django_prodev.models import Enrollment

        cohort = _open_cohort(self.places)
        for pipe in self.pipes:
            pipe.send((number, cohort.pk, planted))
        said = [_heard(pipe) for pipe in self.pipes]
        rows = list(Enrollment.objects.filter(program=cohort.program).values_list("user_id", "status"))
        counted = Counter(status for _, status in rows)
        expected = min(self.places, len(self.people))
        found["oversold"] += counted["active"] > self.places
        found["underfilled"] += counted["active"] < expected or len(rows) < len(self.people)
        found["twice"] += len({user for user, _ in rows}) < len(rows)
        usual = {"done", "already_enrolled"}
        if not planted:
            found["uncaught"] += sum(each not in usual for each in said)
            found["uncaught"] += said.count("done") != len(self.people)
        return said

    def dismiss(self) -> None:
        for pipe in self.pipes:
            pipe.send(None)
        for worker in self.workers:
            worker.join(timeout=10)


def _heard(pipe: Any) -> str:
    if not pipe.poll(PATIENCE):
        return "no answer"
    return str(pipe.recv())


def _open_cohort(places: int) -> Any:
    from django_prodev.enums import Admission, CohortStatus
    from django_prodev.testing.factories import make_cohort, make_published_program

    program = make_published_program(units=1, admission=Admission.OPEN)
    return make_cohort(program=program, status=CohortStatus.PUBLISHED, capacity=places)


def _warm_up(person: Any, client: Any) -> None:
    """Go through each door once, so that every process begins with the plans made."""
    for door in _doors():
        door(person, _open_cohort(1), client)


def _signed_in(person: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client


def _work(number: int, person: Any, client: Any, pipe: Any, barrier: Any) -> None:
    from django.db import connections

    from django_prodev.models import Cohort
    from tests.services.races import outcome

    doors = _doors()
    while (order := pipe.recv()) is not None:
        turn, cohort_id, planted = order
        cohort = Cohort.objects.select_related("program").get(pk=cohort_id)
        door = _count_then_insert if planted else doors[(number + turn) % len(doors)]
        barrier.wait(timeout=PATIENCE)
        pipe.send(outcome(partial(door, person, cohort, client)))
    connections.close_all()


def _doors() -> tuple[Callable[[Any, Any, Any], None], ...]:
    return (_by_service, _over_rest, _over_graphql, _by_import)


def _by_service(person: Any, cohort: Any, client: Any) -> None:
    from django_prodev import api

    api.enroll(program=cohort.program, user=person, actor=person, cohort=cohort)


def _by_import(person: Any, cohort: Any, client: Any) -> None:
    """A list of one row, as staff paste it."""
    from django_prodev import api
    from django_prodev.exceptions import Refused

    [row] = api.bulk_enroll(program=cohort.program, people=[person], actor=None, cohort=cohort)
    if row.code:
        raise Refused(code=row.code)


def _over_rest(person: Any, cohort: Any, client: Any) -> None:
    from tests.writing.asking import over_rest

    _raise(over_rest(client, "enroll", None, {"program": cohort.program, "cohort": cohort}).code)


def _over_graphql(person: Any, cohort: Any, client: Any) -> None:
    from tests.writing.asking import over_graphql

    _raise(over_graphql(client, "enroll", None, {"program": cohort.program, "cohort": cohort}).code)


def _raise(code: str) -> None:
    from django_prodev.exceptions import Refused

    if code:
        raise Refused(code=code)


def _count_then_insert(person: Any, cohort: Any, client: Any) -> None:
    """The planted fault: the places are counted, and nothing keeps others from taking them before the insert."""
    from django_prodev.models import Enrollment
    from django_prodev.testing.factories import make_enrollment

    taken = Enrollment.objects.filter(cohort=cohort, status="active").count()
    make_enrollment(cohort=cohort, user=person, status="active" if taken < cohort.capacity else "waitlisted")


if __name__ == "__main__":
    sys.exit(main())
