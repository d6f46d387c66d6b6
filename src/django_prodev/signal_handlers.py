"""What must follow when rows go by a way that no service sees, such as ``user.delete()`` in the host site.

Only what restores a rule of the model belongs here. A write that has a service does its work there.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from django_prodev import api
from django_prodev.enums import EnrollmentStatus
from django_prodev.exceptions import NotFound
from django_prodev.models import Cohort, Enrollment

_SEATED = (EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED, EnrollmentStatus.COMPLETED)


@receiver(post_delete, sender=Enrollment, dispatch_uid="django_prodev.freed_seat")
def give_freed_seat_away(sender: type[Enrollment], instance: Enrollment, using: str, **kwargs: Any) -> None:
    """Let the first who waits move up, once the deletion of somebody who had a seat has committed."""
    if instance.cohort_id is None or instance.status not in _SEATED:
        return
    cohort = Cohort(pk=instance.cohort_id)

    def move_up() -> None:
        try:
            api.move_up_waiting(cohort=cohort, actor=None)
        except NotFound:
            return  # the cohort went in the same transaction

    transaction.on_commit(move_up, using=using, robust=True)
