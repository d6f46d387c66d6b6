"""Markdown overviews as rows: what is made, what a second import finds again, and whose it is."""

from typing import Any

import pytest

from django_prodev.documents.plan import Action
from django_prodev.documents.plan.topic_index import TopicIndex
from django_prodev.documents.wording import fit
from django_prodev.enums import (
    CurriculumStatus,
    EnrollmentSource,
    EnrollmentStatus,
    EntryKind,
    EntryStatus,
    ProgramStatus,
    ProjectStatus,
    TopicKind,
    TopicRole,
    Visibility,
)
from django_prodev.exceptions import DocumentError, Refused
from django_prodev.models import (
    Curriculum,
    CurriculumItem,
    Enrollment,
    Entry,
    Event,
    Program,
    Project,
    Provider,
    Topic,
    Unit,
    UnitTopic,
)
from django_prodev.testing import make_enrollment, make_program, make_provider, make_user
from tests.documents.curricula import OVERVIEW
from tests.documents.importing import actions, imported, planned

pytestmark = pytest.mark.django_db

EDITED = OVERVIEW.replace("a loop of thousands", "a loop of many thousands")


def test_an_overview_becomes_a_draft_program_with_a_first_curriculum() -> None:
    imported(OVERVIEW)
    program = Program.objects.get()
    assert (program.slug, program.title) == ("backend-apprenticeship", "Backend apprenticeship")
    assert program.description == "Twelve weeks of building services that other people depend on."
    assert program.status == ProgramStatus.DRAFT
    assert program.provider.slug == "default"
    curriculum = Curriculum.objects.get()
    assert (curriculum.version, curriculum.status) == (1, CurriculumStatus.DRAFT)
    placed = CurriculumItem.objects.order_by("position").values_list("unit__title", "position", "parent")
    assert list(placed) == [("Django", 0, None), ("PostgreSQL", 1, None), ("Idempotency", 2, None)]


def test_technologies_and_concepts_become_units_in_the_programs_own_words() -> None:
    imported(OVERVIEW)
    unit = Unit.objects.get(title="Django")
    assert unit.description == "the framework every service of ours began with."
    assert unit.slug == "backend-apprenticeship-django"
    links = UnitTopic.objects.values_list("unit__title", "topic__name", "topic__kind", "role")
    assert set(links) == {
        ("Django", "Django", TopicKind.TECHNOLOGY, TopicRole.TEACHES),
        ("PostgreSQL", "PostgreSQL", TopicKind.TECHNOLOGY, TopicRole.TEACHES),
        ("Idempotency", "Idempotency", TopicKind.CONCEPT, TopicRole.TEACHES),
    }


def test_entries_without_a_learner_are_curated_and_shown() -> None:
    imported(OVERVIEW)
    assert Entry.objects.count() == 6
    assert set(Entry.objects.values_list("author", "enrollment", "status", "visibility")) == {
        (None, None, EntryStatus.PUBLISHED, Visibility.PUBLIC)
    }
    solution = Entry.objects.get(kind=EntryKind.SOLUTION, body__contains="window function")
    assert solution.parent is not None
    assert solution.parent.title.startswith("The nightly export")
    positions = Entry.objects.filter(kind=EntryKind.CHALLENGE).order_by("id").values_list("position", flat=True)
    assert list(positions) == [0, 1]


def test_a_second_import_finds_everything_again(django_assert_max_num_queries: Any) -> None:
    imported(OVERVIEW)
    before = list(Event.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(30) as captured:
        plan = imported(OVERVIEW)
    assert set(actions(plan).values()) == {Action.UNCHANGED}
    writes = [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    # The only one takes SQLite's write lock, and no row answers to it.
    assert [sql for sql in writes if "= -1" not in sql] == []
    assert list(Event.objects.values_list("pk", flat=True)) == before


def test_an_edited_text_updates_its_row_whatever_the_file_is_called() -> None:
    imported(OVERVIEW, names=("a.md",))
    for name in ("a.md", "renamed.md"):
        text = EDITED if name == "a.md" else EDITED.replace("Two workers", "Three workers")
        plan = imported(text, names=(name,))
        assert list(actions(plan).values()).count(Action.UPDATE) == 1
        assert list(actions(plan).values()).count(Action.CREATE) == 0
    assert Entry.objects.count() == 6
    assert Entry.objects.filter(body__contains="many thousands").count() == 1


def test_an_edited_technology_updates_its_unit_and_leaves_the_curriculum_alone() -> None:
    imported(OVERVIEW, publish=True)
    imported(OVERVIEW.replace("every service of ours began with", "all our services began with"))
    assert Unit.objects.get(title="Django").description == "the framework all our services began with."
    assert Curriculum.objects.count() == 1


def test_a_new_technology_in_a_published_program_becomes_a_draft() -> None:
    imported(OVERVIEW, publish=True)
    longer = OVERVIEW.replace("## Concepts", "- **Redis:** what we cached in.\n\n## Concepts")
    plan = imported(longer)
    assert (plan.programs[0].curriculum_version, plan.programs[0].curriculum_action) == (2, Action.CREATE)
    assert list(Curriculum.objects.order_by("version").values_list("version", "status")) == [
        (1, CurriculumStatus.PUBLISHED),
        (2, CurriculumStatus.DRAFT),
    ]
    assert CurriculumItem.objects.filter(curriculum__version=1).count() == 3
    assert CurriculumItem.objects.filter(curriculum__version=2).count() == 4
    imported(longer, publish=True)
    assert list(Curriculum.objects.order_by("version").values_list("status", flat=True)) == [
        CurriculumStatus.SUPERSEDED,
        CurriculumStatus.PUBLISHED,
    ]


def test_publishing_needs_something_to_teach() -> None:
    empty = "# Afterwards\n\n## Challenges\n\n- **Challenge:** Rust on the hinges.\n  - **Solution:** Oil.\n"
    with pytest.raises(Refused, match="at least one unit"):
        imported(empty, publish=True)
    assert not Program.objects.exists()


def test_a_retired_program_is_not_published() -> None:
    imported(OVERVIEW)
    Program.objects.update(status=ProgramStatus.RETIRED)
    with pytest.raises(DocumentError, match="is retired"):
        imported(OVERVIEW, publish=True)


# Learners


def test_a_learners_overview_is_the_learners_own_and_private() -> None:
    ada = make_user("ada")
    imported(OVERVIEW, learner=ada)
    enrollment = Enrollment.objects.get()
    assert (enrollment.user, enrollment.status) == (ada, EnrollmentStatus.ACTIVE)
    assert enrollment.source == EnrollmentSource.IMPORT
    assert set(Entry.objects.values_list("author", "enrollment", "status", "visibility")) == {
        (ada.pk, enrollment.pk, EntryStatus.PUBLISHED, Visibility.PRIVATE)
    }
    assert Unit.objects.count() == 3
    assert Event.objects.filter(type="prodev.enrollment.activated.v1", subject=ada).count() == 1


def test_a_learner_in_a_program_with_a_curriculum_adds_learnings_and_changes_nothing_else() -> None:
    imported(OVERVIEW, names=("program.md",), publish=True)
    ada = make_user("ada")
    own = OVERVIEW.replace("every service of ours began with", "I feared at first").replace("# Backend", "# My backend")
    plan = imported(own, names=("ada.md",), learner=ada, program="backend-apprenticeship")
    program = Program.objects.get()
    assert program.title == "Backend apprenticeship"
    assert (Curriculum.objects.count(), Unit.objects.count()) == (1, 3)
    assert Unit.objects.get(title="Django").description.endswith("began with.")
    assert actions(plan, "technology") == {"Django": Action.CREATE, "PostgreSQL": Action.UNCHANGED}
    learning = Entry.objects.get(kind=EntryKind.LEARNING)
    assert (learning.title, learning.author) == ("Django", ada)
    assert [topic.name for topic in learning.topics.all()] == ["Django"]
    # What she says of the program is hers too, and not lost.
    assert Entry.objects.get(kind=EntryKind.REFLECTION, author=ada).title == "My backend apprenticeship"
    again = imported(own, names=("ada.md",), learner=ada, program="backend-apprenticeship")
    assert set(actions(again).values()) == {Action.UNCHANGED}


def test_two_learners_say_the_same_and_each_keeps_it() -> None:
    ada, ben = make_user("ada"), make_user("ben")
    imported(OVERVIEW, learner=ada)
    imported(OVERVIEW, learner=ben)
    assert Entry.objects.filter(author=ada).count() == Entry.objects.filter(author=ben).count() == 6
    assert Program.objects.count() == 1


@pytest.mark.parametrize("status", [EnrollmentStatus.PAUSED, EnrollmentStatus.COMPLETED])
def test_an_enrolment_that_is_there_is_used(status: str) -> None:
    imported(OVERVIEW)
    ada = make_user("ada")
    enrollment = make_enrollment(program=Program.objects.get(), user=ada, status=status)
    imported(OVERVIEW, learner=ada)
    assert Enrollment.objects.get() == enrollment
    assert set(Entry.objects.filter(author=ada).values_list("enrollment", flat=True)) == {enrollment.pk}


def test_an_enrolment_that_ended_is_followed_by_an_active_one() -> None:
    imported(OVERVIEW)
    ada = make_user("ada")
    make_enrollment(program=Program.objects.get(), user=ada, status=EnrollmentStatus.WITHDRAWN)
    imported(OVERVIEW, learner=ada)
    assert Enrollment.objects.filter(user=ada, status=EnrollmentStatus.ACTIVE).count() == 1


def test_visibility_is_what_the_caller_says() -> None:
    ada = make_user("ada")
    imported(OVERVIEW, learner=ada, visibility=Visibility.COHORT)
    assert set(Entry.objects.values_list("visibility", flat=True)) == {Visibility.COHORT}
    plan = imported(OVERVIEW, learner=ada, visibility=Visibility.PROGRAM)
    assert set(Entry.objects.values_list("visibility", flat=True)) == {Visibility.PROGRAM}
    assert actions(plan, "challenge") == dict.fromkeys(actions(plan, "challenge"), Action.UPDATE)
    imported(OVERVIEW, learner=ada)
    assert set(Entry.objects.values_list("visibility", flat=True)) == {Visibility.PROGRAM}


PROJECTS = OVERVIEW + "\n## Projects\n\n- **Tide tables:** an API of tides.\n"


@pytest.mark.parametrize(
    ("visibility", "status"),
    [(None, ProjectStatus.DRAFT), (Visibility.PROGRAM, ProjectStatus.SUBMITTED)],
)
def test_a_learners_project_is_live_only_where_others_may_see_it(visibility: Visibility | None, status: str) -> None:
    ada = make_user("ada")
    imported(PROJECTS, learner=ada, visibility=visibility)
    project = Project.objects.get()
    assert (project.owner, project.status) == (ada, status)


def test_a_curated_project_is_shown() -> None:
    imported(PROJECTS, publish=True)
    assert list(Project.objects.visible_to(None)) == [Project.objects.get(owner=None, title="Tide tables")]
    assert imported(PROJECTS).counts()["unchanged"] == len(planned(PROJECTS).records)


# Several documents


def test_documents_of_several_people_in_one_program_overwrite_nothing() -> None:
    other = OVERVIEW.replace("every service of ours began with", "with batteries").replace(
        "One query with a window function", "Better hardware"
    )
    plan = imported(OVERVIEW, other, program="shared")
    assert Program.objects.get().title == "Backend apprenticeship"
    assert Unit.objects.get(title="Django").description.endswith("began with.")
    assert Entry.objects.get(kind=EntryKind.LEARNING).body == "the framework with batteries."
    assert Entry.objects.filter(kind=EntryKind.SOLUTION).count() == 3
    assert Entry.objects.filter(kind=EntryKind.CHALLENGE).count() == 2
    for texts in ((OVERVIEW, other), (OVERVIEW,), (other,), (other, OVERVIEW)):
        names = tuple("0.md" if text is OVERVIEW else "1.md" for text in texts)
        again = imported(*texts, names=names, program="shared")
        assert set(actions(again).values()) == {Action.UNCHANGED}, names
        assert not len(again.changes)
    assert plan.counts()["create"] > 10


def test_documents_without_a_named_program_go_to_the_program_of_their_title() -> None:
    imported(OVERVIEW, OVERVIEW.replace("# Backend", "# Frontend"))
    assert set(Program.objects.values_list("slug", flat=True)) == {"backend-apprenticeship", "frontend-apprenticeship"}
    assert Topic.objects.filter(name="Django").count() == 1
    assert Unit.objects.filter(title="Django").count() == 2


def test_the_same_words_twice_in_one_document_are_two_rows() -> None:
    twice = "# Notes\n\n## Takeaways\n\n- Rest.\n- Ask.\n- Rest.\n\n## Challenges\n\n- **Challenge:** a long one\n"
    plan = imported(twice)
    kept = [planned.record for planned in plan.records if planned.record.kind.value == "takeaway"]
    assert Entry.objects.filter(kind=EntryKind.TAKEAWAY).count() == len(kept)
    assert set(actions(imported(twice)).values()) == {Action.UNCHANGED}


# Topics


def test_topics_are_found_by_alias_and_case_and_never_made_twice() -> None:
    django = Topic.objects.create(kind=TopicKind.TECHNOLOGY, slug="dj", name="DJANGO", aliases=["The Framework"])
    imported(OVERVIEW)
    assert Unit.objects.get(title="Django").topics.get() == django
    imported(OVERVIEW.replace("**PostgreSQL:**", "**Postgres:**"), program="other")
    assert Topic.objects.filter(slug="postgresql").count() == 1
    assert not Topic.objects.filter(slug="postgres").exists()


def test_an_alias_of_two_topics_means_the_same_one_whichever_was_made_first() -> None:
    index = TopicIndex([], [])
    first = index.resolve("RESTful API design")
    index.resolve("API design")
    index.resolve("REST API")
    assert index.resolve("restful api design") is first
    other = TopicIndex([], [])
    other.resolve("API design")
    assert other.resolve("RESTful API design").slug == first.slug


def test_a_hosts_own_alias_comes_before_the_vocabulary() -> None:
    own = Topic(kind=TopicKind.SKILL, slug="own", name="Own", aliases=["DRF"])
    assert TopicIndex([own], []).resolve("drf") is own


# Providers


def test_the_only_provider_offers_what_is_imported() -> None:
    provider = make_provider()
    imported(OVERVIEW)
    assert Program.objects.get().provider == provider
    assert Provider.objects.count() == 1


def test_several_providers_must_be_named() -> None:
    make_provider(slug="one")
    two = make_provider(slug="two")
    with pytest.raises(DocumentError, match="there are one, two"):
        imported(OVERVIEW)
    imported(OVERVIEW, provider="two")
    assert Program.objects.get().provider == two
    imported(OVERVIEW)
    assert Program.objects.count() == 1


def test_an_unknown_provider_is_refused() -> None:
    make_provider(slug="one")
    with pytest.raises(DocumentError, match="no provider 'three'; there are one"):
        imported(OVERVIEW, provider="three")


@pytest.mark.parametrize("slug", ["a b", "a/b", "x" * 101])
def test_a_program_needs_a_slug_that_can_be_stored(slug: str) -> None:
    with pytest.raises(DocumentError, match="--program"):
        imported(OVERVIEW, program=slug)


def test_a_title_that_is_too_long_is_cut_and_kept_whole_in_the_text() -> None:
    words = " ".join(str(number) for number in range(200))
    title, text = fit(words, "and more")
    assert len(title) <= 250
    assert words.startswith(title.rstrip("…"))
    assert text == f"{words}\n\nand more"
    assert fit(title, text) == (title, text)


def test_a_plan_writes_nothing(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(20) as captured:
        planned(OVERVIEW)
    assert not [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not Provider.objects.exists()


def test_rows_that_staff_made_are_left_alone() -> None:
    program = make_program(slug="backend-apprenticeship", title="Ours", description="Our words.")
    by_hand = Entry.objects.create(program=program, kind=EntryKind.PRACTICE, title="By hand", body="kept")
    imported(OVERVIEW)
    program.refresh_from_db()
    by_hand.refresh_from_db()
    assert (program.title, program.description) == ("Ours", "Our words.")
    assert (by_hand.title, by_hand.body) == ("By hand", "kept")
    assert Entry.objects.get(kind=EntryKind.REFLECTION).body.startswith("Twelve weeks")
