"""Names and running text matched to known topics."""

import pytest

from django_prodev.documents.topics import Topic, TopicMatcher
from django_prodev.documents.vocabulary import shipped_topics


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("DRF", "Django REST framework"),
        ("Django Rest Framework", "Django REST framework"),
        ("Django REST Framework (DRF)", "Django REST framework"),
        ("postgres", "PostgreSQL"),
        ("PostgreSQL 15", "PostgreSQL"),
        ("PostgreSQL 13+", "PostgreSQL"),
        ("Django (4.2)", "Django"),
        ("Next.js 14", "Next.js"),
        ("NEXTJS", "Next.js"),
        ("TailwindCSS", "Tailwind CSS"),
        ("C++", "C++"),
        ("C#", "C#"),
        ("C", "C"),
        ("GraphQL APIs", "GraphQL"),
    ],
)
def test_a_name_is_matched_by_alias_case_and_version(written: str, meant: str) -> None:
    topic = TopicMatcher.shipped().exact(written)
    assert topic is not None
    assert topic.name == meant


@pytest.mark.parametrize("written", ["", "15", "Working with others", "Pythonic code"])
def test_what_is_no_topic_is_not_matched(written: str) -> None:
    assert TopicMatcher.shipped().exact(written) is None


def test_topics_in_running_text_come_in_their_order_and_once() -> None:
    found = TopicMatcher.shipped().find("Redis beside Postgres; Redis again, behind Django Rest Framework.")
    assert [topic.name for topic in found] == ["Redis", "PostgreSQL", "Django REST framework"]


def test_ordinary_words_are_no_topics_in_running_text() -> None:
    assert TopicMatcher.shipped().find("We go to render a black flower and express notion of rest.") == ()


def test_a_name_belongs_to_the_topic_that_bears_it_before_any_alias() -> None:
    topics = [Topic("a", "Alpha", "technology", ("Beta",)), Topic("b", "Beta", "technology")]
    found = TopicMatcher(topics).exact("beta")
    assert found is not None
    assert found.slug == "b"


def test_the_seed_has_unique_slugs_and_unambiguous_names() -> None:
    rows = shipped_topics()
    assert len({(row["kind"], row["slug"]) for row in rows}) == len(rows)
    assert len({row["name"].casefold() for row in rows}) == len(rows)
    matcher = TopicMatcher.shipped()
    for row in rows:
        found = matcher.exact(row["name"])
        assert found is not None
        assert found.slug == row["slug"]
