"""A course of stages that are done one after the other, with extensions, in the shape of a CodeCrafters course."""

from collections.abc import Iterator
from typing import Any

from django_prodev.documents.curriculum.adapters.base import Adapted, ParsedSource, Recognition
from django_prodev.documents.curriculum.adapters.naming import (
    Slugs,
    humanized,
    named_topics,
    program_slug,
    topic_references,
)
from django_prodev.documents.curriculum.adapters.nodes import Node, unit_value
from django_prodev.documents.curriculum.tree import Table
from django_prodev.documents.wording import fit
from django_prodev.exceptions import DocumentError

_DESCRIPTIONS = ("description_md", "description_markdown", "description", "marketing_md", "marketing_markdown")
_SHORT = ("short_description_md", "short_description_markdown", "short_description", "summary")
_EXTENSION = ("primary_extension_slug", "extension_slug", "extension")
_LEVELS = {"easy": "beginner", "very_easy": "beginner", "medium": "intermediate", "hard": "advanced"}
_BASE = "Base stages"


class CodecraftersCourse:
    """The stages every learner goes through are a module; each extension is one that may be left."""

    name = "codecrafters"
    formats = frozenset({"json", "yaml"})

    def recognize(self, source: ParsedSource) -> Recognition | None:
        """By stages with a slug and a name."""
        if not isinstance(source.value, dict) or not isinstance(source.value.get("stages"), list):
            return None
        stages = [stage for stage in source.value["stages"] if isinstance(stage, dict)]
        named = [stage for stage in stages if isinstance(stage.get("name", stage.get("title")), str)]
        slugged = [stage for stage in named if isinstance(stage.get("slug"), str)]
        if not slugged or len(slugged) * 2 < len(source.value["stages"]):
            return None
        said = f"{len(slugged)} stages with slugs"
        extensions = source.value.get("extensions")
        if isinstance(extensions, list) and extensions:
            said += f" and {len(extensions)} extensions"
        has_more = any(key in source.value for key in ("extensions", "languages", "marketing", *_SHORT))
        return Recognition(0.95 if has_more else 0.7, said)

    def read(self, source: ParsedSource) -> Adapted:
        """The course as a program whose units open in order."""
        if not isinstance(source.value, dict):
            raise DocumentError("$: a course is a mapping.")
        course = Node(source.value)
        title = course.title("name", "title", "short_name", "slug") or humanized(source.name)
        if not title:
            raise DocumentError("$: the course has no name.")
        slug = program_slug(course.title("slug") or title)
        title, text = fit(title, course.text(*_DESCRIPTIONS))
        program: dict[str, Any] = {"title": title, "slug": slug, "description": text, "enforce_order": True}
        summary = course.title(*_SHORT)
        if summary:
            program["summary"] = summary[:500]
        if level := _LEVELS.get(course.node("marketing").title("difficulty")):
            program["level"] = level
        course.give_reason("languages", "in which languages this can be done; a program has no place for it")
        about = [
            *(humanized(concept) for concept in course.texts("concept_slugs")),
            *named_topics(course.title("short_name") or title),
        ]
        value = Table(prodev=1, program=program, units=list(_units(course, Slugs(slug), about)))
        value.lines = course.lines
        return Adapted(value, tuple(course.left_out()))


def _units(course: Node, slugs: Slugs, about: list[str]) -> Iterator[Table]:
    stages: dict[str, list[Node]] = {"": []}
    extensions = {
        extension.title("slug") or extension.title("name"): extension for extension in course.nodes("extensions")
    }
    for stage in course.nodes("stages"):
        of = stage.title(*_EXTENSION)
        stages.setdefault(of, []).append(stage)
    if stages[""]:
        base = unit_value(
            course.lines_of("stages"), _BASE, slug=slugs.unit("base"), kind="module", topics=topic_references(about)
        )
        base["units"] = list(_stages(stages.pop(""), slugs, "base"))
        yield base
    for slug in dict.fromkeys([*extensions, *stages]):
        if not slug:
            continue
        extension = extensions.get(slug) or Node({}, course.lines_of("stages"))
        title = extension.title("name", "title") or humanized(slug)
        text = extension.text(*_DESCRIPTIONS)
        module = unit_value(
            extension.lines,
            title,
            text,
            extension.facts(),
            slug=slugs.unit(slug, "extension"),
            kind="module",
            required=False,
            topics=topic_references(named_topics(title)),
        )
        module["units"] = list(_stages(stages.get(slug, []), slugs, slug))
        yield module


def _stages(found: list[Node], slugs: Slugs, parent: str) -> Iterator[Table]:
    for stage in found:
        slug = stage.title("slug")
        title = stage.title("name", "title") or humanized(slug)
        if not title:
            stage.drop("this stage has no name")
            continue
        texts = [text for key in _DESCRIPTIONS if (text := stage.text(key))]
        topics = [humanized(concept) for concept in stage.texts("concept_slugs")]
        yield unit_value(
            stage.lines,
            title,
            *texts,
            stage.facts(),
            slug=slugs.unit(slug or title, parent),
            kind="lesson",
            topics=topic_references(topics),
        )
