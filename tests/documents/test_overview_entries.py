"""Technologies, concepts, practices, takeaways, learnings, projects, program and reflections."""

from textwrap import dedent

import pytest

from django_prodev.documents.overview import read_overview
from django_prodev.documents.records import Document, RecordKind
from django_prodev.documents.vocabulary import Vocabulary

ENOUGH = "\n## Best practices\n- Measure first.\n"


def read(text: str) -> Document:
    return read_overview(f"# A program\n{dedent(text)}{ENOUGH}")


def titles(document: Document, kind: RecordKind) -> list[str]:
    return [record.title for record in document.of(kind)]


def test_a_bold_lead_is_a_technology_with_the_rest_as_its_text() -> None:
    document = read("""
        ## Key Technologies
        - **Django:** the web framework
        - **Redis** – caching
        - **Docker** (containers)
    """)
    technologies = document.of(RecordKind.TECHNOLOGY)
    assert [(record.title, record.text) for record in technologies] == [
        ("Django", "the web framework"),
        ("Redis", "caching"),
        ("Docker", "(containers)"),
    ]


def test_a_group_gives_each_of_its_names() -> None:
    document = read("""
        ## Tech Stack
        - **Languages:** Python, JavaScript
        - **Database:** PostgreSQL 15
        - **Styling:** Tailwind CSS, Sass
    """)
    technologies = document.of(RecordKind.TECHNOLOGY)
    assert [record.title for record in technologies] == [
        "Python",
        "JavaScript",
        "PostgreSQL 15",
        "Tailwind CSS",
        "Sass",
    ]
    assert technologies[0].extra == {"group": "Languages"}
    assert technologies[2].topics == ("PostgreSQL",)


def test_a_description_with_commas_is_no_group() -> None:
    document = read("""
        ## Technologies
        - **Python:** generators, decorators, context managers
        - **CI/CD:** pipelines for tests, linting and deployment
    """)
    assert titles(document, RecordKind.TECHNOLOGY) == ["Python", "CI/CD"]


def test_sub_headings_are_technologies_or_groups_by_what_stands_under_them() -> None:
    document = read("""
        ## Technologies
        ### Django
        - The ORM and its migrations
        - Middleware
        ### Infrastructure
        - **Docker** – containers
        - **Nginx** – proxy
    """)
    assert titles(document, RecordKind.TECHNOLOGY) == ["Django", "Docker", "Nginx"]


def test_a_table_of_domains_gives_its_technologies() -> None:
    document = read("""
        ## Technologies
        | Domain | Technologies |
        |---|---|
        | Backend | Django, Celery |
        | Data | PostgreSQL |
    """)
    assert titles(document, RecordKind.TECHNOLOGY) == ["Django", "Celery", "PostgreSQL"]


def test_concepts_are_items_or_sub_headings() -> None:
    document = read("""
        ## Backend Concepts
        - **Caching Strategies:** keep what is asked for often
        - Rate limiting
        ### Database Design
        - Normal forms
        - Indexes
    """)
    assert titles(document, RecordKind.CONCEPT) == ["Caching Strategies", "Rate limiting", "Database Design"]


AREAS = """
    ## About the program
    Six months of building things.

    {level} Key focus areas
    - **Working in pairs:** two people, one keyboard
    - **Delivery:** from idea to release
"""


@pytest.mark.parametrize("level", ["##", "###"])
def test_areas_that_go_on_with_an_overview_describe_the_program(level: str) -> None:
    document = read(AREAS.format(level=level) + "    ## Concepts\n    - Idempotence\n")
    assert titles(document, RecordKind.CONCEPT) == ["Idempotence"]
    assert "two people, one keyboard" in document.of(RecordKind.PROGRAM)[0].text


def test_areas_are_concepts_where_nothing_else_was_taught() -> None:
    assert titles(read(AREAS.format(level="##")), RecordKind.CONCEPT) == ["Working in pairs", "Delivery"]


def test_a_group_of_technologies_under_concepts_is_no_concept() -> None:
    document = read("""
        ## Concepts
        ### Databases
        - **PostgreSQL** – constraints and plans
        - **Normal forms** – what belongs in a table
        ### Rate limits
        - **Token bucket** – refilled every second
    """)
    assert titles(document, RecordKind.TECHNOLOGY) == ["PostgreSQL"]
    assert titles(document, RecordKind.CONCEPT) == ["Normal forms", "Rate limits"]


def test_practices_and_takeaways_are_told_apart() -> None:
    document = read("""
        ## Best Practices and Personal Takeaways
        ### Code quality
        - Review every change.
        ### Personal Takeaways
        - **Patience:** nothing is finished at once.

        ## Lessons Learned
        - Ask early.
    """)
    assert titles(document, RecordKind.PRACTICE) == ["Review every change", "Measure first"]
    assert titles(document, RecordKind.TAKEAWAY) == ["Patience", "Ask early"]


def test_groups_under_practices_stay_with_them_whatever_they_are_called() -> None:
    document = read("""
        ## Best Practices
        ### Deployment
        - Deploy often.
        ### Collaboration
        - Write messages for others.
    """)
    assert titles(document, RecordKind.PRACTICE)[:2] == ["Deploy often", "Write messages for others"]


def test_learnings_are_sub_headings_and_known_topics_get_their_kind() -> None:
    document = read("""
        ## Major Learnings
        ### Working with others
        Reviews taught me most.
        ### Thinking in systems
        Everything is connected.
        ## What I Learned
        - **Django** → a framework with everything in it
        - **Caching** → answers without work
        - **Courage** → to ask
    """)
    assert titles(document, RecordKind.LEARNING) == ["Working with others", "Thinking in systems", "Courage"]
    assert titles(document, RecordKind.TECHNOLOGY) == ["Django"]
    assert titles(document, RecordKind.CONCEPT) == ["Caching"]


def test_projects_are_items_or_sub_headings() -> None:
    document = read("""
        ## Related Projects
        - [Booking site](https://example.com/booking) – flats by the day
        - **Chat** – messages between users
    """)
    assert titles(document, RecordKind.PROJECT) == ["Booking site", "Chat"]


def test_the_program_has_title_and_overview_and_the_conclusion_is_a_reflection() -> None:
    document = read("""
        ## Overview
        Twelve weeks of backends.

        ## Conclusion
        I would do it again.
    """)
    (program,) = document.of(RecordKind.PROGRAM)
    assert (program.title, program.text) == ("A program", "Twelve weeks of backends.")
    (reflection,) = document.of(RecordKind.REFLECTION)
    assert (reflection.title, reflection.text) == ("Conclusion", "I would do it again.")


def test_setup_sections_are_left_out_with_lines_and_reason() -> None:
    document = read_overview("# A program\n\n## Installation\nRun `make`.\n" + ENOUGH)
    piece = next(piece for piece in document.left_out if "make" in piece.text)
    assert (piece.lines.first, piece.lines.last) == (3, 4)
    assert piece.reason == "tells how to set a project up"


def test_what_is_pasted_twice_is_read_once_and_reported() -> None:
    once = "## Challenges\n- **Challenge:** Slow reports\n  **Solution:** An index\n"
    document = read_overview(f"# A program\n{once}\n{once}{ENOUGH}")
    assert len(document.of(RecordKind.CHALLENGE)) == 1
    assert any("word for word" in piece.reason for piece in document.left_out)


def test_conflict_marks_are_reported() -> None:
    document = read_overview(f"<<<<<<< HEAD\n# A program\n{ENOUGH}=======\n# A program\n>>>>>>> other\n")
    reasons = {piece.reason for piece in document.left_out}
    assert any("merge conflict" in reason for reason in reasons)


def test_a_hosts_own_words_are_read_beside_the_shipped_ones() -> None:
    text = "# A program\n\n## Hardships\n- **Woe:** Slow reports\n  - **Cure:** An index\n"
    own = {"headings": {"challenge": ["hardships"]}, "labels": {"challenge": ["woe"], "solution": ["cure"]}}
    document = read_overview(text, vocabulary=Vocabulary.load(own))
    assert titles(document, RecordKind.CHALLENGE) == ["Slow reports"]
    assert [record.text for record in document.of(RecordKind.SOLUTION)] == ["An index"]


def test_topics_are_recognised_in_challenges_and_solutions() -> None:
    document = read("""
        ## Challenges
        - **Challenge:** Slow DRF views
          **Solution:** Indexes in Postgres, and Redis in front
    """)
    (challenge,) = document.of(RecordKind.CHALLENGE)
    (solution,) = document.of(RecordKind.SOLUTION)
    assert challenge.topics == ("Django REST framework",)
    assert solution.topics == ("PostgreSQL", "Redis")
