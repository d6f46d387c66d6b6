"""Topics from a table: found by slug or name, in any order of parents, by whom."""

import pytest

from django_prodev.models import Event, Topic
from django_prodev.testing.factories import make_topic, make_user
from tests.documents.tabling import actions, imported, lines, planned, troubles
from tests.services.school import School

pytestmark = pytest.mark.django_db

HEAD = ("kind", "slug", "name", "parent", "aliases", "description", "uri")


def parents() -> dict[str, str | None]:
    return dict(Topic.objects.order_by("slug").values_list("slug", "parent__slug"))


def test_topics_are_made_whatever_the_order_of_parents() -> None:
    rows = lines(
        HEAD,
        ("concept", "orm", "ORM", "technology/django"),
        ("technology", "django", "Django", "technology/python"),
        ("technology", "python", "Python", "practice/coding"),
        ("practice", "coding", "Coding"),
    )
    assert actions(planned("topics", rows)) == dict.fromkeys((2, 3, 4, 5), "create")
    assert not Topic.objects.exists()
    assert imported("topics", rows).is_written
    assert parents() == {"coding": None, "django": "python", "orm": "django", "python": "coding"}
    assert imported("topics", rows).changes == 0
    assert Event.objects.count() == 4


def test_a_parent_may_come_batches_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_prodev.documents.tables.runs.BATCH", 2)
    chain = [("concept", f"t{at}", f"T{at}", f"concept/t{at + 1}") for at in range(9)]
    assert imported("topics", lines(HEAD, *chain, ("concept", "t9", "T9"))).is_written
    assert parents() == {f"t{at}": f"t{at + 1}" for at in range(9)} | {"t9": None}


def test_a_topic_is_found_by_slug_or_by_name_and_made_once() -> None:
    topic = make_topic(kind="technology", slug="postgres", name="PostgreSQL")
    rows = lines(("type", "title", "alias"), ("technology", "postgresql", "PG; pgsql"), ("concept", "Index", None))
    report = imported("topics", rows)
    assert actions(report) == {2: "update", 3: "create"}
    topic.refresh_from_db()
    assert (topic.name, topic.aliases) == ("postgresql", ["PG", "pgsql"])
    assert imported("topics", rows).changes == 0
    assert Topic.objects.count() == 2


def test_a_topic_that_moves_and_changes_is_one_update() -> None:
    make_topic(kind="concept", slug="a", name="A", parent=make_topic(kind="concept", slug="b", name="B"))
    make_topic(kind="concept", slug="c", name="C")
    report = imported(
        "topics",
        lines(HEAD, ("concept", "a", "Ah", "concept/c"), ("concept", "c", None, "concept/d"), ("concept", "d", "D")),
    )
    assert report.is_written, troubles(report)
    assert parents() == {"a": "c", "b": None, "c": "d", "d": None}
    assert Topic.objects.get(slug="a").name == "Ah"


def test_nothing_stands_below_itself() -> None:
    above = make_topic(kind="concept", slug="a", name="A")
    below = make_topic(kind="concept", slug="b", name="B", parent=above)
    make_topic(kind="concept", slug="c", name="C", parent=below)
    rows = lines(HEAD, ("concept", "a", "A", "concept/c"), ("concept", "x", "X", "concept/x"))
    told = troubles(imported("topics", rows))
    assert told[2] == {"parent": "A topic cannot stand below itself."}
    assert "no good row here makes it" in told[3]["parent"]
    round_about = lines(HEAD, ("concept", "y", "Y", "concept/z"), ("concept", "z", "Z", "concept/y"))
    assert set(troubles(imported("topics", round_about))) == {2, 3}


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("concept", None, None), "name", "give a slug or a name"),
        (("concept", "x", None), "name", "needs a name"),
        (("concept", None, "＋＋"), "slug", "No slug can be made of this name"),
        (("concept", "x", "X", "python"), "parent", "it takes kind/slug, such as technology/python"),
        (("concept", "x", "X", None, None, None, "no address"), "uri", "valid URL"),
        (("concept", "x", "X" * 201), "name", "at most 200 characters"),
        (("concept", "s" * 101, "X"), "slug", "at most 100 characters"),
        (("tool", "x", "X"), "kind", "'tool' is not one of: technology, concept, skill, practice."),
    ],
)
def test_what_cannot_be_stored_is_named(row: tuple[str | None, ...], column: str, words: str) -> None:
    report = imported("topics", lines(HEAD, row))
    assert words in troubles(report)[2][column]
    assert not Topic.objects.exists()


def test_nothing_of_a_bad_row_stays_for_another_about_the_same_topic() -> None:
    make_topic(kind="concept", slug="a", name="A", description="as it was")
    rows = lines(HEAD, ("concept", "a", "B" * 201, None, None, "bad"), ("concept", "a", "B"))
    report = imported("topics", rows, good_rows_only=True)
    assert actions(report) == {2: "error", 3: "update"}
    assert Topic.objects.values_list("name", "description").get() == ("B", "as it was")


def test_a_child_of_a_bad_row_is_bad_too() -> None:
    rows = lines(HEAD, ("concept", "a", "A", "concept/b"), ("concept", "b", "B" * 201), ("concept", "c", "C"))
    report = imported("topics", rows, good_rows_only=True)
    assert sorted(troubles(report)) == [2, 3]
    assert parents() == {"c": None}


def test_editors_add_topics_and_superusers_alone_change_them() -> None:
    school = School()
    rows = lines(HEAD, ("concept", "a", "A"))
    for person in (school.mentor, school.learner, school.stranger):
        assert troubles(imported("topics", rows, actor=person)) == {
            2: {"": "You may not do this here: create a topic."}
        }
    assert imported("topics", rows, actor=school.editor).is_written
    assert imported("topics", rows, actor=school.editor).changes == 0
    changed = lines(HEAD, ("concept", "a", "Ah"))
    assert troubles(imported("topics", changed, actor=school.owner)) == {
        2: {"": "You may not do this here: edit a topic."}
    }
    assert imported("topics", changed, actor=make_user(is_superuser=True)).is_written
