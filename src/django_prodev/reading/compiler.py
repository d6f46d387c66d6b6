"""A selection compiled to a plan: one statement for its rows, one more for each to-many relation.

Everything that depends on what is asked is done here, once: which columns, which joins, whose rows may be seen at each
level, how each list is narrowed and sorted, and the functions that assemble the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections, models
from django.db.models import F, Q, QuerySet, UUIDField, Window
from django.db.models.functions import RowNumber

from django_prodev.conf import prodev_settings
from django_prodev.models.viewer import Scope, Viewer
from django_prodev.models.visibility import VisibilityPolicy, VisibleQuerySet
from django_prodev.reading.assembly import NOTHING, Assembler, Build
from django_prodev.reading.catalog import ENTITIES
from django_prodev.reading.entities import Entity, Many, One, Reach
from django_prodev.reading.gathering import Columns, Gathering
from django_prodev.reading.listing import COUNT_LIMIT, Listing
from django_prodev.reading.plan import Level, Paging, Plan
from django_prodev.reading.root_pages import RootPage
from django_prodev.reading.selection import Branch, Constant, Group, Leaf, Page, Selection
from django_prodev.reading.slots import InSlot, LateralKey, NumberSlot, ParentKey, RawKeys, Slot
from django_prodev.reading.statement import Statement


def compile_list(selection: Selection, listing: Listing, scope: Scope) -> Plan:
    """The plan of a page of rows."""
    compiler = _Compiler(scope, addressed=False)
    return compiler.finish(compiler.paged_root(selection, listing))


def compile_one(selection: Selection, lookup: tuple[str, ...], scope: Scope) -> Plan:
    """The plan of the one row whose columns ``lookup`` have the values bound to ``lookup.<column>``.

    A row that is asked for by its own address may be unlisted.
    """
    compiler = _Compiler(scope, addressed=True)
    return compiler.finish(compiler.single_root(selection, lookup))


def _field(entity: Entity, path: str) -> Any:
    model: Any = entity.model
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    return model._meta.get_field(name)


@lru_cache(maxsize=64)
def _has_rule(entity: Entity) -> bool:
    return isinstance(entity.rows(), VisibleQuerySet)


def _viewer(scope: Scope) -> Viewer:
    """Anyone in the scope."""
    return Viewer(scope, Slot("viewer", get_user_model()._meta.pk) if scope is Scope.USER else None)


@lru_cache(maxsize=512)
def _visible(entity: Entity, scope: Scope, addressed: bool, policy: type[VisibilityPolicy]) -> "QuerySet[Any, Any]":
    """The rows of an entity that anyone in the scope may see: working out the rule costs half of a plan."""
    rows = entity.rows()
    return rows.visible_to(_viewer(scope), addressed=addressed) if isinstance(rows, VisibleQuerySet) else rows


@lru_cache(maxsize=512)
def _one_row(entity: Entity, lookup: tuple[str, ...], scope: Scope, policy: Any, columns: Columns) -> Statement:
    """The statement for one row: who asks for the same under other names asks the database the same."""
    rows = _visible(entity, scope, True, policy)
    for path in lookup:
        column = UUIDField() if path.endswith("uuid") else _field(entity, path)
        rows = rows.filter(**{path: Slot(f"lookup.{path}", column)})
    return Statement.prepare(rows.values_list(*columns.chosen))


@dataclass(frozen=True, slots=True)
class Hanging:
    """Rows that hang on others: which, by which column, and what becomes of them."""

    selection: Selection
    rows: Any
    link: str
    prefix: str
    shape: Callable[[Assembler, str], Build]


class _Compiler:
    """Compiles one plan. The viewer is known by scope alone: the key is a slot."""

    def __init__(self, scope: Scope, *, addressed: bool) -> None:
        self.viewer = _viewer(scope)
        self.addressed = addressed
        self.statements = 0
        self._policy = prodev_settings.VISIBILITY_POLICY
        self._default_rules = self._policy is VisibilityPolicy

    def finish(self, root: Level) -> Plan:
        return Plan(root, self.statements)

    def visible(self, entity: Entity, *, beside: bool = False) -> "QuerySet[Any, Any]":
        return _visible(entity, self.viewer.scope, self.addressed and not beside, self._policy)

    def _is_open(self, entity: Entity) -> bool:
        """Whether nothing of the entity is hidden from this viewer."""
        return not _has_rule(entity) or not self.visible(entity).query.where

    def _rule(self, entity: Entity) -> Q:
        if not _has_rule(entity):
            return Q()
        rule: Q = self._policy().rule(entity.model, self.viewer, addressed=self.addressed)
        return rule

    def _is_joined(self, relation: One) -> bool:
        return self._default_rules and relation.reach is Reach.JOINED

    def _prepare(self, rows: "QuerySet[Any, Any]", gathered: Gathering, limit: NumberSlot | None) -> Statement:
        return self._folded(Statement.prepare(rows.values_list(*gathered.chosen), limit=limit), gathered)

    @staticmethod
    def _folded(statement: Statement, gathered: Gathering) -> Statement:
        """The statement with those in it that are few under each of its rows."""
        folded = [level for level in gathered.children if level.is_folded]
        for number, level in enumerate(folded):
            level.folded_at = statement.width + number
        if folded:
            assert gathered.depth is not None
            statement = statement.with_folded([level.statement for level in folded], gathered.depth)
        return statement

    def paged_root(self, selection: Selection, listing: Listing) -> Level:
        entity = selection.entity
        gathered = Gathering("pk")
        record = self._record(selection, "", gathered)
        value_at, uuid_at = gathered.path(listing.order.column), gathered.path("uuid")
        paging = Paging(listing, value_at, uuid_at, None)
        statement: Any
        if connections[entity.rows().db].vendor == "postgresql":
            page = RootPage(entity, listing, self.viewer, self._rule(entity))
            statement = page.statement(lambda rows, limit: self._prepare(rows, gathered, limit), value_at, uuid_at)
            paging.count = page.count() if listing.counted else None
        else:
            narrowed = listing.narrow(self.visible(entity), entity, self.viewer, addressed=False)
            statement = self._prepare(listing.paginate(narrowed, entity), gathered, listing.limit)
            if listing.counted:
                paging.count = Statement.prepare(narrowed.values_list("pk")[: COUNT_LIMIT + 1]).counted()
        self.statements += 1 + listing.counted
        return Level(statement, gathered.assembler.as_list(record), gathered.children, page=paging)

    def single_root(self, selection: Selection, lookup: tuple[str, ...]) -> Level:
        entity = selection.entity
        gathered = Gathering("pk", depth=0 if connections[entity.rows().db].vendor == "postgresql" else None)
        record = self._record(selection, "", gathered)
        self.statements += 1
        statement = _one_row(entity, lookup, self.viewer.scope, self._policy, gathered.columns)
        return Level(self._folded(statement, gathered), gathered.assembler.as_list(record), gathered.children)

    def _record(self, selection: Selection, prefix: str, gathered: Gathering, null_at: int | None = None) -> str:
        """The expression of one record, noting the columns it needs and the statements that hang on it."""
        parts: list[tuple[str, str]] = []
        for pick in selection.picks:
            match pick:
                case Leaf():
                    parts.append((pick.key, self._leaf(pick, prefix, gathered)))
                case Constant():
                    parts.append((pick.key, gathered.assembler.constant(pick.value)))
                case Group():
                    parts.append((pick.key, self._record(pick.selection, prefix, gathered)))
                case Branch(relation=One()):
                    parts.append((pick.key, self._one(pick, prefix, gathered)))
                case Branch():
                    parts.append((pick.key, self._many(pick, prefix, gathered)))
        return gathered.assembler.record(parts, null_at)

    def _leaf(self, pick: Leaf, prefix: str, gathered: Gathering) -> str:
        attribute = pick.attribute
        if attribute.derive is not None:
            made_of = [gathered.path(f"{prefix}{name}") for name in attribute.of]
            return gathered.assembler.derived(made_of, attribute.derive)
        return gathered.assembler.leaf(gathered.leaf(prefix, pick), pick.convert, attribute.nullable)

    def _one(self, branch: Branch, prefix: str, gathered: Gathering) -> str:
        relation = branch.relation
        assert isinstance(relation, One)
        entity = ENTITIES[relation.target]
        implied = self._default_rules and self.viewer.scope in relation.implied
        if relation.reach is not Reach.REVERSE and (self._is_open(entity) or implied or self._is_joined(relation)):
            inner = f"{prefix}{relation.path}__"
            null_at = gathered.path(f"{inner}pk") if relation.nullable else None
            return self._record(branch.selection, inner, gathered, null_at)
        if relation.reach is Reach.REVERSE:
            at, link = gathered.path(f"{prefix}pk"), f"{relation.path}_id"
        else:
            at, link = gathered.path(f"{prefix}{relation.path}_id"), "pk"
        rows = entity.rows() if implied else self.visible(entity)
        if relation.where is not None:
            rows = rows.filter(relation.where)
        hanging = Hanging(branch.selection, rows, link, "", Assembler.as_index)
        gathered.hang(self._hanging(hanging, gathered, at, few=True), at)
        return gathered.assembler.child(at, None)

    def _many(self, branch: Branch, prefix: str, gathered: Gathering) -> str:
        relation = branch.relation
        assert isinstance(relation, Many)
        at = gathered.path(f"{prefix}pk")
        entity = ENTITIES[relation.target]
        if relation.path:
            rows = relation.model._default_manager.all().order_by()
            if not self._default_rules and _has_rule(entity):
                rows = rows.filter(**{f"{relation.path}__in": self.visible(entity).values("pk")})
        elif relation.implied and self._default_rules:
            rows = entity.rows()
        else:
            rows = self.visible(entity, beside=relation.beside)
        if relation.where is not None:
            rows = rows.filter(relation.where)
        link = f"{relation.link}_id"
        if branch.listing is not None:
            gathered.hang(self._pages(branch, rows, link, entity), at)
            empty = branch.wrap and branch.wrap(Page([], (), False, False, 0 if branch.listing.counted else None))
            return gathered.assembler.child(at, empty)
        inner = f"{relation.path}__" if relation.path else ""
        hanging = Hanging(branch.selection, rows.order_by(*relation.order), link, inner, Assembler.as_groups)
        gathered.hang(self._hanging(hanging, gathered, at, few=relation.few), at)
        return gathered.assembler.child(at, NOTHING)

    def _hanging(self, hanging: "Hanging", above: Gathering, at: int, *, few: bool) -> Level:
        """The rows that hang on the parents' keys, up to the most that an answer may hold.

        Where they are few under a single row they are folded into its statement; otherwise they have one of their own.
        """
        depth = above.depth if few else None
        gathered = Gathering(hanging.link, depth=None if depth is None else depth + 1)
        before = self.statements
        record = self._record(hanging.selection, hanging.prefix, gathered)
        if depth is None:
            rows = hanging.rows.filter(InSlot(F(hanging.link), RawKeys()))
            self.statements += 1
        else:
            rows = hanging.rows.filter(**{hanging.link: ParentKey(depth, at)})
        statement = self._prepare(rows, gathered, NumberSlot("most"))
        if depth is not None and not statement.can_be_folded:
            self.statements = before
            return self._hanging(hanging, above, at, few=False)
        build = hanging.shape(gathered.assembler, record)
        return Level(statement, build, gathered.children, is_folded=depth is not None)

    def _pages(self, branch: Branch, rows: Any, link: str, entity: Entity) -> Level:
        """A page of rows for each parent: by ``LATERAL`` where there is one, elsewhere by numbering the rows."""
        listing = branch.listing
        assert listing is not None
        addressed = self.addressed and not (isinstance(branch.relation, Many) and branch.relation.beside)
        narrowed = listing.narrow(rows, entity, self.viewer, addressed)
        gathered = Gathering(link)
        record = self._record(branch.selection, "", gathered)
        value_at, uuid_at = gathered.path(listing.order.column), gathered.path("uuid")
        paging = Paging(listing, value_at, uuid_at, branch.wrap)
        if connections[rows.db].vendor == "postgresql":
            each = {link: LateralKey(models.BigIntegerField())}
            page = listing.paginate(narrowed.filter(**each), entity)
            statement = self._prepare(page, gathered, listing.limit).for_each_parent()
            if listing.counted:
                bounded = narrowed.filter(**each).values_list("pk")[: COUNT_LIMIT + 1]
                paging.count = Statement.prepare(bounded).counted_for_each_parent()
        else:
            page = listing.paginate(narrowed.filter(InSlot(F(link), RawKeys())), entity)
            number = Window(RowNumber(), partition_by=[F(link)], order_by=listing.ordering())
            page = page.annotate(prodev_number=number)
            size = Slot(listing.slot("limit"), models.IntegerField())
            statement = self._prepare(page.filter(prodev_number__lte=size), gathered, None)
            if listing.counted:
                hanging = narrowed.filter(InSlot(F(link), RawKeys()))
                paging.count = Statement.prepare(hanging.values_list(link).annotate(models.Count("pk")))
        self.statements += 1 + listing.counted
        return Level(statement, gathered.assembler.as_list(record), gathered.children, page=paging)
