"""Another reading of a section, chosen by a person: the document is read again, and what was decided about it is kept.

A reading is named by the line that its section begins at and by its shape reader, so it survives in a file of decisions
for as long as the same bytes are read.
"""

from collections.abc import Iterable
from dataclasses import replace

from django_prodev.documents.decisions.values import ChosenReading, Decision
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.documents.records import Document, Record
from django_prodev.documents.sources import read_again

Told = tuple[str, str, str, int, int, "Told | None"]


def read_otherwise(source: SourceDocument, *, section: int, reader: str) -> SourceDocument:
    """A source with the section that begins at this line read by this reader.

    What was decided about records that are still there, word for word, is kept; other decisions are let go. Raises
    ``DocumentError`` where there is no such section, the reader sees nothing in it, or the source was read from
    something else than the text of an overview.
    """
    others = (one for one in source.readings if one.section != section)
    return with_readings(source, (*others, ChosenReading(section, reader)))


def with_readings(source: SourceDocument, chosen: Iterable[ChosenReading]) -> SourceDocument:
    """A source read with these choices and no others. Raises as ``read_otherwise``."""
    by_section = {one.section: one.reader for one in chosen}
    document = read_again(source, by_section)
    readings = tuple(ChosenReading(section, by_section[section]) for section in sorted(by_section))
    decisions = _carried(source.decisions, source.document, document)
    return replace(source, document=document, readings=readings, decisions=decisions)


def _carried(decisions: tuple[Decision, ...], before: Document, after: Document) -> tuple[Decision, ...]:
    """The decisions about records that both documents have, by the keys of the second."""
    new_keys = {told: key for key, told in _told(after).items()}
    renamed = {key: new_keys[told] for key, told in _told(before).items() if told in new_keys}
    return tuple(
        replace(one, key=renamed[one.key], parent=renamed[one.parent] if one.parent else one.parent)
        for one in decisions
        if one.key in renamed and (not one.parent or one.parent in renamed)
    )


def _told(document: Document) -> dict[str, Told]:
    """What each record tells and where, by its key: a reading gives its keys by counting."""
    found: dict[str, Told] = {}
    for record in document.records:
        found[record.key] = _as_told(record, found)
    return found


def _as_told(record: Record, above: dict[str, Told]) -> Told:
    parent = above.get(record.parent) if record.parent else None
    return (record.kind.value, record.title, record.text, record.lines.first, record.lines.last, parent)
