"""Serializer classes as selections of the reading room."""

from functools import lru_cache

from django_prodev.reading.entities import Attribute, Many, One
from django_prodev.reading.reader import Reader
from django_prodev.reading.selection import Branch, Leaf, Selection
from django_prodev.rest.serializers import EntitySerializer


def selection_of(serializer: type[EntitySerializer], names: tuple[str, ...] | None = None) -> Selection:
    """What the serializer shows: everything that is not optional, or just ``names``, in the serializer's order."""
    picks: list[Leaf | Branch] = []
    for name in serializer.shown:
        if (name not in serializer.optional) if names is None else (name in names):
            attribute = serializer.entity.by_name["uuid" if name == "id" else name]
            assert isinstance(attribute, Attribute)
            picks.append(Leaf(name, attribute))
    for name, nested in serializer.relations.items():
        if (name not in serializer.optional) if names is None else (name in names):
            relation = serializer.entity.by_name[name]
            assert isinstance(relation, One | Many)
            picks.append(Branch(name, relation, selection_of(nested)))
    return Selection(serializer.entity, tuple(picks))


@lru_cache(maxsize=512)
def reader_of(serializer: type[EntitySerializer], names: tuple[str, ...] | None = None) -> Reader:
    """The reader of a serializer, or of some of its fields; kept, because its plans are."""
    return Reader(selection_of(serializer, names))


@lru_cache(maxsize=128)
def single_names(serializer: type[EntitySerializer]) -> tuple[str, ...]:
    """The usual fields of a single row: with its revision, since whoever reads one may be about to edit it."""
    left_out = serializer.optional - {"revision"}
    return tuple(name for name in (*serializer.shown, *serializer.relations) if name not in left_out)
