"""A selection compiled to a plan: one statement for its rows, one more for each to-many relation.

Everything that depends on what is asked is done here, once: which columns, which joins, whose rows may be seen at each
level, how each list is narrowed and sorted, and the functions that assemble the answer.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections, models
from django.db.models import F, QuerySet, UUIDField, Window
from django.db.models.functions import RowNumber

from django_prodev.conf import prodev_settings
from django_prodev.models.viewer import Scope, Viewer
from django_prodev.models.visibility import VisibilityPolicy, VisibleQuerySet
from django_prodev.reading.assembly import NOTHING, Assembler, Build
from django_prodev.reading.catalog import ENTITIES
from django_prodev.reading.entities import Entity, Many, One, Reach
from django_prodev.reading.listing import COUNT_LIMIT, Listing
from django_prodev.reading.plan import Level, Paging, Plan
from django_prodev.reading.selection import Branch, Constant, Group, Leaf, Page, Selection
from django_prodev.reading.slots import InSlot, LateralKey, NumberSlot, RawKeys, Slot
from django_prodev.reading.statement import Statement


def compile_list(selection: Selection, listing: Listing, scope: Scope) -> Plan:
    """The plan of a page of rows."""
    compiler = _Compiler(scope, addressed=False)
    rows = compiler.visible(selection.entity)
    narrowed = listing.narrow(rows, selection.entity, compiler.viewer, addressed=False)
    return compiler.finish(compiler.paged_root(selection, listing, narrowed))


def compile_one(selection: Selection, lookup: tuple[str, ...], scope: Scope) -> Plan:
    """The plan of the one row whose columns ``lookup`` have the values bound to ``lookup.<column>``.

    A row that is asked for by its own address may be unlisted.
    """
    compiler = _Compiler(scope, addressed=True)
    rows = compiler.visible(selection.entity)
    for path in lookup:
        column = UUIDField() if path.endswith("uuid") else _field(selection.entity, path)
        rows = rows.filter(**{path: Slot(f"lookup.{path}", column)})
    return compiler.finish(compiler.single_root(selection, rows))


def _field(entity: Entity, path: str) -> Any:
    model: Any = entity.model
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    return model._meta.get_field(name)


def _has_rule(entity: Entity) -> bool:
    return isinstance(entity.rows(), VisibleQuerySet)


class _Columns:
    """The columns of one statement, each once, and where they are."""

    def __init__(self, *first: str) -> None:
        self.chosen: list[Any] = []
        self._at: dict[tuple[str, str], int] = {}
        for name in first:
            self.path(name)

    def path(self, path: str) -> int:
        return self._add(("", path), path)

    def leaf(self, prefix: str, leaf: Leaf) -> int:
        attribute = leaf.attribute
        if attribute.build is None:
            return self.path(f"{prefix}{attribute.name}")
        return self._add((prefix, attribute.name), attribute.build(prefix))

    def _add(self, key: tuple[str, str], expression: Any) -> int:
        if key not in self._at:
            self._at[key] = len(self.chosen)
            self.chosen.append(expression)
        return self._at[key]


class _Compiler:
    """Compiles one plan. The viewer is known by scope alone: the key is a slot."""

    def __init__(self, scope: Scope, *, addressed: bool) -> None:
        user_key = get_user_model()._meta.pk
        self.viewer = Viewer(scope, Slot("viewer", user_key) if scope is Scope.USER else None)
        self.addressed = addressed
        self.statements = 0
        self._default_rules = prodev_settings.VISIBILITY_POLICY is VisibilityPolicy

    def finish(self, root: Level) -> Plan:
        return Plan(root, self.statements)

    def visible(self, entity: Entity, *, beside: bool = False) -> "QuerySet[Any, Any]":
        rows = entity.rows()
        if isinstance(rows, VisibleQuerySet):
            return rows.visible_to(self.viewer, addressed=self.addressed and not beside)
        return rows

    def _prepare(self, rows: "QuerySet[Any, Any]", columns: _Columns, limit: NumberSlot | None) -> Statement:
        self.statements += 1
        return Statement.prepare(rows.values_list(*columns.chosen), limit=limit)

    def paged_root(self, selection: Selection, listing: Listing, narrowed: Any) -> Level:
        columns = _Columns("pk")
        assembler, children = Assembler(), list[Level]()
        record = self._record(selection, "", columns, assembler, children)
        value_at, uuid_at = columns.path(listing.order.column), columns.path("uuid")
        statement = self._prepare(listing.paginate(narrowed, selection.entity), columns, listing.limit)
        paging = Paging(listing, value_at, uuid_at, None)
        if listing.counted:
            self.statements += 1
            paging.count = Statement.prepare(narrowed.values_list("pk")[: COUNT_LIMIT + 1]).counted()
        return Level(statement, assembler.as_list(record), children, page=paging)

    def single_root(self, selection: Selection, rows: Any) -> Level:
        columns = _Columns("pk")
        assembler, children = Assembler(), list[Level]()
        record = self._record(selection, "", columns, assembler, children)
        return Level(self._prepare(rows, columns, None), assembler.as_list(record), children)

    def _record(
        self,
        selection: Selection,
        prefix: str,
        columns: _Columns,
        assembler: Assembler,
        children: list[Level],
        null_at: int | None = None,
    ) -> str:
        """The expression of one record, noting the columns it needs and the statements that hang on it."""
        parts: list[tuple[str, str]] = []
        for pick in selection.picks:
            match pick:
                case Leaf():
                    parts.append((pick.key, self._leaf(pick, prefix, columns, assembler)))
                case Constant():
                    parts.append((pick.key, assembler.constant(pick.value)))
                case Group():
                    parts.append((pick.key, self._record(pick.selection, prefix, columns, assembler, children)))
                case Branch(relation=One()):
                    parts.append((pick.key, self._one(pick, prefix, columns, assembler, children)))
                case Branch():
                    parts.append((pick.key, self._many(pick, prefix, columns, assembler, children)))
        return assembler.record(parts, null_at)

    def _leaf(self, pick: Leaf, prefix: str, columns: _Columns, assembler: Assembler) -> str:
        attribute = pick.attribute
        if attribute.derive is not None:
            return assembler.derived([columns.path(f"{prefix}{name}") for name in attribute.of], attribute.derive)
        return assembler.leaf(columns.leaf(prefix, pick), pick.convert, attribute.nullable)

    def _one(self, branch: Branch, prefix: str, columns: _Columns, assembler: Assembler, children: list[Level]) -> str:
        relation = branch.relation
        assert isinstance(relation, One)
        entity = ENTITIES[relation.target]
        if relation.reach is Reach.JOINED and (self._default_rules or not _has_rule(entity)):
            inner = f"{prefix}{relation.path}__"
            null_at = columns.path(f"{inner}pk") if relation.nullable else None
            return self._record(branch.selection, inner, columns, assembler, children, null_at)
        if relation.reach is Reach.REVERSE:
            at, link = columns.path(f"{prefix}pk"), f"{relation.path}_id"
        else:
            at, link = columns.path(f"{prefix}{relation.path}_id"), "pk"
        rows = self.visible(entity)
        if relation.where is not None:
            rows = rows.filter(relation.where)
        level = self._hanging(branch.selection, rows, link, "", Assembler.as_index)
        level.parent_at = at
        children.append(level)
        return assembler.child(at, None)

    def _many(self, branch: Branch, prefix: str, columns: _Columns, assembler: Assembler, children: list[Level]) -> str:
        relation = branch.relation
        assert isinstance(relation, Many)
        at = columns.path(f"{prefix}pk")
        entity = ENTITIES[relation.target]
        if relation.path:
            rows = relation.model._default_manager.all().order_by()
            if not self._default_rules and _has_rule(entity):
                rows = rows.filter(**{f"{relation.path}__in": self.visible(entity).values("pk")})
        else:
            rows = self.visible(entity, beside=relation.beside)
        if relation.where is not None:
            rows = rows.filter(relation.where)
        link = f"{relation.link}_id"
        if branch.listing is not None:
            level = self._pages(branch, rows, link, entity)
            empty = branch.wrap and branch.wrap(Page([], (), False, False, 0 if branch.listing.counted else None))
        else:
            inner = f"{relation.path}__" if relation.path else ""
            level = self._hanging(branch.selection, rows.order_by(*relation.order), link, inner, Assembler.as_groups)
            empty = NOTHING
        level.parent_at = at
        children.append(level)
        return assembler.child(at, empty)

    def _hanging(
        self, selection: Selection, rows: Any, link: str, prefix: str, shape: Callable[[Assembler, str], Build]
    ) -> Level:
        """The statement of all rows that hang on the parents' keys, up to the most that an answer may hold."""
        columns = _Columns(link)
        assembler, children = Assembler(), list[Level]()
        record = self._record(selection, prefix, columns, assembler, children)
        rows = rows.filter(InSlot(F(link), RawKeys()))
        statement = self._prepare(rows, columns, NumberSlot("most"))
        return Level(statement, shape(assembler, record), children)

    def _pages(self, branch: Branch, rows: Any, link: str, entity: Entity) -> Level:
        """A page of rows for each parent: by ``LATERAL`` where there is one, elsewhere by numbering the rows."""
        listing = branch.listing
        assert listing is not None
        addressed = self.addressed and not (isinstance(branch.relation, Many) and branch.relation.beside)
        narrowed = listing.narrow(rows, entity, self.viewer, addressed)
        columns = _Columns(link)
        assembler, children = Assembler(), list[Level]()
        record = self._record(branch.selection, "", columns, assembler, children)
        value_at, uuid_at = columns.path(listing.order.column), columns.path("uuid")
        paging = Paging(listing, value_at, uuid_at, branch.wrap)
        if connections[rows.db].vendor == "postgresql":
            each = {link: LateralKey(models.BigIntegerField())}
            page = listing.paginate(narrowed.filter(**each), entity)
            statement = self._prepare(page, columns, listing.limit).for_each_parent()
            if listing.counted:
                bounded = narrowed.filter(**each).values_list("pk")[: COUNT_LIMIT + 1]
                paging.count = Statement.prepare(bounded).counted_for_each_parent()
        else:
            page = listing.paginate(narrowed.filter(InSlot(F(link), RawKeys())), entity)
            number = Window(RowNumber(), partition_by=[F(link)], order_by=listing.ordering())
            page = page.annotate(prodev_number=number)
            size = Slot(listing.slot("limit"), models.IntegerField())
            statement = self._prepare(page.filter(prodev_number__lte=size), columns, None)
            if listing.counted:
                hanging = narrowed.filter(InSlot(F(link), RawKeys()))
                paging.count = Statement.prepare(hanging.values_list(link).annotate(models.Count("pk")))
        self.statements += listing.counted
        return Level(statement, assembler.as_list(record), children, page=paging)
