"""Which shape reader is right about a section."""

from dataclasses import replace

from django_prodev.documents.overview.challenges.labelled import read_labelled
from django_prodev.documents.overview.challenges.prose import read_prose
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading, without_placeholders
from django_prodev.documents.overview.challenges.split import read_split
from django_prodev.documents.overview.challenges.tables import column_role, read_tables, tables_under
from django_prodev.documents.overview.challenges.titled import read_titled
from django_prodev.documents.overview.nodes import Node
from django_prodev.documents.records import Considered
from django_prodev.documents.vocabulary import Vocabulary

# From here on a reading may be taken where nothing announces it.
SURE = 0.85

# In this order, so that of two readers who are equally sure the one with more to go by wins.
READERS = (read_tables, read_labelled, read_split, read_titled, read_prose)

# How sure a reading is where another one is as sure of itself and sees another number of challenges.
CONTESTED = 0.3

CHOSEN = "chosen by a person"


def read_challenges(nodes: list[Node], context: Context) -> Reading | None:
    """The best reading of a challenge section, or ``None`` where no reader sees a challenge.

    The best is the surest one, unless a person chose another: then there is no doubt about it.
    """
    readings = [reading for reader in READERS if (reading := reader(nodes, context)) is not None]
    if not readings:
        return None
    section = next((line.number for node in nodes for line in node.all_lines()), 0)
    chosen = next((reading for reading in readings if reading.reader == context.chosen.get(section)), None)
    best = chosen or max(readings, key=lambda reading: reading.confidence)
    beside = _beside_tables(nodes, context) if best.reader == "table" else []
    rivals = sorted((one for one in readings if one is not best), key=lambda one: -one.confidence)
    considered = tuple(_considered(reading) for reading in (best, *rivals))
    # What stands beside a table is read with it, so whoever read only that says nothing else.
    is_matched = bool(rivals) and rivals[0].confidence == best.confidence
    if chosen is not None:
        best.why, best.confidence, best.is_chosen = f"{CHOSEN}; {best.why}", 1.0, True
        considered = (replace(considered[0], why=best.why), *considered[1:])
    elif is_matched and not beside and len(rivals[0].challenges) != len(best.challenges):
        best.why = f"{best.why}; {rivals[0].reader} is as sure and reads {len(rivals[0].challenges)} challenges"
        best.confidence = CONTESTED
    best.challenges.extend(beside)
    best.section, best.considered = section, considered
    return without_placeholders(best, context.vocabulary)


def _considered(reading: Reading) -> Considered:
    return Considered(reading.reader, reading.confidence, len(reading.challenges), reading.solved, reading.why)


def says_challenge(node: Node, vocabulary: Vocabulary) -> bool:
    """Whether a node calls something a challenge, by a label or by the headers of a table."""
    for rows in tables_under([node]):
        header = [column_role(cell.text, vocabulary) for cell in rows[0]]
        if "challenge" in header and "solution" in header:
            return True
    for inner in node.walk():
        for part in inner.parts(vocabulary):
            label = part.label
            if label is not None and label.role == "challenge" and vocabulary.headings.has((label.word,)):
                return True
    return False


def in_pairs(nodes: list[Node], vocabulary: Vocabulary) -> list[Node]:
    """The nodes with labels of challenges, if several of those have a solution labelled next; else none."""
    telling: list[Node] = []
    pairs, before = 0, ""
    for node in nodes:
        for inner in node.walk():
            for part in inner.parts(vocabulary):
                role = part.label.role if part.label is not None else ""
                pairs += (before, role) == ("challenge", "solution")
                before = role or before
                if role == "challenge" and telling[-1:] != [node]:
                    telling.append(node)
    return telling if pairs > 1 else []


def _beside_tables(nodes: list[Node], context: Context) -> list[Challenge]:
    others = [node for node in nodes if not tables_under([node])]
    beside = read_labelled(others, context)
    return beside.challenges if beside is not None and beside.confidence >= SURE else []
