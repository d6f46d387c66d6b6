"""Every changelist: as many statements for a hundred rows as for one, and only what the person may see."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from django_prodev.admin import changelist
from django_prodev.enums import EnrollmentStatus, EntryKind
from django_prodev.models import Curriculum, Enrollment, Entry, Program, Topic, Unit
from django_prodev.testing import (
    assert_same_statements,
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
    make_published_program,
    make_solution,
    make_topic,
    make_unit,
    make_unit_topic,
    make_user,
)
from tests.admin.pages import address, client_of, make_staff, superuser_client, told
from tests.testing.test_factories import FACTORIES

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]

MODELS: list[Any] = list(apps.get_app_config("django_prodev").get_models())


@pytest.fixture
def client() -> Client:
    return superuser_client()


def _row(name: str) -> Any:
    """A row with everything that its line in the list shows."""
    cohort = make_cohort()
    match name:
        case "Topic":
            topic = make_topic(parent=make_topic())
            make_entry(topics=[topic])
            return make_unit_topic(topic=topic)
        case "Membership":
            return make_membership(cohort=cohort)
        case "Enrollment":
            return make_progress(enrollment=make_enrollment(cohort=cohort))
        case "CurriculumItem":
            parent = make_item()
            return make_item(curriculum=parent.curriculum, parent=parent)
        case "Entry":
            return make_entry(kind=EntryKind.SOLUTION)
        case "Project":
            return make_project(reviewer=make_user())
        case "Event":
            return make_event(actor=make_user(), subject=make_user(), program=cohort.program)
        case "Job":
            return make_job(requested_by=make_user(), total=3)
    make: Any = FACTORIES[name]
    return make()


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_registered(model: Any) -> None:
    assert admin.site.is_registered(model)


@pytest.mark.parametrize("model", MODELS)
def test_a_changelist_takes_as_many_statements_for_a_hundred_rows_as_for_one(client: Client, model: Any) -> None:
    def grow(size: int) -> None:
        while model.objects.count() < size:
            _row(model.__name__)

    def read() -> None:
        response = client.get(address(model, "changelist"), {"all": ""})
        assert response.status_code == 200
        assert len(response.context["cl"].result_list) == model.objects.count()

    assert assert_same_statements(grow, read) <= 14


@pytest.mark.parametrize("model", MODELS)
def test_a_changelist_can_be_searched_and_filtered_by_everything_it_offers(client: Client, model: Any) -> None:
    row = _row(model.__name__)
    row = row if isinstance(row, model) else model.objects.first()
    response = client.get(address(model, "changelist"), {"q": "e"})
    assert response.status_code == 200
    for spec in response.context["cl"].filter_specs:
        for choice in spec.choices(response.context["cl"]):
            assert client.get(address(model, "changelist") + choice["query_string"]).status_code == 200
    columns = range(1, len(response.context["cl"].list_display))
    for order in (".".join(map(str, columns)), ".".join(f"-{column}" for column in columns)):
        assert client.get(address(model, "changelist"), {"o": order}).status_code == 200
    found = client.get(address(model, "changelist"), {"q": str(row.uuid)}).context["cl"].result_list
    assert list(found) == [row]


@pytest.mark.parametrize("model", MODELS)
def test_a_row_opens_and_a_form_for_another_one_where_rows_can_be_made(client: Client, model: Any) -> None:
    _row(model.__name__)
    row = model.objects.first()
    assert client.get(address(model, "change", row.pk)).status_code == 200
    assert client.get(address(model, "history", row.pk)).status_code == 200
    makes = model.__name__ not in {"Event", "Job", "Progress", "Receipt", "UnitTopic"}
    assert client.get(address(model, "add")).status_code == (200 if makes else 403)


def test_a_hidden_row_cannot_be_opened_and_its_address_tells_nothing() -> None:
    hidden = make_program()
    client = client_of(make_staff())
    for key in (hidden.pk, hidden.pk + 1_000):
        for page in ("change", "history", "delete"):
            response = client.get(address(Program, page, key))
            assert response.status_code in {302, 403}
    one, other = (client.get(address(Program, "change", key), follow=True) for key in (hidden.pk, 10**6))
    for response in (one, other):
        assert "Perhaps it was deleted?" in told(response)[0]


def test_filters_offer_nothing_hidden() -> None:
    shown, hidden = make_published_program(title="Shown"), make_program(title="Hidden")
    response = client_of(make_staff()).get(address(Curriculum, "changelist"))
    text = response.content.decode()
    assert shown.title in text
    assert hidden.title not in text


def test_counts_take_in_only_what_the_person_may_see() -> None:
    program = make_published_program()
    for kind in ("public", "private"):
        make_entry(kind=EntryKind.CHALLENGE, program=program, status="published", visibility=kind)
    make_enrollment(program=program)
    row = client_of(make_staff()).get(address(Program, "changelist")).context["cl"].result_list[0]
    assert (row.challenge_count, row.learner_count, row.curriculum_count) == (1, 0, 1)
    row = superuser_client().get(address(Program, "changelist")).context["cl"].result_list[0]
    assert (row.challenge_count, row.learner_count, row.curriculum_count) == (2, 1, 1)


def test_counts_are_right_for_every_row(client: Client) -> None:
    challenges = [make_entry(kind=EntryKind.CHALLENGE) for _ in range(3)]
    for challenge, answers in zip(challenges, (0, 2, 5), strict=True):
        for _ in range(answers):
            make_solution(challenge)
    topic = make_topic()
    for _ in range(2):
        make_entry(topics=[topic, make_topic()])
        make_unit_topic(topic=topic)
    make_enrollment(status=EnrollmentStatus.WITHDRAWN)
    response = client.get(address(Entry, "changelist"), {"kind__exact": "challenge", "o": "-8"})
    assert [row.solution_count for row in response.context["cl"].result_list] == [5, 2, 0]
    rows = client.get(address(Topic, "changelist"), {"q": topic.slug}).context["cl"].result_list
    assert [(row.unit_count, row.entry_count) for row in rows if row == topic] == [(2, 2)]


def test_a_count_leads_to_the_rows_it_counts(client: Client) -> None:
    program = make_published_program(units=2)
    page = client.get(address(Program, "changelist")).content.decode()
    link = f"{address(Curriculum, 'changelist')}?program__id__exact={program.pk}"
    assert f'<a href="{link}">1</a>' in page
    assert client.get(link).context["cl"].result_count == 1


def test_a_long_table_is_counted_to_a_bound(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changelist, "MAX_COUNTED", 60)
    Topic.objects.bulk_create(Topic(kind="concept", slug=f"t{n}", name=f"T{n}") for n in range(60))
    page = client.get(address(Topic, "changelist"))
    assert page.context["cl"].result_count == 60
    assert b"There are more" not in page.content
    make_topic()
    page = client.get(address(Topic, "changelist"))
    assert page.context["cl"].result_count == 60
    assert b"There are more" in page.content
    assert client.get(address(Topic, "changelist"), {"p": 2}).context["cl"].result_list.count() == 10


@pytest.mark.parametrize("query", [{"q": "\0"}, {"p": "x"}, {"p": "99"}, {"o": "99.x"}, {"nonsense": "1"}, {"id": "x"}])
def test_nonsense_in_the_address_is_no_traceback(client: Client, query: dict[str, str]) -> None:
    make_unit()
    assert client.get(address(Unit, "changelist"), query, follow=True).status_code in {200, 400}


def test_autocompletion_offers_only_what_the_person_may_see() -> None:
    shown, hidden = make_published_program(title="Backend one"), make_program(title="Backend two")
    query = {"app_label": "django_prodev", "model_name": "cohort", "field_name": "program", "term": "backend"}
    staff = client_of(make_staff()).get("/admin/autocomplete/", query).json()["results"]
    everything = superuser_client().get("/admin/autocomplete/", query).json()["results"]
    assert [result["id"] for result in staff] == [str(shown.pk)]
    assert {result["id"] for result in everything} == {str(shown.pk), str(hidden.pk)}


def test_a_hidden_row_cannot_be_chosen() -> None:
    hidden = make_program()
    user = make_staff()
    response = client_of(user).post(address(Enrollment, "add"), {"program": hidden.pk, "email": "a@example.com"})
    assert "Select a valid choice" in response.content.decode()
    assert not Enrollment.objects.exists()


def test_people_without_permission_see_nothing() -> None:
    for user in (make_user(), make_user(is_staff=True)):
        client = client_of(user)
        for model in MODELS:
            for page in ("changelist", "add"):
                assert client.get(address(model, page)).status_code in {302, 403}


def test_curricula_show_their_version_and_program(client: Client) -> None:
    curriculum = make_curriculum(version=3)
    page = client.get(address(Curriculum, "changelist")).content.decode()
    assert f">{curriculum.program.title} v3</a>" in page


def test_completions_name_what_a_title_alone_would_not_tell(client: Client) -> None:
    program = make_program(title="Backend")
    make_curriculum(program=program, version=2)
    make_cohort(program=program, title="Autumn")
    for field, name in {"curriculum": "Backend v2", "cohort": "Autumn (Backend)"}.items():
        query = {"app_label": "django_prodev", "model_name": "enrollment", "field_name": field, "term": "backend"}
        results = client.get("/admin/autocomplete/", query).json()["results"]
        assert [result["text"] for result in results] == [name]
