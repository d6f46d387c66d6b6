"""The ways in to a cohort that ``race_enrollment`` goes through, and the faults that are planted to see it catch them.

A door returns where the person was enrolled, and raises what it was refused with. Anything else that is raised in it,
or that the site writes to its log as an error, is what nobody caught.
"""

import io
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Clients:
    """Who acts: the person, and one of the staff."""

    person: Any
    staff: Any


Door = Callable[[Any, Any, Clients], None]


def by_service(person: Any, cohort: Any, clients: Clients) -> None:
    from django_prodev import api

    api.enroll(program=cohort.program, user=person, actor=person, cohort=cohort)


def by_imported_list(person: Any, cohort: Any, clients: Clients) -> None:
    """A list of one row, as a program of the host imports it."""
    from django_prodev import api
    from django_prodev.enums import EnrollmentSource

    [row] = api.bulk_enroll(
        program=cohort.program, people=[person], actor=None, cohort=cohort, source=EnrollmentSource.IMPORT
    )
    _raise(row.code)


def over_rest(person: Any, cohort: Any, clients: Clients) -> None:
    from tests.writing import asking

    _raise(asking.over_rest(clients.person, "enroll", None, {"program": cohort.program, "cohort": cohort}).code)


def over_graphql(person: Any, cohort: Any, clients: Clients) -> None:
    from tests.writing import asking

    _raise(asking.over_graphql(clients.person, "enroll", None, {"program": cohort.program, "cohort": cohort}).code)


def in_the_admin(person: Any, cohort: Any, clients: Clients) -> None:
    """The form of one enrolment, sent by staff."""
    given = {"program": cohort.program_id, "cohort": cohort.pk, "user": person.pk}
    response = clients.staff.post("/admin/django_prodev/enrollment/add/", given)
    if response.status_code != 302:
        _raise(_code_in(response.context["adminform"].form))


def _code_in(form: Any) -> str:
    return next(error["code"] for texts in form.errors.get_json_data().values() for error in texts)


def by_pasted_list(person: Any, cohort: Any, clients: Clients) -> None:
    """The page of the admin: what it says would be done is confirmed until that is what is done."""
    address = "/admin/django_prodev/enrollment/enroll/"
    given = {"program": cohort.program_id, "cohort": cohort.pk, "people": person.get_username()}
    page = clients.staff.post(address, given)
    while (seal := page.context.get("seal")) and not page.context["outcomes"][0].code:
        page = clients.staff.post(address, given | {"seal": seal})
    if "outcomes" not in page.context:
        _raise(_code_in(page.context["form"]))
    _raise(page.context["outcomes"][0].code)


def by_file(person: Any, cohort: Any, clients: Clients) -> None:
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


DOORS: tuple[Door, ...] = (
    by_service,
    over_rest,
    over_graphql,
    in_the_admin,
    by_pasted_list,
    by_imported_list,
    by_file,
)


def count_then_insert(person: Any, cohort: Any, clients: Clients) -> None:
    """A planted fault: the places are counted, and nothing keeps others from taking them before the insert."""
    from django_prodev.models import Enrollment
    from django_prodev.testing.factories import make_enrollment

    taken = Enrollment.objects.filter(cohort=cohort, status="active").count()
    make_enrollment(cohort=cohort, user=person, status="active" if taken < cohort.capacity else "waitlisted")


def broken(door: Door) -> Door:
    """A planted fault: the database fails below the door, at the insert, in a way that no service knows of."""

    def enter(person: Any, cohort: Any, clients: Clients) -> None:
        from django.db import DatabaseError, connection

        def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith('INSERT INTO "django_prodev_enrollment"'):
                raise DatabaseError("planted")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(fail):
            door(person, cohort, clients)

    return enter


def went(door: Door, person: Any, cohort: Any, clients: Clients) -> str:
    """``done``, the code of a refusal, or what nobody caught."""
    from tests.services.races import outcome

    with _errors_logged() as logged:
        answer = outcome(lambda: door(person, cohort, clients))
    return f"logged {logged[0]}, then {answer}" if logged else answer


@contextmanager
def _errors_logged() -> Iterator[list[str]]:
    """What is logged as an error meanwhile: the end of a failure that was swallowed on its way."""
    found: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raised = record.exc_info[1] if record.exc_info else None
            found.append(repr(raised) if raised else record.getMessage())

    listener, root = Listener(logging.ERROR), logging.getLogger()
    root.addHandler(listener)
    try:
        yield found
    finally:
        root.removeHandler(listener)
