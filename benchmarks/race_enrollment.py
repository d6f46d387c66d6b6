"""Processes that enrol for the same few places at one moment, over and over: ``make race-enrollment``.

In each round every process enrols a person through another door (the service, REST, GraphQL, the form and the list of
people in the admin, a list that a program imports, ``prodev_import --learner`` with a file), and some people are
enrolled by two processes at once. Afterwards exactly the places are taken, the others wait in the order in which they
came, nobody is there twice, and each process was told ``done`` or ``already_enrolled``: whatever else is raised, told
or logged as an error counts as ``uncaught``. Whom a file brings joins the program without its cohort, and takes no
place.

Two controls with a planted fault run before: places that are counted before the insert, and a database that fails at
the insert below each of the doors. A harness that does not catch them proves nothing.

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
from pathlib import Path
from typing import Any

CONTEXT = multiprocessing.get_context("fork")
CONTROL_ROUNDS = 30
PATIENCE = 120
FAULTS = ("oversold", "underfilled", "twice", "out_of_order", "uncaught", "miscounted")
ORDINARY = frozenset({"done", "already_enrolled"})


def main() -> int:
    options = _options()
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root), str(root / "src")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.services.race_settings"
    suffix = os.environ.get("PRODEV_TEST_DB_SUFFIX", "")
    os.environ["PRODEV_TEST_DB_SUFFIX"] = f"{suffix}_seats".lstrip("_")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PRODEV_RACE_FOLDER"] = folder
        if options.database == "sqlite":
            os.environ["PRODEV_RACE_SQLITE"] = str(Path(folder) / "race.sqlite3")
        import django

        django.setup()
        from django.db import connection
        from django.test.utils import setup_test_environment

        setup_test_environment()
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
    from benchmarks.race_doors import DOORS

    crew = Crew(options.processes, options.places)
    try:
        control = crew.rounds(CONTROL_ROUNDS, planted="count_then_insert", until=lambda found: found["oversold"] > 0)
        broken = crew.rounds(len(DOORS), planted="broken")
        result = crew.rounds(options.rounds)
    finally:
        crew.dismiss()
    caught = control["oversold"] > 0 and broken["uncaught"] == options.processes * len(DOORS)
    clean = not any(result[kind] for kind in FAULTS)
    found = {"database": options.database, "control": control, "broken": broken, "result": result}
    print(json.dumps(found | {"ok": caught and clean}))
    if not caught:
        print("A planted fault was not caught: this run proves nothing.", file=sys.stderr)
    return 0 if caught and clean else 1


class Crew:
    """Worker processes that live for the whole run, and act when they are told to, all at one moment."""

    def __init__(self, processes: int, places: int) -> None:
        from django.db import connections

        from benchmarks.race_doors import Clients
        from django_prodev.testing.factories import make_user
        from tests.services.races import make_people

        self.processes, self.places = processes, places
        self.people = make_people(processes - processes // 4)
        self.barrier = CONTEXT.Barrier(processes)
        self.pipes: list[Any] = []
        self.workers: list[Any] = []
        clients = [_signed_in(person) for person in self.people]
        staff = _signed_in(make_user(is_staff=True, is_superuser=True))
        _warm_up(self.people[0], Clients(clients[0], staff))
        connections.close_all()
        for number in range(processes):
            ours, theirs = CONTEXT.Pipe()
            which = number % len(self.people)
            worker = CONTEXT.Process(
                target=_work,
                args=(number, self.people[which], Clients(clients[which], staff), theirs, self.barrier),
                daemon=True,
            )
            worker.start()
            self.pipes.append(ours)
            self.workers.append(worker)

    def rounds(self, count: int, *, planted: str = "", until: Callable[[Any], bool] | None = None) -> dict[str, Any]:
        """Run so many rounds, or fewer where ``until`` is content. Returns what came out, in numbers.

        ``planted`` is a fault: ``count_then_insert`` or ``broken``.
        """
        found: dict[str, Any] = dict.fromkeys(("rounds", *FAULTS), 0)
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

    def _round(self, number: int, *, planted: str, found: dict[str, Any]) -> list[str]:
        from django_prodev.models import Enrollment

        cohort = _open_cohort(self.places)
        for pipe in self.pipes:
            pipe.send((number, cohort.pk, planted))
        said = [_heard(pipe) for pipe in self.pipes]
        rows = list(Enrollment.objects.filter(program=cohort.program).order_by("enrolled_at", "pk"))
        seated = [row for row in rows if row.cohort_id is not None]
        active = [row for row in seated if row.status == "active"]
        waiting = [row for row in seated if row.status == "waitlisted"]
        found["oversold"] += len(active) > self.places
        found["underfilled"] += len(active) < min(self.places, len(seated)) or len(rows) < len(self.people)
        found["twice"] += len({row.user_id for row in rows}) < len(rows)
        found["uncaught"] += sum(each not in ORDINARY for each in said)
        if not planted:
            found["out_of_order"] += _came([*active, *waiting]) != [row.uuid for row in [*active, *waiting]]
            found["miscounted"] += said.count("done") != len(self.people)
        return said

    def dismiss(self) -> None:
        for pipe in self.pipes:
            pipe.send(None)
        for worker in self.workers:
            worker.join(timeout=10)


def _came(rows: list[Any]) -> list[Any]:
    """The rows by the events that tell of them: who came when."""
    from django_prodev.models import Event

    events = Event.objects.filter(object_uuid__in=[row.uuid for row in rows]).order_by("pk")
    return list(events.values_list("object_uuid", flat=True))


def _heard(pipe: Any) -> str:
    """What a process says of its turn. Whichever says nothing ends the run: there is nothing to go on with."""
    if not pipe.poll(PATIENCE):
        raise SystemExit("A process did not answer.")
    try:
        return str(pipe.recv())
    except EOFError:
        raise SystemExit("A process ended before its time.") from None


def _open_cohort(places: int) -> Any:
    from django_prodev.enums import Admission, CohortStatus
    from django_prodev.testing.factories import make_cohort, make_published_program

    program = make_published_program(units=1, admission=Admission.OPEN)
    return make_cohort(program=program, status=CohortStatus.PUBLISHED, capacity=places)


def _warm_up(person: Any, clients: Any) -> None:
    """Go through each door once, so that every process begins with the plans made."""
    from benchmarks.race_doors import DOORS

    for door in DOORS:
        door(person, _open_cohort(1), clients)


def _signed_in(person: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client


def _work(number: int, person: Any, clients: Any, pipe: Any, barrier: Any) -> None:
    from django.db import connections

    from benchmarks.race_doors import DOORS, broken, count_then_insert, went
    from django_prodev.models import Cohort

    while (order := pipe.recv()) is not None:
        turn, cohort_id, planted = order
        cohort = Cohort.objects.select_related("program__provider").get(pk=cohort_id)
        door = DOORS[(number + turn) % len(DOORS)]
        door = {"": door, "broken": broken(door), "count_then_insert": count_then_insert}[planted]
        barrier.wait(timeout=PATIENCE)
        pipe.send(went(door, person, cohort, clients))
    connections.close_all()


if __name__ == "__main__":
    sys.exit(main())
