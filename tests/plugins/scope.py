"""A pytest plugin: how much of the suite a run goes through.

``PRODEV_TEST_SCOPE=compatibility`` leaves out the modules below, which try every case there is (each command for each
person, each filter of each list, each document) or what is large or far away (a process, a terminal), and find nothing
by themselves that depends on the release of Django or Python; Hypothesis then draws fewer examples. The matrix uses it
between its corners.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

THOROUGH = (
    "admin/test_changelists.py",
    "admin/test_large_imports.py",
    "admin/test_staff_visibility.py",
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
    "graphql/test_lists.py",
    "graphql/test_rest_parity.py",
    "graphql/test_statement_counts.py",
    "graphql/test_suggestions.py",
    "graphql/test_two_ways.py",
    "graphql/test_visibility.py",
    "management/test_import_terminal.py",
    "models/test_visible_to.py",
    "reading/test_pages.py",
    "reading/test_progress_tree.py",
    "reading/test_query_plans.py",
    "reading/test_root_pages.py",
    "reading/test_statement_counts.py",
    "rest/test_alone.py",
    "rest/test_visibility.py",
    "services/test_races.py",
    "test_quickstart.py",
    "writing/test_key_races.py",
    "writing/test_permission_table.py",
    "writing/test_permission_table_in_admin.py",
    "writing/test_race_enrollment.py",
    "writing/test_same_outcome.py",
    "writing/test_twins.py",
)
TESTS = Path(__file__).resolve().parent.parent


def _is_narrow() -> bool:
    return os.environ.get("PRODEV_TEST_SCOPE") == "compatibility"


def pytest_configure(config: pytest.Config) -> None:
    unknown = [name for name in THOROUGH if not (TESTS / name).is_file()]
    if unknown:
        raise pytest.UsageError(f"tests/plugins/scope.py names modules that are not there: {', '.join(unknown)}")
    if _is_narrow():
        settings.register_profile("compatibility", parent=settings.get_profile("suite"), max_examples=20)
        settings.load_profile("compatibility")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not _is_narrow():
        return
    left_out = {TESTS / name for name in THOROUGH}
    config.hook.pytest_deselected(items=[item for item in items if item.path in left_out])
    items[:] = [item for item in items if item.path not in left_out]
