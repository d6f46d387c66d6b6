"""Every write: keyword-only, atomic, checked, with an event. Interfaces reach these through ``django_prodev.api``."""
