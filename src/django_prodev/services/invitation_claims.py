"""Invitations to an e-mail address: whoever holds the token that was sent there takes the place.

The token is the proof that the address is theirs, so that nobody has to trust what a site's users say about themselves.
"""

from datetime import timedelta

from django.core import signing

from django_prodev.enums import EnrollmentStatus
from django_prodev.exceptions import NotFound, PermissionDenied
from django_prodev.models import Cohort, Enrollment
from django_prodev.services.actors import Actor
from django_prodev.services.admission import check_not_enrolled
from django_prodev.services.edits import save
from django_prodev.services.enrollment_steps import hold_enrollment, record_step
from django_prodev.services.enrollments import accept_invitation
from django_prodev.services.transactions import locked, service

_SALT = "django_prodev.invitation"
VALID_FOR = timedelta(days=60)


def invitation_token(enrollment: Enrollment) -> str:
    """What to send to the invited address, and nowhere else: it lets its bearer in."""
    return signing.dumps(str(enrollment.uuid), salt=_SALT)


@service
def claim_invitation(*, token: str, actor: Actor) -> Enrollment:
    """Take the place that a token was sent for, as the signed-in ``actor``.

    Raises ``NotFound`` for a token that is forged, too old or used, and ``Conflict`` (``already_enrolled``).
    """
    if actor is None or not actor.is_authenticated or not actor.is_active:
        raise PermissionDenied
    try:
        uuid = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        raise NotFound from None
    invited = Enrollment.objects.filter(uuid=uuid, status=EnrollmentStatus.INVITED, user__isnull=True).first()
    if invited is None:
        raise NotFound
    check_not_enrolled(invited.program, actor.pk)
    if invited.cohort_id is not None:
        locked(Cohort, invited.cohort_id)
    enrollment = hold_enrollment(invited)
    if enrollment.user_id is not None or enrollment.status != EnrollmentStatus.INVITED:
        raise NotFound
    enrollment.user = actor
    enrollment.email = ""
    save(enrollment, ["user", "email"])
    record_step(enrollment, name="claimed", actor=actor, before=enrollment.status)
    return accept_invitation(enrollment=enrollment, actor=actor)
