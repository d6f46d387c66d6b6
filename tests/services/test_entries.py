import pytest

from django_prodev import api
from django_prodev.enums import EntryKind, EntryStatus, Visibility
from django_prodev.exceptions import Conflict, Invalid, NotFound, PermissionDenied, Refused
from django_prodev.models import Entry, Event
from django_prodev.testing.factories import make_entry, make_solution, make_topic
from tests.services.refusals import refused
from tests.services.school import School


def write(school: School, **fields: object) -> Entry:
    values = {"kind": EntryKind.LEARNING, "title": "What I learnt", "actor": school.learner} | fields
    return api.write_entry(program=school.program, **values)  # type: ignore[arg-type]


def test_a_learner_writes_a_private_draft_in_their_enrolment(school: School) -> None:
    topic = make_topic()
    entry = write(school, topics=[topic], unit=school.all_units[0], body="More.")
    entry.refresh_from_db()
    assert (entry.author, entry.enrollment) == (school.learner, school.enrollment)
    assert (entry.status, entry.visibility) == (EntryStatus.DRAFT, Visibility.PRIVATE)
    assert list(entry.topics.all()) == [topic]
    event = Event.objects.get()
    assert (event.type, event.subject, event.data) == ("prodev.entry.written.v1", school.learner, {"kind": "learning"})


def test_writing_needs_a_place_in_the_program_or_a_role(school: School) -> None:
    with refused(Refused, "not_enrolled"):
        write(school, actor=school.stranger)
    for actor in (school.mentor, school.owner):
        assert write(school, actor=actor).enrollment is None


def test_an_author_edits_publishes_and_shares(school: School) -> None:
    entry = write(school)
    seen = api.version_of(entry)
    api.edit_entry(entry=entry, actor=school.learner, body="Text.", topics=[make_topic()], expected_version=seen)
    with refused(Conflict):
        api.edit_entry(entry=entry, actor=school.learner, body="Lost.", expected_version=seen)
    api.share_entry(entry=entry, actor=school.learner, visibility=Visibility.COHORT)
    api.publish_entry(entry=entry, actor=school.learner)
    api.publish_entry(entry=entry, actor=school.learner)
    entry.refresh_from_db()
    assert (entry.body, entry.visibility, entry.status) == ("Text.", "cohort", "published")
    assert list(Event.objects.order_by("pk").values_list("type", flat=True)) == [
        "prodev.entry.written.v1",
        "prodev.entry.edited.v1",
        "prodev.entry.shared.v1",
        "prodev.entry.published.v1",
    ]
    assert all("Text." not in str(event.data) for event in Event.objects.all())


def test_nobody_writes_in_another_person_s_entry(school: School) -> None:
    entry = write(school)
    for actor in (school.mentor, school.owner, school.stranger):
        with refused(NotFound):
            api.edit_entry(entry=entry, actor=actor, body="Mine.")
    api.share_entry(entry=entry, actor=school.learner, visibility=Visibility.PUBLIC)
    api.publish_entry(entry=entry, actor=school.learner)
    for actor in (school.mentor, school.owner, school.stranger):
        with refused(PermissionDenied):
            api.edit_entry(entry=entry, actor=actor, body="Mine.")
    assert api.unpublish_entry(entry=entry, actor=school.editor).status == EntryStatus.DRAFT


def test_what_is_curated_is_the_editors_to_write(school: School) -> None:
    with refused(PermissionDenied):
        write(school, curated=True)
    entry = write(school, curated=True, actor=school.editor, visibility=Visibility.PUBLIC)
    assert (entry.author, entry.enrollment) == (None, None)
    assert api.publish_entry(entry=entry, actor=school.owner).status == EntryStatus.PUBLISHED
    with refused(PermissionDenied):
        api.edit_entry(entry=entry, actor=school.learner, body="Mine.")


def test_an_entry_refers_to_nothing_that_its_author_may_not_see(school: School) -> None:
    foreign = School()
    hidden = foreign.all_units[0]
    with refused(Invalid) as caught:
        write(school, unit=hidden, title="", body=" ")
    assert set(caught.value.fields) == {"unit", "body"}


@pytest.mark.parametrize("fields", [{"visibility": "everyone"}, {"kind": "poem"}, {"body": "nul\x00"}])
def test_what_cannot_be_stored_is_named(school: School, fields: dict[str, str]) -> None:
    with refused(Invalid) as caught:
        write(school, **fields)
    assert set(caught.value.fields) == set(fields)


def test_a_challenge_is_answered_and_one_solution_accepted(school: School) -> None:
    challenge = write(school, kind=EntryKind.CHALLENGE, visibility=Visibility.PROGRAM)
    api.publish_entry(entry=challenge, actor=school.learner)
    first = api.answer_challenge(challenge=challenge, actor=school.mentor, body="Try this.")
    second = api.answer_challenge(challenge=challenge, actor=school.learner, body="This did it.")
    assert (first.parent, first.status, first.visibility) == (challenge, EntryStatus.PUBLISHED, Visibility.PROGRAM)
    api.accept_solution(solution=first, actor=school.learner)
    api.accept_solution(solution=second, actor=school.learner)
    accepted = list(Entry.objects.filter(accepted_at__isnull=False))
    assert accepted == [second]
    api.unaccept_solution(solution=second, actor=school.mentor)
    assert not Entry.objects.filter(accepted_at__isnull=False).exists()
    with refused(Refused, "not_a_challenge"):
        api.answer_challenge(challenge=second, actor=school.learner, body="No.")
    with refused(Refused, "solution_needs_challenge"):
        write(school, kind=EntryKind.SOLUTION)
    with refused(Refused, "not_a_solution"):
        api.accept_solution(solution=challenge, actor=school.learner)


def test_a_hidden_challenge_is_not_there_to_be_answered(school: School) -> None:
    challenge = write(school, kind=EntryKind.CHALLENGE)
    with refused(NotFound):
        api.answer_challenge(challenge=challenge, actor=school.mentor, body="Try this.")


def test_a_challenge_that_others_answered_is_not_deleted(school: School) -> None:
    shared = {"status": EntryStatus.PUBLISHED, "visibility": Visibility.PROGRAM}
    challenge = make_entry(kind=EntryKind.CHALLENGE, enrollment=school.enrollment, **shared)
    own = make_solution(challenge)
    others = make_solution(challenge, author=school.mentor)
    with refused(Refused, "challenge_answered"):
        api.delete_entry(entry=challenge, actor=school.learner)
    others.delete()
    api.delete_entry(entry=challenge, actor=school.learner)
    assert not Entry.objects.filter(pk__in=[challenge.pk, own.pk]).exists()
