"""The lists and single rows: what they answer, page by page, in a fixed number of SQL statements."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from django_prodev.testing import count_statements, make_topic, make_user
from tests.reading.library import PERSONAL, Library
from tests.rest.asking import LISTS, ROOT, VIEW_SETS, get, pages, related, rows

pytestmark = pytest.mark.django_db

SIZES = (1, 10, 100)


@pytest.fixture
def library() -> Library:
    return Library(2)


def statements(client: Client, prefix: str, least: int, **query: Any) -> int:
    """How many SQL statements the list takes with every relation in it."""
    query = {"page_size": 200, **({"include": related(prefix)} if related(prefix) else {}), **query}
    found: list[Any] = []
    count = count_statements(lambda: found.extend(rows(client, prefix, **query)))
    assert len(found) >= least
    return count


def test_every_list_takes_as_many_statements_for_a_hundred_rows_as_for_one(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"MAX_PAGE_SIZE": 200}
    library, signed_in, superuser = Library(), Client(), Client()
    signed_in.force_login(library.reader)
    superuser.force_login(make_user(is_superuser=True))
    counts: dict[str, set[tuple[int, ...]]] = {prefix: set() for prefix in LISTS}
    for size in SIZES:
        library.grow(size)
        for prefix in LISTS:
            hidden = VIEW_SETS[prefix].serializer_class.entity.name in PERSONAL
            counts[prefix].add(
                (
                    statements(client, prefix, 0 if hidden else size),
                    statements(signed_in, prefix, size),
                    statements(superuser, prefix, size, count="true"),
                )
            )
    assert {prefix for prefix, found in counts.items() if len(found) > 1} == set()


@pytest.mark.parametrize("prefix", LISTS)
def test_a_row_of_a_list_has_an_address_that_answers_the_same_and_more(prefix: str, library: Library) -> None:
    client = Client()
    client.force_login(library.reader)
    listed = rows(client, prefix)
    assert listed
    for row in listed:
        single = get(client, f"{prefix}/{row['id']}/")
        assert {key: single[key] for key in row} == row
        assert single.keys() == {*row, "revision", *VIEW_SETS[prefix].serializer_class.relations} - (
            VIEW_SETS[prefix].serializer_class.optional - {"revision"}
        )


def test_a_program_is_answered_with_its_curriculum(client: Client, library: Library) -> None:
    shelf = library.shelves[0]
    program = get(client, f"programs/{shelf['program'].uuid}/")
    topics = [{"role": "teaches", "topic": {"kind": "concept", "slug": "narrow-0"}}]
    assert program["provider"]["slug"] == "provider-0"
    assert program["curriculum"]["version"] == 1
    first, second = program["curriculum"]["items"]
    assert (first["position"], first["parent"], first["unit"]["slug"]) == (0, None, "unit-0")
    assert (second["parent"], second["unit"]["slug"]) == ({"id": first["id"]}, "part-0")
    for tagged in first["unit"]["topics"]:
        assert {"role": tagged["role"], "topic": {key: tagged["topic"][key] for key in ("kind", "slug")}} in topics


@pytest.mark.djangos_user
def test_an_entry_is_answered_with_its_people_topics_and_solutions(client: Client, library: Library) -> None:
    shelf = library.shelves[0]
    entry = get(client, f"entries/{shelf['challenge'].uuid}/", include="unit,project")
    assert entry["author"] == {"name": "reader-0"}
    assert {topic["slug"] for topic in entry["topics"]} == {"narrow-0", "wide-0"}
    (solution,) = entry["solutions"]
    assert (solution["title"], solution["author"]) == (shelf["solution"].title, {"name": "reader-1"})
    assert entry["project"] == {
        "id": str(shelf["project"].uuid),
        "title": shelf["project"].title,
        "status": "submitted",
    }
    assert entry["unit"]["slug"] == "unit-0"
    assert get(client, f"entries/{shelf['solution'].uuid}/")["parent"]["id"] == str(shelf["challenge"].uuid)


@pytest.mark.parametrize(
    "prefix", [prefix for prefix in LISTS if prefix not in {"enrollments", "progress", "memberships"}]
)
def test_the_links_lead_through_the_whole_list_and_back(client: Client, prefix: str) -> None:
    Library(4)
    entity = VIEW_SETS[prefix].serializer_class.entity
    for order in entity.order_by_name:
        whole = rows(client, prefix, ordering=order, page_size=100)
        forward = list(pages(client, prefix, ordering=order, page_size=3))
        assert [row for page in forward for row in page["results"]] == whole
        assert forward[0]["previous"] is None
        back = list(
            pages(client, prefix, "previous", ordering=order, page_size=3, cursor=_cursor(forward[-1], forward))
        )
        assert [page["results"] for page in back[1:]] == [page["results"] for page in reversed(forward[:-1])]


def _cursor(last: dict[str, Any], walked: list[dict[str, Any]]) -> str:
    """The cursor that led to the last page."""
    assert last is walked[-1]
    return parse_qs(urlsplit(walked[-2]["next"]).query)["cursor"][0]


def test_links_are_whole_addresses_that_keep_the_rest_of_the_query(client: Client, library: Library) -> None:
    query = {
        "ordering": "-name",
        "kind": "concept",
        "fields": "id,name",
        "page_size": "1",
        "search": "T",
        "count": "true",
    }
    first = get(client, "topics/", **query)
    assert first["next"].startswith(f"http://testserver{ROOT}topics/?")
    second = get(client, first["next"])
    assert second["count"] == first["count"] == 4
    assert second["results"][0].keys() == {"id", "name"}
    assert get(client, second["previous"])["results"] == first["results"]


def test_a_page_beyond_the_end_is_empty_and_links_to_the_start(client: Client) -> None:
    topic = make_topic()
    make_topic(name="zzz")
    link = get(client, "topics/", page_size=1)["next"]
    type(topic).objects.exclude(pk=topic.pk).delete()
    beyond = get(client, link)
    assert (beyond["results"], beyond["next"]) == ([], None)
    assert [row["slug"] for row in get(client, beyond["previous"])["results"]] == [topic.slug]


def test_rows_are_counted_where_that_is_asked_for(client: Client, library: Library) -> None:
    assert "count" not in get(client, "topics/")
    assert "count" not in get(client, "topics/", count="false")
    assert get(client, "topics/", count="true", page_size=1)["count"] == 4
    assert get(client, "topics/", count="true", search="nothing")["count"] == 0


def test_fields_and_include_choose_what_is_answered_in_the_usual_order(client: Client, library: Library) -> None:
    (program, _) = rows(client, "programs", fields="title,slug,provider")
    assert list(program) == ["slug", "title", "provider"]
    (program, _) = rows(client, "programs", fields="slug", include="curriculum")
    assert list(program) == ["slug", "curriculum"]
    (program, _) = rows(client, "programs", include="curriculum,provider")
    assert {"id", "curriculum", "provider", "title"} < program.keys()
    assert "curriculum" not in rows(client, "programs")[0]
    assert get(client, f"programs/{library.shelves[0]['program'].uuid}/", fields="id").keys() == {"id"}


def test_fields_that_are_left_out_are_not_read(client: Client, library: Library) -> None:
    stamp = 1
    assert count_statements(lambda: rows(client, "entries", fields="id,title")) == stamp + 1
    assert count_statements(lambda: rows(client, "entries", fields="id,author")) == stamp + 1
    assert count_statements(lambda: rows(client, "entries", fields="id,topics")) == stamp + 2


def test_values_are_written_as_the_schema_says(client: Client, library: Library) -> None:
    (item, *_) = rows(client, "curriculum-items")
    assert item["weight"] == 1.0
    (entry, *_) = rows(client, "entries")
    assert entry["created_at"].endswith("Z")
    assert entry["occurred_on"] is None
    (program, *_) = rows(client, "programs")
    assert program["outcomes"] == []
    assert program["enforce_order"] is False
