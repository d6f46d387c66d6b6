"""The table of topics: the vocabulary that all programs share."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F, QuerySet

from django_prodev.documents.tables.columns import (
    Cell,
    CellTrouble,
    Column,
    as_text,
    choice,
    folded,
    shown,
    slug,
    text,
    texts,
    write_texts,
)
from django_prodev.documents.tables.table import Table
from django_prodev.enums import TopicKind
from django_prodev.models import Topic
from django_prodev.services.topic_rows import TopicRows


def _topic(cell: Cell) -> tuple[str, str]:
    """A topic by kind and slug: ``technology/python``."""
    kind, _, name = as_text(cell).strip().partition("/")
    if folded(kind) not in TopicKind.values or not name:
        kinds = ", ".join(TopicKind.values)
        raise CellTrouble(
            f"{shown(cell)} is not a topic: it takes kind/slug, such as technology/python, with a kind of {kinds}."
        )
    return folded(kind), slug(name)


_COLUMNS = (
    Column(
        "kind",
        "What sort of thing it is.",
        choice(TopicKind),
        is_required=True,
        aliases=("type", "category", "art", "tipo"),
        example="technology",
    ),
    Column(
        "slug",
        "Its name in addresses. Empty means the topic of this name, or one whose slug is made from it.",
        slug,
        aliases=("key",),
        example="django",
    ),
    Column("name", "As it is shown.", text, aliases=("title", "topic", "nom", "nombre", "nome"), example="Django"),
    Column("description", "What it is.", text, aliases=("summary", "descripción", "descrição")),
    Column(
        "aliases",
        "Other names, with semicolons between them.",
        texts,
        write_texts,
        aliases=("alias", "synonyms", "also known as"),
        example="Django framework",
    ),
    Column(
        "parent",
        "The topic that it belongs to, as kind/slug: one that is there, or in another row.",
        _topic,
        "/".join,
        aliases=("parent topic", "broader", "below"),
    ),
    Column(
        "uri",
        "Its address in ESCO, Wikidata or another vocabulary.",
        text,
        aliases=("url", "same as", "link"),
        example="https://www.djangoproject.com/",
    ),
)


def exported(rows: QuerySet[Any]) -> Iterator[Mapping[str, Any]]:
    """By kind and slug."""
    fields = ("kind", "slug", "name", "description", "aliases", "uri", "parent_kind", "parent_slug")
    named = rows.annotate(parent_kind=F("parent__kind"), parent_slug=F("parent__slug")).order_by("kind", "slug")
    for values in named.values_list(*fields).iterator(chunk_size=2_000):
        told = dict(zip(fields, values, strict=True))
        told["parent"] = (told["parent_kind"], told["parent_slug"]) if told["parent_slug"] is not None else None
        yield told


TOPICS = Table(
    name="topics",
    help="The vocabulary of topics that all programs share.",
    model=Topic,
    columns=_COLUMNS,
    service=TopicRows,
    export=exported,
    about=("kind", "slug", "name"),
)
