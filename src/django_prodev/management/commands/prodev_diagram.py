"""Print the page of the entities: a Mermaid diagram of the models, and what the database refuses for each of them."""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import CheckConstraint, Field, Model, UniqueConstraint

from django_prodev.management.conditions import sentence
from django_prodev.management.generated import PageCommand

_HEAD = """\
# Entities and their relations

Printed by `manage.py prodev_diagram`; a test compares this page with the models. `User` is the model that the site
names in `AUTH_USER_MODEL`. Every table also has `id` (inside), `uuid` (outside), `created_at` and `updated_at`.

"""

_EVERYWHERE = ("id", "uuid", "created_at", "updated_at")

_TYPES = {
    "BooleanField": "boolean",
    "CharField": "string",
    "DateField": "date",
    "DateTimeField": "datetime",
    "DecimalField": "decimal",
    "JSONField": "json",
    "PositiveIntegerField": "integer",
    "SlugField": "slug",
    "TextField": "text",
    "UUIDField": "uuid",
}


class Command(PageCommand):
    help = "Print the documentation of the models, with a Mermaid diagram."

    def page(self) -> str:
        models = sorted(apps.get_app_config("django_prodev").get_models(), key=_name)
        diagram = "\n".join(["erDiagram", *_relations(models), *_entities(models)])
        return f"{_HEAD}```mermaid\n{diagram}\n```\n\n" + "\n".join(_section(model) for model in models)


def _name(model: Any) -> str:
    return "User" if model is get_user_model() else str(model.__name__)


def _relations(models: list[type[Model]]) -> list[str]:
    lines = []
    for model in models:
        for field in model._meta.local_fields:
            if field.is_relation:
                one = "|o" if field.null else "||"
                lines.append(f"    {_name(field.related_model)} {one}--o{{ {_name(model)} : {field.name}")
        for relation in model._meta.local_many_to_many:
            through: Any = relation.remote_field.through
            if through._meta.auto_created:
                lines.append(f"    {_name(model)} }}o--o{{ {_name(relation.related_model)} : {relation.name}")
    return lines


def _entities(models: list[type[Model]]) -> list[str]:
    lines = []
    for model in models:
        lines.append(f"    {_name(model)} {{")
        lines += [f"        {_column(field)}" for field in model._meta.local_fields if field.name not in _EVERYWHERE]
        lines.append("    }")
    return lines


def _column(field: "Field[Any, Any]") -> str:
    kind = "reference" if field.is_relation else _TYPES[field.get_internal_type()]
    key = " FK" if field.is_relation else " UK" if field.unique else ""
    comment = ' "optional"' if field.null or field.blank else ""
    return f"{kind} {field.name}{key}{comment}"


def _section(model: type[Model]) -> str:
    lines = [f"## {_name(model)}\n", _described(model) + "\n"]
    lines += ["| Rule or index | What it holds |", "|---|---|"]
    lines += [f"| `{constraint.name}` | {_rule(constraint)} |" for constraint in model._meta.constraints]
    for index in model._meta.indexes:
        only = f", where {sentence(index.condition)}" if index.condition else ""
        lines.append(f"| `{index.name}` | index on {', '.join(index.fields)}{only} |")
    if len(lines) == 4:
        lines = lines[:2]
    return "\n".join(lines) + "\n"


def _described(model: type[Model]) -> str:
    """The first paragraph of the model's docstring, as Markdown."""
    return " ".join((model.__doc__ or "").partition("\n\n")[0].split()).replace("``", "`")


def _rule(constraint: Any) -> str:
    if isinstance(constraint, CheckConstraint):
        return sentence(constraint.condition)
    assert isinstance(constraint, UniqueConstraint)
    columns = [*constraint.fields, *(sentence(expression) for expression in constraint.expressions)]
    only = f", where {sentence(constraint.condition)}" if constraint.condition else ""
    return f"at most one row for each {' and '.join(columns)}{only}"
