"""How PostgreSQL means to read each list: every filter and order, from the start and from the middle, and nested.

``make explain`` fills a database with 500,000 entries, asks for the plan of every list (without running it), for each
sort of viewer, and prints what is wrong: a large table read from end to end, or many rows sorted. Each statement is
planned with its values, and once more without, as PostgreSQL does after it was run a few times.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from benchmarks.pages.data import LARGE, Size
from django_prodev.models.viewer import Viewer
from django_prodev.reading import cursors
from django_prodev.reading.arguments import ListInput, check_list
from django_prodev.reading.catalog import ENTITIES, LISTED
from django_prodev.reading.circles import NearAndFar
from django_prodev.reading.compiler import compile_list
from django_prodev.reading.entities import Entity, Filter, Many, ValueType
from django_prodev.reading.execution import numbered
from django_prodev.reading.plan import Level
from django_prodev.reading.selection import Branch, Leaf, Selection
from django_prodev.reading.statement import Statement

COMMON = ("active", "published", "public", "submitted")
SAMPLES = {"program": "program-5", "unit": "unit-5", "topic": "topic-5", "provider": "school-1", "slug": "unit-5"}


@dataclass(frozen=True)
class Fault:
    """What is wrong with the plan of one statement."""

    case: str
    what: str


def people(size: Size) -> dict[str, Viewer]:
    """One viewer of each sort: nobody, a learner, a mentor of a program, a superuser."""
    users = get_user_model().objects
    keys = {"learner": size.users // 2, "mentor": 5, "superuser": 1}
    return {"nobody": Viewer.of(None), **{name: Viewer.of(users.get(pk=key)) for name, key in keys.items()}}


def faults(size: Size, entities: tuple[Entity, ...] = LISTED, *, without: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Every fault in the plans of these lists, for everyone but those ``without``."""
    sorted_at_most = 2_000 + size.entries // 50
    for name, viewer in people(size).items():
        if name in without:
            continue
        for case, statement, values in _statements(entities, viewer):
            bound = {**values, "viewer": viewer.user_id, "keys": list(range(1, 21)), "most": 10_000}
            for known in (True, False):
                for what in _wrong(_plan(statement, bound, known=known), sorted_at_most):
                    yield Fault(f"{case} for {name}{'' if known else ', prepared'}", what)


def _statements(entities: tuple[Entity, ...], viewer: Viewer) -> Iterator[tuple[str, Statement, Mapping[str, Any]]]:
    for entity in entities:
        picks = tuple(Leaf(each.name, each) for each in entity.attributes)
        for case, given in _lists(entity):
            request = check_list(entity, given)
            plan = compile_list(Selection(entity, picks), request.listing, viewer.scope)
            for part, statement in _of_level(plan.root):
                yield f"{entity.plural} {case}{part}", statement, request.values
        for relation in entity.relations:
            if not isinstance(relation, Many) or not relation.paged:
                continue
            target = ENTITIES[relation.target]
            for order in target.orders:
                nested = check_list(target, ListInput({}, order=order.name, first=20, name="n."))
                inner = Selection(target, tuple(Leaf(each.name, each) for each in target.attributes))
                branch = Branch(relation.name, relation, inner, nested.listing, lambda page: page)
                outer = check_list(entity, ListInput({}))
                plan = compile_list(Selection(entity, (branch,)), outer.listing, viewer.scope)
                for child in plan.root.children:
                    case = f"{entity.plural} with {relation.name} by {order.name}"
                    yield case, child.statement, {**outer.values, **nested.values}


def _of_level(level: Level) -> Iterator[tuple[str, Statement]]:
    statement: Any = level.statement
    if isinstance(statement, NearAndFar):
        yield " near", statement.near
        yield " far", statement.far
    else:
        yield "", statement


def _lists(entity: Entity) -> Iterator[tuple[str, ListInput]]:
    plain = ListInput({}, first=20)
    for order in entity.orders:
        yield f"by {order.name}", replace(plain, order=order.name)
        if (row := _middle(entity, order.column)) is not None:
            yield (
                f"by {order.name} from the middle",
                replace(plain, order=order.name, after=cursors.encode(order, *row)),
            )
            yield (
                f"by {order.name} backwards",
                replace(plain, order=order.name, before=cursors.encode(order, *row), first=None, last=20),
            )
    for each in entity.filters:
        yield f"of {each.name}", replace(plain, filters={each.name: _sample(each)})
    if entity.search:
        yield "with a word", replace(plain, search="quokka")


def _middle(entity: Entity, column: str) -> Any:
    rows = entity.model._default_manager.order_by("pk")
    return rows.values_list(column, "uuid")[rows.count() // 2 :].first()


def _sample(each: Filter) -> Any:
    if each.choices is not None:
        return next((value for value in each.choices.values if value in COMMON), each.choices.values[0])
    if each.value_type is ValueType.BOOLEAN:
        return True
    return "00000000-0000-4000-8000-000000000000" if each.value_type is ValueType.UUID else SAMPLES.get(each.name, "en")


def _plan(statement: Statement, values: Mapping[str, Any], *, known: bool) -> dict[str, Any]:
    sql, params = statement.bind(values)
    with connection.cursor() as cursor:
        if known:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        else:
            cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            cursor.execute(b"PREPARE prodev_case AS " + numbered(sql))
            try:
                places = ", ".join(["%s"] * len(params))
                cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE prodev_case{f'({places})' if params else ''}", params)
                found = cursor.fetchone()[0]
            finally:
                cursor.execute("DEALLOCATE prodev_case")
            return dict((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])
        found = cursor.fetchone()[0]
    return dict((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


def _wrong(node: Mapping[str, Any], sorted_at_most: int) -> Iterator[str]:
    table = str(node.get("Relation Name", "")).removeprefix("django_prodev_")
    if node["Node Type"] == "Seq Scan" and table in LARGE:
        yield f"reads the whole of {table}"
    if node["Node Type"] == "Sort" and (rows := _sorted(node["Plans"][0])) > sorted_at_most:
        yield f"sorts {rows:,} rows by {', '.join(node['Sort Key'])}"
    for child in node.get("Plans", ()):
        yield from _wrong(child, sorted_at_most)


def _sorted(node: Mapping[str, Any]) -> int:
    """The rows that are sorted; where they are a page for each of some parents, as many as there are parents."""
    if node["Node Type"] == "Nested Loop" and node["Plans"][1]["Node Type"] == "Limit":
        node = node["Plans"][0]
    return int(node["Plan Rows"])


def main() -> int:
    """Explain every list at 500,000 entries; the exit status is how many faults there are, 1 at most."""
    from django.db import transaction

    from benchmarks.pages.databases import prepared

    size = Size(500_000)
    prepared(size)
    with transaction.atomic():
        found = list(faults(size))
    for each in found:
        print(f"{each.case}: {each.what}")
    print(f"{len(found)} faults in the plans of {len(LISTED)} lists at {size.entries:,} entries.")
    return 1 if found else 0
