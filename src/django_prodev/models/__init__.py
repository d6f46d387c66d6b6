"""Tables, constraints and QuerySets: one file an aggregate."""

from django_prodev.models.cohort import Cohort
from django_prodev.models.curriculum import Curriculum, CurriculumItem, Unit, UnitTopic
from django_prodev.models.enrollment import Enrollment
from django_prodev.models.entry import Entry
from django_prodev.models.event import Event
from django_prodev.models.job import Job
from django_prodev.models.program import Program
from django_prodev.models.progress import Progress
from django_prodev.models.project import Project
from django_prodev.models.provider import Membership, Provider
from django_prodev.models.receipt import Receipt
from django_prodev.models.topic import Topic

__all__ = [
    "Cohort",
    "Curriculum",
    "CurriculumItem",
    "Enrollment",
    "Entry",
    "Event",
    "Job",
    "Membership",
    "Program",
    "Progress",
    "Project",
    "Provider",
    "Receipt",
    "Topic",
    "Unit",
    "UnitTopic",
]
