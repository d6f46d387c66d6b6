"""What a request says of a list: everything that is wrong is named at once, under the interface's own names."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodev.exceptions import Invalid
from django_prodev.reading.arguments import LONGEST_TEXT, ListInput, check_list
from django_prodev.reading.catalog import ENROLLMENT, ENTRY, LISTED, PROGRAM, TOPIC
from django_prodev.reading.entities import Entity


def wrong(entity: Entity, names: dict[str, str] | None = None, **given: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        check_list(entity, ListInput(**{"filters": {}} | given), names=names)
    return caught.value.fields


def test_everything_that_is_wrong_is_named_at_once() -> None:
    found = wrong(
        ENTRY,
        filters={
            "kind": "poem",
            "colour": "red",
            "accepted": "perhaps",
            "parent": "7",
            "topic": "\x00",
            "unit": "u" * 201,
        },
        search=["a", "b"],
        order="random",
        first=0,
        last=5,
        after="nowhere",
        before="",
    )
    assert found.keys() == {
        "kind",
        "colour",
        "accepted",
        "parent",
        "topic",
        "unit",
        "search",
        "order",
        "last",
        "after",
        "before",
    }
    assert found["kind"] == ["“poem” is not one of: learning, challenge, solution, practice, takeaway, reflection."]
    assert found["colour"] == ["This list has no such filter: kind, program, unit, topic, parent, accepted, solved."]
    assert found["accepted"] == ["“perhaps” is not true or false."]
    assert found["parent"] == ["“7” is not a UUID."]
    assert found["topic"] == ["It must not hold NUL characters."]
    assert found["unit"] == ["It takes at most 200 characters; this has 201."]
    assert found["order"] == ["“random” is no order of this list: -created_at, created_at."]
    assert found["last"] == ["Give first or this, not both."]


def test_troubles_stand_under_the_names_of_the_interface() -> None:
    names = {"first": "page_size", "last": "page_size", "order": "ordering", "after": "cursor"}
    found = wrong(TOPIC, names, first="many", order="no", after="no")
    assert found.keys() == {"page_size", "ordering", "cursor"}
    assert wrong(TOPIC, names, first=1, last=2) == {"page_size": ["Give page_size or this, not both."]}


@pytest.mark.parametrize(
    "size", [0, -1, 101, 10**30, "0", "101", "1e1", "1.0", " 1", "१", "", "9" * 5000, True, 1.0, [1]]
)
@pytest.mark.parametrize("side", ["first", "last"])
def test_a_page_size_beyond_the_cap_or_no_number_is_refused(side: str, size: Any) -> None:
    (text,) = wrong(TOPIC, **{side: size})[side]
    assert text.endswith("is no page size: it takes a whole number from 1 to 100.")
    assert len(text) < 120


@pytest.mark.parametrize("size", [1, 100, "1", "100", "007"])
def test_a_page_size_up_to_the_cap_is_taken(size: Any) -> None:
    request = check_list(TOPIC, ListInput({}, first=size))
    assert request.size == int(size)
    assert request.values == {"limit": request.size + 1}


def test_without_a_page_size_it_is_the_sites(settings: Any) -> None:
    assert check_list(TOPIC, ListInput({})).size == 20
    settings.DJANGO_PRODEV = {"PAGE_SIZE": 50, "MAX_PAGE_SIZE": 30}
    assert check_list(TOPIC, ListInput({})).size == 30


def test_values_are_bound_under_the_name_of_the_list() -> None:
    given = ListInput({"kind": "skill", "slug": "a"}, search="b", first=3, name="topics.")
    request = check_list(TOPIC, given)
    assert request.values == {
        "topics.filter.kind": "skill",
        "topics.filter.slug": "a",
        "topics.search": "b",
        "topics.limit": 4,
    }
    assert request.listing.filters == (("kind", False), ("slug", False))


def test_several_choices_are_taken_once_each_and_none_is_refused() -> None:
    several = check_list(TOPIC, ListInput({"kind": "skill,concept,skill"}))
    assert several.values["filter.kind"] == ["skill", "concept"]
    assert several.listing.filters == (("kind", True),)
    assert check_list(TOPIC, ListInput({"kind": ["skill", "skill"]})).listing.filters == (("kind", False),)
    assert "kind" in wrong(TOPIC, filters={"kind": ""})
    assert wrong(TOPIC, filters={"kind": []})["kind"][0].startswith("Nothing is not one of")


def test_the_same_filters_in_another_order_are_the_same_listing() -> None:
    one = check_list(PROGRAM, ListInput({"slug": "a", "level": "advanced"})).listing
    other = check_list(PROGRAM, ListInput({"level": "beginner", "slug": "b"})).listing
    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "a\udfff", "x" * (LONGEST_TEXT + 1), 7, None, {"a": 1}])
def test_a_text_that_no_database_could_look_for_is_refused(text: Any) -> None:
    assert "slug" in wrong(TOPIC, filters={"slug": text})
    if text is not None:
        assert "search" in wrong(TOPIC, search=text)


def test_a_list_that_cannot_be_searched_says_so() -> None:
    assert wrong(ENROLLMENT, search="a") == {"search": ["This list cannot be searched."]}


@pytest.mark.parametrize(("raw", "value"), [("TRUE", True), ("1", True), ("0", False), ("False", False), (True, True)])
def test_true_and_false_are_read_as_people_write_them(raw: Any, value: bool) -> None:
    assert check_list(ENTRY, ListInput({"accepted": raw})).values["filter.accepted"] is value


THINGS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.text() | st.integers(), max_size=3)
)


@given(st.data(), st.sampled_from(LISTED))
def test_whatever_is_given_is_a_request_or_invalid(data: st.DataObject, entity: Entity) -> None:
    names = st.sampled_from([*entity.filter_by_name, "other"])
    filters = data.draw(st.dictionaries(names, THINGS.filter(lambda thing: thing is not None), max_size=3))
    parts = {part: data.draw(THINGS) for part in ("search", "order", "first", "last")}
    cursors = {side: data.draw(st.none() | st.text()) for side in ("after", "before")}
    try:
        request = check_list(entity, ListInput(filters, **parts, **cursors))
    except Invalid as error:
        fields = error.fields
    else:
        fields = {"": [request.listing.order.name]}
        assert 1 <= request.size <= 100
    assert fields
    assert all(texts and all(texts) for texts in fields.values())
