"""Nobody learns anything from rows that they may not see: not their texts, nor how many there are, nor that there are.

Two databases that are alike but for rows hidden from a viewer must answer that viewer the same, byte for byte, header
for header and statement for statement. Faults that are planted in the rules, and in a filter, must be caught.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from django_prodev.cache import touch
from django_prodev.enums import EntryKind
from django_prodev.models import Entry
from django_prodev.models.viewer import Viewer
from django_prodev.models.visibility import EVERYBODY, VisibilityPolicy
from django_prodev.reading.catalog import ENTRY
from django_prodev.reading.entities import Entity, Filter, ValueType
from django_prodev.reading.reader import PLANS
from tests.models.world import World, make_world
from tests.rest.asking import LISTS, ROOT, VIEW_SETS, related
from tests.rest.twins import MARKER, disguise, plant

pytestmark = pytest.mark.django_db

VIEWERS = ("anonymous", "stranger", "learner", "classmate", "mentor", "editor", "observer")

PREFIXES = {view_set.serializer_class.entity.model.__name__: prefix for prefix, view_set in VIEW_SETS.items()}

SLUGS = {
    "slug": ("main", "draft"),
    "program": ("main", "private", "draft"),
    "provider": ("home", "elsewhere"),
    "unit": ("published", "draft"),
    "topic": ("used",),
    "parent": ("used",),
    "language": ("en",),
}
"""Slugs of rows that some see and others don't, by the filter that takes them."""


@dataclass(frozen=True)
class Answer:
    """What is answered, and how many statements that takes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statements: int


def ask(client: Client, address: str) -> Answer:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    return Answer(answer.status_code, tuple(sorted(answer.headers.items())), answer.content, len(captured))


def queries(prefix: str, world: World) -> Iterator[dict[str, Any]]:
    """Everything that can be asked of a list, each thing once, and some of it together."""
    entity: Entity = VIEW_SETS[prefix].serializer_class.entity
    serializer = VIEW_SETS[prefix].list_serializer_class or VIEW_SETS[prefix].serializer_class
    included = {"include": related(prefix)} if related(prefix) else {}
    yield {"count": "true", "page_size": 100, **included}
    yield {"page_size": 4}
    for order in entity.order_by_name:
        yield {"ordering": order, "fields": "id", "page_size": 100}
    yield {"fields": ",".join(serializer.relations) or "id", "page_size": 100}
    for text in ("e", "1", MARKER) if entity.search else ():
        yield {"search": text, "count": "true", "page_size": 2}
    for each in entity.filters:
        for value in values(each, world):
            yield {each.name: value, "count": "true", "page_size": 100}
    flags = {each.name: "true" for each in entity.filters if each.value_type is ValueType.BOOLEAN}
    yield {**flags, "count": "true", "ordering": "-created_at"}


def values(each: Filter, world: World) -> Iterator[str]:
    if each.choices is not None:
        yield from each.choices.values
    elif each.value_type is ValueType.BOOLEAN:
        yield from ("true", "false")
    elif each.value_type is ValueType.UUID:
        model = {"parent": "Entry", "enrollment": "Enrollment", "cohort": "Cohort", "curriculum": "Curriculum"}[
            each.name
        ]
        rows: list[Any] = list(world.rows[model].values())
        yield from (str(row.uuid) for row in rows[-3:])
    else:
        yield from SLUGS[each.name]


def conversation(client: Client, world: World, prefixes: tuple[str, ...] = LISTS) -> dict[str, Answer]:
    """Every answer of the lists, page by page, and of each row by its address."""
    answers: dict[str, Answer] = {}

    def hear(address: str) -> None:
        while address and address not in answers:
            answers[address] = ask(client, address)
            address = orjson.loads(answers[address].body).get("next") or ""

    for prefix in prefixes:
        for query in queries(prefix, world):
            hear(f"{ROOT}{prefix}/?{urlencode(query)}")
        model = VIEW_SETS[prefix].serializer_class.entity.model.__name__
        for row in world.rows.get(model, {}).values():
            identified: Any = row
            hear(f"{ROOT}{prefix}/{identified.uuid}/")
    return answers


@dataclass(frozen=True)
class Run:
    """Lists to ask for, and the policy that answers."""

    prefixes: tuple[str, ...] = LISTS
    policy: str = "django_prodev.models.visibility.VisibilityPolicy"


@dataclass(frozen=True)
class Twins:
    """What a viewer is answered by a world alone, and by the same world beside rows that the viewer may not see."""

    alone: dict[str, Answer]
    beside: dict[str, Answer]

    def differences(self) -> list[str]:
        addresses = self.alone | self.beside
        return [address for address in addresses if self.alone.get(address) != self.beside.get(address)]

    def leaks(self) -> list[str]:
        told = [address for address, answer in self.beside.items() if MARKER.encode() in answer.body]
        return [address for address in told if MARKER not in address]


def twins(world: World, who: str, *runs: Run) -> list[Twins]:
    """What each run hears. What is planted is hidden by the rules of the package, whatever policy answers."""
    viewer, client = world.people[who], Client(headers={"x-viewer": who})

    def listen() -> list[dict[str, Answer]]:
        heard = []
        touch("*")  # what was heard of the other twin is not to be heard again
        for run in runs:
            with override_settings(DJANGO_PRODEV={"VISIBILITY_POLICY": run.policy}):
                heard.append(conversation(client, world, run.prefixes))
        return heard

    alone = listen()
    with transaction.atomic():
        disguise(viewer)
        planted = plant(viewer)
        beside = listen()
        for row in planted[::9]:
            prefix = PREFIXES.get(type(row).__name__)
            assert prefix is None or ask(client, f"{ROOT}{prefix}/{row.uuid}/").status == 404
        transaction.set_rollback(True)
    assert len(planted) > 50
    assert all(len(heard) > 10 for heard in alone)
    return [Twins(*heard) for heard in zip(alone, beside, strict=True)]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Everyone and everything, and a way to ask as any of them that costs no statement of its own."""
    made = make_world()

    class Named(BaseAuthentication):
        def authenticate(self, request: Request) -> tuple[Any, None] | None:
            person = made.people[request.headers["x-viewer"]]
            return None if person is None else (person, None)

    for view in VIEW_SETS.values():
        monkeypatch.setattr(view, "authentication_classes", [Named])
    return made


@pytest.mark.parametrize("who", ["anonymous", "learner"])
def test_what_the_cache_answers_is_what_was_answered_and_takes_one_statement(world: World, who: str) -> None:
    client, prefixes = Client(headers={"x-viewer": who}), ("programs", "entries", "enrollments")
    cold = conversation(client, world, prefixes)
    warm = conversation(client, world, prefixes)
    assert cold.keys() == warm.keys()
    for address, answer in warm.items():
        assert (answer.status, answer.headers, answer.body) == (
            cold[address].status,
            cold[address].headers,
            cold[address].body,
        )
        assert answer.statements == (1 if answer.status == 200 else cold[address].statements), address
    disguise(world.people[who])
    hidden = conversation(client, world, prefixes)
    assert [address for address in cold if cold[address] != hidden.get(address)] == []


@pytest.mark.parametrize("who", VIEWERS)
def test_hidden_rows_change_no_answer_and_no_word_of_them_is_told(world: World, who: str) -> None:
    (answered,) = twins(world, who, Run())
    assert {answer.status for answer in answered.alone.values()} == {200, 404}
    assert answered.differences() == []
    assert answered.leaks() == []


class Leaky(VisibilityPolicy):
    """The rules, but everyone sees every row of one model."""

    leak = ""

    def rule(self, model: Any, viewer: Viewer, *, addressed: bool = False) -> Q:
        return EVERYBODY if model.__name__ == self.leak else super().rule(model, viewer, addressed=addressed)


class LeakyProvider(Leaky):
    leak = "Provider"


class LeakyProgram(Leaky):
    leak = "Program"


class LeakyCurriculum(Leaky):
    leak = "Curriculum"


class LeakyCurriculumItem(Leaky):
    leak = "CurriculumItem"


class LeakyCohort(Leaky):
    leak = "Cohort"


class LeakyUnit(Leaky):
    leak = "Unit"


class LeakyEntry(Leaky):
    leak = "Entry"


class LeakyProject(Leaky):
    leak = "Project"


class LeakyEnrollment(Leaky):
    leak = "Enrollment"


class LeakyProgress(Leaky):
    leak = "Progress"


class LeakyMembership(Leaky):
    leak = "Membership"


TEXTLESS = {"CurriculumItem", "Progress"}


@pytest.mark.djangos_user
def test_each_rule_that_leaks_is_caught(world: World) -> None:
    policies = Leaky.__subclasses__()
    runs = [Run((PREFIXES[policy.leak],), f"{__name__}.{policy.__name__}") for policy in policies]
    for policy, answered in zip(policies, twins(world, "anonymous", *runs), strict=True):
        assert answered.differences(), policy.leak
        assert bool(answered.leaks()) is (policy.leak not in TEXTLESS), policy.leak


def test_a_filter_that_looks_at_hidden_rows_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def solved(viewer: Viewer, addressed: bool, value: Any) -> Q:
        found = Q(pk__in=Entry.objects.filter(kind=EntryKind.SOLUTION).order_by().values("parent_id"))
        return Q(kind=EntryKind.CHALLENGE) & ((found & Q(value)) | (~found & ~Q(value)))

    Entry.objects.filter(kind=EntryKind.SOLUTION).delete()
    PLANS.clear()
    (sound,) = twins(world, "anonymous", Run(("entries",)))
    assert sound.differences() == []
    monkeypatch.setitem(ENTRY.filter_by_name, "solved", Filter("solved", ValueType.BOOLEAN, "", build=solved))
    PLANS.clear()
    (faulty,) = twins(world, "anonymous", Run(("entries",)))
    PLANS.clear()
    assert faulty.differences()
    assert all("solved=" in address for address in faulty.differences())
