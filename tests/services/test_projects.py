from typing import Any

import pytest

from django_prodev import api
from django_prodev.enums import EnrollmentStatus, ProjectStatus, Visibility
from django_prodev.exceptions import Conflict, NotFound, PermissionDenied, Refused
from django_prodev.models import Enrollment, Event, Progress, Project
from django_prodev.services.permissions import Place
from django_prodev.testing.factories import make_project, make_user
from tests.services.refusals import refused
from tests.services.school import School


@pytest.fixture
def project(school: School) -> Project:
    return api.create_project(program=school.program, actor=school.learner, title="A shop", unit=school.all_units[2])


def mark_of(school: School) -> Progress:
    return Progress.objects.get(enrollment=school.enrollment, unit=school.all_units[2])


def test_a_project_is_handed_in_changed_and_approved_and_its_unit_follows(school: School, project: Project) -> None:
    assert (project.owner, project.enrollment, project.status) == (school.learner, school.enrollment, "draft")
    api.submit_project(project=project, actor=school.learner)
    project.refresh_from_db()
    assert (project.visibility, mark_of(school).status) == (Visibility.PRIVATE, "submitted")
    with refused(Refused, "project_not_editable"):
        api.edit_project(project=project, actor=school.learner, title="Another")
    api.request_project_changes(project=project, actor=school.reviewer)
    assert mark_of(school).status == "in_progress"
    api.edit_project(project=project, actor=school.learner, title="Another")
    api.submit_project(project=project, actor=school.learner)
    approved = api.approve_project(project=project, actor=school.mentor)
    assert (approved.status, approved.reviewer) == (ProjectStatus.APPROVED, school.mentor)
    assert approved.reviewed_at is not None
    assert (mark_of(school).status, mark_of(school).source) == ("completed", "project")
    assert Event.objects.filter(type__startswith="prodev.project.").count() == 6


def test_nobody_reviews_their_own_project(school: School) -> None:
    own = api.create_project(program=school.program, actor=school.mentor, title="Mine")
    shared = api.create_project(program=school.program, actor=school.learner, title="Ours")
    api.set_project_members(project=shared, actor=school.learner, members=[school.mentor])
    for project, person in ((own, school.mentor), (shared, school.learner)):
        api.submit_project(project=project, actor=person)
        with refused(PermissionDenied):
            api.approve_project(project=project, actor=school.mentor)
    assert api.approve_project(project=shared, actor=school.reviewer).status == "approved"


def test_a_draft_does_not_exist_for_reviewers(school: School, project: Project) -> None:
    for actor in (school.reviewer, school.stranger):
        with refused(NotFound):
            api.approve_project(project=project, actor=actor)
    with refused(Refused, "transition_not_allowed"):
        api.approve_project(project=project, actor=None)


def test_whoever_may_review_sees_what_was_handed_in_however_private(school: School, project: Project) -> None:
    everyone = (school.mentor, school.reviewer, school.owner, school.editor, school.observer, school.stranger)
    reviewers = [person for person in everyone if _may_review(person, school)]
    assert reviewers == [school.mentor, school.reviewer, school.owner]
    api.submit_project(project=project, actor=school.learner)
    for visibility in Visibility.values:
        api.share_project(project=project, actor=school.learner, visibility=visibility)
        seeing = [person for person in everyone if api.is_visible(person, project)]
        assert set(reviewers) <= set(seeing)
        if visibility == Visibility.PRIVATE:
            assert seeing == reviewers
    api.share_project(project=project, actor=school.learner, visibility=Visibility.PRIVATE)
    api.withdraw_project(project=project, actor=school.learner)
    assert not any(api.is_visible(person, project) for person in everyone)


def _may_review(person: Any, school: School) -> bool:
    place = Place(school.provider.pk, school.program.pk, school.cohort.pk)
    return api.PermissionPolicy().allows(person, api.Action.REVIEW_PROJECT, place)


def test_one_project_stands_for_a_unit(school: School, project: Project) -> None:
    api.submit_project(project=project, actor=school.learner)
    other = api.create_project(program=school.program, actor=school.learner, title="Other", unit=school.all_units[2])
    with refused(Conflict, "already_submitted"):
        api.submit_project(project=other, actor=school.learner)
    api.withdraw_project(project=project, actor=school.learner)
    assert mark_of(school).status == "in_progress"
    assert api.submit_project(project=other, actor=school.learner).status == "submitted"


def test_members_work_on_a_project_too(school: School, project: Project) -> None:
    friend = make_user()
    with refused(NotFound):
        api.edit_project(project=project, actor=friend, summary="Ours.")
    api.set_project_members(project=project, actor=school.learner, members=[friend, school.learner])
    assert list(project.members.all()) == [friend]
    assert api.edit_project(project=project, actor=friend, summary="Ours.").summary == "Ours."


def test_a_project_is_handed_in_while_learning(school: School, project: Project) -> None:
    Enrollment.objects.filter(pk=school.enrollment.pk).update(status=EnrollmentStatus.PAUSED)
    with refused(Refused, "enrollment_not_active"):
        api.submit_project(project=project, actor=school.learner)
    assert Project.objects.get(pk=project.pk).status == "draft"


def test_a_curated_project_is_shown_and_not_handed_in(school: School) -> None:
    curated = make_project(program=school.program, owner=None)
    with refused(Refused, "project_is_curated"):
        api.submit_project(project=curated, actor=school.editor)
    with refused(NotFound):
        api.share_project(project=curated, actor=school.learner, visibility=Visibility.PUBLIC)
    assert api.share_project(project=curated, actor=school.editor, visibility=Visibility.PUBLIC).visibility == "public"
