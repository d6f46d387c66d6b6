"""Programs as JSON-LD: only properties that schema.org gives these types, and nothing that can leave its element."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodev.documents.export import export_program, linked_data
from django_prodev.documents.export.jsonld import embedded, program_value
from django_prodev.models import Program
from tests.documents.curricula import CURRICULUM
from tests.documents.foreign_curricula import COURSE, OUTLINE
from tests.documents.importing import imported

# From https://schema.org: the properties of each type with those of the types above it, as far as they are used here.
_THING = {"@type", "@id", "name", "description", "url", "identifier", "sameAs"}
_LEARNING = {
    *("teaches", "assesses", "competencyRequired", "educationalLevel", "learningResourceType"),
    *("timeRequired", "hasPart", "position", "inLanguage", "provider"),
}
PROPERTIES = {
    "EducationalOccupationalProgram": _THING | {"@context", "provider", "timeToComplete", "hasCourse"},
    "Course": _THING | _LEARNING,
    "LearningResource": _THING | _LEARNING,
    "DefinedTerm": _THING | {"termCode"},
    "Organization": _THING,
}
NAMED = {"Course", "EducationalOccupationalProgram", "Organization", "DefinedTerm", "LearningResource"}
DURATION = re.compile(r"PT(?:\d+H)?(?:\d+M)?")


def check(value: Any) -> None:
    """Hold a value to the vocabulary: properties, names, addresses, durations, and no empty thing."""
    if isinstance(value, list):
        assert value
        for item in value:
            check(item)
        return
    if not isinstance(value, dict):
        assert value not in ("", None)
        return
    assert set(value) <= PROPERTIES[value["@type"]], value
    assert value["@type"] not in NAMED or value["name"].strip()
    for key, inner in value.items():
        if key in {"url", "sameAs", "@id"}:
            assert urlsplit(inner).scheme in {"http", "https"}
            assert urlsplit(inner).netloc
        elif key in {"timeRequired", "timeToComplete"}:
            assert DURATION.fullmatch(inner)
            assert inner != "PT"
        elif not key.startswith("@"):
            check(inner)


@pytest.mark.django_db
@pytest.mark.parametrize("source", [(json.dumps(CURRICULUM), "a.json"), (COURSE, "a.yml"), (OUTLINE, "a.md")])
def test_a_program_is_told_with_properties_of_the_vocabulary_alone(source: tuple[str, str]) -> None:
    imported(source[0], names=(source[1],))
    program = Program.objects.get()
    value = json.loads(export_program(program, format="jsonld"))
    assert (value["@context"], value["@type"]) == ("https://schema.org", "EducationalOccupationalProgram")
    assert value["name"] == program.title
    check(value)


@pytest.mark.django_db
def test_courses_have_what_search_engines_ask_for() -> None:
    imported(OUTLINE, names=("a.md",), publish=True)
    value = linked_data(Program.objects.get(), url="https://site.example.org/programs/a/b/")
    check(value)
    course = value["hasCourse"][0]
    assert {"name", "description", "provider", "hasPart"} <= set(course)
    first = course["hasPart"][0]
    assert (first["@type"], first["name"], first["timeRequired"]) == ("Course", "Tides One", "PT12H")
    assert first["url"] == "https://courses.example.org/tides-1"
    assert [term["name"] for term in course["hasPart"][1]["competencyRequired"]] == ["Tides One", "arithmetic"]
    assert value["url"] == value["@id"] == "https://site.example.org/programs/a/b/"


@pytest.mark.django_db
def test_what_is_not_published_is_not_told() -> None:
    imported(OUTLINE, names=("a.md",))
    assert "hasCourse" not in linked_data(Program.objects.get())
    assert "hasCourse" in json.loads(export_program(Program.objects.get(), format="jsonld"))


@pytest.mark.django_db
def test_entries_projects_and_people_are_not_told() -> None:
    imported(json.dumps(CURRICULUM), names=("a.json",), publish=True)
    said = export_program(Program.objects.get(), format="jsonld")
    for entry in (*CURRICULUM["entries"], *CURRICULUM["projects"]):
        assert str(entry.get("title") or entry["body"]) not in said


HOSTILE = ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028", "&lt;/script&gt;", '"}', "\\u003c"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_the_element_it_stands_in(text: str) -> None:
    value = program_value({"program": {"title": text, "slug": "a", "summary": text}, "units": [{"title": text}]})
    written = embedded(value)
    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written) == value


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_any_text_is_embedded_safely_and_read_back(title: str, text: str) -> None:
    value = program_value({"program": {"title": title, "description": text}, "units": [{"title": title}]})
    written = embedded(value)
    assert not set("<>&") & set(written)
    assert json.loads(written) == value
