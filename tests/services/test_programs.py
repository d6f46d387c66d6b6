import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodev import api
from django_prodev.enums import ProgramStatus
from django_prodev.exceptions import Conflict, Invalid, NotFound, PermissionDenied, Refused
from django_prodev.models import Event, Program
from django_prodev.testing.factories import make_program
from tests.services.refusals import refused
from tests.services.school import School


def test_an_editor_creates_a_draft_and_it_is_recorded(school: School) -> None:
    program = api.create_program(
        provider=school.provider, actor=school.editor, slug="data", title="Data", outcomes=["Ask.", "Answer."]
    )
    program.refresh_from_db()
    assert (program.status, program.outcomes) == (ProgramStatus.DRAFT, ["Ask.", "Answer."])
    event = Event.objects.get()
    assert (event.type, event.actor, event.program) == ("prodev.program.created.v1", school.editor, program)


def test_every_field_that_is_wrong_is_named_at_once(school: School) -> None:
    with refused(Invalid) as caught:
        api.create_program(
            provider=school.provider,
            actor=school.editor,
            slug="no slug",
            title="",
            level="expert",
            language="english please",
            effort_hours=-1,
            summary="nul\x00",
            outcomes=["fine", 7],  # type: ignore[list-item]
        )
    assert set(caught.value.fields) == {"slug", "title", "level", "language", "effort_hours", "summary", "outcomes"}
    assert all(text for texts in caught.value.fields.values() for text in texts)
    assert Event.objects.count() == 0


def test_a_slug_that_is_taken_is_a_conflict(school: School) -> None:
    with refused(Conflict, "already_exists") as caught:
        api.create_program(provider=school.provider, actor=school.editor, slug=school.program.slug, title="Again")
    assert set(caught.value.fields) == {"slug"}


def test_an_edit_stores_what_changed_and_names_it(school: School) -> None:
    before = school.program.updated_at
    edited = api.edit_program(program=school.program, actor=school.editor, title="Other", summary="")
    assert edited.updated_at > before
    assert Program.objects.get(pk=edited.pk).title == "Other"
    assert Event.objects.get().data == {"fields": ["title"]}


def test_an_edit_that_changes_nothing_writes_nothing(school: School) -> None:
    api.edit_program(program=school.program, actor=school.editor, title=school.program.title)
    assert Program.objects.get(pk=school.program.pk).updated_at == school.program.updated_at
    assert Event.objects.count() == 0


def test_a_lost_update_is_a_conflict(school: School) -> None:
    seen = api.version_of(school.program)
    api.edit_program(program=school.program, actor=school.editor, title="First", expected_version=seen)
    with refused(Conflict):
        api.edit_program(program=school.program, actor=school.owner, title="Second", expected_version=seen)
    stored = Program.objects.get(pk=school.program.pk)
    assert stored.title == "First"
    assert (
        api.edit_program(
            program=stored, actor=school.owner, title="Second", expected_version=api.version_of(stored)
        ).title
        == "Second"
    )


def test_a_field_that_nobody_may_write_is_a_mistake_of_the_caller(school: School) -> None:
    with pytest.raises(TypeError, match="status"):
        api.edit_program(program=school.program, actor=school.editor, status="retired")  # type: ignore[call-arg]


def test_a_program_is_published_once_it_has_a_published_curriculum(school: School) -> None:
    bare = make_program(provider=school.provider)
    with refused(Refused, "curriculum_missing"):
        api.publish_program(program=bare, actor=school.editor)
    school.become_draft()
    api.publish_program(program=school.program, actor=school.editor)
    assert Program.objects.get(pk=school.program.pk).status == ProgramStatus.PUBLISHED
    assert Event.objects.get().data == {"from": "draft", "to": "published"}
    with refused(Conflict, "already_published"):
        api.publish_program(program=school.program, actor=school.owner)


def test_a_program_retires_and_does_not_come_back(school: School) -> None:
    api.retire_program(program=school.program, actor=school.owner)
    with refused(Refused, "transition_not_allowed"):
        api.publish_program(program=school.program, actor=school.owner)
    with refused(Refused, "transition_not_allowed"):
        api.retire_program(program=school.program, actor=school.owner)


def test_what_may_be_seen_is_denied_and_what_may_not_is_not_found(school: School) -> None:
    with refused(PermissionDenied):
        api.edit_program(program=school.program, actor=school.stranger, title="Mine")
    school.become_draft()
    with refused(NotFound):
        api.edit_program(program=school.program, actor=school.stranger, title="Mine")


def test_an_inactive_editor_may_do_nothing(school: School) -> None:
    school.editor.is_active = False
    with refused(PermissionDenied):
        api.edit_program(program=school.program, actor=school.editor, title="Mine")


@given(text=st.text(alphabet=st.characters(), max_size=60))
def test_any_text_is_stored_as_it_is_or_refused_as_a_field(text: str) -> None:
    from django_prodev.services.edits import Problems, examine

    problems = Problems()
    examine(Program(slug="a", title="t", description=text), problems)
    storable = "\x00" not in text and not any(0xD800 <= ord(character) <= 0xDFFF for character in text)
    assert ("description" not in problems.fields) is storable
