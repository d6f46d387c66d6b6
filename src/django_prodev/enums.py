"""The closed vocabularies of the model, as Django choices. The values are stored and published: they never change."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may do for a provider, a program or a cohort."""

    OWNER = "owner", _("owner")
    EDITOR = "editor", _("editor")
    MENTOR = "mentor", _("mentor")
    REVIEWER = "reviewer", _("reviewer")
    OBSERVER = "observer", _("observer")


class TopicKind(TextChoices):
    """What sort of thing can be learnt."""

    TECHNOLOGY = "technology", _("technology")
    CONCEPT = "concept", _("concept")
    SKILL = "skill", _("skill")
    PRACTICE = "practice", _("practice")


class TopicRole(TextChoices):
    """What a unit does with a topic."""

    TEACHES = "teaches", _("teaches")
    PRACTICES = "practices", _("practises")
    ASSESSES = "assesses", _("assesses")
    REQUIRES = "requires", _("requires")


class ProgramStatus(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class ProgramVisibility(TextChoices):
    """Who may see a published program: everyone, whoever has its address, or only its people."""

    PUBLIC = "public", _("public")
    UNLISTED = "unlisted", _("unlisted")
    PRIVATE = "private", _("private")


class Admission(TextChoices):
    """How a learner gets in."""

    OPEN = "open", _("open")
    REQUEST = "request", _("on request")
    INVITE = "invite", _("by invitation")


class Level(TextChoices):
    BEGINNER = "beginner", _("beginner")
    INTERMEDIATE = "intermediate", _("intermediate")
    ADVANCED = "advanced", _("advanced")


class CurriculumStatus(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")


class UnitKind(TextChoices):
    MODULE = "module", _("module")
    COURSE = "course", _("course")
    LESSON = "lesson", _("lesson")
    PROJECT = "project", _("project")
    MILESTONE = "milestone", _("milestone")
    EVENT = "event", _("event")
    RESOURCE = "resource", _("resource")


class CohortStatus(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    CANCELLED = "cancelled", _("cancelled")
    ARCHIVED = "archived", _("archived")


class CohortMode(TextChoices):
    ONLINE = "online", _("online")
    ONSITE = "onsite", _("on site")
    BLENDED = "blended", _("blended")


class EnrollmentStatus(TextChoices):
    INVITED = "invited", _("invited")
    REQUESTED = "requested", _("requested")
    WAITLISTED = "waitlisted", _("on the waiting list")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    COMPLETED = "completed", _("completed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    REJECTED = "rejected", _("rejected")


OPEN_ENROLLMENT_STATUSES = (
    EnrollmentStatus.INVITED,
    EnrollmentStatus.REQUESTED,
    EnrollmentStatus.WAITLISTED,
    EnrollmentStatus.ACTIVE,
    EnrollmentStatus.PAUSED,
)
"""The statuses of which a person holds at most one in a program."""

LEARNING_ENROLLMENT_STATUSES = (
    EnrollmentStatus.ACTIVE,
    EnrollmentStatus.PAUSED,
    EnrollmentStatus.COMPLETED,
)
"""The statuses of someone who has, or had, a place: what a program shows its learners is for these."""


class EnrollmentSource(TextChoices):
    """How an enrolment came to be."""

    SELF = "self", _("self")
    STAFF = "staff", _("staff")
    INVITATION = "invitation", _("invitation")
    IMPORT = "import", _("import")
    API = "api", _("API")


class ProgressStatus(TextChoices):
    """How far a learner is with a unit. No row means: not started."""

    IN_PROGRESS = "in_progress", _("in progress")
    SUBMITTED = "submitted", _("submitted")
    COMPLETED = "completed", _("completed")
    WAIVED = "waived", _("waived")
    SKIPPED = "skipped", _("skipped")


DONE_PROGRESS_STATUSES = (ProgressStatus.COMPLETED, ProgressStatus.WAIVED)
"""The statuses that count as done, and so carry ``completed_at``."""


class ProgressSource(TextChoices):
    LEARNER = "learner", _("learner")
    STAFF = "staff", _("staff")
    PROJECT = "project", _("project")
    IMPORT = "import", _("import")


class EntryKind(TextChoices):
    LEARNING = "learning", _("learning")
    CHALLENGE = "challenge", _("challenge")
    SOLUTION = "solution", _("solution")
    PRACTICE = "practice", _("practice")
    TAKEAWAY = "takeaway", _("takeaway")
    REFLECTION = "reflection", _("reflection")


class EntryStatus(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class Visibility(TextChoices):
    """Who, besides the author, may see an entry or a project, from the narrowest circle to the widest."""

    PRIVATE = "private", _("private")
    MENTORS = "mentors", _("mentors")
    COHORT = "cohort", _("cohort")
    PROGRAM = "program", _("program")
    PUBLIC = "public", _("public")


class ProjectStatus(TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


LIVE_PROJECT_STATUSES = (
    ProjectStatus.SUBMITTED,
    ProjectStatus.CHANGES_REQUESTED,
    ProjectStatus.APPROVED,
)
"""A submission in one of these is the one that counts for its unit, and may be seen by others."""


class JobStatus(TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
