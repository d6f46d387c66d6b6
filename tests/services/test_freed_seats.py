import pytest

from django_prodev.models import Enrollment
from django_prodev.testing.factories import make_enrollment
from tests.services.school import School


@pytest.mark.django_db(transaction=True)
def test_deleting_a_user_gives_their_seat_to_the_first_who_waits() -> None:
    school = School(capacity=1)
    first, second = (make_enrollment(cohort=school.cohort, status="waitlisted") for _ in range(2))
    school.learner.delete()
    statuses = Enrollment.objects.in_bulk([first.pk, second.pk])
    assert (statuses[first.pk].status, statuses[second.pk].status) == ("active", "waitlisted")


@pytest.mark.django_db(transaction=True)
def test_deleting_somebody_who_only_waits_changes_nothing_else() -> None:
    school = School(capacity=1)
    waiting = make_enrollment(cohort=school.cohort, status="waitlisted")
    other = make_enrollment(cohort=school.cohort, status="waitlisted")
    assert waiting.user is not None
    waiting.user.delete()
    assert Enrollment.objects.get(pk=other.pk).status == "waitlisted"


@pytest.mark.django_db(transaction=True)
def test_a_cohort_that_goes_together_with_its_people_frees_no_seat() -> None:
    school = School(capacity=1)
    Enrollment.objects.filter(cohort=school.cohort).delete()
    school.cohort.delete()
    assert not Enrollment.objects.exists()
