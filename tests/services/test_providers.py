from django_prodev import api
from django_prodev.enums import Role, TopicKind, TopicRole
from django_prodev.exceptions import Conflict, Invalid, NotFound, PermissionDenied
from django_prodev.models import Event, UnitTopic
from django_prodev.testing.factories import make_membership, make_topic, make_unit, make_user
from tests.services.refusals import refused
from tests.services.school import School


def test_providers_are_made_by_superusers_and_edited_by_owners(school: School) -> None:
    with refused(PermissionDenied):
        api.create_provider(actor=school.owner, slug="guild", name="Guild")
    provider = api.create_provider(actor=make_user(is_superuser=True), slug="guild", name="Guild")
    with refused(NotFound):
        api.edit_provider(provider=provider, actor=school.owner, name="Mine")
    with refused(PermissionDenied):
        api.edit_provider(provider=school.provider, actor=school.editor, name="Mine")
    seen = api.version_of(school.provider)
    api.edit_provider(provider=school.provider, actor=school.owner, name="School", expected_version=seen)
    with refused(Conflict):
        api.edit_provider(provider=school.provider, actor=school.owner, name="Lost", expected_version=seen)
    with refused(Conflict, "already_exists"):
        api.edit_provider(provider=school.provider, actor=school.owner, slug="guild")


def test_topics_are_added_by_whoever_writes_a_catalogue_and_changed_by_superusers(school: School) -> None:
    fields = {"kind": TopicKind.SKILL, "slug": "testing", "name": "Testing", "aliases": ["tests"]}
    for actor in (school.stranger, school.mentor):
        with refused(PermissionDenied):
            api.create_topic(actor=actor, **fields)
    topic = api.create_topic(actor=school.editor, **fields)
    with refused(Conflict, "already_exists"):
        api.create_topic(actor=school.owner, **fields)
    assert api.create_topic(actor=school.owner, **fields | {"kind": TopicKind.CONCEPT}).slug == "testing"
    with refused(PermissionDenied):
        api.edit_topic(topic=topic, actor=school.owner, name="Mine")
    assert api.edit_topic(topic=topic, actor=None, name="Software testing").name == "Software testing"
    assert list(Event.objects.order_by("pk").values_list("type", flat=True)) == [
        "prodev.topic.created.v1",
        "prodev.topic.created.v1",
        "prodev.topic.edited.v1",
    ]


def test_an_editor_of_one_program_adds_topics_and_of_one_cohort_does_not(school: School) -> None:
    program_editor = make_membership(program=school.program, role=Role.EDITOR).user
    cohort_editor = make_membership(cohort=school.cohort, role=Role.EDITOR).user
    assert api.create_topic(actor=program_editor, kind=TopicKind.SKILL, slug="a", name="A")
    with refused(PermissionDenied):
        api.create_topic(actor=cohort_editor, kind=TopicKind.SKILL, slug="b", name="B")


def test_a_topic_never_stands_below_itself(db: None) -> None:
    top = make_topic()
    middle = make_topic(parent=top)
    low = make_topic(parent=middle)
    for parent in (top, low):
        with refused(Invalid) as caught:
            api.edit_topic(topic=top, actor=None, parent=parent)
        assert set(caught.value.fields) == {"parent"}


def test_aliases_are_a_list_of_short_texts(db: None) -> None:
    topic = make_topic()
    for aliases in ("text", ["a", 1], ["x" * 201], [f"{number}" for number in range(201)], ["nul\x00"]):
        with refused(Invalid) as caught:
            api.edit_topic(topic=topic, actor=None, aliases=aliases)  # type: ignore[arg-type]
        assert set(caught.value.fields) == {"aliases"}


def test_units_are_made_edited_and_told_their_topics(school: School) -> None:
    unit = api.create_unit(provider=school.provider, actor=school.editor, slug="u", title="U", effort_minutes=45)
    with refused(Conflict, "already_exists"):
        api.create_unit(provider=school.provider, actor=school.editor, slug="u", title="Again")
    with refused(Invalid) as caught:
        api.edit_unit(unit=unit, actor=school.editor, kind="poem", effort_minutes=-5, url="no address")
    assert set(caught.value.fields) == {"kind", "effort_minutes", "url"}
    first, second = make_topic(), make_topic()
    api.set_unit_topics(unit=unit, actor=school.editor, topics=[(first, "teaches"), (second, "requires")])
    kept = UnitTopic.objects.get(topic=first)
    api.set_unit_topics(unit=unit, actor=school.editor, topics=[(first, "teaches"), (second, "assesses")])
    assert set(unit.unit_topics.values_list("pk", "topic", "role")) == {
        (kept.pk, first.pk, TopicRole.TEACHES),
        (UnitTopic.objects.get(topic=second).pk, second.pk, TopicRole.ASSESSES),
    }
    with refused(Invalid):
        api.set_unit_topics(unit=unit, actor=school.editor, topics=[(first, "adores")])
    with refused(NotFound):
        api.edit_unit(unit=make_unit(provider=school.provider), actor=school.learner, title="Mine")
