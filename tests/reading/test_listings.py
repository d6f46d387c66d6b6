"""How a list is narrowed and counted: filters, alone and together, the search, and where counting stops."""

from datetime import UTC, datetime
from typing import Any

import pytest

from django_prodev.enums import EntryKind
from django_prodev.models import Entry, Program, Topic
from django_prodev.reading import catalog, compiler, plan
from django_prodev.reading.catalog import LISTED
from django_prodev.reading.entities import Entity
from django_prodev.testing import (
    make_cohort,
    make_curriculum,
    make_entry,
    make_item,
    make_program,
    make_project,
    make_published_program,
    make_solution,
    make_topic,
    make_unit,
    make_unit_topic,
    make_user,
)
from tests.reading.asking import page, select
from tests.reading.library import Library

pytestmark = pytest.mark.django_db

PUBLIC = {"status": "published", "visibility": "public"}
NAMES = {"provider": "slug", "program": "slug", "unit": "slug", "topic": "slug", "curriculum": "version"}


def found(entity: Entity, **given: Any) -> set[Any]:
    name = NAMES.get(entity.name, "title")
    return {node[name] for node in page(select(entity, name), **given).nodes}


def narrowed(entity: Entity, **filters: Any) -> set[Any]:
    return found(entity, filters=filters)


@pytest.fixture
def shelf() -> Program:
    """A program with a curriculum of one unit, and others beside it."""
    topic, wide = make_topic(slug="django", kind="technology"), make_topic(slug="web")
    Topic.objects.filter(pk=topic.pk).update(parent=wide)
    unit = make_unit(slug="models", kind="course")
    make_unit_topic(unit=unit, topic=topic)
    program: Program = make_published_program(
        slug="backend", level="advanced", language="fr", provider=unit.provider, units=[unit]
    )
    make_curriculum(program=program, status="superseded")
    make_cohort(program=program, title="autumn", status="published", mode="onsite")
    challenge = make_entry(title="slow", kind="challenge", author=None, program=program, topics=[topic], **PUBLIC)
    make_solution(challenge, title="index", accepted_at=datetime(2026, 1, 1, tzinfo=UTC))
    make_solution(challenge, title="cache")
    make_entry(title="met", kind="learning", author=None, program=program, unit=unit, **PUBLIC)
    make_entry(title="stuck", kind="challenge", author=None, program=program, **PUBLIC)
    make_project(
        title="shop", owner=None, program=program, unit=unit, topics=[topic], status="approved", visibility="public"
    )
    other = make_published_program(slug="other", units=[make_unit(slug="other")])
    make_cohort(program=other, title="spring", status="published", mode="online")
    make_entry(title="other", author=None, program=other, **PUBLIC)
    make_project(title="other", owner=None, program=other, status="submitted", visibility="public")
    return program


CASES: list[tuple[Entity, dict[str, Any], set[Any]]] = [
    (catalog.PROGRAM, {"slug": "backend"}, {"backend"}),
    (catalog.PROGRAM, {"status": "published"}, {"backend", "other"}),
    (catalog.PROGRAM, {"status": "draft,retired"}, set()),
    (catalog.PROGRAM, {"visibility": ["public", "unlisted"]}, {"backend", "other"}),
    (catalog.PROGRAM, {"level": "advanced"}, {"backend"}),
    (catalog.PROGRAM, {"level": ["beginner", "advanced"]}, {"backend"}),
    (catalog.PROGRAM, {"language": "fr"}, {"backend"}),
    (catalog.PROGRAM, {"topic": "django"}, {"backend"}),
    (catalog.PROGRAM, {"topic": "django", "language": "en"}, set()),
    (catalog.PROGRAM, {"topic": "django", "language": "fr", "level": "advanced", "status": "published"}, {"backend"}),
    (catalog.PROGRAM, {"provider": "none"}, set()),
    (catalog.CURRICULUM, {"program": "backend"}, {1}),
    (catalog.CURRICULUM, {"program": "backend", "status": "superseded"}, set()),
    (catalog.COHORT, {"program": "backend"}, {"autumn"}),
    (catalog.COHORT, {"mode": "online"}, {"spring"}),
    (catalog.COHORT, {"mode": "online,onsite", "status": "published"}, {"autumn", "spring"}),
    (catalog.UNIT, {"kind": "course"}, {"models"}),
    (catalog.UNIT, {"slug": "other"}, {"other"}),
    (catalog.UNIT, {"topic": "django"}, {"models"}),
    (catalog.UNIT, {"program": "backend"}, {"models"}),
    (catalog.UNIT, {"program": "backend", "kind": "lesson"}, set()),
    (catalog.TOPIC, {"kind": "technology"}, {"django"}),
    (catalog.TOPIC, {"parent": "web"}, {"django"}),
    (catalog.TOPIC, {"slug": "web"}, {"web"}),
    (catalog.ENTRY, {"kind": "challenge,solution"}, {"slow", "index", "cache", "stuck"}),
    (catalog.ENTRY, {"program": "other"}, {"other"}),
    (catalog.ENTRY, {"unit": "models"}, {"met"}),
    (catalog.ENTRY, {"topic": "django"}, {"slow"}),
    (catalog.ENTRY, {"accepted": True}, {"index"}),
    (catalog.ENTRY, {"accepted": "false"}, {"cache"}),
    (catalog.ENTRY, {"solved": "true"}, {"slow"}),
    (catalog.ENTRY, {"solved": False}, {"stuck"}),
    (catalog.ENTRY, {"solved": True, "program": "other"}, set()),
    (catalog.PROJECT, {"status": "approved"}, {"shop"}),
    (catalog.PROJECT, {"program": "other"}, {"other"}),
    (catalog.PROJECT, {"unit": "models"}, {"shop"}),
    (catalog.PROJECT, {"topic": "django", "program": "backend"}, {"shop"}),
]


PERSONAL = {
    catalog.ENROLLMENT: ("status", "program", "cohort"),
    catalog.PROGRESS: ("status", "enrollment"),
    catalog.MEMBERSHIP: ("role", "provider", "program"),
}


@pytest.mark.usefixtures("shelf")
def test_each_filter_keeps_what_it_says() -> None:
    for entity, filters, expected in CASES:
        assert narrowed(entity, **filters) == expected, (entity.name, filters)
    tried = {(entity.name, name) for entity, filters, _ in CASES for name in filters}
    tried |= {("provider", "slug"), ("entry", "parent"), ("curriculum_item", "curriculum")}
    tried |= {(entity.name, name) for entity, names in PERSONAL.items() for name in names}
    assert tried == {(entity.name, each.name) for entity in LISTED for each in entity.filters}


def test_filters_by_provider_and_by_challenge(shelf: Program) -> None:
    assert narrowed(catalog.PROVIDER, slug=shelf.provider.slug) == {shelf.provider.slug}
    assert narrowed(catalog.PROGRAM, provider=shelf.provider.slug) == {"backend"}
    challenge = Entry.objects.get(title="slow")
    assert narrowed(catalog.ENTRY, parent=str(challenge.uuid)) == {"index", "cache"}
    assert narrowed(catalog.ENTRY, parent=challenge.uuid, accepted=True) == {"index"}


def test_filters_of_what_is_between_a_program_and_its_people() -> None:
    library = Library(2)
    mine, other = library.shelves
    asked = {
        catalog.ENROLLMENT: {"status": "active", "program": "program-0", "cohort": str(mine["cohort"].uuid)},
        catalog.PROGRESS: {"status": "in_progress", "enrollment": str(mine["enrollment"].uuid)},
        catalog.MEMBERSHIP: {"role": "observer", "provider": "provider-0", "program": "program-0"},
    }
    for entity, filters in asked.items():
        rows = select(entity, "uuid")
        assert filters.keys() == set(PERSONAL[entity])
        assert len(page(rows, library.reader).nodes) == 2
        for name, value in filters.items():
            alone = page(rows, library.reader, filters={name: value}).nodes
            assert len(alone) == (2 if name in {"status", "role"} else 1), (entity.name, name)
        assert len(page(rows, library.reader, filters=filters).nodes) == 1
        assert page(rows, filters=filters).nodes == []
    assert page(select(catalog.ENROLLMENT, "uuid"), library.reader, filters={"status": "paused,invited"}).nodes == []
    items = select(catalog.CURRICULUM_ITEM, "uuid")
    of_other = page(items, filters={"curriculum": str(other["curriculum"].uuid)}).nodes
    assert {node["uuid"] for node in of_other} == {str(other["item"].uuid), str(other["child"].uuid)}


def test_a_filter_by_something_hidden_finds_as_little_as_by_something_absent() -> None:
    hidden = make_program(slug="hidden")
    entry = make_entry(program=hidden, author=None, topics=[make_topic(slug="t")], **PUBLIC)
    make_item(curriculum=make_curriculum(program=hidden, status="published"), unit=make_unit(slug="u"))
    make_cohort(program=hidden, status="published")
    seen = make_entry(kind=EntryKind.CHALLENGE, author=None, program=make_published_program(), title="seen", **PUBLIC)
    make_solution(seen, author=make_user(), visibility="private")
    for entity in (catalog.ENTRY, catalog.CURRICULUM, catalog.COHORT, catalog.UNIT):
        assert narrowed(entity, program="hidden") == set()
    assert narrowed(catalog.PROVIDER, slug=hidden.provider.slug) == set()
    assert narrowed(catalog.PROGRAM, provider=hidden.provider.slug) == set()
    assert narrowed(catalog.ENTRY, parent=str(entry.uuid)) == set()
    assert narrowed(catalog.ENTRY, topic="t") == set()
    assert narrowed(catalog.ENTRY, solved=True) == set()
    assert narrowed(catalog.ENTRY, solved=False) == {"seen"}


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("SQL", {"sql", "SQL injection"}),
        ("sql", {"sql", "SQL injection"}),
        ("100%", {"100% coverage"}),
        ("%", {"100% coverage"}),
        ("_", {"snake_case"}),
        ("\\", {"back\\slash"}),
        ("'; --", {"quo'; --te"}),
        ("in the description", {"sql"}),
        ("nothing", set()),
        ("", {"sql", "SQL injection", "100% coverage", "snake_case", "back\\slash", "quo'; --te"}),
    ],
)
def test_the_search_takes_its_text_literally_and_ignores_case(search: str, expected: set[str]) -> None:
    make_topic(name="sql", description="Found in the description")
    for name in ("SQL injection", "100% coverage", "snake_case", "back\\slash", "quo'; --te"):
        make_topic(name=name)
    nodes = page(select(catalog.TOPIC, "name"), search=search).nodes
    assert {node["name"] for node in nodes} == expected


def test_a_search_goes_with_filters_orders_and_cursors() -> None:
    for number in range(6):
        make_topic(name=f"match {number}", kind="skill" if number % 2 else "concept")
    make_topic(name="other", kind="skill")
    asked: dict[str, Any] = {"search": "match", "filters": {"kind": "skill"}, "order": "-name"}
    names = select(catalog.TOPIC, "name")
    start = page(names, **asked, first=2, counted=True)
    assert [node["name"] for node in start.nodes] == ["match 5", "match 3"]
    assert start.total == 3
    rest = page(names, **asked, after=start.cursors[1], counted=True)
    assert [node["name"] for node in rest.nodes] == ["match 1"]
    assert rest.total == 3


def test_a_count_is_given_up_to_the_limit_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (compiler, plan):
        monkeypatch.setattr(module, "COUNT_LIMIT", 3)
    names, totals = select(catalog.TOPIC, "name"), []
    for _ in range(5):
        make_topic()
        totals.append(page(names, first=1, counted=True).total)
    assert totals == [1, 2, 3, None, None]
    assert page(names).total is None
