"""Fixtures of the services' tests."""

import pytest

from tests.services.school import School


@pytest.fixture
def school(db: None) -> School:
    return School()
