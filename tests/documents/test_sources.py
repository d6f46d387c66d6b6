"""From a file to its reader: the format that is chosen, and the host's own words."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from django_prodev.documents.records import RecordKind
from django_prodev.documents.sources import detect_format, read_document, read_file
from django_prodev.exceptions import DocumentError
from tests.documents.curricula import OVERVIEW


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("{}", "a.md", "markdown"),
        ("# a", "a.JSON", "json"),
        ("# a", "a.yml", "yaml"),
        ("  {", "a.txt", "json"),
        ("\ufeff{", "", "json"),
        ("# comment\n\nprodev: 1", "", "yaml"),
        ("---\nprodev: 1", "", "yaml"),
        ("# Project", "README", "markdown"),
        ("", "", "markdown"),
    ],
)
def test_the_format_goes_by_the_name_then_by_the_text(text: str, name: str, expected: str) -> None:
    assert detect_format(text, name) == expected


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(DocumentError, match="'docx' is not a format; the formats are auto, markdown, json, yaml"):
        read_document("a", format="docx")


def test_rows_remember_the_file_by_its_stem(tmp_path: Path) -> None:
    for name, source in (("My Notes.v2.md", "file:my-notesv2"), ("日記.md", "file:")):
        path = tmp_path / name
        path.write_text(OVERVIEW, encoding="utf-8")
        assert read_file(path).source.startswith(source)
        assert len(read_file(path).source) > len("file:")


def test_the_hosts_words_are_read_beside_the_shipped_ones(tmp_path: Path, settings: Any) -> None:
    words = tmp_path / "words.json"
    text = OVERVIEW.replace("## Takeaways", "## Mitbringsel")
    assert not read_document(text).of(RecordKind.TAKEAWAY)
    words.write_text(json.dumps({"headings": {"takeaway": {"de": ["mitbringsel"]}}}), encoding="utf-8")
    settings.DJANGO_PRODEV = {"VOCABULARY_FILES": [str(words)]}
    assert len(read_document(text).of(RecordKind.TAKEAWAY)) == 1
    words.write_text(json.dumps({"headings": {"takeaway": ["andenken"]}}), encoding="utf-8")
    os.utime(words, ns=(1, 1))
    assert not read_document(text).of(RecordKind.TAKEAWAY)


GERMAN_PLAN = """# Lehrgang

## Lernfahrplan

| Nr | Baustein | Lernzeit |
|---|---|---|
| 1 | Modelle | 4 h |
| 2 | Abfragen | 6 h |
| 3 | Meisterstück Hafen | 8 h |
"""

GERMAN_WORDS = {
    "curricula": {
        "headings": {"syllabus": ["lernfahrplan"]},
        "columns": {"number": {"de": ["nr"]}, "title": ["baustein"], "duration": ["lernzeit"]},
        "kinds": {"project": ["meisterstück"]},
        "plans": ["lehrgang"],
    }
}


def test_the_hosts_words_of_curricula_are_read_beside_the_shipped_ones(tmp_path: Path, settings: Any) -> None:
    words = tmp_path / "words.json"
    with pytest.raises(DocumentError):
        read_document(GERMAN_PLAN)
    words.write_text(json.dumps(GERMAN_WORDS), encoding="utf-8")
    more = tmp_path / "more.json"
    more.write_text(json.dumps({"curricula": {"columns": {"duration": ["dauer"]}}}), encoding="utf-8")
    settings.DJANGO_PRODEV = {"VOCABULARY_FILES": [str(words), str(more)]}
    for text in (GERMAN_PLAN, GERMAN_PLAN.replace("Lernzeit", "Dauer")):
        units = read_document(text).of(RecordKind.UNIT)
        assert [(unit.title, unit.extra["kind"], unit.extra["effort_minutes"]) for unit in units] == [
            ("Modelle", "lesson", 240),
            ("Abfragen", "lesson", 360),
            ("Meisterstück Hafen", "project", 480),
        ]


def test_the_hosts_files_are_looked_up_once_for_a_reading_however_long(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "words.json"
    words.write_text(json.dumps(GERMAN_WORDS), encoding="utf-8")
    settings.DJANGO_PRODEV = {"VOCABULARY_FILES": [str(words)]}
    looked: list[Path] = []
    look = Path.stat
    monkeypatch.setattr(Path, "stat", lambda self, **options: (looked.append(self), look(self, **options))[1])
    counted = []
    for rows in (1, 50):
        looked.clear()
        read_document(GERMAN_PLAN + "".join(f"| {at} | Abfragen {at} | 2 h |\n" for at in range(rows)))
        counted.append(looked.count(words))
    assert counted[0] == counted[1] <= 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "Expecting property name"),
        ("[]", "takes"),
        ('{"headings": {"takeaway": 3}}', "headings.takeaway takes a list of words, or such lists by language"),
        ('{"headings": {"takeaway": [3]}}', "headings.takeaway takes a list of words"),
        ('{"headings": ["souvenir"]}', "headings takes a mapping with any of challenge, solution, technology"),
        ('{"headings": {"souvenir": ["a"]}}', "there is no 'souvenir' in headings; it takes challenge, solution"),
        ('{"heading": {}}', "there is no 'heading' in a vocabulary; it takes headings, weak_headings"),
        ('{"curricula": {"colums": {}}}', "there is no 'colums' in curricula; it takes headings, plans"),
        ('{"curricula": {"columns": {"colour": []}}}', "there is no 'colour' in curricula.columns; it takes number"),
        ('{"curricula": {"plans": "plan"}}', "curricula.plans takes a list of words"),
        ('{"curricula": []}', "curricula takes"),
    ],
)
def test_a_faulty_vocabulary_file_is_told_in_one_line(tmp_path: Path, settings: Any, content: str, told: str) -> None:
    words = tmp_path / "words.json"
    words.write_text(content, encoding="utf-8")
    settings.DJANGO_PRODEV = {"VOCABULARY_FILES": [str(words)]}
    for text in (OVERVIEW, GERMAN_PLAN):
        with pytest.raises(DocumentError, match=r"^VOCABULARY_FILES: [^\n]+words\.json is not a vocabulary") as caught:
            read_document(text)
        assert told in str(caught.value)
    settings.DJANGO_PRODEV = {"VOCABULARY_FILES": [str(tmp_path / "none.json")]}
    with pytest.raises(DocumentError, match=r"none\.json: No such file"):
        read_document(OVERVIEW)
