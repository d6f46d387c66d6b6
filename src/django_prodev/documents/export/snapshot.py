"""A program's rows as one structure: the curriculum format, from which every writer starts.

The number of statements does not grow with the rows. What equals its default is left away, so that files stay short.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django_prodev.documents.plan.rows import own_id
from django_prodev.documents.wording import clean_text, clean_title
from django_prodev.enums import (
    Admission,
    CurriculumStatus,
    EntryKind,
    EntryStatus,
    ProgramVisibility,
    ProjectStatus,
    TopicRole,
    Visibility,
)
from django_prodev.models import Curriculum, CurriculumItem, Entry, Program, Project, Provider, Topic, UnitTopic

VERSION = 1

_ENTRY_ORDER = [
    EntryKind.LEARNING,
    EntryKind.CHALLENGE,
    EntryKind.PRACTICE,
    EntryKind.TAKEAWAY,
    EntryKind.REFLECTION,
    EntryKind.SOLUTION,
]
_ROLE_ORDER = [TopicRole.TEACHES, TopicRole.PRACTICES, TopicRole.ASSESSES, TopicRole.REQUIRES]


def snapshot(program: Program, *, learner: Any = None) -> dict[str, Any]:
    """A program in the curriculum format, with its own entries and projects or those of ``learner`` (a user)."""
    return _Snapshot(program, learner).value()


def published_structure(program: Program) -> dict[str, Any]:
    """What a program's published curriculum holds, in the curriculum format: no draft, entry, project or person.

    The caller has checked that the program may be seen.
    """
    made = _Snapshot(program, None)
    curriculum = Curriculum.objects.filter(program=program, status=CurriculumStatus.PUBLISHED).first()
    items = made.items_of(curriculum)
    unit_topics = made.unit_topics(items)
    units = _tree(items, unit_topics, _references(made.topics.values()))
    return {
        "provider": _provider(program.provider),
        "program": _program(program),
        "topics": definitions(made.topics.values()),
        "units": units,
    }


def outlined(program: Program, items: Iterable[CurriculumItem]) -> dict[str, Any]:
    """A program with these items of its curriculum, none inside another, in the curriculum format."""
    items = list(items)
    links = {item.unit_id: [(link.topic, link.role) for link in item.unit.unit_topics.all()] for item in items}
    topics = {topic.pk: topic for found in links.values() for topic, _ in found}
    names = _references(topics.values())
    return {
        "provider": _provider(program.provider),
        "program": _program(program),
        "topics": definitions(topics.values()),
        "units": [_unit(item, links[item.unit_id], names) for item in items],
    }


class _Snapshot:
    def __init__(self, program: Program, learner: Any) -> None:
        self.program = program
        self.learner = learner
        self.topics: dict[int, Topic] = {}

    def value(self) -> dict[str, Any]:
        items = self.items()
        unit_topics = self.unit_topics(items)
        entries = self.entries()
        projects = self.projects()
        entry_topics = self.links(Entry.topics.through, "entry", entries)
        project_topics = self.links(Project.topics.through, "project", projects)
        names = _references(self.topics.values())
        units = _tree(items, unit_topics, names)
        placed = {item.unit_id for item in items}
        value: dict[str, Any] = {
            "prodev": VERSION,
            "provider": _provider(self.program.provider),
            "program": _program(self.program),
            "topics": definitions(self.topics.values()),
            "units": units,
            "projects": [
                self.project(project, placed) | _named(project_topics[project.pk], names) for project in projects
            ],
            "entries": self.entry_list(entries, entry_topics, names, placed),
        }
        return {key: part for key, part in value.items() if part}

    # Rows

    def items(self) -> list[CurriculumItem]:
        curricula = Curriculum.objects.filter(program=self.program).exclude(status=CurriculumStatus.SUPERSEDED)
        # "draft" sorts before "published": staff export what they are working on, a learner has what is published.
        order = "-status" if self.learner is not None else "status"
        return self.items_of(curricula.order_by(order, "-version").first())

    def items_of(self, curriculum: Curriculum | None) -> list[CurriculumItem]:
        if curriculum is None:
            return []
        return list(curriculum.items.select_related("unit").order_by("position", "id"))

    def unit_topics(self, items: list[CurriculumItem]) -> dict[int, list[tuple[Topic, str]]]:
        if not items:
            return {}
        placed = CurriculumItem.objects.filter(curriculum=items[0].curriculum_id).order_by().values("unit_id")
        found: dict[int, list[tuple[Topic, str]]] = defaultdict(list)
        for link in UnitTopic.objects.filter(unit__in=placed).select_related("topic"):
            topic = self.topics.setdefault(link.topic_id, link.topic)
            found[link.unit_id].append((topic, link.role))
        for links in found.values():
            links.sort(key=lambda pair: (_ROLE_ORDER.index(TopicRole(pair[1])), pair[0].name, pair[0].kind))
        return found

    def entries(self) -> list[Entry]:
        rows = Entry.objects.filter(program=self.program, author=self.learner).select_related("unit")
        found = sorted(rows, key=lambda row: (_ENTRY_ORDER.index(EntryKind(row.kind)), row.position, row.pk))
        return [row for row in found if row.title.strip() or row.body.strip()]

    def projects(self) -> list[Project]:
        rows = Project.objects.filter(program=self.program, owner=self.learner).select_related("unit")
        return list(rows.order_by("position", "id"))

    def links(self, through: Any, name: str, rows: Iterable[Any]) -> dict[int, list[Topic]]:
        """The topics of each row, by the row's key."""
        found: dict[int, list[Topic]] = defaultdict(list)
        owner = "author" if name == "entry" else "owner"
        links = through._default_manager.filter(
            **{f"{name}__program": self.program, f"{name}__{owner}": self.learner}
        ).select_related("topic")
        present = {row.pk for row in rows}
        for link in links:
            key = getattr(link, f"{name}_id")
            if key in present:
                found[key].append(self.topics.setdefault(link.topic_id, link.topic))
        for topics in found.values():
            topics.sort(key=lambda topic: (topic.name, topic.kind))
        return found

    # Values

    def entry_list(
        self, entries: list[Entry], topics: dict[int, list[Topic]], names: dict[int, Any], placed: set[int]
    ) -> list[dict[str, Any]]:
        values: dict[int, dict[str, Any]] = {}
        listed: list[dict[str, Any]] = []
        for entry in entries:
            value = self.entry(entry, placed) | _named(topics[entry.pk], names)
            values[entry.pk] = value
            above = values.get(entry.parent_id) if entry.parent_id else None
            if entry.kind != EntryKind.SOLUTION:
                listed.append({"kind": entry.kind} | value)
                values[entry.pk] = listed[-1]
            elif above is not None:
                above.setdefault("solutions", []).append(value)
            else:
                # It answers somebody else's challenge, which is not in this document.
                listed.append({"kind": EntryKind.LEARNING.value} | value)
        return listed

    def entry(self, entry: Entry, placed: set[int]) -> dict[str, Any]:
        value = {
            "title": clean_title(entry.title),
            "body": clean_text(entry.body),
            "unit": entry.unit.slug if entry.unit and entry.unit_id in placed else "",
            "occurred_on": entry.occurred_on.isoformat() if entry.occurred_on else "",
            "accepted_at": entry.accepted_at.isoformat() if entry.accepted_at else "",
            "id": own_id(entry.external_id),
        }
        if self.learner is None:
            value["status"] = entry.status if entry.status != EntryStatus.PUBLISHED else ""
            value["visibility"] = entry.visibility if entry.visibility != Visibility.PUBLIC else ""
        return _told(value)

    def project(self, project: Project, placed: set[int]) -> dict[str, Any]:
        value = {
            "title": clean_title(project.title),
            "summary": clean_title(project.summary),
            "body": clean_text(project.body),
            "repository_url": project.repository_url,
            "demo_url": project.demo_url,
            "unit": project.unit.slug if project.unit and project.unit_id in placed else "",
            "id": own_id(project.external_id),
        }
        if self.learner is None:
            is_draft = project.status in {ProjectStatus.DRAFT, ProjectStatus.WITHDRAWN}
            value["status"] = ProjectStatus.DRAFT.value if is_draft else ""
            value["visibility"] = project.visibility if project.visibility != Visibility.PUBLIC else ""
        return _told(value)


def _told(value: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if part not in ("", None, [], {})}


def _provider(provider: Provider) -> dict[str, Any]:
    return {"slug": provider.slug} | _told(
        {"name": clean_title(provider.name), "url": provider.url, "description": clean_text(provider.description)}
    )


def _program(program: Program) -> dict[str, Any]:
    return {"slug": program.slug, "title": clean_title(program.title)} | _told(
        {
            "summary": clean_title(program.summary),
            "description": clean_text(program.description),
            "outcomes": [clean_text(str(outcome)) for outcome in program.outcomes],
            "level": program.level,
            "language": program.language if program.language != "en" else "",
            "effort_hours": program.effort_hours,
            "visibility": program.visibility if program.visibility != ProgramVisibility.PUBLIC else "",
            "admission": program.admission if program.admission != Admission.REQUEST else "",
            "enforce_order": True if program.enforce_order else None,
            "id": own_id(program.external_id),
        }
    )


def definitions(topics: Iterable[Topic]) -> list[dict[str, Any]]:
    """Topics as the curriculum format defines them."""
    return [
        {"name": clean_title(topic.name), "kind": topic.kind, "slug": topic.slug}
        | _told(
            {
                "description": clean_text(topic.description),
                "aliases": [clean_title(str(alias)) for alias in topic.aliases],
                "uri": topic.uri,
            }
        )
        for topic in sorted(topics, key=lambda topic: (topic.kind, topic.slug))
    ]


def _references(topics: Iterable[Topic]) -> dict[int, Any]:
    """How each topic is named in the file: by its name, with its kind where another has that name too."""
    alike: dict[str, list[Topic]] = defaultdict(list)
    for topic in topics:
        alike[clean_title(topic.name).casefold()].append(topic)
    return {
        topic.pk: clean_title(topic.name) if len(same) == 1 else {"name": clean_title(topic.name), "kind": topic.kind}
        for same in alike.values()
        for topic in same
    }


def _named(topics: list[Topic], names: dict[int, Any]) -> dict[str, Any]:
    return {"topics": [names[topic.pk] for topic in topics]} if topics else {}


def _unit_reference(name: Any, role: str) -> Any:
    if role == TopicRole.TEACHES:
        return name
    return (name if isinstance(name, dict) else {"name": name}) | {"role": role}


def _tree(
    items: list[CurriculumItem], topics: dict[int, list[tuple[Topic, str]]], names: dict[int, Any]
) -> list[dict[str, Any]]:
    values = {item.pk: _unit(item, topics.get(item.unit_id, []), names) for item in items}
    roots: list[dict[str, Any]] = []
    for item in items:
        above = values.get(item.parent_id) if item.parent_id else None
        siblings = roots if above is None else above.setdefault("units", [])
        siblings.append(values[item.pk])
    return roots


def _unit(item: CurriculumItem, topics: list[tuple[Topic, str]], names: dict[int, Any]) -> dict[str, Any]:
    unit = item.unit
    return {"slug": unit.slug, "title": clean_title(unit.title), "kind": unit.kind} | _told(
        {
            "description": clean_text(unit.description),
            "url": unit.url,
            "effort_minutes": unit.effort_minutes,
            "id": own_id(unit.external_id),
            "required": None if item.is_required else False,
            "weight": _weight(item.weight),
            "min_children": item.min_children,
            "topics": [_unit_reference(names[topic.pk], role) for topic, role in topics],
        }
    )


def _weight(weight: Decimal) -> int | float | None:
    if weight == 1:
        return None
    return int(weight) if weight == weight.to_integral_value() else float(weight)
