"""Adapters in hostile hands: samples with anything anywhere, and Markdown made of what curricula are made of.

Whatever comes in, a reading is a document or a ``DocumentError``; the adapters themselves are called, so that nothing
stands between them and the test.
"""

import json
from copy import deepcopy
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from django_prodev.documents.curriculum import parse_json, parse_yaml, read_curriculum
from django_prodev.documents.curriculum.adapters import ParsedSource, adapters
from django_prodev.documents.records import RecordKind
from django_prodev.documents.sources import read_document
from django_prodev.exceptions import DocumentError
from tests.documents.foreign_curricula import COURSE, OUTLINE, SUPERBLOCK, TRACK, WEEKS

SAMPLES: dict[str, Any] = {"exercism": TRACK, "freecodecamp": SUPERBLOCK, "codecrafters": yaml.safe_load(COURSE)}

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["", " ", "slug", "a" * 400, "\x00", "\ud800", "javascript:alert(1)", "https://x.example.org/a b"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a value."""
    found = [path] if path else []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        found.extend(places(inner, (*path, key)))
    return found


@st.composite
def mutated(draw: st.DrawFn, sample: Any) -> Any:
    """The sample with up to four of its values replaced, dropped or doubled."""
    value = deepcopy(sample)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(value) or [()]))
        if not path:
            return draw(VALUES)
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        what = draw(st.sampled_from(["replace", "drop", "double"]))
        if what == "replace":
            holder[path[-1]] = draw(VALUES)
        elif what == "drop":
            del holder[path[-1]]
        elif isinstance(holder, list):
            holder.append(deepcopy(holder[path[-1]]))
        else:
            holder[draw(st.text(min_size=1, max_size=5))] = deepcopy(holder[path[-1]])
    return value


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_anything_anywhere_gives_a_document_or_a_document_error(name: str, data: st.DataObject) -> None:
    value = data.draw(mutated(SAMPLES[name]))
    source = ParsedSource("json", parse_json(json.dumps(value)), "sample")
    for adapter in adapters().values():
        if "json" not in adapter.formats:
            continue
        recognition = adapter.recognize(source)
        assert recognition is None or (0 <= recognition.confidence <= 1 and recognition.because)
        if recognition is None and adapter.name != name:
            continue
        try:
            adapted = adapter.read(source)
            document = read_curriculum(adapted.value, "json", reader=adapter.name)
        except DocumentError:
            continue
        slugs = [record.extra["slug"] for record in document.of(RecordKind.UNIT)]
        assert len(set(slugs)) == len(slugs)
        assert all(1 <= piece.lines.first <= piece.lines.last for piece in adapted.left_out)


LINES = st.sampled_from(
    [
        *OUTLINE.split("\n"),
        *WEEKS.split("\n"),
        *(
            "",
            "---",
            "***",
            "<details>",
            "</details>",
            "<summary>Week 9</summary>",
            "<h2>Part 3</h2>",
            "```",
            "> # Week 1",
        ),
        *(
            "| a |",
            "|-|",
            "|--|--|",
            "| Course | Hours |",
            "| [x](y) | |",
            "- [ ]",
            "- [ ] [a](#a)",
            "    - deep",
            "1)",
        ),
        *(
            "[a]: https://x.example.org",
            "<table><tr><td>Course</td></tr></table>",
            "# Week",
            "## Module -1",
            "\\",
            "\t- x",
        ),
        *(
            "### Week 1 & 2",
            "- **:** x",
            "- []()",
            "[](https://x.example.org)",
            "Choose 0 of",
            "Choose one",
            "**Topics**",
        ),
    ]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=40))
def test_lines_in_any_order_give_a_document_or_a_document_error(lines: list[str]) -> None:
    adapter = adapters()["outline"]
    source = ParsedSource("markdown", "\n".join(lines), "sample")
    adapter.recognize(source)
    try:
        adapted = adapter.read(source)
        document = read_curriculum(adapted.value, "markdown", reader=adapter.name)
    except DocumentError:
        return
    slugs = [record.extra["slug"] for record in document.of(RecordKind.UNIT)]
    assert len(set(slugs)) == len(slugs)


BOMB = "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nstages: [*b,*b,*b,*b]\n"


@pytest.mark.parametrize("format", ["auto", "exercism", "freecodecamp", "codecrafters"])
@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.yml", BOMB, "anchors and aliases"),
        ("a.yml", "stages: !!python/object:os.system [x]\n", "tags"),
        ("a.yml", "stages: " + "[" * 5_000, "nested more than"),
        ("a.json", '{"chapters": ' + "[" * 5_000, "nested more than"),
        ("a.json", '{"exercises": [], "exercises": []}', "stands twice"),
        ("a.yml", "stages: []\nstages: []\n", "stands twice"),
        ("a.json", '{"stages": [' + "0," * 500_001 + "0]}", "more than 500,000 values"),
    ],
)
def test_the_guards_of_json_and_yaml_hold_whoever_reads(name: str, text: str, message: str, format: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read_document(text, name=name, format=format)


def test_units_nested_ever_deeper_are_refused_or_read_but_never_break() -> None:
    value: dict[str, Any] = {"dashedName": "leaf", "blocks": ["a"]}
    for _ in range(15):
        value = {"dashedName": "level", "modules": [value]}
    document = read_document(json.dumps(value), name="a.json")
    assert len(document.of(RecordKind.UNIT)) == 16
    nested = "\n".join("  " * depth + "- item" for depth in range(200))
    read_document(f"# C\n\n## Week 1\n\n{nested}\n\n## Week 2\n\n- x\n", format="outline")


def test_parsers_and_adapters_see_the_same_values() -> None:
    assert parse_yaml(COURSE) == SAMPLES["codecrafters"]
