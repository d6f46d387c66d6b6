import pytest
from django.db import IntegrityError, OperationalError, connection
from pytest_django import DjangoAssertNumQueries

from django_prodev import api
from django_prodev.enums import EnrollmentStatus
from django_prodev.exceptions import Busy, Conflict, NotFound
from django_prodev.models import Enrollment, Event, Program
from django_prodev.services.sight import is_visible
from django_prodev.services.transactions import locked, service
from django_prodev.testing.factories import make_program, make_user
from tests.services.refusals import refused
from tests.services.school import School


def test_what_fails_leaves_nothing_behind(db: None) -> None:
    @service
    def write() -> None:
        make_program()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert Program.objects.count() == 0


def test_what_a_constraint_refuses_is_a_conflict(school: School) -> None:
    @service
    def enrol_past_the_check() -> None:
        Enrollment.objects.create(program=school.program, user=school.learner, status=EnrollmentStatus.ACTIVE)

    code = "already_enrolled" if connection.vendor == "postgresql" else "conflict"
    with refused(Conflict, code) as caught:
        enrol_past_the_check()
    assert isinstance(caught.value.__cause__, IntegrityError)


@pytest.mark.parametrize("text", ["database is locked", "database table is locked: django_prodev_event"])
def test_a_lock_that_is_not_given_is_a_refusal_to_try_again(db: None, text: str) -> None:
    @service
    def wait() -> None:
        raise OperationalError(text)

    with refused(Busy):
        wait()


def test_a_database_that_is_broken_is_not_said_to_be_busy(db: None) -> None:
    @service
    def fail() -> None:
        raise OperationalError("disk I/O error")

    with pytest.raises(OperationalError, match="disk"):
        fail()


def test_a_row_that_is_gone_is_not_found(db: None) -> None:
    with refused(NotFound):
        locked(Program, 1)


def test_the_write_lock_is_taken_before_anything_is_read(
    school: School, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(9 if connection.vendor == "sqlite" else 8) as captured:
        api.edit_program(program=school.program, actor=school.editor, title="Other")
    first_words = [query["sql"].split()[0] for query in captured.captured_queries]
    if connection.vendor == "sqlite":
        assert first_words[:2] == ["SAVEPOINT", "UPDATE"]
    assert Event.objects.count() == 1


def test_visibility_is_one_prepared_statement_that_answers_like_the_rule(
    school: School, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hidden = make_program(provider=school.provider)
    people = [school.owner, school.learner, school.stranger, make_user(is_superuser=True), None]
    for target in (hidden, school.program, school.enrollment, school.cohort, school.all_units[0]):
        for person in people:
            rows = type(target).objects.filter(pk=target.pk)
            expected = True if person is None else rows.visible_to(person, addressed=True).exists()
            with django_assert_num_queries(0 if person is None else 1):
                assert is_visible(person, target) is expected
