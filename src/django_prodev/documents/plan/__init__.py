"""From records to what would change: matched against the rows that are there, under the locks of the import."""

from django_prodev.documents.plan.outcome import Action, Plan, PlannedRecord, ProgramOutcome, Request, SourceDocument
from django_prodev.documents.plan.planner import make_plan

__all__ = ["Action", "Plan", "PlannedRecord", "ProgramOutcome", "Request", "SourceDocument", "make_plan"]
