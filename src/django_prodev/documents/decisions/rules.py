"""What may be decided about which record, and what is wrong with a record as it was corrected."""

import re
from collections.abc import Mapping

from django_prodev.documents.records import Record, RecordKind

ENTRY_KINDS = (
    RecordKind.CHALLENGE,
    RecordKind.SOLUTION,
    RecordKind.PRACTICE,
    RecordKind.TAKEAWAY,
    RecordKind.LEARNING,
    RecordKind.REFLECTION,
)
TOLD_KINDS = (RecordKind.TECHNOLOGY, RecordKind.CONCEPT, *ENTRY_KINDS, RecordKind.PROJECT)

# What is stated by a file with a schema keeps its columns, and those differ between entries, projects and units.
_FIXED = frozenset({RecordKind.PROGRAM, RecordKind.UNIT})
_WITHOUT_TOPICS = frozenset({RecordKind.PROGRAM, RecordKind.TECHNOLOGY, RecordKind.CONCEPT})
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_MOST_TOPICS = 200
_LONGEST_TOPIC = 200


def allowed_kinds(record: Record, *, stated: bool) -> tuple[RecordKind, ...]:
    """The kinds that a record may be made, its own among them."""
    if record.kind in _FIXED or (stated and record.kind not in ENTRY_KINDS):
        return (record.kind,)
    return ENTRY_KINDS if stated else TOLD_KINDS


def may_have_topics(kind: RecordKind) -> bool:
    """Whether a record's topics may be chosen; of a technology or a concept the title is the topic."""
    return kind not in _WITHOUT_TOPICS


def problems_of(record: Record, records: Mapping[str, Record], *, stated: bool, original: Record) -> list[str]:
    """What is wrong with a record as it was corrected, given every record that is kept."""
    found = []
    allowed = allowed_kinds(original, stated=stated)
    if record.kind not in allowed:
        found.append(f"a {original.kind} cannot become a {record.kind}; it takes {', '.join(allowed)}.")
    if not record.title and (record.kind in {RecordKind.PROGRAM, *_NAMED} or not record.text):
        found.append("the title is blank." if record.kind in _NAMED else "title and text are both blank.")
    if _UNWRITABLE.search(f"{record.title}{record.text}{''.join(record.topics)}"):
        found.append("a text has a NUL character or half of a surrogate pair.")
    if record.topics != original.topics:
        found.extend(_topic_problems(record))
    found.extend(_parent_problems(record, records))
    return found


_NAMED = frozenset({RecordKind.TECHNOLOGY, RecordKind.CONCEPT, RecordKind.UNIT, RecordKind.PROGRAM})


def _topic_problems(record: Record) -> list[str]:
    if not may_have_topics(record.kind):
        return [f"the topic of a {record.kind} is its title."]
    if len(record.topics) > _MOST_TOPICS:
        return [f"there are {len(record.topics)} topics; at most {_MOST_TOPICS} are taken."]
    if any(len(name) > _LONGEST_TOPIC for name in record.topics):
        return [f"a topic's name has at most {_LONGEST_TOPIC} characters."]
    return []


def _parent_problems(record: Record, records: Mapping[str, Record]) -> list[str]:
    above = records.get(record.parent) if record.parent else None
    if record.kind is RecordKind.SOLUTION:
        if not record.parent:
            return ["a solution needs the challenge that it answers."]
        if above is None or above.kind is not RecordKind.CHALLENGE or above is record:
            return [f"{record.parent} is no challenge that is kept; name another, or drop the solution."]
    elif record.kind is RecordKind.UNIT and record.parent:
        if above is None or above.kind is not RecordKind.UNIT:
            return [f"{record.parent} is no unit that is kept."]
        met = {record.key}
        while above is not None:
            if above.key in met:
                return ["the units above it would stand under it."]
            met.add(above.key)
            above = records.get(above.parent) if above.parent else None
    elif record.parent:
        return [f"a {record.kind} belongs to no other record."]
    return []
