"""Writing what is offered: providers, topics, roles, units, curricula, cohorts."""

from typing import Any

import pytest
from django.test import Client

from django_prodev.enums import (
    CurriculumStatus,
    Role,
    TopicRole,
)
from django_prodev.models import (
    Cohort,
    Curriculum,
    CurriculumItem,
    Membership,
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
    make_item,
    make_membership,
    make_program,
    make_provider,
    make_published_program,
    make_topic,
    make_unit,
    make_user,
)
from tests.admin.pages import (
    act,
    address,
    errors_of,
    form_of,
    recorded,
    superuser_client,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]


@pytest.fixture
def client() -> Client:
    return superuser_client()


def test_providers_and_topics_are_written(client: Client) -> None:
    client.post(address(Provider, "add"), {"name": "Home", "slug": "home"})
    client.post(address(Topic, "add"), {"kind": "skill", "name": "SQL", "slug": "sql", "aliases": "S.Q.L.\nSequel"})
    topic = Topic.objects.get()
    assert topic.aliases == ["S.Q.L.", "Sequel"]
    client.post(address(Topic, "change", topic.pk), form_of(client, topic) | {"name": "Structured Query Language"})
    provider = Provider.objects.get()
    client.post(address(Provider, "change", provider.pk), form_of(client, provider) | {"name": "At home"})
    assert (Provider.objects.get().name, Topic.objects.get().name) == ("At home", "Structured Query Language")
    assert recorded() == [
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
    assert set(errors_of(response)) == {"provider"}


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
    changed = form_of(client, unit) | {"unit_topics-0-role": "assesses", "unit_topics-1-DELETE": "on"}
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
    changed = form_of(client, draft) | {"items-1-parent": first.pk, "items-2-DELETE": "on", "items-0-weight": "2.5"}
    assert client.post(address(Curriculum, "change", draft.pk), changed).status_code == 302
    assert list(draft.items.order_by("pk").values_list("unit", "parent", "weight")) == [
        (units[0].pk, None, 2.5),
        (units[1].pk, first.pk, 1),
    ]
    response = act(client, draft, "publish_curricula")
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
    response = client.post(address(CurriculumItem, "change", made.pk), form_of(client, made) | {"parent": stranger.pk})
    assert set(errors_of(response)) == {"parent"}
    client.post(address(CurriculumItem, "change", made.pk), form_of(client, made) | {"parent": item.pk})
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


def test_a_cohort_is_written(client: Client) -> None:
    program = make_published_program()
    posted = {"program": program.pk, "title": "Autumn", "slug": "autumn", "mode": "online", "timezone": "UTC"}
    client.post(address(Cohort, "add"), posted | {"capacity": "2"})
    cohort = Cohort.objects.get()
    assert (cohort.capacity, cohort.status) == (2, "draft")
    for _ in range(2):
        make_enrollment(cohort=cohort)
    response = client.post(address(Cohort, "change", cohort.pk), form_of(client, cohort) | {"capacity": "1"})
    assert errors_of(response) == {"__all__": ["More seats of this cohort are taken than that."]}
