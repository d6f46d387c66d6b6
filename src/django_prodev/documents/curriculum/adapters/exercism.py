"""A track of exercises that teach and practise concepts, in the shape of Exercism's ``config.json``."""

from collections.abc import Iterator
from typing import Any

from django_prodev.documents.curriculum.adapters.base import Adapted, ParsedSource, Recognition
from django_prodev.documents.curriculum.adapters.naming import (
    TOPIC_LIMIT,
    Slugs,
    humanized,
    program_slug,
    topic_references,
)
from django_prodev.documents.curriculum.adapters.nodes import Node, unit_value
from django_prodev.documents.curriculum.tree import Table
from django_prodev.exceptions import DocumentError

_ROLES = {"concepts": "teaches", "practices": "practices", "topics": "practices", "prerequisites": "requires"}
_SUMMARY_LIMIT = 500


class ExercismTrack:
    """A module for each kind of exercise; an exercise requires the concepts it names as prerequisites."""

    name = "exercism"
    formats = frozenset({"json", "yaml"})

    def recognize(self, source: ParsedSource) -> Recognition | None:
        """By exercises with slugs, most of which say what they teach, practise or require."""
        if not isinstance(source.value, dict):
            return None
        exercises = [exercise for _, group in _groups(source.value.get("exercises")) for exercise in group]
        slugged = [exercise for exercise in exercises if isinstance(exercise.get("slug"), str)]
        linked = [exercise for exercise in slugged if any(isinstance(exercise.get(key), list) for key in _ROLES)]
        if not slugged or len(slugged) * 2 < len(exercises) or len(linked) * 2 < len(slugged):
            return None
        has_concepts = isinstance(source.value.get("concepts"), list)
        return Recognition(
            0.95 if has_concepts else 0.8, f"{len(slugged)} exercises with slugs and the concepts they are about"
        )

    def read(self, source: ParsedSource) -> Adapted:
        """The track as a program; a concept becomes a topic, and what is deprecated is left out."""
        if not isinstance(source.value, dict):
            raise DocumentError("$: a track is a mapping.")
        track = Node(source.value)
        title = track.title("language", "name", "title", "slug") or humanized(source.name)
        if not title:
            raise DocumentError("$: the track has neither a language nor a slug.")
        slug = program_slug(track.title("slug") or title)
        track.text("language", "name", "title")
        blurb = track.text("blurb", "description")
        features = "\n".join(
            f"- **{feature.title('title')}**: {feature.title('content')}" for feature in track.nodes("key_features")
        )
        program: dict[str, Any] = {"title": title, "slug": slug, "description": f"{blurb}\n\n{features}".strip()}
        if len(blurb) <= _SUMMARY_LIMIT:
            program["summary"] = " ".join(blurb.split())
        reading = _Reading(track, Slugs(slug))
        units = list(reading.units())
        value = Table(prodev=1, program=program, topics=reading.topics(), units=units)
        value.lines = track.lines
        return Adapted(value, tuple(track.left_out()))


def _groups(exercises: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The exercises by kind; in older tracks they are one list."""
    kinds = exercises.items() if isinstance(exercises, dict) else [("", exercises)]
    for kind, listed in kinds:
        if isinstance(listed, list):
            yield str(kind), [exercise for exercise in listed if isinstance(exercise, dict)]


class _Reading:
    def __init__(self, track: Node, slugs: Slugs) -> None:
        self.track = track
        self.slugs = slugs
        self.names: dict[str, str] = {}
        for concept in track.nodes("concepts"):
            slug = concept.title("slug")
            name = concept.title("name") or humanized(slug)
            if name:
                self.names[slug or name] = name

    def topics(self) -> list[dict[str, str]]:
        return [{"name": name} for name in dict.fromkeys(self.names.values()) if len(name) <= TOPIC_LIMIT]

    def units(self) -> Iterator[Table]:
        exercises = self.track.table.get("exercises")
        if not isinstance(exercises, dict):
            yield from self.exercises(self.track.nodes("exercises"), "")
            return
        kinds = self.track.node("exercises")
        kinds.give_reason("foregone", "the source says that these are not part of it")
        for kind, listed in _groups(exercises):
            if listed:
                found = kinds.nodes(kind)
                title = f"{humanized(kind)} exercises"
                module = unit_value(kinds.lines_of(kind), title, kind="module", slug=self.slugs.unit(title))
                module["units"] = list(self.exercises(found, kind))
                yield module

    def exercises(self, found: list[Node], kind: str) -> Iterator[Table]:
        for exercise in found:
            status = exercise.table.get("status")
            if status == "deprecated" or exercise.table.get("deprecated") is True:
                exercise.drop("the source marks this as deprecated")
                continue
            slug = exercise.title("slug")
            title = exercise.title("name", "title") or humanized(slug)
            if not title:
                exercise.drop("this exercise has no name")
                continue
            topics = [
                reference
                for key, role in _ROLES.items()
                for reference in topic_references([self.concept(one) for one in exercise.texts(key)], role)
            ]
            fields = {
                "slug": self.slugs.unit(slug or title, kind),
                "kind": "lesson",
                "id": exercise.identifier("uuid"),
                "topics": topics,
                "required": False if status == "wip" else None,
            }
            yield unit_value(exercise.lines, title, exercise.text("blurb", "description"), exercise.facts(), **fields)

    def concept(self, slug: str) -> str:
        return self.names.get(slug) or humanized(slug)
