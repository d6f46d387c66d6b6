"""An import of a table as a whole: all rows or none, batch by batch, in so many statements, whoever else writes."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.dispatch import Signal
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from django_prodev.documents.tables.runs import TableRequest
from django_prodev.exceptions import Conflict
from django_prodev.models import Enrollment, Event, Progress, Topic
from django_prodev.services.permissions import PermissionPolicy
from django_prodev.signals import enrollment_changed, event_recorded
from django_prodev.testing.factories import make_enrollment, make_user
from tests.documents.tabling import actions, exported, imported, lines, planned
from tests.services.school import School

GOOD, BAD = ("concept", "a", "A"), ("concept", "b", "B" * 201)
HEAD = ("kind", "slug", "name")


class NobodyIsAllowed(PermissionPolicy):
    """A host's own rule."""

    def allows(self, actor: Any, action: Any, place: Any) -> bool:
        return False


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [1, 2, 1_000])
def test_one_bad_row_keeps_all_out_unless_the_good_ones_are_asked_for(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_prodev.documents.tables.runs.BATCH", batch)
    rows = lines(HEAD, GOOD, BAD, ("concept", "c", "C"))
    report = imported("topics", rows)
    assert (report.is_written, Topic.objects.count(), Event.objects.count()) == (False, 0, 0)
    assert actions(report) == {2: "create", 3: "error", 4: "create"}
    report = imported("topics", rows, good_rows_only=True)
    assert (report.is_written, Topic.objects.count(), Event.objects.count()) == (True, 2, 2)


@pytest.mark.django_db
def test_a_file_that_breaks_off_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_prodev.documents.tables.runs.BATCH", 1)
    with pytest.raises(Exception, match="not closed"):
        imported("topics", lines(HEAD, GOOD) + 'concept,c,"C\n', good_rows_only=True)
    assert not Topic.objects.exists()


def files(school: School, count: int) -> dict[str, str]:
    """A file for each table, of so many rows that each make something."""
    people = [make_user() for _ in range(count)]
    program, units = school.program.slug, [unit.slug for unit in school.all_units]
    learners = [make_enrollment(cohort=school.cohort).user for _ in range(count)]
    return {
        "enrollments": lines(
            ("program", "cohort", "username"),
            *((program, school.cohort.slug, one.get_username()) for one in people),
        ),
        "progress": lines(
            ("program", "username", "unit", "status", "score"),
            *((program, one.get_username(), units[at % 3], "completed", "0.5") for at, one in enumerate(learners)),
        ),
        "topics": lines(
            (*HEAD, "parent"),
            ("concept", "top", "Top"),
            *(("concept", f"s{at}", f"S{at}", "concept/top") for at in range(count - 1)),
        ),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["enrollments", "progress", "topics"])
def test_a_batch_takes_so_many_statements_whatever_is_in_it(table: str) -> None:
    school, counted = School(), []
    for count in (2, 20, 40):
        content = files(school, count)[table]
        for actor in (school.owner, None):
            for run in (planned, imported):
                with CaptureQueriesContext(connection) as statements:
                    report = run(table, content, actor=actor)
                counted.append((count, actor is None, run.__name__, len(statements)))
                assert not report.has_errors
        Topic.objects.all().delete()
    by_kind = {kind: {n for _, *rest, n in counted if tuple(rest) == kind} for kind in {c[1:3] for c in counted}}
    # The first of an actor makes, the next finds: each is alike for every number of rows.
    assert all(len(numbers) == 1 for numbers in by_kind.values()), counted
    assert max(number for *_, number in counted) <= 40


@pytest.mark.django_db
def test_receivers_are_told_once_all_is_committed(django_capture_on_commit_callbacks: Any) -> None:
    school, told = School(), []

    def receive(sender: Any, event: Any, instance: Any, signal: Signal, **_: Any) -> None:
        told.append((event.type, instance.status, instance.user_id))

    person = make_user()
    for signal in (enrollment_changed, event_recorded):
        signal.connect(receive)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            imported("enrollments", lines(("program", "username"), (school.program.slug, person.get_username())))
            assert told == []
    finally:
        for signal in (enrollment_changed, event_recorded):
            signal.disconnect(receive)
    assert told == [("prodev.enrollment.activated.v1", "active", person.pk)] * 2


@pytest.mark.django_db
def test_whoever_is_second_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from django_prodev.documents.tables import runs

    started: list[int] = []
    once = runs._run_once

    def lose_first(request: TableRequest, reports: list[Any]) -> None:
        started.append(1)
        if len(started) == 1:
            raise Conflict
        once(request, reports)

    monkeypatch.setattr(runs, "_run_once", lose_first)
    assert imported("topics", lines(HEAD, GOOD)).is_written
    monkeypatch.setattr(runs, "_run_once", lambda *_: (_ for _ in ()).throw(Conflict()))
    with pytest.raises(Conflict):
        imported("topics", lines(HEAD, GOOD))


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize("table", ["enrollments", "progress", "topics"])
def test_the_same_file_twice_at_once_is_imported_once(table: str) -> None:
    school = School(capacity=60)
    content = files(school, 40)[table]
    reports: list[Any] = []
    barrier = threading.Barrier(3)

    def run() -> None:
        try:
            barrier.wait()
            reports.append(imported(table, content))
        except Exception as error:  # noqa: BLE001  told below
            reports.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(report.changes for report in reports) == [0, 0, 40], reports
    assert Event.objects.count() == 40
    assert {"enrollments": Enrollment, "progress": Progress, "topics": Topic}[table].objects.count() >= 40
    assert Enrollment.objects.filter(cohort=school.cohort, status="active").count() <= 60


@pytest.mark.django_db
@override_settings(DJANGO_PRODEV={"PERMISSION_POLICY": "tests.documents.test_table_runs.NobodyIsAllowed"})
def test_a_sites_own_policy_is_asked() -> None:
    school = School()
    rows = lines(("program", "username"), (school.program.slug, make_user().get_username()))
    assert imported("enrollments", rows, actor=school.owner).has_errors


@pytest.mark.django_db
def test_an_export_holds_what_its_reader_may_see() -> None:
    school, other = School(), School()
    for table in ("enrollments", "progress"):
        assert other.learner.get_username().encode() not in exported(table, actor=school.owner)
        assert exported(table, actor=school.stranger).count(b"\n") == 1
    assert exported("enrollments", actor=school.mentor).count(b"\n") == 2
    assert exported("enrollments").count(b"\n") == 3
