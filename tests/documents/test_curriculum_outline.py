"""Markdown curricula of many shapes: tables, numbered headings, lists to tick, lists of links, and what is none."""

import pytest

from django_prodev.documents.curriculum.adapters.outline.effort import effort_minutes
from django_prodev.documents.records import Document, RecordKind
from django_prodev.documents.sources import read_document
from django_prodev.exceptions import DocumentError, NotAnOverview
from tests.documents.foreign_curricula import OUTLINE, WEEKS


def read(text: str, **options: str) -> Document:
    return read_document(text, name=options.pop("name", "readme.md"), **options)


def outline(document: Document) -> list[str]:
    """Each unit as its depth in dots, its title, and its kind where that is no lesson."""
    depths: dict[str, int] = {}
    lines = []
    for record in document.of(RecordKind.UNIT):
        depths[record.key] = depths.get(record.parent or "", -1) + 1
        kind = "" if record.extra["kind"] == "lesson" else f" ({record.extra['kind']})"
        lines.append("." * depths[record.key] + record.title + kind)
    return lines


def topics(document: Document, title: str) -> set[tuple[str, str]]:
    record = next(record for record in document.of(RecordKind.UNIT) if record.title == title)
    return {(topic["name"], topic["role"]) for topic in record.extra["topics"]}


def test_tables_of_courses_become_modules_with_courses_in_order() -> None:
    document = read(OUTLINE)
    assert (document.reader, document.confidence) == ("outline", 0.95)
    assert outline(document) == [
        "Pilotage (module)",
        ".Tides One (course)",
        ".Tides Two: Springs (course)",
        ".Harbour Law (course)",
        ".Choose one of the following (module)",
        "..Ropes (course)",
        "..Knots with Python (course)",
    ]
    units = {record.title: record for record in document.of(RecordKind.UNIT)}
    assert units["Tides One"].extra["url"] == "https://courses.example.org/tides-1"
    assert units["Harbour Law"].extra["url"] == ""
    assert [units[title].extra["effort_minutes"] for title in ("Tides One", "Tides Two: Springs", "Harbour Law")] == [
        720,
        1800,
        150,
    ]
    assert units["Choose one of the following"].extra["min_children"] == 1
    assert "[chat](https://chat.example.org)" in units["Tides One"].text
    assert "[Harbour Law](law/README.md)" in units["Harbour Law"].text
    program = document.records[0]
    assert (program.title, program.extra["outcomes"]) == ("Harbour School", ["Read a tide table", "Bring a ship in"])
    assert "Everything a pilot needs." in program.text


def test_a_prerequisite_is_a_topic_that_the_course_before_it_teaches() -> None:
    document = read(OUTLINE)
    assert topics(document, "Tides Two: Springs") == {
        ("Tides One", "requires"),
        ("arithmetic", "requires"),
        ("Tides Two", "teaches"),
    }
    assert topics(document, "Tides One") == {("Tides One", "teaches")}
    assert topics(document, "Harbour Law") == {("Tides Two", "requires"), ("Tides One", "requires")}
    assert topics(document, "Pilotage") == {("tide tables", "teaches"), ("PostgreSQL", "teaches")}
    assert topics(document, "Knots with Python") == {("Python", "teaches")}


def test_what_is_about_something_else_is_left_out_with_its_lines() -> None:
    document = read(OUTLINE)
    lines = OUTLINE.split("\n")
    said = "\n".join(piece.text for piece in document.left_out)
    assert "Open an issue" in said
    assert "Nobody" in said
    for piece in document.left_out:
        for words in piece.text.split("\n"):
            assert words.split(" … ")[0].strip() in "\n".join(lines[piece.lines.first - 1 : piece.lines.last])


def test_numbered_headings_with_lists_become_modules_with_nested_lessons() -> None:
    document = read(WEEKS)
    assert (document.reader, document.confidence) == ("outline", 0.9)
    assert outline(document) == [
        "Week 1: Docker at sea (module)",
        ".Containers and crates (module)",
        "..Lashing",
        "..Stowing",
        ".Homework (project)",
        "Week 2: Signals (module)",
        ".Flags (45 min)",
        ".Lamps",
        "Final project (project)",
    ]
    units = {record.title: record for record in document.of(RecordKind.UNIT)}
    assert units["Flags (45 min)"].extra["effort_minutes"] == 45
    assert (units["Lamps"].extra["url"], units["Lamps"].text) == ("https://weeks.example.org/lamps", "how to blink")
    assert units["Week 1: Docker at sea"].extra["url"] == "https://weeks.example.org/1"
    assert units["Week 1: Docker at sea"].extra["slug"] == "harbour-course-docker-at-sea"
    assert "Wave a flag" in units["Week 2: Signals"].text


@pytest.mark.parametrize(
    "heading",
    [
        *("Week 1: A", "Module #1 - A", "**Chapter 2**: A", "Unit 03 A", "Part II. A", "Day 4 – A", "Lesson One: A"),
        *("Semaine 2 : A", "Módulo 3: A", "Unidad 1: A", "Aula 5 - A", "الوحدة 1: A", "الأسبوع 2: A"),
    ],
)
def test_headings_number_modules_in_many_ways_and_languages(heading: str) -> None:
    text = f"# Course\n\n## {heading}\n\n- one\n- two\n\n## {heading[:-1]}B\n\n- three\n"
    document = read(text)
    assert document.reader == "outline"
    assert len(document.of(RecordKind.UNIT)) == 5


@pytest.mark.parametrize(
    "header",
    [
        "Course | Length | Effort",
        "Course name | Duration | Prereqs",
        "Week | Topic | Slides",
        "# | Lesson | Homework",
        "Lecture | Duration | Video",
        "Cours | Durée | Prérequis",
        "Curso | Duración | Requisitos previos",
        "Aula | Duração | Materiais",
        "الدورة | المدة | المتطلبات",
    ],
)
def test_headers_of_tables_vary(header: str) -> None:
    rows = "\n".join(f"{number} | {number} weeks | x{number}" for number in (1, 2, 3))
    text = f"# School\n\n## Part one\n\n{header}\n--|--|--\n{rows}\n"
    document = read(text, format="outline")
    assert len(document.of(RecordKind.UNIT)) == 4


def test_a_table_whose_first_columns_repeat_is_parted_into_modules() -> None:
    text = (
        "# Web at sea\n\n## Lessons\n\n| | Project | Linked Lesson | Author |\n|:-:|:-:|:-:|:-:|\n"
        "| 01 | Start | [Tools](https://l.example.org/1) | A |\n| 02 | Start | [Git](https://l.example.org/2) | B |\n"
        "| 03 | Game | [Loops](https://l.example.org/3) | A |\n"
    )
    assert outline(read(text)) == ["Start (module)", ".Tools", ".Git", "Game (module)", ".Loops"]


def test_lists_to_tick_become_nested_units() -> None:
    items = "\n".join(f"- [ ] [Video {n}](https://v.example.org/{n})" for n in range(5))
    nested = "- [ ] Heaps\n    - [x] [Read](https://v.example.org/h)"
    text = f"# Plan\n\n## Trees\n\n{nested}\n{items}\n\n## Graphs\n\n{items}\n"
    document = read(text)
    assert document.reader == "outline"
    assert outline(document)[:3] == ["Trees (module)", ".Heaps (module)", "..Read"]
    assert len(document.of(RecordKind.UNIT)) == 2 + 2 + 5 + 5


def test_lists_of_linked_courses_become_modules_whose_materials_stay_with_the_course() -> None:
    def items(subject: str) -> str:
        return "\n".join(
            f"- [{subject} {n}](https://c.example.org/{subject}{n}) **About {n}** *School*\n"
            f"    - What it is.\n    - [Notes](https://c.example.org/{subject}{n}/notes)"
            for n in range(4)
        )

    text = "# Courses of the sea\n\nMany.\n\n## Contents\n\n- [Sails](#sails)\n\n" + "\n\n".join(
        f"## {subject}\n\n{items(subject)}" for subject in ("Sails", "Ropes", "Stars")
    )
    document = read(text + "\n\n## Contributing\n\n- [Guide](https://c.example.org/guide)\n")
    assert (document.reader, document.confidence) == ("outline", 0.65)
    assert outline(document)[:2] == ["Sails (module)", ".Sails 0"]
    assert len(document.of(RecordKind.UNIT)) == 3 + 12
    first = document.of(RecordKind.UNIT)[1]
    assert "[Notes](https://c.example.org/Sails0/notes)" in first.text


def test_details_blocks_are_sections() -> None:
    text = (
        "# Course\n\n## Syllabus\n\n<details>\n<summary><b>Week 1: Ropes</b></summary>\n\n"
        "- Knots\n- Bends\n\n</details>\n\n"
        "<details>\n<summary>Week 2: Sails</summary>\n\n- Jib\n\n</details>\n\n## License\n\n- MIT\n"
    )
    assert outline(read(text)) == ["Week 1: Ropes (module)", ".Knots", ".Bends", "Week 2: Sails (module)", ".Jib"]


def test_units_with_one_title_get_the_modules_name_in_their_slug_and_the_others_do_not() -> None:
    text = "# C\n\n## Week 1: Ropes\n\n- Homework\n- Knots\n\n## Week 2: Sails\n\n- Homework\n"
    slugs = [record.extra["slug"] for record in read(text).of(RecordKind.UNIT)]
    assert slugs == ["c-ropes", "c-ropes-homework", "c-knots", "c-sails", "c-sails-homework"]


@pytest.mark.parametrize("title", ["Backend Roadmap", "Study plan", "Curso de bases de datos", "Cours de bases"])
def test_a_title_may_say_that_the_lists_are_a_plan(title: str) -> None:
    text = f"# {title}\n\n## Internet\n\n- HTTP\n  - Methods\n- DNS\n\n## Data\n\n- SQL\n- Redis\n- Queues\n"
    document = read(text, format="outline")
    assert outline(document)[:4] == ["Internet (module)", ".HTTP (module)", "..Methods", ".DNS"]
    assert topics(document, "SQL") == {("SQL", "teaches")}


def test_a_heading_under_a_title_of_another_kind_is_no_plan() -> None:
    text = "# A server\n\n## Internet\n\n- HTTP\n- DNS\n\n## Data\n\n- SQL\n- Redis\n- Queues\n"
    with pytest.raises(NotAnOverview):
        read(text)


PROJECT = """\
# A todo list

An API.

## Features

- [x] Sign up
- [ ] Payments
- [ ] Search

## Installation

1. Clone it
2. Run it

| Variable | Description |
|---|---|
| PORT | Where it listens |
| HOST | Who it is |

## Layout

| Module | Description |
|---|---|
| auth | Signs people in |
| api | Answers |
"""


@pytest.mark.parametrize(
    "text",
    [
        PROJECT,
        "# A package\n\n## Usage\n\nRun it.\n\n- [Docs](https://d.example.org)\n- [Chat](https://c.example.org)\n",
        "# Notes\n\n## Step 1: clone\n\n- a\n\n## Step 2: run\n\n- b\n\n## Step 3: stop\n\n- c\n",
        "# Changes\n\n## 1.2.0\n\n- [#12](https://i.example.org/12)\n- [#13](https://i.example.org/13)\n",
    ],
)
def test_what_is_no_curriculum_gives_nothing(text: str) -> None:
    with pytest.raises(NotAnOverview):
        read(text)


LEARNERS = """\
# My weeks in the program

## Challenges

- **Challenge:** Queues grew. **Solution:** I bounded them.
- **Challenge:** Tests were slow. **Solution:** I split them.
- **Challenge:** Logs were lost. **Solution:** I shipped them.

## Weekly breakdown

### Week 1

- Docker

### Week 2

- Celery
"""


def test_an_overview_with_weeks_is_an_overview() -> None:
    document = read(LEARNERS)
    assert (document.reader, document.confidence) == ("overview", 0.92)
    assert "3 challenges" in document.because
    assert read(LEARNERS, format="outline").reader == "outline"


def test_a_document_without_any_structure_is_refused_by_name_too() -> None:
    with pytest.raises(DocumentError, match="outline: nothing in this document looks like units"):
        read("Only prose here.", format="outline")


@pytest.mark.parametrize(
    ("texts", "minutes"),
    [
        (("13 weeks", "6-10 hours/week"), 6240),
        (("6 months", "5 hours per week"), 7800),
        (("2h 30m",), 150),
        (("90 min",), 90),
        (("1.5 hours",), 90),
        (("10–12 weeks", "4–12 hours/week"), 5280),
        (("10 semaines", "3 heures par semaine"), 1800),
        (("6 semanas", "2 horas por semana"), 720),
        (("4 أسابيع", "3 ساعات أسبوعيا"), 720),
        (("13 weeks",), None),
        (("6-8 hours/week",), None),
        (("- weeks", "- hours/week"), None),
        (("", "none"), None),
        (("9" * 300 + " hours",), None),
    ],
)
def test_effort_is_hours_and_minutes_or_hours_for_each_week_times_weeks(
    texts: tuple[str, ...], minutes: int | None
) -> None:
    assert effort_minutes(*texts) == minutes
