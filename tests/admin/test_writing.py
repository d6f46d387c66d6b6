"""What the admin writes goes through the services: rules, roles, versions and events included."""

from typing import Any

import pytest
from django.test import Client

from django_prodev import api
from django_prodev.enums import (
    CurriculumStatus,
    EnrollmentStatus,
    EntryKind,
    ProgramStatus,
    ProgressStatus,
    ProjectStatus,
    Role,
    TopicRole,
    Visibility,
)
from django_prodev.models import (
    Cohort,
    Curriculum,
    CurriculumItem,
    Enrollment,
    Entry,
    Event,
    Membership,
    Program,
    Project,
    Provider,
    Topic,
    Unit,
    UnitTopic,
)
from django_prodev.testing import (
    count_statements,
    make_cohort,
    make_curriculum,
    make_enrollment,
    make_entry,
    make_event,
    make_item,
    make_job,
    make_membership,
    make_program,
    make_progress,
    make_project,
    make_provider,
    make_published_program,
    make_solution,
    make_topic,
    make_unit,
    make_unit_topic,
    make_user,
)
from tests.admin.pages import address, client_of, make_staff, superuser_client, told

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
NO_ITEMS = {"items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"}
NO_TOPICS = {"unit_topics-TOTAL_FORMS": "0", "unit_topics-INITIAL_FORMS": "0"}


@pytest.fixture
def client() -> Client:
    return superuser_client()


def _errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200, response.headers
    form = response.context["adminform"].form
    return {name: list(texts) for name, texts in form.errors.items()}


def _recorded() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("type", flat=True))


def _form(client: Client, row: Any) -> dict[str, Any]:
    """What a browser would send back of a row's page if nothing were changed."""
    response = client.get(address(type(row), "change", row.pk))
    sent: dict[str, Any] = {}
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            value = bound.field.prepare_value(value)
            if bound.field.disabled or value is None or value is False:
                continue
            sent[bound.html_name] = value
    return sent


def test_a_program_is_created(client: Client) -> None:
    provider = make_provider()
    response = client.post(address(Program, "add"), PROGRAM | {"provider": provider.pk})
    program = Program.objects.get()
    assert response.status_code == 302
    assert (program.provider, program.status, program.outcomes) == (
        provider,
        ProgramStatus.DRAFT,
        ["Write an API", "Test it"],
    )
    event = Event.objects.get()
    assert (event.type, event.actor) == ("prodev.program.created.v1", client.get("/admin/").context["user"])


def test_a_refusal_stands_at_its_fields_and_keeps_what_was_typed(client: Client) -> None:
    program = make_program(slug="backend")
    posted = PROGRAM | {"provider": program.provider.pk, "language": "not a tag", "title": "Kept"}
    response = client.post(address(Program, "add"), posted)
    errors = _errors(response)
    assert set(errors) == {"slug", "language"}
    assert 'value="Kept"' in response.content.decode()
    assert (Program.objects.count(), Event.objects.count()) == (1, 0)


def test_only_what_changed_is_written_and_recorded(client: Client) -> None:
    program = make_program(outcomes=["One", "Two"])
    client.post(address(Program, "change", program.pk), _form(client, program) | {"title": "Other"})
    event = Event.objects.get()
    assert (event.type, event.data) == ("prodev.program.edited.v1", {"fields": ["title"]})
    client.post(address(Program, "change", program.pk), _form(client, program))
    assert Event.objects.count() == 1


def test_a_lost_update_is_refused(client: Client) -> None:
    program = make_program(title="As it was")
    first, second = _form(client, program), _form(client, program)
    client.post(address(Program, "change", program.pk), first | {"title": "Mine"})
    response = client.post(address(Program, "change", program.pk), second | {"summary": "Theirs"})
    assert _errors(response) == {"__all__": ["This was changed by someone else since it was read."]}
    program.refresh_from_db()
    assert (program.title, program.summary) == ("Mine", "")


def test_the_state_of_a_program_is_no_field_of_its_form(client: Client) -> None:
    program = make_program()
    posted = _form(client, program) | {"status": "published", "provider": make_provider().pk}
    client.post(address(Program, "change", program.pk), posted)
    program.refresh_from_db()
    assert program.status == ProgramStatus.DRAFT
    assert program.provider_id != make_provider().pk


def test_a_permission_of_django_is_not_a_role_here() -> None:
    user = make_staff()
    program = make_published_program()
    client = client_of(user)
    page = client.get(address(Program, "change", program.pk))
    assert page.status_code == 200
    assert not page.context["has_change_permission"]
    assert client.post(address(Program, "change", program.pk), {"title": "X"}).status_code == 403
    response = client.post(address(Program, "add"), PROGRAM | {"provider": program.provider.pk})
    assert _errors(response) == {"__all__": ["You may not do this."]}
    make_membership(user=user, program=program, role=Role.EDITOR)
    page = client.get(address(Program, "change", program.pk))
    assert page.context["has_change_permission"]


def test_a_role_here_is_not_a_permission_of_django() -> None:
    program = make_published_program()
    user = make_user(is_staff=True)
    make_membership(user=user, program=program, role=Role.OWNER)
    assert client_of(user).get(address(Program, "change", program.pk)).status_code == 403


def test_providers_and_topics_are_written(client: Client) -> None:
    client.post(address(Provider, "add"), {"name": "Home", "slug": "home"})
    client.post(address(Topic, "add"), {"kind": "skill", "name": "SQL", "slug": "sql", "aliases": "S.Q.L.\nSequel"})
    topic = Topic.objects.get()
    assert topic.aliases == ["S.Q.L.", "Sequel"]
    client.post(address(Topic, "change", topic.pk), _form(client, topic) | {"name": "Structured Query Language"})
    provider = Provider.objects.get()
    client.post(address(Provider, "change", provider.pk), _form(client, provider) | {"name": "At home"})
    assert (Provider.objects.get().name, Topic.objects.get().name) == ("At home", "Structured Query Language")
    assert _recorded() == [
        "prodev.provider.created.v1",
        "prodev.topic.created.v1",
        "prodev.topic.edited.v1",
        "prodev.provider.edited.v1",
    ]


def test_roles_are_granted_for_the_narrowest_scope_and_revoked(client: Client) -> None:
    cohort, user = make_cohort(), make_user()
    client.post(address(Membership, "add"), {"user": user.pk, "role": "mentor", "cohort": cohort.pk})
    membership = Membership.objects.get()
    assert (membership.provider, membership.program, membership.cohort) == (
        cohort.program.provider,
        cohort.program,
        cohort,
    )
    client.post(address(Membership, "delete", membership.pk), {"post": "yes"})
    assert not Membership.objects.exists()
    response = client.post(address(Membership, "add"), {"user": user.pk, "role": "mentor"})
    assert set(_errors(response)) == {"provider"}


def test_the_last_owner_stays_whichever_way_they_are_removed(client: Client) -> None:
    owner = make_membership(role=Role.OWNER)
    one = client.post(address(Membership, "delete", owner.pk), {"post": "yes"}, follow=True)
    many = client.post(
        address(Membership, "changelist"),
        {"action": "delete_selected", "_selected_action": owner.pk, "post": "yes"},
        follow=True,
    )
    for response in (one, many):
        assert told(response) == ["A provider keeps at least one owner."]
    assert Membership.objects.exists()


def test_a_unit_is_written_with_its_topics(client: Client) -> None:
    provider, sql, http = make_provider(), make_topic(), make_topic()
    rows = {"unit_topics-TOTAL_FORMS": "2", "unit_topics-INITIAL_FORMS": "0"}
    rows |= {"unit_topics-0-topic": str(sql.pk), "unit_topics-0-role": "teaches"}
    rows |= {"unit_topics-1-topic": str(http.pk), "unit_topics-1-role": "requires"}
    client.post(
        address(Unit, "add"), {"provider": provider.pk, "title": "HTTP", "slug": "http", "kind": "lesson"} | rows
    )
    unit = Unit.objects.get()
    assert set(unit.unit_topics.values_list("topic", "role")) == {(sql.pk, "teaches"), (http.pk, "requires")}
    changed = _form(client, unit) | {"unit_topics-0-role": "assesses", "unit_topics-1-DELETE": "on"}
    client.post(address(Unit, "change", unit.pk), changed)
    assert UnitTopic.objects.count() == 1
    assert UnitTopic.objects.get().role in {TopicRole.ASSESSES, TopicRole.REQUIRES}


def test_a_curriculum_is_drafted_arranged_and_published(client: Client) -> None:
    program = make_program()
    client.post(address(Curriculum, "add"), {"program": program.pk, "notes": "First"})
    draft = Curriculum.objects.get()
    assert (draft.version, draft.status, draft.notes) == (1, CurriculumStatus.DRAFT, "First")
    units = [make_unit(provider=program.provider) for _ in range(3)]
    rows: dict[str, Any] = {"items-TOTAL_FORMS": "3", "items-INITIAL_FORMS": "0"}
    for number, unit in enumerate(units):
        rows |= {f"items-{number}-unit": unit.pk, f"items-{number}-weight": "1", f"items-{number}-position": "0"}
        rows |= {f"items-{number}-is_required": "on"}
    response = client.post(address(Curriculum, "change", draft.pk), {"notes": "First"} | rows)
    assert response.status_code == 302
    assert [item.unit for item in draft.items.order_by("position")] == units
    first = draft.items.order_by("position").first()
    changed = _form(client, draft) | {"items-1-parent": first.pk, "items-2-DELETE": "on", "items-0-weight": "2.5"}
    assert client.post(address(Curriculum, "change", draft.pk), changed).status_code == 302
    assert list(draft.items.order_by("pk").values_list("unit", "parent", "weight")) == [
        (units[0].pk, None, 2.5),
        (units[1].pk, first.pk, 1),
    ]
    response = _act(client, draft, "publish_curricula")
    draft.refresh_from_db()
    assert draft.status == CurriculumStatus.PUBLISHED
    assert "Publish the chosen curricula: 1 row." in told(response)


def test_a_published_curriculum_is_only_read(client: Client) -> None:
    program = make_published_program()
    curriculum = Curriculum.objects.get(program=program)
    item = curriculum.items.first()
    assert item is not None
    for row in (curriculum, item):
        page = client.get(address(type(row), "change", row.pk))
        assert not page.context["has_change_permission"]
        assert not page.context["has_delete_permission"]
        assert client.post(address(type(row), "change", row.pk), {"notes": "X", "weight": "9"}).status_code == 403
        assert client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
    response = client.post(
        address(Curriculum, "changelist"),
        {"action": "delete_selected", "_selected_action": curriculum.pk, "post": "yes"},
    )
    assert response.status_code == 403
    assert CurriculumItem.objects.filter(curriculum=curriculum).count() == 3


def test_an_item_is_made_moved_and_removed_on_its_own_page(client: Client) -> None:
    item = make_item()
    unit = make_unit(provider=item.curriculum.program.provider)
    posted = {"curriculum": item.curriculum.pk, "unit": unit.pk, "position": "0", "weight": "1"}
    client.post(address(CurriculumItem, "add"), posted)
    made = CurriculumItem.objects.get(unit=unit)
    assert made.position == 0
    stranger = make_item()
    response = client.post(address(CurriculumItem, "change", made.pk), _form(client, made) | {"parent": stranger.pk})
    assert set(_errors(response)) == {"parent"}
    client.post(address(CurriculumItem, "change", made.pk), _form(client, made) | {"parent": item.pk})
    made.refresh_from_db()
    assert made.parent == item
    client.post(address(CurriculumItem, "delete", item.pk), {"post": "yes"})
    assert list(CurriculumItem.objects.all()) == [stranger]


def test_the_page_of_a_curriculum_takes_as_many_statements_for_fifty_units_as_for_two(client: Client) -> None:
    curriculum = make_curriculum()
    counts = set()
    for size in (2, 50):
        while curriculum.items.count() < size:
            make_item(curriculum=curriculum)
        client.get(address(Curriculum, "change", curriculum.pk))
        counts.add(count_statements(lambda: client.get(address(Curriculum, "change", curriculum.pk))))
    assert len(counts) == 1


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


def test_a_cohort_is_written(client: Client) -> None:
    program = make_published_program()
    posted = {"program": program.pk, "title": "Autumn", "slug": "autumn", "mode": "online", "timezone": "UTC"}
    client.post(address(Cohort, "add"), posted | {"capacity": "2"})
    cohort = Cohort.objects.get()
    assert (cohort.capacity, cohort.status) == (2, "draft")
    for _ in range(2):
        make_enrollment(cohort=cohort)
    response = client.post(address(Cohort, "change", cohort.pk), _form(client, cohort) | {"capacity": "1"})
    assert _errors(response) == {"__all__": ["More seats of this cohort are taken than that."]}


def test_a_person_is_enrolled_and_an_address_invited(client: Client) -> None:
    program, user = make_published_program(), make_user()
    client.post(address(Enrollment, "add"), {"program": program.pk, "user": user.pk})
    client.post(address(Enrollment, "add"), {"program": program.pk, "email": "ada@example.com"})
    statuses = set(Enrollment.objects.values_list("status", "email"))
    assert statuses == {(EnrollmentStatus.ACTIVE, ""), (EnrollmentStatus.INVITED, "ada@example.com")}
    response = client.post(address(Enrollment, "add"), {"program": program.pk, "user": user.pk})
    assert set(_errors(response)) == {"__all__"}
    assert Enrollment.objects.count() == 2


def test_the_state_of_an_enrolment_moves_by_actions(client: Client) -> None:
    program = make_published_program()
    enrollment = make_enrollment(program=program)
    closed = make_enrollment(program=program, status=EnrollmentStatus.WITHDRAWN)
    response = _act(client, enrollment, "pause_enrollment", closed)
    enrollment.refresh_from_db()
    closed.refresh_from_db()
    assert (enrollment.status, closed.status) == (EnrollmentStatus.PAUSED, EnrollmentStatus.WITHDRAWN)
    done, refused = told(response)
    assert done == "Pause the chosen enrolments: 1 row."
    assert refused.startswith(f"{closed}: ")


def test_progress_moves_by_actions(client: Client) -> None:
    program = make_published_program(units=1)
    progress = make_progress(enrollment=make_enrollment(program=program), unit=Unit.objects.get())
    _act(client, progress, "waive_unit")
    progress.refresh_from_db()
    assert progress.status == ProgressStatus.WAIVED


def test_an_entry_is_curated_published_and_answered(client: Client) -> None:
    program, topic = make_published_program(), make_topic()
    posted = {"program": program.pk, "kind": "challenge", "title": "Slow queries", "body": "Why?", "position": "0"}
    posted |= {"visibility": "public", "curated": "on", "topics": [topic.pk]}
    client.post(address(Entry, "add"), posted)
    challenge = Entry.objects.get()
    assert (challenge.author, challenge.status, list(challenge.topics.all())) == (None, "draft", [topic])
    _act(client, challenge, "publish_entries")
    posted |= {"kind": "solution", "parent": challenge.pk, "title": "An index"}
    client.post(address(Entry, "add"), posted)
    solution = challenge.solutions.get()
    _act(client, solution, "accept_solutions")
    solution.refresh_from_db()
    assert (solution.status, solution.accepted_at is not None) == ("published", True)
    response = client.post(address(Entry, "add"), posted | {"parent": ""})
    assert set(_errors(response)) == {"parent"}


def test_an_entry_is_edited_shared_and_deleted(client: Client) -> None:
    entry = make_entry(topics=[make_topic()])
    topic = make_topic()
    changed = _form(client, entry) | {"visibility": "program", "topics": [topic.pk], "body": "More"}
    assert client.post(address(Entry, "change", entry.pk), changed).status_code == 302
    entry.refresh_from_db()
    assert (entry.visibility, entry.body, list(entry.topics.all())) == (Visibility.PROGRAM, "More", [topic])
    client.post(address(Entry, "delete", entry.pk), {"post": "yes"})
    assert not Entry.objects.exists()


def test_a_project_is_curated_and_reviewed(client: Client) -> None:
    program, member = make_published_program(), make_user()
    posted = {"program": program.pk, "title": "A shop", "position": "0", "visibility": "public", "curated": "on"}
    client.post(address(Project, "add"), posted)
    curated = Project.objects.get()
    assert curated.owner is None
    project = make_project(status=ProjectStatus.SUBMITTED, enrollment=make_enrollment(program=program))
    _act(client, project, "approve_projects")
    project.refresh_from_db()
    assert project.status == ProjectStatus.APPROVED
    assert project.reviewer is not None
    draft = make_project(enrollment=project.enrollment)
    changed = _form(client, draft) | {"members": [member.pk], "visibility": "mentors"}
    assert client.post(address(Project, "change", draft.pk), changed).status_code == 302
    draft.refresh_from_db()
    assert (list(draft.members.all()), draft.visibility) == ([member], "mentors")


def test_programs_are_published_and_retired_by_actions(client: Client) -> None:
    ready = make_program()
    make_curriculum(program=ready, status=CurriculumStatus.PUBLISHED)
    bare = make_program(title="Bare")
    response = _act(client, ready, "publish_programs", bare)
    ready.refresh_from_db()
    assert ready.status == ProgramStatus.PUBLISHED
    assert told(response) == [
        "Publish the chosen programs: 1 row.",
        "Bare: A program needs a published curriculum before it can be published.",
    ]
    _act(client, ready, "retire_programs")
    _act(client, bare, "draft_curricula")
    ready.refresh_from_db()
    assert (ready.status, bare.curricula.count()) == (ProgramStatus.RETIRED, 1)


def test_an_action_asks_before_it_acts(client: Client) -> None:
    program = make_program(title="<b>Bold</b>")
    page = client.post(
        address(Program, "changelist"), {"action": "publish_programs", "_selected_action": program.pk}
    ).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "Everyone whom the visibility of a program names will see it." in page
    assert not Event.objects.exists()


def test_an_action_reaches_only_what_the_person_may_see() -> None:
    hidden = make_program()
    make_curriculum(program=hidden, status=CurriculumStatus.PUBLISHED)
    _act(client_of(make_staff()), hidden, "publish_programs")
    hidden.refresh_from_db()
    assert hidden.status == ProgramStatus.DRAFT


def test_an_action_takes_only_so_many_rows(client: Client) -> None:
    provider = make_provider()
    rows = [Program(provider=provider, slug=f"p{n}", title=f"P{n}") for n in range(501)]
    Program.objects.bulk_create(rows)
    data = {"action": "publish_programs", "_selected_action": Program.objects.first(), "select_across": "1"}
    data["_selected_action"] = Program.objects.earliest("pk").pk
    response = client.post(address(Program, "changelist"), data, follow=True)
    assert told(response) == ["This takes at most 500 rows at once."]


@pytest.mark.parametrize("make", [make_event, make_job, make_unit_topic])
def test_what_happened_and_what_runs_is_only_read(client: Client, make: Any) -> None:
    row = make()
    page = client.get(address(type(row), "change", row.pk))
    assert page.status_code == 200
    assert client.get(address(type(row), "add")).status_code == 403
    assert client.post(address(type(row), "change", row.pk), {}).status_code == 403
    assert client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_rows_without_a_service_for_it_are_not_deleted(client: Client) -> None:
    for row in (make_published_program(), make_provider(), make_topic(), make_unit(), make_cohort(), make_progress()):
        assert client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403


def test_every_write_of_a_form_is_seen_by_the_version_of_the_row(client: Client) -> None:
    program = make_program()
    before = api.version_of(program)
    assert _form(client, program)["version"] == before
    client.post(address(Program, "change", program.pk), _form(client, program) | {"title": "Other"})
    program.refresh_from_db()
    assert api.version_of(program) != before


def _act(client: Client, row: Any, action: str, *others: Any) -> Any:
    data = {"action": action, "_selected_action": [row.pk, *(other.pk for other in others)], "confirmed": "yes"}
    return client.post(address(type(row), "changelist"), data, follow=True)
