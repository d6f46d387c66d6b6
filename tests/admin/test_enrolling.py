"""Enrolling from a pasted list or a file in the admin: ask, say what would be done, do that and nothing else."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from django_prodev.enums import CohortStatus, Role
from django_prodev.models import Cohort, Enrollment, Event, Program
from django_prodev.testing import (
    count_statements,
    make_cohort,
    make_enrollment,
    make_membership,
    make_published_program,
    make_user,
)
from tests.admin.pages import address, client_of, make_staff, superuser_client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls"), pytest.mark.djangos_user]


@pytest.fixture
def client() -> Client:
    return superuser_client()


@pytest.fixture
def cohort() -> Cohort:
    return make_cohort(program=make_published_program(), status=CohortStatus.PUBLISHED, slug="spring", capacity=2)


def send(client: Client, cohort: Cohort | None, text: str, program: Program | None = None, **more: Any) -> Any:
    given = {"program": program.pk if program else cohort.program_id if cohort else "", "people": text, **more}
    return client.post(address(Enrollment, "enroll"), given | {"cohort": cohort.pk if cohort else ""})


def confirm(client: Client, page: Any) -> Any:
    """Send back what the page that asks has in its hidden fields."""
    form = page.context["form"]
    given = {"people": form.cleaned_data["people"], "seal": page.context["seal"]}
    cohort = page.context["cohort"]
    return send(client, cohort, given.pop("people"), page.context["program"], **given)


def states(page: Any) -> list[tuple[str, str]]:
    return [
        (each.line.person, each.enrollment.status if each.enrollment else each.code)
        for each in page.context["outcomes"]
    ]


def test_a_list_is_shown_before_anything_is_done_and_then_done(client: Client, cohort: Cohort) -> None:
    for name in ("grace", "linus", "barbara"):
        make_user(name)
    inside = make_enrollment(program=cohort.program, user=make_user("inside"))
    text = "grace, 2030-01-31\nada@example.org\nnobody\ninside\nlinus\nbarbara\nbarbara\nno@address"
    expected = [
        *(("grace", "active"), ("ada@example.org", "invited"), ("nobody", "no_such_person")),
        *(("inside", "already_enrolled"), ("linus", "active"), ("barbara", "waitlisted")),
        *(("barbara", "already_enrolled"), ("no@address", "invalid")),
    ]
    page = send(client, cohort, text)
    assert states(page) == expected
    assert "Nothing has been done yet" in page.content.decode()
    assert "Enrol or invite 4 people" in page.content.decode()
    assert (Enrollment.objects.count(), Event.objects.count()) == (1, 0)
    done = confirm(client, page)
    assert states(done) == expected
    assert "4 people were enrolled or invited." in done.content.decode()
    made = Enrollment.objects.exclude(pk=inside.pk)
    assert set(made.values_list("cohort", flat=True)) == {cohort.pk}
    assert made.get(user__username="grace").due_at is not None
    assert Event.objects.count() == LogEntry.objects.count() == 4


def test_a_file_of_a_spreadsheet_is_read_like_a_pasted_list(client: Client, cohort: Cohort) -> None:
    make_user("grace")
    autumn = make_cohort(program=cohort.program, status=CohortStatus.PUBLISHED, slug="autumn", title="Autumn 2027")
    text = "username;cohort;due;shoe size\r\ngrace;Autumn 2027;2027-06-30;38\r\nnoël;;;\r\n"
    file = SimpleUploadedFile("people.csv", text.encode("cp1252"), content_type="text/csv")
    page = send(client, cohort, "", file=file)
    assert states(page) == [("grace", "active"), ("noël", "no_such_person")]
    assert "shoe size" in page.content.decode()
    done = confirm(client, page)
    assert Enrollment.objects.get().cohort == autumn
    assert "1 person was enrolled or invited." in done.content.decode()


def test_what_is_not_confirmed_is_not_done(client: Client, cohort: Cohort) -> None:
    first, second = make_user("first"), make_user("second")
    page = send(client, cohort, "first\nsecond")
    make_enrollment(program=cohort.program, user=second)
    again = confirm(client, page)
    assert states(again) == [("first", "active"), ("second", "already_enrolled")]
    assert "things have changed" in again.content.decode()
    assert not Enrollment.objects.filter(user=first).exists()
    confirm(client, again)
    assert Enrollment.objects.filter(user=first).count() == 1


def test_confirming_twice_enrols_once(client: Client, cohort: Cohort) -> None:
    make_user("first")
    page = send(client, cohort, "first")
    confirm(client, page)
    again = confirm(client, page)
    assert states(again) == [("first", "already_enrolled")]
    assert Enrollment.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"people": ""}, "people", "one of them"),
        ({"people": "ada", "program": "0"}, "program", "valid choice"),
        ({"people": "email,mail\na,b"}, "people", "mean the same"),
        ({"people": "ada\0"}, "people", "Null characters"),
        ({"people": "", "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}, "file", "binary"),
        ({"people": "", "file": SimpleUploadedFile("a.csv", b"a" * 1_000_001)}, "file", "at most 1000000 bytes"),
        ({"people": "ada\n" * 1_001}, "people", "at most 1000"),
    ],
)
def test_bad_input_is_told_at_its_field(client: Client, cohort: Cohort, given: Any, field: str, told: str) -> None:
    page = client.post(address(Enrollment, "enroll"), {"program": cohort.program_id, **given})
    assert page.status_code == 200
    assert told in " ".join(page.context["form"].errors[field])
    assert "Nobody was enrolled" in page.content.decode()
    assert not Enrollment.objects.exists()


def test_a_list_that_nobody_gets_in_by_is_refused_as_a_whole(client: Client, cohort: Cohort) -> None:
    Cohort.objects.update(status=CohortStatus.DRAFT)
    page = send(client, cohort, "ada@example.org")
    assert "cohort that is not open" in page.content.decode()
    other = send(client, cohort, "ada@example.org", make_published_program())
    assert "another program" in other.content.decode()


def test_the_list_can_be_changed_before_it_is_confirmed(client: Client, cohort: Cohort) -> None:
    page = send(client, cohort, "ada@example.org", again="Change the list")
    assert "ada@example.org" in page.content.decode()
    assert "seal" not in page.content.decode()


def test_a_mentor_enrols_in_their_cohort_and_in_no_other(cohort: Cohort) -> None:
    mentor = make_staff(username="mentor")
    make_membership(user=mentor, cohort=cohort, role=Role.MENTOR)
    make_user("grace")
    other = make_cohort(program=cohort.program, status=CohortStatus.PUBLISHED, slug="other")
    hidden = make_cohort(program=cohort.program, slug="hidden")
    client = client_of(mentor)
    page = send(client, cohort, "grace\na@b.org,other\nb@b.org,hidden\nc@b.org,absent")
    found = states(page)
    assert found == [
        *(("grace", "active"), ("a@b.org", "permission_denied")),
        *(("b@b.org", "no_such_cohort"), ("c@b.org", "no_such_cohort")),
    ]
    messages = [each.message.replace(each.line.cohort, "…") for each in page.context["outcomes"][2:]]
    assert messages[0] == messages[1]
    assert "permission" not in send(client, None, "grace,spring", cohort.program).content.decode()
    assert "You may not do this" in send(client, other, "grace").content.decode()
    assert "valid choice" in str(send(client, hidden, "grace").context["form"].errors["cohort"])


def test_the_page_is_for_staff_who_may_add_enrolments(cohort: Cohort) -> None:
    assert client_of(make_user(is_staff=True)).get(address(Enrollment, "enroll")).status_code == 403
    assert client_of(make_user()).get(address(Enrollment, "enroll")).status_code == 302
    assert Client().post(address(Enrollment, "enroll"), {"program": cohort.program_id}).status_code == 302


def test_the_page_is_found_from_cohorts_programs_and_enrolments(client: Client, cohort: Cohort) -> None:
    link = address(Enrollment, "enroll")
    assert link in client.get(address(Enrollment, "changelist")).content.decode()
    assert link in client.get(address(Program, "change", cohort.program_id)).content.decode()
    page = client.get(address(Cohort, "change", cohort.pk)).content.decode()
    assert f"{link}?program={cohort.program_id}&amp;cohort={cohort.pk}" in page
    asked = client.get(f"{link}?program={cohort.program_id}&cohort={cohort.pk}").content.decode()
    assert asked.count("selected") == 2


def test_a_list_takes_as_many_statements_for_forty_as_for_two(client: Client, cohort: Cohort) -> None:
    for number in range(40):
        make_user(f"person-{number}")
    counts = set()
    for size in (2, 40):  # SQLite takes rows in batches of what 999 parameters hold
        text = "\n".join(f"person-{number}" for number in range(size))
        counts.add(count_statements(lambda text=text: send(client, cohort, text)))
    assert len(counts) == 1
