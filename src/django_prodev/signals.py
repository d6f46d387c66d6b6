"""The signals that a host site may listen to. They are sent after the transaction has committed.

Each is sent by the class of the record it is about, with ``event`` (the recorded ``Event``) and ``instance`` (the
record, as it was when the event was recorded). ``event_recorded`` is sent for every event, the others for events about
their own kind of record; ``event.type`` says which. A receiver that fails is logged and stops neither the others nor
the request.
"""

from django.dispatch import Signal

event_recorded = Signal()
"""Any event. The sender is the class of the record."""

program_changed = Signal()
"""``prodev.program.created|edited|published|retired.v1``."""

curriculum_changed = Signal()
"""``prodev.curriculum.drafted|edited|published|superseded|discarded.v1``."""

cohort_changed = Signal()
"""``prodev.cohort.created|edited|published|cancelled|archived.v1``."""

enrollment_changed = Signal()
"""``prodev.enrollment.invited|requested|waitlisted|activated|paused|resumed|completed|…v1``."""

progress_changed = Signal()
"""``prodev.progress.started|submitted|completed|waived|skipped|reopened.v1``."""

entry_changed = Signal()
"""``prodev.entry.written|edited|published|unpublished|shared|answered|accepted|unaccepted|deleted.v1``."""

project_changed = Signal()
"""``prodev.project.created|edited|submitted|changes_requested|approved|withdrawn|shared.v1``."""

role_changed = Signal()
"""``prodev.membership.granted|revoked.v1``."""

cache_used = Signal()
"""The cache was asked for something, in any request. The sender is what was asked for (``rest.program.list``), with
``outcome`` (``hit``, ``miss``, ``unchanged``, ``bypass``) and ``seconds``, which asking took. It is sent while the
request waits, so a receiver should only count."""

BY_OBJECT_TYPE = {
    "program": program_changed,
    "curriculum": curriculum_changed,
    "cohort": cohort_changed,
    "enrollment": enrollment_changed,
    "progress": progress_changed,
    "entry": entry_changed,
    "project": project_changed,
    "membership": role_changed,
}
"""Which signal is sent, beside ``event_recorded``, for an event about which type of object."""
