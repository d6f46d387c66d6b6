"""A pytest plugin: how much of the suite a run goes through.

Without a word of ``PRODEV_TEST_SCOPE``, all of it. ``release`` leaves out what is the same on every release of Django
and Python; the newest corner of the matrix uses it. ``compatibility`` leaves out what tries every case there is, too,
and lets Hypothesis draw fewer examples: what a release breaks, the modules that are left find by the cases of every
day. The cells between the corners use it.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

OF_NO_RELEASE = (
    "admin/test_large_imports.py",
    "architecture/test_isolation.py",
    "cache/test_races.py",
    "documents/test_adapter_fuzz.py",
    "documents/test_curriculum_gold.py",
    "documents/test_document_fuzz.py",
    "documents/test_outline_hostile.py",
    "documents/test_overview_corpus.py",
    "documents/test_overview_hostile.py",
    "documents/test_overview_properties.py",
    "documents/test_overview_shapes.py",
    "documents/test_overview_size.py",
    "documents/test_readings.py",
    "documents/test_round_trip.py",
    "documents/test_table_fuzz.py",
    "documents/test_table_reading.py",
    "documents/test_table_round_trip.py",
    "graphql/test_hostile.py",
    "graphql/test_suggestions.py",
    "management/test_import_terminal.py",
    "rest/test_alone.py",
    "services/test_races.py",
    "test_quickstart.py",
    "writing/test_key_races.py",
    "writing/test_permission_table.py",
    "writing/test_permission_table_in_admin.py",
    "writing/test_race_enrollment.py",
    "writing/test_same_outcome.py",
    "writing/test_twins.py",
)
"""What reads documents, tries this package's own rules for each person, or is large or far away: many processes at
once, a terminal, a site of its own.
"""

EVERY_CASE = (
    "admin/test_changelists.py",
    "admin/test_staff_visibility.py",
    "graphql/test_lists.py",
    "graphql/test_rest_parity.py",
    "graphql/test_statement_counts.py",
    "graphql/test_two_ways.py",
    "graphql/test_visibility.py",
    "models/test_visible_to.py",
    "reading/test_pages.py",
    "reading/test_progress_tree.py",
    "reading/test_query_plans.py",
    "reading/test_root_pages.py",
    "reading/test_statement_counts.py",
    "rest/test_visibility.py",
)
"""What asks for every list, filter, field and page: the SQL that Django writes, and its admin."""

LEFT_OUT = {"": (), "release": OF_NO_RELEASE, "compatibility": OF_NO_RELEASE + EVERY_CASE}

SCOPE = os.environ.get("PRODEV_TEST_SCOPE", "")
TESTS = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    if SCOPE not in LEFT_OUT:
        raise pytest.UsageError(f"PRODEV_TEST_SCOPE is {SCOPE!r}: it takes {' or '.join(filter(None, LEFT_OUT))}.")
    unknown = [name for name in OF_NO_RELEASE + EVERY_CASE if not (TESTS / name).is_file()]
    if unknown:
        raise pytest.UsageError(f"tests/plugins/scope.py names modules that are not there: {', '.join(unknown)}")
    if SCOPE == "compatibility":
        settings.register_profile(SCOPE, parent=settings.get_profile("suite"), max_examples=20)
        settings.load_profile(SCOPE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = {TESTS / name for name in LEFT_OUT[SCOPE]}
    config.hook.pytest_deselected(items=[item for item in items if item.path in left_out])
    items[:] = [item for item in items if item.path not in left_out]
