"""Challenges and their solutions: one module a shape, and the choice between their readings.

A shape reader gets a section's nodes and says what it reads and how sure it is. Records are made elsewhere.
"""

from django_prodev.documents.overview.challenges.choosing import read_challenges
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading

__all__ = ["Challenge", "Context", "Reading", "read_challenges"]
