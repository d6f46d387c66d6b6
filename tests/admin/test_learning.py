"""Writing who learns and what they made of it: enrolments, progress, entries, projects."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from django_prodev.enums import (
    EnrollmentStatus,
    EntryKind,
    ProgressStatus,
    ProjectStatus,
    Visibility,
)
from django_prodev.models import (
    Enrollment,
    Entry,
    Project,
    Unit,
)
from django_prodev.testing import (
    count_statements,
    make_enrollment,
    make_entry,
    make_progress,
    make_project,
    make_published_program,
    make_solution,
    make_topic,
    make_user,
)
from tests.admin.pages import (
    act,
    address,
    errors_of,
    form_of,
    superuser_client,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]

PROGRAM = {
    "title": "Backend",
    "slug": "backend",
    "summary": "",
    "description": "# What it is",
    "outcomes": "Write an API\n\n  Test it ",
    "level": "",
    "language": "en",
    "effort_hours": "120",
    "visibility": "public",
    "admission": "request",
    "external_id": "",
}


@pytest.fixture
def client() -> Client:
    return superuser_client()


def test_a_person_is_enrolled_and_an_address_invited(client: Client) -> None:
    program, user = make_published_program(), make_user()
    client.post(address(Enrollment, "add"), {"program": program.pk, "user": user.pk})
    client.post(address(Enrollment, "add"), {"program": program.pk, "email": "ada@example.com"})
    statuses = set(Enrollment.objects.values_list("status", "email"))
    assert statuses == {(EnrollmentStatus.ACTIVE, ""), (EnrollmentStatus.INVITED, "ada@example.com")}
    response = client.post(address(Enrollment, "add"), {"program": program.pk, "user": user.pk})
    assert set(errors_of(response)) == {"__all__"}
    assert Enrollment.objects.count() == 2


def test_a_list_names_people_by_what_they_log_in_with(client: Client) -> None:
    program, user = make_published_program(), make_user("grace")
    given = {"program": program.pk, "people": f"{user.get_username()}\nada@b.org"}
    page = client.post(address(Enrollment, "enroll"), given)
    client.post(address(Enrollment, "enroll"), given | {"seal": page.context["seal"]})
    assert set(Enrollment.objects.values_list("user", "status")) == {(user.pk, "active"), (None, "invited")}


def test_the_state_of_an_enrolment_moves_by_actions(client: Client) -> None:
    program = make_published_program()
    enrollment = make_enrollment(program=program)
    closed = make_enrollment(program=program, status=EnrollmentStatus.WITHDRAWN)
    response = act(client, enrollment, "pause_enrollment", closed)
    enrollment.refresh_from_db()
    closed.refresh_from_db()
    assert (enrollment.status, closed.status) == (EnrollmentStatus.PAUSED, EnrollmentStatus.WITHDRAWN)
    done, refused = told(response)
    assert done == "Pause the chosen enrolments: 1 row."
    assert refused.startswith(f"{closed}: ")


def test_progress_moves_by_actions(client: Client) -> None:
    program = make_published_program(units=1)
    progress = make_progress(enrollment=make_enrollment(program=program), unit=Unit.objects.get())
    act(client, progress, "waive_unit")
    progress.refresh_from_db()
    assert progress.status == ProgressStatus.WAIVED


def test_an_entry_is_curated_published_and_answered(client: Client) -> None:
    program, topic = make_published_program(), make_topic()
    posted = {"program": program.pk, "kind": "challenge", "title": "Slow queries", "body": "Why?", "position": "0"}
    posted |= {"visibility": "public", "curated": "on", "topics": [topic.pk]}
    client.post(address(Entry, "add"), posted)
    challenge = Entry.objects.get()
    assert (challenge.author, challenge.status, list(challenge.topics.all())) == (None, "draft", [topic])
    act(client, challenge, "publish_entries")
    posted |= {"kind": "solution", "parent": challenge.pk, "title": "An index"}
    client.post(address(Entry, "add"), posted)
    solution = challenge.solutions.get()
    act(client, solution, "accept_solutions")
    solution.refresh_from_db()
    assert (solution.status, solution.accepted_at is not None) == ("published", True)
    response = client.post(address(Entry, "add"), posted | {"parent": ""})
    assert set(errors_of(response)) == {"parent"}


def test_an_entry_is_edited_shared_and_deleted(client: Client) -> None:
    entry = make_entry(topics=[make_topic()])
    topic = make_topic()
    changed = form_of(client, entry) | {"visibility": "program", "topics": [topic.pk], "body": "More"}
    assert client.post(address(Entry, "change", entry.pk), changed).status_code == 302
    entry.refresh_from_db()
    assert (entry.visibility, entry.body, list(entry.topics.all())) == (Visibility.PROGRAM, "More", [topic])
    client.post(address(Entry, "delete", entry.pk), {"post": "yes"})
    assert not Entry.objects.exists()


def test_the_log_of_the_admin_quotes_nobody(client: Client) -> None:
    entry, project = make_entry(title="Kept to myself"), make_project(title="Kept to myself")
    for row in (entry, project):
        client.post(address(type(row), "change", row.pk), form_of(client, row) | {"body": "More"})
    act(client, entry, "publish_entries")
    client.post(
        address(Entry, "changelist"), {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
    )
    logged = LogEntry.objects.order_by("pk").values_list("object_repr", flat=True)
    assert list(logged) == [f"entry #{entry.pk}", f"project #{project.pk}", *[f"entry #{entry.pk}"] * 2]
    assert not any("Kept" in str(values) for values in LogEntry.objects.values())


def test_the_page_of_a_challenge_shows_its_solutions_in_as_many_statements_for_fifty_as_for_two(
    client: Client,
) -> None:
    challenge = make_entry(kind=EntryKind.CHALLENGE)
    counts = set()
    for size in (2, 50):
        while challenge.solutions.count() < size:
            make_solution(challenge, author=make_user(), title="How I solved it")
        page = client.get(address(Entry, "change", challenge.pk))
        assert (
            page.content.decode().count('value="How I solved it"')
            + page.content.decode().count("<p>How I solved it</p>")
            == size
        )
        counts.add(count_statements(lambda: client.get(address(Entry, "change", challenge.pk))))
    assert len(counts) == 1


def test_a_project_is_curated_and_reviewed(client: Client) -> None:
    program, member = make_published_program(), make_user()
    posted = {"program": program.pk, "title": "A shop", "position": "0", "visibility": "public", "curated": "on"}
    client.post(address(Project, "add"), posted)
    curated = Project.objects.get()
    assert curated.owner is None
    project = make_project(status=ProjectStatus.SUBMITTED, enrollment=make_enrollment(program=program))
    act(client, project, "approve_projects")
    project.refresh_from_db()
    assert project.status == ProjectStatus.APPROVED
    assert project.reviewer is not None
    draft = make_project(enrollment=project.enrollment)
    changed = form_of(client, draft) | {"members": [member.pk], "visibility": "mentors"}
    assert client.post(address(Project, "change", draft.pk), changed).status_code == 302
    draft.refresh_from_db()
    assert (list(draft.members.all()), draft.visibility) == ([member], "mentors")
