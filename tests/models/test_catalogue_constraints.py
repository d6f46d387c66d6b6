"""What the database refuses about who offers what: memberships, topics, programs, curricula, units."""

from decimal import Decimal

import pytest
from django.utils import timezone

from django_prodev.enums import CurriculumStatus, Role, TopicKind, TopicRole
from django_prodev.models import Curriculum, CurriculumItem, Membership, Program, Topic, Unit, UnitTopic
from django_prodev.testing import (
    make_cohort,
    make_curriculum,
    make_item,
    make_membership,
    make_program,
    make_provider,
    make_topic,
    make_unit,
    make_unit_topic,
    make_user,
)
from tests.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def test_a_role_for_a_provider_is_given_once() -> None:
    held = make_membership(role=Role.OWNER)
    Membership.objects.create(user=held.user, provider=held.provider, role=Role.EDITOR)
    with refused_by("prodev_membership_unique_provider"):
        Membership.objects.bulk_create([Membership(user=held.user, provider=held.provider, role=Role.OWNER)])


def test_a_role_for_a_program_is_given_once() -> None:
    held = make_membership(program=make_program())
    make_membership(user=held.user, provider=held.provider)
    with refused_by("prodev_membership_unique_program"):
        Membership.objects.bulk_create(
            [Membership(user=held.user, provider=held.provider, program=held.program, role=held.role)]
        )


def test_a_role_for_a_program_is_given_once_whichever_provider_the_row_names() -> None:
    held = make_membership(program=make_program())
    with refused_by("prodev_membership_unique_program"):
        make_membership(user=held.user, provider=make_provider(), program=held.program)


def test_a_role_for_a_cohort_is_given_once() -> None:
    held = make_membership(cohort=make_cohort(), role=Role.MENTOR)
    make_membership(user=held.user, program=held.program, role=Role.MENTOR)
    with refused_by("prodev_membership_unique_cohort"):
        make_membership(user=held.user, cohort=held.cohort, role=Role.MENTOR)


def test_a_role_for_a_cohort_names_its_program() -> None:
    held = make_membership(cohort=make_cohort())
    with refused_by("prodev_membership_cohort_has_program"):
        Membership.objects.filter(pk=held.pk).update(program=None)


def test_a_topic_slug_is_unique_in_its_kind() -> None:
    make_topic(kind=TopicKind.SKILL, slug="sql")
    make_topic(kind=TopicKind.TECHNOLOGY, slug="sql")
    with refused_by("prodev_topic_unique_slug"):
        make_topic(kind=TopicKind.SKILL, slug="sql")


def test_a_topic_is_not_its_own_parent() -> None:
    topic = make_topic(parent=make_topic())
    with refused_by("prodev_topic_parent"):
        Topic.objects.filter(pk=topic.pk).update(parent=topic.pk)


def test_a_program_slug_is_unique_in_its_provider() -> None:
    program = make_program(slug="backend")
    make_program(slug="backend")
    with refused_by("prodev_program_unique_slug"):
        make_program(provider=program.provider, slug="backend")


def test_a_program_may_have_no_level() -> None:
    assert Program.objects.filter(pk=make_program(level="").pk).exists()


def test_a_curriculum_version_is_given_once_in_a_program() -> None:
    curriculum = make_curriculum(status=CurriculumStatus.SUPERSEDED, version=3)
    make_curriculum(status=CurriculumStatus.SUPERSEDED, version=3)
    with refused_by("prodev_curriculum_unique_version"):
        make_curriculum(program=curriculum.program, status=CurriculumStatus.SUPERSEDED, version=3)


def test_curriculum_versions_begin_at_one() -> None:
    curriculum = make_curriculum()
    with refused_by("prodev_curriculum_version"):
        Curriculum.objects.filter(pk=curriculum.pk).update(version=0)


def test_a_program_has_at_most_one_draft_curriculum() -> None:
    curriculum = make_curriculum()
    make_curriculum()
    with refused_by("prodev_curriculum_one_draft"):
        make_curriculum(program=curriculum.program)


def test_a_program_has_at_most_one_published_curriculum() -> None:
    published = make_curriculum(status=CurriculumStatus.PUBLISHED)
    draft = make_curriculum(program=published.program)
    for _ in range(2):
        make_curriculum(program=published.program, status=CurriculumStatus.SUPERSEDED)
    with refused_by("prodev_curriculum_one_published"):
        Curriculum.objects.filter(pk=draft.pk).update(status=CurriculumStatus.PUBLISHED, published_at=timezone.now())


@pytest.mark.parametrize("status", [CurriculumStatus.PUBLISHED, CurriculumStatus.SUPERSEDED])
def test_a_curriculum_that_left_its_draft_says_when(status: CurriculumStatus) -> None:
    with refused_by("prodev_curriculum_published_at"):
        make_curriculum(status=status, published_at=None)


def test_a_unit_slug_is_unique_in_its_provider() -> None:
    unit = make_unit(slug="http")
    make_unit(slug="http")
    with refused_by("prodev_unit_unique_slug"):
        Unit.objects.bulk_create([Unit(provider=unit.provider, slug="http", title="Again")])


def test_a_unit_stands_once_in_a_curriculum() -> None:
    item = make_item()
    make_item(unit=item.unit)
    with refused_by("prodev_item_unique_unit"):
        make_item(curriculum=item.curriculum, unit=item.unit)


@pytest.mark.parametrize("weight", [Decimal(0), Decimal("-0.5")])
def test_a_place_in_a_curriculum_weighs_something(weight: Decimal) -> None:
    item = make_item(weight=Decimal("0.01"))
    with refused_by("prodev_item_weight"):
        CurriculumItem.objects.filter(pk=item.pk).update(weight=weight)


def test_a_place_in_a_curriculum_is_not_its_own_parent() -> None:
    item = make_item()
    make_item(curriculum=item.curriculum, parent=item)
    with refused_by("prodev_item_parent"):
        CurriculumItem.objects.filter(pk=item.pk).update(parent=item.pk)


def test_a_unit_does_one_thing_with_a_topic_once() -> None:
    held = make_unit_topic(role=TopicRole.TEACHES)
    make_unit_topic(unit=held.unit, topic=held.topic, role=TopicRole.ASSESSES)
    with refused_by("prodev_unittopic_unique"):
        UnitTopic.objects.bulk_create([UnitTopic(unit=held.unit, topic=held.topic, role=TopicRole.TEACHES)])


def test_people_without_a_role_are_not_limited() -> None:
    user = make_user()
    assert len({make_membership(user=user).pk for _ in range(3)}) == 3
