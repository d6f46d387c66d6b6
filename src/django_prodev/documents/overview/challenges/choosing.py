"""Which shape reader is right about a section."""

from django_prodev.documents.overview.challenges.labelled import read_labelled
from django_prodev.documents.overview.challenges.prose import read_prose
from django_prodev.documents.overview.challenges.reading import Context, Reading, without_placeholders
from django_prodev.documents.overview.challenges.split import read_split
from django_prodev.documents.overview.challenges.tables import read_tables, tables_under
from django_prodev.documents.overview.challenges.titled import read_titled
from django_prodev.documents.overview.nodes import Node

# In this order, so that of two readers who are equally sure the one with more to go by wins.
READERS = (read_tables, read_labelled, read_split, read_titled, read_prose)


def read_challenges(nodes: list[Node], context: Context) -> Reading | None:
    """The best reading of a challenge section, or ``None`` where no reader sees a challenge."""
    readings = [reading for reader in READERS if (reading := reader(nodes, context)) is not None]
    if not readings:
        return None
    best = max(readings, key=lambda reading: reading.confidence)
    if best.reader == "table":
        best.challenges.extend(_beside_tables(nodes, context))
    return without_placeholders(best, context.vocabulary)


def _beside_tables(nodes: list[Node], context: Context) -> list:  # type: ignore[type-arg]
    others = [node for node in nodes if not tables_under([node])]
    beside = read_labelled(others, context)
    return beside.challenges if beside is not None and beside.confidence > 0.85 else []
