"""Names of topics in documents, matched to rows, to the shipped vocabulary, or made once."""

import pytest

from django_prodev.documents.plan.topic_index import TopicIndex
from django_prodev.models import Topic


def index(*known: Topic) -> TopicIndex:
    return TopicIndex(known, [])


@pytest.mark.parametrize(
    ("written", "meant", "kind"),
    [
        ("DRF", "Django REST framework", "technology"),
        ("Django Rest Framework", "Django REST framework", "technology"),
        ("django-rest-framework", "Django REST framework", "technology"),
        ("Postgres", "PostgreSQL", "technology"),
        ("PostgreSQL 15", "PostgreSQL", "technology"),
        ("PostgreSQL v15.2", "PostgreSQL", "technology"),
        ("postgres 13+", "PostgreSQL", "technology"),
        ("K8s", "Kubernetes", "technology"),
        ("JS", "JavaScript", "technology"),
        ("Node", "Node.js", "technology"),
        ("Node JS", "Node.js", "technology"),
        ("Node.js 20 LTS", "Node.js", "technology"),
        ("CI/CD", "CI/CD", "concept"),
        ("CI / CD", "CI/CD", "concept"),
        ("Structured Query Language (SQL)", "SQL", "technology"),
        ("Command Line Interface (CLI)", "Command line", "concept"),
        ("C++17", "C++17", "concept"),
        ("Vue 3", "Vue", "technology"),
        ("Django (4.2)", "Django", "technology"),
        ("OAuth 2.0", "OAuth", "technology"),
        ("Apache Kafka 3.x", "Apache Kafka", "technology"),
        ("Python 3.12", "Python", "technology"),
    ],
)
def test_a_name_finds_the_topic_of_the_vocabulary(written: str, meant: str, kind: str) -> None:
    topic = index().resolve(written)
    assert (topic.name, topic.kind) == (meant, kind)


@pytest.mark.parametrize(
    "variants",
    [
        ("Harbour Query", "harbour query", "HARBOUR  QUERY", "Harbour-Query", "harbour_query"),
        ("Tide.js", "Tide JS", "tide js"),
        ("Harbourware 1.4", "Harbourware", "Harbourware v2", "Harbourware 3.x"),
        ("Harbour Control Language (HCL)", "HCL", "Harbour Control Language", "hcl"),
        ("Café de données", "cafe de donnees"),
    ],
)
def test_what_is_new_is_made_once_however_it_is_written(variants: tuple[str, ...]) -> None:
    topics = index()
    assert len({id(topics.resolve(name)) for name in variants}) == 1
    assert len(topics.created) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Calculus 1", "Calculus 2"),
        ("Algorithms, Part 1", "Algorithms, Part 2"),
        ("Web 2.0", "Web"),
        ("C", "C++"),
        ("C#", "C"),
        ("Testing (harbour)", "Testing (sea)"),
        ("Java", "JavaScript"),
    ],
)
def test_what_only_looks_alike_stays_apart(one: str, other: str) -> None:
    topics = index()
    assert topics.resolve(one) is not topics.resolve(other)


def test_a_stored_topic_is_found_by_a_name_with_a_version_and_is_left_as_it_is() -> None:
    stored = Topic(pk=1, kind="technology", slug="harbourware", name="Harbourware", aliases=["HW"])
    topics = index(stored)
    for name in ("Harbourware 7", "harbourware v7", "hw", "HW 2.1"):
        assert topics.resolve(name) is stored
    assert topics.created == []


def test_an_abbreviation_in_brackets_becomes_an_alias() -> None:
    topics = index()
    assert topics.resolve("Harbour Control Language (HCL)").aliases == ["HCL"]
    assert topics.resolve("Harbour control (all of it)").aliases == []
