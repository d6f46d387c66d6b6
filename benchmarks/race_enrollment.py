"""Processes that enrol for the same few places at one moment, over and over: ``make race-enrollment``.

In each round every process enrols a person through another door (the service, REST, GraphQL, the form and the list of
people in the admin, a list that a program imports, ``prodev_import --learner`` with a file), and some people are
enrolled by two processes at once. Afterwards exactly the places are taken, the others wait in the order in which they
came, nobody is there twice, and nothing was raised that is not a refusal. Whom a file brings joins the program without
its cohort, and takes no place. A control with a planted fault, which counts the places and then inserts, runs before: a
harness that does not catch it proves nothing.

It makes a database of its own (``tests.services.race_settings``) and drops it. The last line of its output is JSON.
"""

import argparse
import io
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

CONTEXT = multiprocessing.get_context("fork")
CONTROL_ROUNDS = 30
PATIENCE = 120
FAULTS = ("oversold", "underfilled", "twice", "out_of_order", "uncaught")


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
    crew = Crew(options.processes, options.places)
    try:
        control = crew.rounds(CONTROL_ROUNDS, planted=True, until=lambda found: found["oversold"] > 0)
        result = crew.rounds(options.rounds, planted=False)
    finally:
        crew.dismiss()
    caught = control["oversold"] > 0
    clean = not any(result[kind] for kind in FAULTS)
    print(json.dumps({"database": options.database, "control": control, "result": result, "ok": caught and clean}))
    if not caught:
        print("The planted fault was not caught: this run proves nothing.", file=sys.stderr)
    return 0 if caught and clean else 1


class Crew:
    """Worker processes that live for the whole run, and act when they are told to, all at one moment."""

    def __init__(self, processes: int, places: int) -> None:
        from django.db import connections

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

    def rounds(self, count: int, *, planted: bool, until: Callable[[Any], bool] | None = None) -> dict[str, Any]:
        """Run so many rounds, or fewer where ``until`` is content. Returns what came out, in numbers."""
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

    def _round(self, number: int, *, planted: bool, found: dict[str, Any]) -> list[str]:
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
        if not planted:
            found["out_of_order"] += _came([*active, *waiting]) != [row.uuid for row in [*active, *waiting]]
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


def _came(rows: list[Any]) -> list[Any]:
    """The rows by the events that tell of them: who came when."""
    from django_prodev.models import Event

    events = Event.objects.filter(object_uuid__in=[row.uuid for row in rows]).order_by("pk")
    return list(events.values_list("object_uuid", flat=True))


def _heard(pipe: Any) -> str:
    if not pipe.poll(PATIENCE):
        return "no answer"
    return str(pipe.recv())


def _open_cohort(places: int) -> Any:
    from django_prodev.enums import Admission, CohortStatus
    from django_prodev.testing.factories import make_cohort, make_published_program

    program = make_published_program(units=1, admission=Admission.OPEN)
    return make_cohort(program=program, status=CohortStatus.PUBLISHED, capacity=places)


@dataclass(frozen=True)
class Clients:
    """Who acts: the person, and one of the staff."""

    person: Any
    staff: Any


def _warm_up(person: Any, clients: Clients) -> None:
    """Go through each door once, so that every process begins with the plans made."""
    for door in _doors():
        door(person, _open_cohort(1), clients)


def _signed_in(person: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client


def _work(number: int, person: Any, clients: Clients, pipe: Any, barrier: Any) -> None:
    from django.db import connections

    from django_prodev.models import Cohort
    from tests.services.races import outcome

    doors = _doors()
    while (order := pipe.recv()) is not None:
        turn, cohort_id, planted = order
        cohort = Cohort.objects.select_related("program__provider").get(pk=cohort_id)
        door = _count_then_insert if planted else doors[(number + turn) % len(doors)]
        barrier.wait(timeout=PATIENCE)
        pipe.send(outcome(partial(door, person, cohort, clients)))
    connections.close_all()


Door = Callable[[Any, Any, Clients], None]


def _doors() -> tuple[Door, ...]:
    return (_by_service, _over_rest, _over_graphql, _in_the_admin, _by_pasted_list, _by_imported_list, _by_file)


def _by_service(person: Any, cohort: Any, clients: Clients) -> None:
    from django_prodev import api

    api.enroll(program=cohort.program, user=person, actor=person, cohort=cohort)


def _by_imported_list(person: Any, cohort: Any, clients: Clients) -> None:
    """A list of one row, as a program of the host imports it."""
    from django_prodev import api
    from django_prodev.enums import EnrollmentSource

    [row] = api.bulk_enroll(
        program=cohort.program, people=[person], actor=None, cohort=cohort, source=EnrollmentSource.IMPORT
    )
    _raise(row.code)


def _over_rest(person: Any, cohort: Any, clients: Clients) -> None:
    from tests.writing.asking import over_rest

    _raise(over_rest(clients.person, "enroll", None, {"program": cohort.program, "cohort": cohort}).code)


def _over_graphql(person: Any, cohort: Any, clients: Clients) -> None:
    from tests.writing.asking import over_graphql

    _raise(over_graphql(clients.person, "enroll", None, {"program": cohort.program, "cohort": cohort}).code)


def _in_the_admin(person: Any, cohort: Any, clients: Clients) -> None:
    """The form of one enrolment, sent by staff."""
    given = {"program": cohort.program_id, "cohort": cohort.pk, "user": person.pk}
    response = clients.staff.post("/admin/django_prodev/enrollment/add/", given)
    if response.status_code != 302:
        _raise(_code_in(response.context["adminform"].form))


def _code_in(form: Any) -> str:
    return next(error["code"] for texts in form.errors.get_json_data().values() for error in texts)


def _by_pasted_list(person: Any, cohort: Any, clients: Clients) -> None:
    """The page of the admin: what it says would be done is confirmed until that is what is done."""
    address = "/admin/django_prodev/enrollment/enroll/"
    given = {"program": cohort.program_id, "cohort": cohort.pk, "people": person.get_username()}
    page = clients.staff.post(address, given)
    while (seal := page.context.get("seal")) and not page.context["outcomes"][0].code:
        page = clients.staff.post(address, given | {"seal": seal})
    if "outcomes" not in page.context:
        _raise(_code_in(page.context["form"]))
    _raise(page.context["outcomes"][0].code)


def _by_file(person: Any, cohort: Any, clients: Clients) -> None:
    """``prodev_import --learner``: the person's record, and a place in the program without one in the cohort."""
    from django.core.management import CommandError, call_command

    from django_prodev.exceptions import ProdevError
    from django_prodev.models import Enrollment

    path = Path(os.environ["PRODEV_RACE_FOLDER"]) / f"{person.pk}.md"
    if not path.exists():
        path.write_text("# A record\n\n## Takeaways\n\n- Ask before the places are gone.\n")
    program = cohort.program
    try:
        call_command(
            "prodev_import",
            path,
            program=program.slug,
            provider=program.provider.slug,
            learner=person.get_username(),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
        )
    except CommandError as error:
        raise error.__cause__ if isinstance(error.__cause__, ProdevError) else error from None
    made = Enrollment.objects.filter(program=program, user=person, cohort=None).exists()
    _raise("" if made else "already_enrolled")


def _raise(code: str) -> None:
    from django_prodev.exceptions import Refused

    if code:
        raise Refused(code=code)


def _count_then_insert(person: Any, cohort: Any, clients: Clients) -> None:
    """The planted fault: the places are counted, and nothing keeps others from taking them before the insert."""
    from django_prodev.models import Enrollment
    from django_prodev.testing.factories import make_enrollment

    taken = Enrollment.objects.filter(cohort=cohort, status="active").count()
    make_enrollment(cohort=cohort, user=person, status="active" if taken < cohort.capacity else "waitlisted")


if __name__ == "__main__":
    sys.exit(main())
