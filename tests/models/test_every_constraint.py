"""Every rule of every table is held by the database, and every named one has a test that tries to break it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from tests.models.refusal import named_constraints, refused_by
from tests.testing.test_factories import FACTORIES

pytestmark = pytest.mark.django_db

MODELS: list[type[models.Model]] = list(apps.get_app_config("django_prodev").get_models())

CHOICES = [
    ("Cohort", "mode", "prodev_cohort_mode"),
    ("Cohort", "status", "prodev_cohort_status"),
    ("Curriculum", "status", "prodev_curriculum_status"),
    ("Enrollment", "source", "prodev_enrollment_source"),
    ("Enrollment", "status", "prodev_enrollment_status"),
    ("Entry", "kind", "prodev_entry_kind_value"),
    ("Entry", "status", "prodev_entry_status"),
    ("Entry", "visibility", "prodev_entry_visibility"),
    ("Job", "status", "prodev_job_status_value"),
    ("Membership", "role", "prodev_membership_role"),
    ("Program", "admission", "prodev_program_admission"),
    ("Program", "level", "prodev_program_level"),
    ("Program", "status", "prodev_program_status"),
    ("Program", "visibility", "prodev_program_visibility"),
    ("Progress", "source", "prodev_progress_source"),
    ("Progress", "status", "prodev_progress_status"),
    ("Project", "status", "prodev_project_status"),
    ("Project", "visibility", "prodev_project_visibility"),
    ("Topic", "kind", "prodev_topic_kind"),
    ("Unit", "kind", "prodev_unit_kind"),
    ("UnitTopic", "role", "prodev_unittopic_role"),
]


def _fields(kind: "type[models.Field[Any, Any]]", *, unique: bool = False) -> list[tuple[str, str]]:
    return [
        (model.__name__, field.name)
        for model in MODELS
        for field in model._meta.local_fields
        if isinstance(field, kind) and not field.primary_key and (field.unique or not unique)
    ]


def _stored(name: str) -> Any:
    make: Any = FACTORIES[name]
    # PostgreSQL reports the first check that fails, in the order of their names: the row must fail only one.
    return make(status="superseded") if name == "Curriculum" else make()


@pytest.mark.parametrize(("model", "column", "constraint"), CHOICES)
def test_a_closed_vocabulary_takes_no_other_word(model: str, column: str, constraint: str) -> None:
    row = _stored(model)
    with refused_by(constraint):
        type(row).objects.filter(pk=row.pk).update(**{column: "nonsense"})


def test_every_column_with_choices_is_a_closed_vocabulary() -> None:
    with_choices = {(m.__name__, f.name) for m in MODELS for f in m._meta.local_fields if f.choices}
    assert {(model, column) for model, column, _ in CHOICES} == with_choices


@pytest.mark.parametrize(("model", "column"), _fields(models.PositiveIntegerField))
def test_a_count_is_never_negative(model: str, column: str) -> None:
    row = _stored(model)
    with pytest.raises(IntegrityError, match=column), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**{column: -1})


@pytest.mark.parametrize(("model", "column"), _fields(models.Field, unique=True))
def test_a_unique_column_takes_no_value_twice(model: str, column: str) -> None:
    first, second = _stored(model), _stored(model)
    with pytest.raises(IntegrityError, match=column), transaction.atomic():
        type(first).objects.filter(pk=second.pk).update(**{column: getattr(first, column)})


def test_unique_columns_are_the_identifiers_the_slug_of_a_provider_and_the_key_of_an_event() -> None:
    uuids = {(model.__name__, "uuid") for model in MODELS}
    assert set(_fields(models.Field, unique=True)) == uuids | {("Provider", "slug"), ("Event", "key")}


@pytest.mark.parametrize("model", MODELS)
def test_the_database_has_every_constraint_and_index_of_the_model(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, model._meta.db_table)
    declared = {constraint.name for constraint in model._meta.constraints}
    declared |= {index.name for index in model._meta.indexes}
    assert declared <= set(there)


def test_every_named_constraint_has_a_test_that_tries_to_break_it() -> None:
    # refused_by() compares the name with what the database says, so a name written there was really reached.
    tried = {constraint for _, _, constraint in CHOICES}
    for path in Path(__file__).parent.glob("test_*.py"):
        tried.update(re.findall(r"refused_by\(\"(\w+)\"\)", path.read_text()))
    assert tried == set(named_constraints())


def test_names_fit_every_supported_database() -> None:
    names = [index.name for model in MODELS for index in model._meta.indexes] + list(named_constraints())
    assert len(names) == len(set(names))
    assert [name for name in names if len(name) > 63 or not name.startswith("prodev_")] == []
