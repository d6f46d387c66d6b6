"""Documents drawn from the schema: aliases, fragments, switches, pages in pages, fields that are named twice.

Every document is valid. Under one name a type always answers the same field with the same arguments, so that what is
drawn in different places may be merged.
"""

import json
from typing import Any

from graphql import GraphQLEnumType, GraphQLField, GraphQLObjectType, get_named_type
from hypothesis import strategies as st

from django_prodev.graphql.roots import is_root
from django_prodev.graphql.types import ENTITY_OF_TYPE, global_id
from django_prodev.reading import cursors
from django_prodev.reading.catalog import LISTED
from tests.graphql.asking import camel, object_type

SWITCHES = {"yes": "Boolean!", "no": "Boolean! = false", "perhaps": "Boolean = true"}
SIZES = ("", "", "first: 2", "last: 2", "first: $size", "first: 3, last: null")
BAD_SIZES = ("first: 0", "first: 1, last: 1", "first: 101", 'after: "x"')


class Writer:
    """Writes one document with the choices that Hypothesis makes."""

    def __init__(self, draw: Any, rows: dict[str, list[Any]]) -> None:
        self.draw = draw
        self.rows = rows
        self.used: set[str] = set()
        self.fragments: dict[str, tuple[str, str]] = {}
        self.fields: dict[tuple[str, str], str] = {}
        self.left = 60

    def one_of(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(list(choices)))

    def chance(self, of: int) -> bool:
        return bool(self.draw(st.integers(1, of)) == 1)

    def document(self) -> str:
        body = self.selection(object_type("Query"), 4)
        types = {"size": "Int", **SWITCHES}
        declared = ", ".join(f"${name}: {types[name]}" for name in sorted(self.used))
        head = f"query Drawn({declared}) " if declared else ""
        fragments = "".join(f" fragment {name} on {kind} {text}" for name, (kind, text) in self.fragments.items())
        return f"{head}{body}{fragments}"

    def selection(self, kind: GraphQLObjectType, depth: int, prefix: str = "") -> str:
        parts = [self.part(kind, depth, prefix) for _ in range(self.draw(st.integers(1, 4)))]
        return "{ " + " ".join(parts) + " }"

    def part(self, kind: GraphQLObjectType, depth: int, prefix: str) -> str:
        self.left -= 1
        choice = self.draw(st.integers(0, 9)) if self.left > 0 and kind.name != "Query" else 0
        if choice == 7:
            return self.inline(kind, depth, prefix)
        if choice == 8:
            return self.spread(kind, depth) if not prefix else self.inline(kind, depth, prefix)
        if choice == 9:
            return f"__typename{self.switch()}"
        return self.field(kind, depth, prefix)

    def inline(self, kind: GraphQLObjectType, depth: int, prefix: str) -> str:
        if kind.interfaces and not prefix and self.chance(4):
            return f"... on Node{self.switch()} {{ id }}"
        condition = self.one_of(("", f" on {kind.name}"))
        return f"...{condition}{self.switch()} {self.selection(kind, depth, prefix)}"

    def spread(self, kind: GraphQLObjectType, depth: int) -> str:
        known = [name for name, (of, text) in self.fragments.items() if of == kind.name and text]
        if known and self.chance(2):
            name = self.one_of(known)
        else:
            name = f"F{len(self.fragments)}"
            self.fragments[name] = (kind.name, "")  # no text yet: it may not spread itself
            self.fragments[name] = (kind.name, self.selection(kind, depth))
        return f"...{name}{self.switch()}"

    def switch(self) -> str:
        if not self.chance(5):
            return ""
        name = self.one_of(SWITCHES)
        self.used.add(name)
        return f" @{self.one_of(('include', 'skip'))}(if: ${name})"

    def field(self, kind: GraphQLObjectType, depth: int, prefix: str) -> str:
        deep = depth > 0 and self.left > 0
        fields = ROOTS if kind.name == "Query" else kind.fields
        if not deep and kind.name != "Query":
            fields = {name: each for name, each in fields.items() if get_named_type(each.type).name not in RELATIONS}
        name = self.one_of(fields)
        key = f"{prefix}{name}" + (
            "" if kind.name != "Query" and self.chance(2) else f"_{self.draw(st.integers(1, 2))}"
        )
        return self.written(kind, key, name, depth, prefix)

    def written(self, kind: GraphQLObjectType, key: str, name: str, depth: int, prefix: str) -> str:
        """A field under ``key``, with the arguments that it had before."""
        definition = kind.fields[name]
        inner = get_named_type(definition.type)
        if (kind.name, key) not in self.fields:
            self.fields[kind.name, key] = self.arguments(name, definition)
        head = (f"{key}: {name}" if key != name else name) + self.fields[kind.name, key] + self.switch()
        if inner.name == "Node":
            return f"{head} {self.any_node(depth - 1)}"
        if isinstance(inner, GraphQLObjectType):
            return f"{head} {self.selection(inner, depth - (inner.name in RELATIONS))}"
        return head

    def any_node(self, depth: int) -> str:
        kinds = self.draw(st.lists(st.sampled_from(LISTED), min_size=1, max_size=2))
        names = [ENTITY_NAMES[entity.name] for entity in kinds]
        parts = [f"... on {name} {self.selection(object_type(name), depth, f'{name}_')}" for name in names]
        return "{ __typename id " + " ".join(parts) + " }"

    def arguments(self, name: str, definition: GraphQLField) -> str:
        if "id" in definition.args:
            kind = get_named_type(definition.type).name
            entities = [entity for entity in LISTED if kind == "Node" or ENTITY_NAMES[entity.name] == kind]
            entity = self.one_of(entities)
            row = self.one_of(self.rows[entity.name])
            return f'(id: "{global_id(entity, row.uuid)}")'
        if "first" not in definition.args:
            return ""
        parts = [self.size()]
        kind = get_named_type(definition.type).name.removesuffix("Connection")
        entity = ENTITY_OF_TYPE[kind]
        order = entity.default_order
        if self.chance(3):
            order = self.one_of(entity.orders)
            parts.append("orderBy: " + order.column.upper() + ("_DESC" if order.descending else ""))
        for side in ("after", "before"):
            if self.chance(6):
                row = self.one_of(self.rows[entity.name])
                cursor = cursors.encode(order, getattr(row, order.column), row.uuid)
                parts.append(f"{side}: {json.dumps(cursor)}")
        if entity.search and self.chance(6):
            parts.append(f'search: "{self.one_of(("1", "e", "%", ""))}"')
        for each in entity.filters:
            if each.choices is not None and self.chance(8):
                enum = get_named_type(definition.args[camel(each.name)].type)
                assert isinstance(enum, GraphQLEnumType)
                chosen = self.draw(st.lists(st.sampled_from(list(enum.values)), min_size=1, max_size=3))
                parts.append(f"{camel(each.name)}: [{', '.join(chosen)}]")
        written = ", ".join(part for part in parts if part)
        return f"({written})" if written else ""

    def size(self) -> str:
        if self.chance(40):
            return str(self.one_of(BAD_SIZES))
        size = str(self.one_of(SIZES))
        if "$size" in size:
            self.used.add("size")
        return size


ENTITY_NAMES = {entity.name: name for name, entity in ENTITY_OF_TYPE.items()}

RELATIONS = {*ENTITY_OF_TYPE, "Node"}

ROOTS = {name: each for name, each in object_type("Query").fields.items() if is_root(name, each)}
"""The fields of ``Query`` that plans read."""


@st.composite
def documents(draw: Any, rows: dict[str, list[Any]]) -> tuple[str, dict[str, Any]]:
    """A document with its variables. ``rows`` are some of each listed entity, seen or not, to ask for."""
    writer = Writer(draw, rows)
    text = writer.document()
    values: dict[str, Any] = {}
    for name in sorted(writer.used):
        if name == "size":
            values |= draw(st.sampled_from(({}, {"size": None}, {"size": 1}, {"size": 3})))
        elif name == "yes" or draw(st.booleans()):
            values[name] = draw(st.booleans()) if name != "perhaps" or not writer.chance(10) else None
    return text, values
